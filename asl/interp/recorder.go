package interp

import "github.com/waslrun/wasl/asl/history"

// emit adds a history event with a given parent and gives its id. When the
// next id is the last that the execution may have, nothing but the end of the
// execution is recorded any more: see [Execution.exhausted].
func (x *Execution) emit(parent int64, t history.Type, d history.Details) int64 {
	if x.exhausted() && !terminal(t) {
		return x.events
	}
	x.events++
	x.step.History = append(x.step.History, history.Event{
		ID: x.events, Previous: parent, Time: x.now, Type: t, Details: d,
	})
	return x.events
}

// record adds a history event to a frame: the frame's cursor is its parent,
// and it becomes the cursor.
func (x *Execution) record(f *frame, t history.Type, d history.Details) int64 {
	f.cursor = x.emit(f.cursor, t, d)
	return f.cursor
}

// exhausted tells that there is room for one event only, which must be the
// one that ends the execution.
func (x *Execution) exhausted() bool {
	return x.limits.Events > 0 && x.events >= x.limits.Events-1
}

// terminal tells whether events of a type end an execution.
func terminal(t history.Type) bool {
	switch t {
	case history.ExecutionSucceeded, history.ExecutionFailed, history.ExecutionTimedOut, history.ExecutionAborted:
		return true
	}
	return false
}
