package runtime

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime/integration"
)

// grace is the time between asking a task to stop and killing it.
const grace = 100 * time.Millisecond

// task is one piece of work of an execution, from ScheduleTask to its one
// answer or its cancellation.
type task struct {
	x         *Execution
	command   *interp.ScheduleTask
	scheduled time.Time
	stop      chan struct{} // closed when the task is no longer wanted

	mu        sync.Mutex
	phase     phase
	kill      context.CancelFunc // of the worker's call; nil outside of it
	timeout   *alarm
	heartbeat *alarm
	lastBeat  time.Time
	timedOut  bool // what ended it was one of its alarms
	// early is an answer by token that came before the service accepted the task.
	early *integration.Outcome
	// child is the execution that the task started and waits for; or nil.
	child *Execution
}

// phase is how far a task has come.
type phase uint8

const (
	waiting   phase = iota // for a worker
	working                // a worker has it
	submitted              // accepted; waits for its token or its child
	over
)

// schedule begins with a task.
func (x *Execution) schedule(c *interp.ScheduleTask, now time.Time) {
	t := &task{x: x, command: c, scheduled: now, stop: make(chan struct{})}
	putIn(x, &x.tasks, c.ID, t)
	if t.answersToToken() {
		x.engine.tokens.register(c.Token, t)
	}
	if c.Resource.Kind == asl.ResourceActivity && !x.engine.integrations.HasModule(c.Resource) {
		x.engine.activities.enqueue(t)
		return
	}
	if c.Resource.Kind == asl.ResourceActivity {
		t.accept()
	}
	module := x.engine.integrations.Module(c)
	if module == "" || x.engine.options.Modules.Prepare(module, func() { t.queue(module, x.engine.options.Clock.Now()) }) {
		t.queue(module, now)
	}
}

// queue lets the task wait for a worker, now that its module can be called. Its
// time begins here: that a module had to be compiled first says nothing about
// the task, and a retry would only meet the same.
func (t *task) queue(module string, now time.Time) {
	t.mu.Lock()
	if t.phase == over {
		t.mu.Unlock()
		return
	}
	if limit := t.command.Timeout; limit > 0 {
		t.timeout = t.alarm(now.Add(limit), false)
	}
	t.mu.Unlock()
	t.x.engine.workers.add(t.x.lane(t.x.engine.party(module)), t)
}

// accept says that somebody can do the task, which its history waits for.
func (t *task) accept() {
	t.x.post(func(at interp.At) interp.Event { return interp.TaskAccepted{At: at, Task: t.command.ID} })
}

// answersToToken tells whether the task's token can end it.
func (t *task) answersToToken() bool {
	r := t.command.Resource
	return r.Kind == asl.ResourceActivity || r.Pattern != asl.RequestResponse
}

// alarm makes the alarm that ends the task when its time is over.
func (t *task) alarm(at time.Time, heartbeat bool) *alarm {
	return t.x.engine.alarms.set(at, t.x, func(now time.Time) happening {
		if heartbeat && t.beatsOn(now) {
			return nil
		}
		if !t.end() {
			return nil
		}
		t.mu.Lock()
		t.timedOut = true
		t.mu.Unlock()
		t.halt()
		return func(at interp.At) interp.Event {
			return interp.TaskTimedOut{At: at, Task: t.command.ID, Heartbeat: heartbeat}
		}
	})
}

// beatsOn tells whether a heartbeat came in time, and waits for the next if so.
func (t *task) beatsOn(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := t.lastBeat.Add(t.command.Heartbeat)
	if t.phase == over || !next.After(now) {
		return false
	}
	t.x.engine.alarms.move(t.heartbeat, next)
	return true
}

// beat notes a heartbeat. It is false when the task is over.
func (t *task) beat() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lastBeat = t.x.engine.options.Clock.Now()
	return t.phase != over
}

// begin says that somebody works on the task from now on. It is false when
// nobody wants that any more.
func (t *task) begin(worker string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.phase != waiting {
		return false
	}
	t.phase = working
	now := t.x.engine.options.Clock.Now()
	t.lastBeat = now
	if t.command.Resource.Kind == asl.ResourceActivity {
		t.takenAt(now)
	}
	if t.command.Heartbeat > 0 {
		t.heartbeat = t.alarm(now.Add(t.command.Heartbeat), true)
	}
	t.x.post(func(at interp.At) interp.Event {
		return interp.TaskStarted{At: at, Task: t.command.ID, Worker: worker}
	})
	return true
}

// run is a worker's work on the task. Calls that may have to wait for other
// tasks go on by themselves, so that waiting ones cannot take all workers.
func (t *task) run() {
	if !t.begin("") {
		return
	}
	defer t.survive()
	plan := t.x.engine.integrations.Plan(t.command)
	if call, ok := plan.(*integration.Call); ok && call.Waits {
		t.x.engine.loops.Go(func() {
			defer t.survive()
			t.carryOut(plan)
		})
		return
	}
	t.carryOut(plan)
}

// survive, when deferred, turns a panic of the host's side of a task into the
// task's failure, so that it costs one execution and not the process.
func (t *task) survive() {
	p := recover()
	if p == nil {
		return
	}
	t.x.engine.options.Log.Error("a task's host panicked",
		"execution", t.x.arn, "state", t.command.State, "panic", p, "stack", string(debug.Stack()))
	cause := fmt.Sprintf("wasl failed: %v", p)
	t.answer(integration.Outcome{Failure: &integration.Failure{Kind: interp.Rejected, Cause: &cause}})
}

// carryOut does what a plan says, under a context that ends when the task is
// to be killed.
func (t *task) carryOut(plan integration.Plan) {
	ctx, kill := context.WithCancel(t.x.engine.ctx)
	defer kill()
	t.mu.Lock()
	t.kill = kill
	if t.phase == over {
		kill()
	}
	t.mu.Unlock()

	t.perform(ctx, plan)

	t.mu.Lock()
	t.kill = nil
	t.mu.Unlock()
}

func (t *task) perform(ctx context.Context, plan integration.Plan) {
	switch plan := plan.(type) {
	case *integration.Function:
		t.invoke(ctx, plan)
	case *integration.Call:
		t.settle(plan.Do(ctx))
	case *integration.Child:
		t.startChild(plan)
	case *integration.Answer:
		t.settle(plan.Outcome)
	}
}

// invoke calls a module.
func (t *task) invoke(ctx context.Context, plan *integration.Function) {
	w := Work{
		Input:     plan.Input,
		Context:   t.command.Context,
		Task:      fmt.Sprintf("%s/%s#%d", t.x.arn, t.command.State, t.command.ID),
		Execution: t.x.arn, State: t.command.State, Attempt: t.command.Attempt,
		Heartbeat: func() { t.beat() },
		Stop:      t.stop,
	}
	var tail logTail
	if plan.WantsLog {
		w.Log = tail.add
	}
	result := t.x.engine.options.Modules.Invoke(ctx, plan.Module, w)
	t.tellUsage(plan.Module, &w, &result)
	// A call that was killed for no reason of the module's own has no answer:
	// the task timed out, or nobody wants it any more.
	if !result.Killed || result.Failure != nil {
		t.settle(plan.Answer(result, tail.text()))
	}
}

// settle takes the answer of the task's work. Where a token is waited for, that
// was only the beginning.
func (t *task) settle(o integration.Outcome) {
	if o.Failure == nil && t.command.Resource.Pattern == asl.WaitForTaskToken {
		t.submit(o)
		return
	}
	t.answer(o)
}

// submit says that the service accepted the task.
func (t *task) submit(o integration.Outcome) {
	t.mu.Lock()
	if t.phase == over {
		t.mu.Unlock()
		return
	}
	t.phase = submitted
	early := t.early
	t.mu.Unlock()
	t.x.post(func(at interp.At) interp.Event {
		return interp.TaskSubmitted{At: at, Task: t.command.ID, Output: o.Output}
	})
	if early != nil {
		t.answer(*early)
	}
}

// byToken takes an answer that came by token. It is false when the task is over.
func (t *task) byToken(o integration.Outcome) bool {
	t.mu.Lock()
	switch {
	case t.phase == over:
		t.mu.Unlock()
		return false
	case t.phase != submitted && t.command.Resource.Kind != asl.ResourceActivity:
		if t.early == nil {
			t.early = &o
		}
		t.mu.Unlock()
		return true
	}
	t.mu.Unlock()
	return t.answer(o)
}

// answer ends the task with its one answer. It is false when the task is over.
func (t *task) answer(o integration.Outcome) bool {
	if !t.end() {
		return false
	}
	id := t.command.ID
	if o.Failure != nil && o.Failure.Unusable {
		t.x.unusable.Store(true)
	}
	t.x.post(func(at interp.At) interp.Event {
		if o.Failure == nil {
			return interp.TaskSucceeded{At: at, Task: id, Output: o.Output}
		}
		return interp.TaskFailed{At: at, Task: id, Kind: o.Failure.Kind, Error: o.Failure.Error, Cause: o.Failure.Cause}
	})
	return true
}

// end marks the task as over; only the first caller gets true.
func (t *task) end() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.phase == over {
		return false
	}
	t.phase = over
	takeOut(t.x, &t.x.tasks, t.command.ID)
	t.x.engine.alarms.cancel(t.timeout, t.heartbeat)
	if t.answersToToken() {
		t.x.engine.tokens.close(t.command.Token)
	}
	return true
}

// cancel ends the task without an answer.
func (t *task) cancel() {
	if t.end() {
		t.halt()
	}
}

// isOver tells whether the task is over.
func (t *task) isOver() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.phase == over
}

// hasTimedOut tells whether the task is over because its time was.
func (t *task) hasTimedOut() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.timedOut
}

// halt stops the work on a task that is over: softly first, and after a grace
// by force.
func (t *task) halt() {
	close(t.stop)
	t.mu.Lock()
	kill, child := t.kill, t.child
	t.mu.Unlock()
	if child != nil {
		child.stopAs("", "")
	}
	if kill != nil {
		e := t.x.engine
		e.alarms.set(e.options.Clock.Now().Add(grace), t.x, func(time.Time) happening {
			kill()
			return nil
		})
	}
}
