package interp

import (
	"time"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// turns is how many state transitions one Apply makes at most, so that a long
// loop of Pass states cannot hold the engine.
const turns = 1000

// expressLimit is how long an EXPRESS execution may take.
const expressLimit = 5 * time.Minute

// Execution is one run of a Program. It is not safe for concurrent use.
type Execution struct {
	program *Program
	info    Info
	input   jsonvalue.Value
	limits  Limits
	random  random

	now       time.Time
	started   time.Time
	events    int64 // history events so far: the last one's id
	issued    ID    // the last command's
	variables int   // bytes, over all frames

	root    *frame
	ready   queue
	pending map[ID]*frame // whose command is open
	// deadline is the timer of the machine's TimeoutSeconds; 0: none. It is set
	// for expires.
	deadline ID
	expires  time.Time
	done     bool

	vet Vetter // nil: every task is accepted

	account *bounds.Account // of the queries of a turn
	pace    pace
	broken  bool // an Apply was broken off: nothing but the end can follow

	// inspector follows a state that runs on its own, see [RunSingle]. It is
	// nil in every other execution.
	inspector       *inspector
	contextOverride jsonvalue.Value // replaces the context object
	// readItems gives what an ItemReader reads; nil: that is not known.
	readItems func(*ReaderPlan) ([]jsonvalue.Value, error)

	step    Step
	scene   scene
	context contextCache
}

// New makes an execution that waits for its Started event.
func New(p *Program) *Execution { return &Execution{program: p} }

// Apply takes events that happened at one instant and gives what follows.
// An event for a command that is over changes nothing. What the events report
// is recorded first, all of it, before anything is decided: of four tasks that
// time out together four TaskTimedOut are in the history, whatever the first
// of them leads to.
func (x *Execution) Apply(events ...Event) Step {
	x.step = Step{}
	x.pace.begin(x.account, events)
	for _, e := range events {
		x.now = e.Time()
		if !x.done {
			x.take(e)
		}
	}
	x.run()
	step := x.step
	x.step = Step{}
	return step
}

// Done tells whether the execution has ended.
func (x *Execution) Done() bool { return x.done }

// run gives the frames that can go on their turns, first come, first served;
// each goes on until it has to wait.
func (x *Execution) run() {
	if x.broken {
		return
	}
	defer x.breakOff()
	if x.exhausted() {
		x.runOut()
	}
	left := turns
	for x.ready.len() > 0 && !x.done {
		f := x.ready.pop()
		for f.todo > blocked && f.todo < over && left > 0 && !x.done {
			left--
			x.turn(f)
			if x.pace.over(x.account) {
				left = 0
			}
			if x.exhausted() {
				x.runOut()
			}
		}
		if left == 0 {
			x.rest(f)
			return
		}
	}
}

// rest ends an Apply that used up its turns, in the middle of a frame.
func (x *Execution) rest(f *frame) {
	if x.done {
		return
	}
	switch {
	case f.todo == fill:
		// Every iteration starts before any goes on.
		x.ready.unpop(f)
	case f.todo > blocked && f.todo < over:
		x.ready.push(f)
	}
	x.step.More = x.ready.len() > 0
}

// turn makes one transition of a frame.
func (x *Execution) turn(f *frame) {
	x.account.Renew()
	x.spend(turnWork)
	var err *failure
	todo := f.todo
	f.todo = blocked
	switch todo {
	case enter:
		c := f.plan.base()
		f.before = f.cursor
		f.enteredAt, f.began = x.now, x.now
		f.entered = x.record(f, c.kind.entered, &history.StateEntered{Name: c.name, Input: f.input})
		err = f.plan.begin(x, f)
	case begin:
		f.began = x.now
		err = f.plan.begin(x, f)
	case fill:
		err = x.fill(f)
	case finish:
		err = f.plan.finish(x, f)
	case fail:
		err, f.failure = f.failure, nil
	case blocked, over:
	}
	if err != nil {
		x.stateFailed(f, err)
	}
}

// wake puts a frame in the queue to do something when its turn comes.
func (x *Execution) wake(f *frame, what todo) {
	f.todo = what
	x.ready.push(f)
}

// frameSucceeded ends a frame with its output.
func (x *Execution) frameSucceeded(f *frame, output jsonvalue.Value) {
	f.todo = over
	if f.group == nil {
		x.emit(f.cursor, history.ExecutionSucceeded, &history.Output{Output: output})
		x.end(&Finish{Status: Succeeded, Output: output})
		return
	}
	x.childSucceeded(f, output)
}

// frameFailed ends a frame whose state failed for good.
func (x *Execution) frameFailed(f *frame, err *failure) {
	if err.origin == nil {
		err.origin = x.originOf(f)
	}
	if f.group == nil {
		x.fail(f.cursor, err)
		return
	}
	x.childFailed(f, err)
}

// fail ends the execution with an error.
func (x *Execution) fail(parent int64, err *failure) {
	x.emit(parent, history.ExecutionFailed, &history.Failure{Error: err.name, Cause: err.cause})
	x.end(&Finish{Status: FailedRun, Error: err.name, Cause: err.cause, Origin: err.origin})
}

// failAt ends the execution with an error of a frame that nothing handles.
func (x *Execution) failAt(f *frame, err *failure) {
	if err.origin == nil {
		err.origin = x.originOf(f)
	}
	x.fail(x.events, err)
}

// runOut ends an execution that has used up its history.
func (x *Execution) runOut() {
	if x.done {
		return
	}
	x.fail(x.events, &failure{
		name: text(errname.Runtime),
		cause: text("The execution reached the maximum number of history events (" +
			jsonvalue.IntOf(x.limits.Events).String() + ")."),
		origin: x.whereabouts(),
	})
}

// end cancels everything that is open and finishes the execution.
func (x *Execution) end(f *Finish) {
	x.cancelAll()
	x.done = true
	x.ready = queue{}
	x.root = nil
	f.At = x.now
	x.step.Commands = append(x.step.Commands, f)
}
