package interp

import (
	"slices"
	"time"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// take records what an event reports and wakes the frame that waited for it.
func (x *Execution) take(e Event) {
	if x.broken && !x.endsBy(e) {
		return
	}
	if s, ok := e.(Started); ok {
		x.start(s)
		return
	}
	if x.root == nil {
		return // not started
	}
	switch e := e.(type) {
	case Continue, Started, Interrupted:
	case TaskAccepted:
		x.workOf(e.Task)
	case TaskStarted:
		if f, task := x.workOf(e.Task); task != nil {
			task.events.started(x, f, e.Worker)
		}
	case TaskSubmitted:
		if f, task := x.workOf(e.Task); task != nil {
			task.events.submitted(x, f, e.Output)
		}
	case TaskSucceeded:
		if f, task := x.workOf(e.Task); task != nil {
			x.taskSucceeded(f, task, e.Output)
		}
	case TaskFailed:
		if f, task := x.taskOf(e.Task); task != nil {
			x.taskFailed(f, task, e)
		}
	case TaskTimedOut:
		if f, task := x.workOf(e.Task); task != nil {
			x.taskTimedOut(f, task, e.Heartbeat)
		}
	case TimerFired:
		x.timerFired(e.Timer)
	case MapRunStarted:
		if f, m := x.mapRunOf(e.Run); m != nil {
			x.record(f, history.MapRunStarted, &history.MapRunStart{MapRunARN: e.MapRunARN})
		}
	case MapRunSucceeded:
		if f, m := x.mapRunOf(e.Run); m != nil {
			x.close(f)
			m.runSucceeded(x, f, e.Output)
		}
	case MapRunFailed:
		if f, m := x.mapRunOf(e.Run); m != nil {
			x.close(f)
			m.runFailed(x, f, e)
		}
	case Stopped:
		x.stop(e)
	}
}

// endsBy tells whether an event ends the execution, whatever else it does.
func (x *Execution) endsBy(e Event) bool {
	switch e := e.(type) {
	case Stopped:
		return true
	case TimerFired:
		return e.Timer == x.deadline
	}
	return false
}

// start begins the execution. A second Started changes nothing.
func (x *Execution) start(e Started) {
	if x.root != nil {
		return
	}
	x.info, x.input, x.limits = e.Execution, e.Input, e.Limits
	if !x.input.IsValid() {
		x.input = jsonvalue.EmptyObject
	}
	x.random = newRandom(e.Seed)
	x.account = bounds.New(x.limits.Expressions, x.watch)
	x.started = x.now
	x.pending = make(map[ID]*frame)
	x.root = &frame{}
	x.emit(0, history.ExecutionStarted, &history.ExecutionStart{
		Input: x.input, RoleARN: x.info.RoleARN, AliasARN: x.info.AliasARN, VersionARN: x.info.VersionARN,
	})
	timeout := x.program.timeout
	if x.info.Express && (timeout == 0 || timeout > expressLimit) {
		timeout = expressLimit
	}
	if timeout > 0 {
		x.expires = x.now.Add(timeout)
		x.deadline = x.timer(x.expires)
	}
	x.root.move(x.program.root.start, x.input)
	x.ready.push(x.root)
}

// stop ends the execution from outside. Nothing is recorded of what ran.
func (x *Execution) stop(e Stopped) {
	d := &history.Failure{}
	if e.Error != "" {
		d.Error = text(e.Error)
	}
	if e.Cause != "" {
		d.Cause = text(e.Cause)
	}
	x.emit(0, history.ExecutionAborted, d)
	x.end(&Finish{Status: Aborted, Error: d.Error, Cause: d.Cause, Origin: x.whereabouts()})
}

// timerFired ends a Wait, a pause before a retry, or the whole execution.
func (x *Execution) timerFired(id ID) {
	if id == x.deadline && id != 0 {
		x.deadline = 0
		x.now = x.expires // however late the timer is told
		x.emit(0, history.ExecutionTimedOut, &history.Failure{})
		x.end(&Finish{Status: TimedOut, Origin: x.whereabouts()})
		return
	}
	f := x.pending[id]
	if f == nil || f.timing == 0 {
		return // over, or no timer's id
	}
	x.close(f)
	x.wake(f, f.timing)
	f.timing = blocked
}

// issue gives a command its id and remembers the frame that waits for it.
func (x *Execution) issue(f *frame) ID {
	x.issued++
	x.pending[x.issued] = f
	f.waiting = x.issued
	return x.issued
}

// timer starts a timer of the whole execution.
func (x *Execution) timer(at time.Time) ID {
	x.issued++
	x.command(&StartTimer{ID: x.issued, At: at, Ends: true})
	return x.issued
}

// pause makes a frame go on with what at a time.
func (x *Execution) pause(f *frame, at time.Time, what todo) {
	f.timing = what
	x.command(&StartTimer{ID: x.issue(f), At: at})
}

// close notes that the command that a frame waited for is over.
func (x *Execution) close(f *frame) {
	delete(x.pending, f.waiting)
	f.waiting = 0
}

func (x *Execution) command(c Command) { x.step.Commands = append(x.step.Commands, c) }

// cancel takes back the command that a frame waits for, if there is one.
func (x *Execution) cancel(f *frame) {
	if f.waiting == 0 {
		return
	}
	id := f.waiting
	x.close(f)
	if f.timing != blocked {
		x.command(&CancelTimer{ID: id})
		return
	}
	switch f.plan.(type) {
	case *taskState:
		x.command(&CancelTask{ID: id})
	case *mapState:
		x.command(&CancelMapRun{ID: id})
	}
}

// cancelAll takes back every open command, oldest first.
func (x *Execution) cancelAll() {
	open := make([]ID, 0, len(x.pending)+1)
	for id := range x.pending {
		open = append(open, id)
	}
	slices.Sort(open)
	for _, id := range open {
		x.cancel(x.pending[id])
	}
	if x.deadline != 0 {
		x.command(&CancelTimer{ID: x.deadline})
		x.deadline = 0
	}
}

// taskOf gives the frame and the Task state that wait for a task.
func (x *Execution) taskOf(id ID) (*frame, *taskState) {
	f := x.pending[id]
	if f == nil || f.timing != blocked {
		return nil, nil
	}
	t, _ := f.plan.(*taskState)
	return f, t
}

// workOf is taskOf for a task that is known to be accepted by now.
func (x *Execution) workOf(id ID) (*frame, *taskState) {
	f, t := x.taskOf(id)
	if t != nil {
		t.accepted(x, f)
	}
	return f, t
}

// mapRunOf gives the frame and the Map state that wait for a Map Run.
func (x *Execution) mapRunOf(id ID) (*frame, *mapState) {
	f := x.pending[id]
	if f == nil || f.timing != blocked {
		return nil, nil
	}
	m, _ := f.plan.(*mapState)
	return f, m
}
