// Package history holds the events of an execution's history in the shapes that
// AWS Step Functions gives them.
//
// An [Event] has an id, its parent's id, a [Type] (there are 62) and the type's
// [Details]. Payloads stay jsonvalue.Value: nothing is encoded until somebody
// asks for the event's AWS form with [Event.Value].
package history
