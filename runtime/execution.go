package runtime

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime/archive"
	"github.com/waslrun/wasl/runtime/registry"
)

// Execution is an execution that was started.
type Execution struct {
	engine  *Engine
	arn     string
	request StartRequest
	machine *registry.Machine
	started time.Time
	// number orders executions by their start.
	number uint64
	// parent is the Map Run that this execution is a child of; or nil.
	parent *mapRun
	// core belongs to the driver that runs the execution; there is at most one.
	core  *interp.Execution
	drive lane
	// heavy says that the driver has left its place, see goOn; it belongs to it.
	heavy bool
	// lanes are those of its tasks, one for each party. The children of a Map Run
	// use their parent's, so that a run of thousands takes turns as one.
	lanes []*lane

	// unusable says that a task failed because its module cannot be used.
	unusable atomic.Bool

	mu     sync.Mutex
	inbox  [][]interp.Event // batches that wait to be applied
	queued bool             // a driver has it or will have it
	more   bool             // the last Step said More
	tasks  map[interp.ID]*task
	timers map[interp.ID]*alarm
	runs   map[interp.ID]*mapRun
	// deadline is the timer that ends the execution; 0: none. ending says that
	// what ends it waits in the inbox; whoever waits for the gate learns it from
	// halt.
	deadline interp.ID
	ending   atomic.Bool
	halt     chan struct{}

	status  interp.Status
	stopped time.Time
	outcome outcome
	origin  *interp.Origin // of a failure
	events  int64
	// writer belongs to the driver; it is nil in an execution that has ended or
	// leaves no record. book is what it has written: the history, and at last the
	// input and the outcome, which are then there alone. end is their place.
	writer *archive.Writer
	book   archive.Book
	end    int

	// ended orders executions by their end, and held is what this one holds of
	// the memory for those that have ended; Engine.mu guards both.
	ended uint64
	held  int64

	done  chan struct{}
	onEnd []func(ExecutionInfo)
}

// ARN is the execution's ARN.
func (x *Execution) ARN() string { return x.arn }

// Wait waits for the execution's end, or for the context's. When the engine
// closes first, the error is ErrClosed.
func (x *Execution) Wait(ctx context.Context) (ExecutionInfo, error) {
	err := x.wait(ctx)
	return x.Info(), err
}

func (x *Execution) wait(ctx context.Context) error {
	select {
	case <-x.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-x.engine.ctx.Done():
		return ErrClosed
	}
}

// post puts events of one instant into the mailbox. This is the only way in.
func (x *Execution) post(hs ...happening) {
	x.mu.Lock()
	if x.status != interp.Running {
		x.mu.Unlock()
		return
	}
	at := interp.At(x.engine.options.Clock.Now())
	batch := make([]interp.Event, len(hs))
	ends := false
	for i, h := range hs {
		batch[i] = h(at)
		ends = ends || x.endsBy(batch[i])
	}
	if ends {
		x.inbox = slices.Insert(x.inbox, x.afterStart(), batch)
		x.interrupt()
	} else {
		x.inbox = append(x.inbox, batch)
	}
	idle := !x.queued
	x.queued = true
	x.mu.Unlock()
	if idle {
		x.engine.drivers.add(&x.drive, x)
	}
}

// afterStart is the first place of the inbox that an event may have which does
// not start the execution. The caller holds x.mu.
func (x *Execution) afterStart() int {
	if len(x.inbox) > 0 {
		if _, starts := x.inbox[0][0].(interp.Started); starts {
			return 1
		}
	}
	return 0
}

// run is one turn: the next batch is applied, or the execution goes on a bit.
func (x *Execution) run() {
	if batch := x.next(); batch != nil {
		x.step(batch)
		x.lighten()
	}
	x.mu.Lock()
	again := x.status == interp.Running && (x.more || len(x.inbox) > 0)
	x.queued = again
	x.mu.Unlock()
	if again {
		x.engine.drivers.add(&x.drive, x)
	}
}

// next takes what is to be applied. Events go before the rest of a long loop,
// and what ends the execution before what else has happened.
func (x *Execution) next() []interp.Event {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.status != interp.Running:
	case len(x.inbox) > 0:
		batch := x.inbox[0]
		x.inbox[0] = nil
		if x.inbox = x.inbox[1:]; len(x.inbox) == 0 {
			x.inbox = nil
		}
		return batch
	case x.more:
		return []interp.Event{interp.Continue{At: interp.At(x.engine.options.Clock.Now())}}
	}
	return nil
}

// step applies a batch and does what follows.
func (x *Execution) step(batch []interp.Event) {
	defer func() {
		if p := recover(); p != nil {
			x.engine.options.Log.Error("the interpreter panicked",
				"execution", x.arn, "panic", p, "stack", string(debug.Stack()))
			x.breakOff(fmt.Sprintf("wasl failed: %v", p))
		}
	}()
	step := x.core.Apply(batch...)
	if step.Interrupted > 0 {
		if !x.ending.Load() {
			return // the engine closes: it is as if the batch had not come
		}
		at := interp.At(batch[0].Time())
		batch = slices.Insert(batch, 0, interp.Event(interp.Interrupted{At: at, Work: step.Interrupted}))
	}
	if j := x.engine.options.Journal; j != nil {
		if err := j.Append(x.arn, batch); err != nil {
			x.engine.options.Log.Error("the journal failed", "execution", x.arn, "error", err)
			x.breakOff("The journal failed: " + err.Error())
			return
		}
	}
	x.record(step)
	now := batch[len(batch)-1].Time()
	for _, c := range step.Commands {
		x.carryOut(c, now)
	}
}

// carryOut is the one executor of the interpreter's commands. now is the time
// of the events that led to them.
func (x *Execution) carryOut(c interp.Command, now time.Time) {
	switch c := c.(type) {
	case *interp.ScheduleTask:
		x.schedule(c, now)
	case *interp.CancelTask:
		if t := takeOut(x, &x.tasks, c.ID); t != nil {
			t.cancel()
		}
	case *interp.StartTimer:
		x.startTimer(c)
	case *interp.CancelTimer:
		x.engine.alarms.cancel(takeOut(x, &x.timers, c.ID))
	case *interp.StartMapRun:
		x.startMapRun(c, now)
	case *interp.CancelMapRun:
		if r := takeOut(x, &x.runs, c.ID); r != nil {
			r.abort()
		}
	case *interp.Finish:
		x.finish(c)
	}
}

// takeOut removes an entry from one of the execution's tables; the zero V when
// there is none.
func takeOut[V any](x *Execution, table *map[interp.ID]V, id interp.ID) V {
	x.mu.Lock()
	defer x.mu.Unlock()
	v := (*table)[id]
	delete(*table, id)
	return v
}

// putIn adds an entry to one of the execution's tables.
func putIn[V any](x *Execution, table *map[interp.ID]V, id interp.ID, v V) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if *table == nil {
		*table = map[interp.ID]V{}
	}
	(*table)[id] = v
}

func (x *Execution) startTimer(c *interp.StartTimer) {
	id := c.ID
	x.mu.Lock() // an alarm that rings at once waits until it is in the table
	defer x.mu.Unlock()
	if x.timers == nil {
		x.timers = map[interp.ID]*alarm{}
	}
	if c.Ends {
		if x.deadline == id {
			return // goOn has started it
		}
		x.deadline = id
	}
	x.timers[id] = x.engine.alarms.set(c.At, x, func(time.Time) happening {
		takeOut(x, &x.timers, id)
		return func(at interp.At) interp.Event { return interp.TimerFired{At: at, Timer: id} }
	})
}

// lane is where the execution's tasks for a party wait.
func (x *Execution) lane(p *party) *lane {
	if x.parent != nil {
		return x.parent.owner.lane(p)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, l := range x.lanes {
		if l.party == p {
			return l
		}
	}
	l := &lane{party: p}
	x.lanes = append(x.lanes, l)
	return l
}

// finish ends the execution.
func (x *Execution) finish(c *interp.Finish) {
	x.mu.Lock()
	if x.status != interp.Running {
		x.mu.Unlock()
		return
	}
	x.status, x.stopped = c.Status, c.At
	x.outcome = outcome{c.Output, c.Error, c.Cause}
	x.origin = c.Origin
	tasks, timers, runs := x.tasks, x.timers, x.runs
	x.tasks, x.timers, x.runs, x.inbox = nil, nil, nil, nil
	onEnd, info := x.onEnd, x.info()
	x.onEnd, x.core, x.lanes = nil, nil, nil
	x.seal()
	x.mu.Unlock()

	for _, t := range tasks {
		t.cancel()
	}
	for _, a := range timers {
		x.engine.alarms.cancel(a)
	}
	for _, r := range runs {
		r.abort()
	}
	x.engine.retire(x)
	if o := x.engine.options.Observer; o != nil {
		o.ExecutionEnded(info)
	}
	// Before done: who waits for it finds that everybody else was told.
	for _, f := range onEnd {
		f(info)
	}
	close(x.done)
}

// breakOff ends an execution that the engine cannot go on with.
func (x *Execution) breakOff(cause string) {
	name := errname.Runtime
	x.finish(&interp.Finish{At: x.engine.options.Clock.Now(), Status: interp.FailedRun, Error: &name, Cause: &cause})
}

// whenDone calls f once the execution has ended, now if it has.
func (x *Execution) whenDone(f func(ExecutionInfo)) {
	x.mu.Lock()
	if x.status == interp.Running {
		x.onEnd = append(x.onEnd, f)
		x.mu.Unlock()
		return
	}
	x.mu.Unlock()
	f(x.Info())
}
