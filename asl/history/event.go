package history

import (
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Event is one event of an execution's history.
type Event struct {
	ID       int64 // from 1, without gaps
	Previous int64 // previousEventId
	Time     time.Time
	Type     Type
	// Details is the type's …EventDetails; nil for types that have none.
	Details Details
}

// Value gives the event as GetExecutionHistory shows it. How a time looks is
// the caller's business: the API writes epoch seconds, files write RFC 3339.
func (e Event) Value(timestamp func(time.Time) jsonvalue.Value) jsonvalue.Value {
	b := jsonvalue.NewObject(5)
	b.Set("timestamp", timestamp(e.Time))
	b.Set("type", jsonvalue.StringOf(string(e.Type)))
	b.Set("id", jsonvalue.IntOf(e.ID))
	b.Set("previousEventId", jsonvalue.IntOf(e.Previous))
	if e.Details != nil {
		d := jsonvalue.NewObject(4)
		e.Details.fill(members{d})
		b.Set(e.Type.DetailsKey(), d.Value())
	}
	return b.Value()
}

// Epoch writes a time as AWS's JSON protocols do: seconds since 1970 with
// milliseconds.
func Epoch(t time.Time) jsonvalue.Value {
	ms := t.UnixMilli()
	return jsonvalue.FloatOf(float64(ms) / 1000)
}

// RFC3339 writes a time as text in UTC with milliseconds.
func RFC3339(t time.Time) jsonvalue.Value {
	return jsonvalue.StringOf(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}
