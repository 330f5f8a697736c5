package history

import "time"

// Event is one event of an execution's history.
type Event struct {
	ID       int64 // from 1, without gaps
	Previous int64 // previousEventId
	Time     time.Time
	Type     Type
	// Details is the type's …EventDetails; nil for types that have none.
	Details Details
}

// Type is the type of an event, with AWS's name.
type Type string

// Details is the sealed set of the detail types.
type Details interface{ details() }
