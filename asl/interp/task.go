package interp

import (
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// taskState is the plan of a Task state.
type taskState struct {
	common
	resource    asl.Resource
	events      taskEvents
	arguments   template // Parameters or Arguments; nil: the input as it is
	credentials template // nil: none
	timeout     *quantity
	heartbeat   *quantity
}

func compileTask(l *linker, s *asl.Task) (state, error) {
	c, err := compileCommon(l, taskKind, &s.Common)
	if err != nil {
		return nil, err
	}
	t := &taskState{common: c, resource: s.Resource, events: eventsOf(s.Resource)}
	t.linkNext(l, &s.Common)
	if t.arguments, err = t.compileArguments(s.Parameters, s.Arguments); err != nil {
		return nil, err
	}
	if t.credentials, err = t.compileTemplate("Credentials", s.Credentials); err != nil {
		return nil, err
	}
	if t.timeout, err = t.compileQuantity("TimeoutSeconds", s.Timeout); err != nil {
		return nil, err
	}
	if t.heartbeat, err = t.compileQuantity("HeartbeatSeconds", s.Heartbeat); err != nil {
		return nil, err
	}
	t.handling, err = t.compileHandling(l, &s.Handling)
	return t, err
}

func (t *taskState) begin(x *Execution, f *frame) *failure {
	f.token = ""
	order, err := t.order(x, f)
	if err != nil {
		return err
	}
	if x.vet != nil {
		if cause := x.vet(order); cause != "" {
			return runtimeError("%s", cause)
		}
	}
	order.ID = x.issue(f)
	f.offered = order
	if t.resource.Kind != asl.ResourceActivity {
		t.accepted(x, f)
	}
	x.command(order)
	return nil
}

// Vetter says why a task's arguments can start nothing; "" when they can. It
// must depend on nothing but the task, so that the same events lead to the same
// history.
type Vetter func(*ScheduleTask) string

// Vet sets who looks at tasks before they are recorded as scheduled. AWS records
// nothing of those whose arguments can start nothing.
func (x *Execution) Vet(v Vetter) { x.vet = v }

// accepted records that a task was scheduled, once. Of an activity's that is known
// only when the executor says that there is the activity, or more.
func (t *taskState) accepted(x *Execution, f *frame) {
	if f.offered != nil {
		t.events.scheduled(x, f, f.offered)
		f.offered = nil
	}
}

// order evaluates what the task is to do.
func (t *taskState) order(x *Execution, f *frame) (*ScheduleTask, *failure) {
	s, err := t.look(x, f)
	if err != nil {
		return nil, err
	}
	order := &ScheduleTask{State: t.name, Resource: t.resource, Input: s.input, Attempt: int(f.retries)}
	if t.arguments != nil {
		if order.Input, err = t.arguments.eval(s); err != nil {
			return nil, err
		}
	}
	x.inspector.afterArguments(&t.common, order.Input)
	if order.Timeout, err = t.timeout.duration(s); err != nil {
		return nil, err
	}
	if order.Heartbeat, err = t.heartbeat.duration(s); err != nil {
		return nil, err
	}
	if t.credentials != nil {
		v, err := t.credentials.eval(s)
		if err != nil {
			return nil, err
		}
		order.RoleARN = v.Field("RoleArn").Text()
	}
	if x.limits.Payload > 0 && order.Input.EncodedLen() > x.limits.Payload {
		return nil, tooLarge(t.name)
	}
	order.Token = x.tokenOf(f)
	order.Context = s.context()
	return order, nil
}

func (t *taskState) finish(x *Execution, f *frame) *failure { return t.concludeResult(x, f) }

// concludeResult leaves a Task, Parallel or Map state whose result is the
// frame's value.
func (c *common) concludeResult(x *Execution, f *frame) *failure {
	s := x.see(f, f.input)
	result := f.value
	x.inspector.result(c, result)
	if c.jsonata {
		s.result = result
		return c.conclude(x, f, s, result, nil, c.next)
	}
	s.input = result
	effective := result
	if c.handling.resultSelector != nil {
		var err *failure
		if effective, err = c.handling.resultSelector.eval(s); err != nil {
			return err
		}
	}
	return c.conclude(x, f, s, effective, c.handling.resultPath, c.next)
}

// duration gives a timeout: whole seconds, zero when there is none.
func (q *quantity) duration(s *scene) (time.Duration, *failure) {
	v, err := q.value(s)
	if err != nil || !v.IsValid() {
		return 0, err
	}
	n, ok := v.Int64()
	switch {
	case !ok && q.path != nil:
		return 0, runtimeError("The %sPath parameter cannot be parsed as a long value: %s == %s", q.field, q.path.text, shown(v))
	case !ok:
		return 0, q.unexpected("number", v)
	case n <= 0 && q.path != nil:
		return 0, runtimeError("The %sPath parameter references a value that is not positive: %s == %d", q.field, q.path.text, n)
	case n <= 0:
		return 0, q.problem("The %s field must be a positive number: %d", q.field, n)
	}
	return seconds(n), nil
}

// taskSucceeded takes a task's answer, unless it is too large.
func (x *Execution) taskSucceeded(f *frame, t *taskState, output jsonvalue.Value) {
	if x.limits.Payload > 0 && output.EncodedLen() > x.limits.Payload {
		err := tooLarge(t.events.subject())
		x.taskEnded(f, t, err)
		return
	}
	x.close(f)
	t.events.succeeded(x, f, output)
	f.value = output
	x.wake(f, finish)
}

// taskFailed takes a task's error.
func (x *Execution) taskFailed(f *frame, t *taskState, e TaskFailed) {
	if e.Kind == Rejected {
		x.close(f)
		cause := ""
		if e.Cause != nil {
			cause = *e.Cause
		}
		f.failure = runtimeError("%s", cause)
		x.wake(f, fail)
		return
	}
	t.accepted(x, f)
	x.taskEnded(f, t, &failure{name: e.Error, cause: e.Cause})
}

// taskEnded records that a task failed and lets its state fail in its turn.
func (x *Execution) taskEnded(f *frame, t *taskState, err *failure) {
	x.close(f)
	err.task = true
	t.events.failed(x, f, err)
	f.failure = err
	x.wake(f, fail)
}

// taskTimedOut takes a timeout. A heartbeat that failed to come is recorded as
// States.Timeout too, as AWS does it; Retry and Catch may still name it.
func (x *Execution) taskTimedOut(f *frame, t *taskState, heartbeat bool) {
	x.close(f)
	err := &failure{name: text(errname.Timeout), heartbeat: heartbeat}
	t.events.timedOut(x, f, err)
	f.failure = err
	x.wake(f, fail)
}
