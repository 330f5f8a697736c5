package interp

import (
	"fmt"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Single is one state to be run on its own, as TestState does it: the state is
// entered, its work is answered by Work, and the run ends when it would be left.
type Single struct {
	Block *asl.Block // the states among which it stands: the targets of its Next
	State string
	Input jsonvalue.Value
	// Variables are an object: what was assigned before. May be absent.
	Variables jsonvalue.Value
	// Context replaces the context object; absent: it is made of Info.
	Context jsonvalue.Value
	// ReadItems gives what an ItemReader reads; an error is why it cannot. Nil:
	// what it reads is not known.
	ReadItems func(*ReaderPlan) ([]jsonvalue.Value, error)
	Info      Info
	Limits    Limits
	Start     time.Time
	Seed      uint64
	// Retries is how often the Retrier that matches the state's error was used.
	Retries int64
	// Work does the work of a Task, or stands for the children of a Map or
	// Parallel state.
	Work func(Work) WorkResult
}

// Work is what a state wants done.
type Work struct {
	Task *ScheduleTask // nil for Map and Parallel states
	// Items and the tolerances are those of a Map state: how many items there
	// are, and how many failures are tolerated; -1: not given.
	Items               int
	ToleratedCount      int64
	ToleratedPercentage float64
}

// WorkResult is how work ended: with an Output, or else with an error.
type WorkResult struct {
	Output       jsonvalue.Value
	Error, Cause *string
	// TimedOut and Heartbeat tell that it is a timeout, and of which kind.
	TimedOut, Heartbeat bool
}

// SingleStatus is how a state that ran on its own ended, with AWS's names.
type SingleStatus string

// The statuses of a state.
const (
	StateSucceeded SingleStatus = "SUCCEEDED"
	StateFailed    SingleStatus = "FAILED"
	StateRetriable SingleStatus = "RETRIABLE"    // a Retrier would repeat it
	StateCaught    SingleStatus = "CAUGHT_ERROR" // a Catcher leads on
)

// SingleResult is how a state that ran on its own ended.
type SingleResult struct {
	Status       SingleStatus
	Output       jsonvalue.Value // absent when failed or retriable
	Error, Cause *string         // unless succeeded
	Next         string          // the state that would follow; "" at the end
	Inspection   Inspection
}

// RunSingle runs one state on its own.
func RunSingle(s Single) (*SingleResult, error) {
	x, err := s.start()
	if err != nil {
		return nil, err
	}
	i, f := x.inspector, x.root
	for !i.left && i.failed == nil {
		x.run()
		if f.todo == blocked {
			if err := s.proceed(x); err != nil {
				return nil, err
			}
		}
	}
	return i.conclusion(), nil
}

// start makes an execution that is about to enter the state.
func (s *Single) start() (*Execution, error) {
	l, err := compileStates(s.Block)
	if err != nil {
		return nil, err
	}
	plan := l.states[s.State]
	if plan == nil {
		return nil, fmt.Errorf("no state is named %q", s.State)
	}
	x := New(&Program{root: &block{start: plan}})
	x.inspector = &inspector{Inspection: Inspection{Input: s.Input}, attempts: s.Retries}
	x.contextOverride, x.readItems = s.Context, s.ReadItems
	x.now = s.Start
	x.start(Started{At: At(s.Start), Execution: s.Info, Input: s.Input, Seed: s.Seed, Limits: s.Limits})
	x.root.scope.vars = assigned(s.Variables)
	x.root.retries = s.Retries
	return x, nil
}

// proceed answers what the state waits for.
func (s *Single) proceed(x *Execution) error {
	f, i := x.root, x.inspector
	if f.timing != blocked { // a Wait: its time has come
		timing := f.timing
		x.close(f)
		x.wake(f, timing)
		return nil
	}
	w := Work{Items: i.items.Len(), ToleratedCount: -1, ToleratedPercentage: -1}
	for _, c := range x.step.Commands {
		if t, ok := c.(*ScheduleTask); ok {
			w.Task = t
		}
	}
	if w.Task == nil && !i.working || s.Work == nil {
		return fmt.Errorf("the state %q waits for work that nobody does", s.State)
	}
	if i.ToleratedCount != nil {
		w.ToleratedCount = *i.ToleratedCount
	}
	if i.ToleratedPercentage != nil {
		w.ToleratedPercentage = *i.ToleratedPercentage
	}
	r := s.Work(w)
	x.close(f)
	if r.Output.IsValid() {
		f.value = r.Output
		x.wake(f, finish)
		return nil
	}
	f.failure = &failure{name: r.Error, cause: r.Cause, task: w.Task != nil, heartbeat: r.Heartbeat}
	if r.TimedOut {
		f.failure.name = text(errname.Timeout)
	}
	x.wake(f, fail)
	return nil
}

// conclusion says how the state ended.
func (i *inspector) conclusion() *SingleResult {
	r := &SingleResult{Status: StateSucceeded, Output: i.output, Inspection: i.Inspection}
	if i.next != nil {
		r.Next = i.next.base().name
	}
	if i.failed == nil {
		return r
	}
	r.Error, r.Cause = i.failed.name, i.failed.cause
	switch {
	case i.CatchIndex != nil:
		r.Status = StateCaught
	case i.RetryIndex != nil:
		r.Status = StateRetriable
	default:
		r.Status = StateFailed
	}
	return r
}
