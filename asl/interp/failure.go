package interp

import (
	"fmt"
	"slices"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// failure is why a state failed: an ASL error as a value.
type failure struct {
	// name and cause may be absent: a worker may fail a task with neither.
	name  *string
	cause *string
	// situated causes are given without the sentence that names the state;
	// it is put in front when the failure meets its state.
	situated bool
	// location is the field whose query failed: it makes an EvaluationFailed
	// event, together with query.
	location string
	query    bool
	// heartbeat marks a timeout that States.HeartbeatTimeout matches too.
	heartbeat bool
	// task marks a failure that a task reported: States.TaskFailed matches it.
	task bool
	// origin is where it arose, once nothing there has handled it.
	origin *Origin
}

func text(s string) *string { return &s }

// is tells whether the failure has this error name.
func (e *failure) is(name string) bool { return e.name != nil && *e.name == name }

// failed makes a failure that Retry and Catch can handle.
func failed(name, format string, args ...any) *failure {
	return &failure{name: text(name), cause: text(fmt.Sprintf(format, args...)), situated: true}
}

// runtimeError makes a States.Runtime: nothing catches it, the execution ends.
func runtimeError(format string, args ...any) *failure {
	return failed(errname.Runtime, format, args...)
}

// queryError makes a States.QueryEvaluationError of a field.
func queryError(location, format string, args ...any) *failure {
	e := failed(errname.QueryEvaluationError, format, args...)
	e.query, e.location = true, location
	return e
}

// situate puts the state's sentence in front of the cause, once.
func (e *failure) situate(f *frame) {
	if !e.situated {
		return
	}
	e.situated = false
	e.cause = text(situation(f.plan.base().name, f.entered) + *e.cause)
}

// situation is the sentence that names the state of a cause.
func situation(state string, entered int64) string {
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). ", state, entered)
}

// errorOutput is what a catcher sees. A failure without a name and a cause
// has null for both; one that lacks only one of them has "" for it.
func (e *failure) errorOutput() jsonvalue.Value {
	part := func(s *string) jsonvalue.Value {
		switch {
		case s != nil:
			return jsonvalue.StringOf(*s)
		case e.name == nil && e.cause == nil:
			return jsonvalue.NullValue
		}
		return jsonvalue.StringOf("")
	}
	return jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "Error", Value: part(e.name)},
		jsonvalue.Member{Key: "Cause", Value: part(e.cause)},
	)
}

// matches tells whether an ErrorEquals list names the failure.
func (e *failure) matches(names []string) bool {
	r := errname.Raised{Reported: e.task, Heartbeat: e.heartbeat}
	if e.name != nil {
		r.Name = *e.name
	}
	return slices.ContainsFunc(names, r.Matches)
}
