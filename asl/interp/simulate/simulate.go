package simulate

import (
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"time"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Epoch is when a run starts that does not say.
var Epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// DefaultEvents bounds the history of a run that sets no limit, so that an
// endless loop ends.
const DefaultEvents = 1_000_000

// Run is a run to be simulated.
type Run struct {
	Program *interp.Program
	Input   jsonvalue.Value // absent: {}
	Info    interp.Info     // zero fields get plausible values
	Limits  interp.Limits
	Start   time.Time // zero: Epoch
	Seed    uint64
	// Answer answers the tasks. nil: every task fails as not mocked.
	Answer func(Request) Answer
	// Read gives the items of a Distributed Map with an ItemReader. nil: it fails.
	Read func(*interp.ReaderPlan) ([]jsonvalue.Value, error)
	// StopAt stops the execution at this time; zero: never.
	StopAt time.Time
	// Record keeps the events that the interpreter was given, for replays.
	Record bool
}

// Request is a task that waits for an answer.
type Request struct {
	*interp.ScheduleTask
	// Invocation counts the tasks of this state from 0, over the whole run.
	Invocation int
}

// Answer is what becomes of a task.
type Answer struct {
	// Output is the task's answer; absent when it fails.
	Output jsonvalue.Value
	// Error and Cause are those of a failed task; both may be nil.
	Error, Cause *string
	// Submitted is the service's answer of a .sync or .waitForTaskToken task;
	// absent: the task is not submitted.
	Submitted jsonvalue.Value
	Worker    string
	Rejected  bool
	// After is how long the task takes. A task that takes longer than its
	// timeout or its heartbeat times out.
	After time.Duration
	// Never answers: only a timeout ends the task.
	Never bool
	// TimedOut and HeartbeatLost end the task with a timeout after After.
	TimedOut      bool
	HeartbeatLost bool
}

// Result is how a run ended.
type Result struct {
	Status       interp.Status // Running when nothing could happen any more
	Output       jsonvalue.Value
	Error, Cause *string
	Origin       *interp.Origin // of the failure; nil when it is not known
	History      []history.Event
	Started      time.Time
	Ended        time.Time
	// Applied is what the interpreter was given, one element an Apply, when
	// the run records it.
	Applied [][]interp.Event
}

// Simulate runs until the execution ends or nothing can happen any more.
func Simulate(r Run) (*Result, error) {
	if r.Program == nil {
		return nil, errors.New("simulate: no program")
	}
	r.fillIn()
	s := &simulation{
		run: r, execution: interp.New(r.Program), now: r.Start,
		result:      &Result{Status: interp.Running, Started: r.Start},
		invocations: map[string]int{},
	}
	s.at(r.Start, outcome, interp.Started{
		At: interp.At(r.Start), Execution: r.Info, Input: r.Input, Seed: r.Seed, Limits: r.Limits,
	})
	if !r.StopAt.IsZero() {
		s.at(r.StopAt, outcome, interp.Stopped{At: interp.At(r.StopAt)})
	}
	for s.agenda.Len() > 0 && s.result.Status == interp.Running {
		if err := s.advance(); err != nil {
			return s.result, err
		}
	}
	s.result.Ended = s.now
	return s.result, nil
}

// fillIn gives the fields that a caller left out their defaults.
func (r *Run) fillIn() {
	if r.Start.IsZero() {
		r.Start = Epoch
	}
	if r.Limits.Events == 0 {
		r.Limits.Events = DefaultEvents
	}
	i := &r.Info
	i.Region = cmp.Or(i.Region, "us-east-1")
	i.MachineName = cmp.Or(i.MachineName, "StateMachine")
	i.Name = cmp.Or(i.Name, "execution")
	home := arn.Home{Region: i.Region, Account: "123456789012"}
	i.MachineARN = cmp.Or(i.MachineARN, home.StateMachine(i.MachineName))
	i.ARN = cmp.Or(i.ARN, home.Execution(i.MachineName, i.Name))
	i.RoleARN = cmp.Or(i.RoleARN, home.Role("StepFunctions"))
}

// simulation is a run on its way.
type simulation struct {
	run         Run
	execution   *interp.Execution
	result      *Result
	now         time.Time
	agenda      agenda
	entries     int
	invocations map[string]int
	mapRuns     int
}

// phase orders what happens at one instant: first everything starts, then
// everything ends.
type phase uint8

const (
	starting phase = iota
	submitting
	outcome
)

// at puts an event on the agenda.
func (s *simulation) at(t time.Time, p phase, e interp.Event) {
	s.entries++
	heap.Push(&s.agenda, entry{time: t, phase: p, order: s.entries, event: e})
}

// advance gives the interpreter all that happens next at one instant.
func (s *simulation) advance() error {
	first := s.agenda[0]
	s.now = first.time
	var batch []interp.Event
	for s.agenda.Len() > 0 && s.agenda[0].time.Equal(first.time) && s.agenda[0].phase == first.phase {
		batch = append(batch, heap.Pop(&s.agenda).(entry).event)
	}
	step, err := s.apply(batch...)
	for err == nil && step.More && s.result.Status == interp.Running {
		step, err = s.apply(interp.Continue{At: interp.At(s.now)})
	}
	return err
}

func (s *simulation) apply(events ...interp.Event) (interp.Step, error) {
	if s.run.Record {
		s.result.Applied = append(s.result.Applied, events)
	}
	step := s.execution.Apply(events...)
	s.result.History = append(s.result.History, step.History...)
	for _, c := range step.Commands {
		if err := s.carryOut(c); err != nil {
			return step, err
		}
	}
	return step, nil
}

// carryOut does what the interpreter wants done. What was cancelled still
// happens and changes nothing: the interpreter ignores it.
func (s *simulation) carryOut(c interp.Command) error {
	switch c := c.(type) {
	case *interp.ScheduleTask:
		s.schedule(c)
	case *interp.StartTimer:
		s.at(c.At, outcome, interp.TimerFired{At: interp.At(c.At), Timer: c.ID})
	case *interp.StartMapRun:
		return s.startMapRun(c)
	case *interp.Finish:
		s.result.Status, s.result.Output = c.Status, c.Output
		s.result.Error, s.result.Cause, s.result.Origin = c.Error, c.Cause, c.Origin
	case *interp.CancelTask, *interp.CancelTimer, *interp.CancelMapRun:
	}
	return nil
}

// schedule answers a task.
func (s *simulation) schedule(t *interp.ScheduleTask) {
	a := s.answer(t)
	s.at(s.now, starting, interp.TaskStarted{At: interp.At(s.now), Task: t.ID, Worker: a.Worker})
	if a.Submitted.IsValid() {
		s.at(s.now, submitting, interp.TaskSubmitted{At: interp.At(s.now), Task: t.ID, Output: a.Submitted})
	}
	if limit, heartbeat := patience(t); limit > 0 && (a.Never || a.After > limit) {
		a = Answer{After: limit, TimedOut: !heartbeat, HeartbeatLost: heartbeat}
	}
	if a.Never {
		return
	}
	when := s.now.Add(a.After)
	at := interp.At(when)
	switch {
	case a.TimedOut, a.HeartbeatLost:
		s.at(when, outcome, interp.TaskTimedOut{At: at, Task: t.ID, Heartbeat: a.HeartbeatLost})
	case a.Output.IsValid():
		s.at(when, outcome, interp.TaskSucceeded{At: at, Task: t.ID, Output: a.Output})
	case a.Rejected:
		s.at(when, outcome, interp.TaskFailed{At: at, Task: t.ID, Kind: interp.Rejected, Error: a.Error, Cause: a.Cause})
	default:
		s.at(when, outcome, interp.TaskFailed{At: at, Task: t.ID, Error: a.Error, Cause: a.Cause})
	}
}

// patience gives how long a task may take, and whether it is the heartbeat
// that ends it. 0: as long as it likes.
func patience(t *interp.ScheduleTask) (limit time.Duration, heartbeat bool) {
	if t.Heartbeat > 0 && (t.Timeout == 0 || t.Heartbeat < t.Timeout) {
		return t.Heartbeat, true
	}
	return t.Timeout, false
}

func (s *simulation) answer(t *interp.ScheduleTask) Answer {
	n := s.invocations[t.State]
	s.invocations[t.State] = n + 1
	if s.run.Answer == nil {
		return NotMocked(t.State, n)
	}
	return s.run.Answer(Request{ScheduleTask: t, Invocation: n})
}

// NotMocked is the answer of a task that nobody has an answer for.
func NotMocked(state string, invocation int) Answer {
	name, cause := "Simulate.NotMocked", fmt.Sprintf("invocation %d of the state '%s' has no mocked answer", invocation, state)
	return Answer{Error: &name, Cause: &cause}
}

// agenda is a heap of what will happen, the next first.
type agenda []entry

type entry struct {
	time  time.Time
	phase phase
	order int
	event interp.Event
}

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a agenda) Less(i, j int) bool {
	if c := a[i].time.Compare(a[j].time); c != 0 {
		return c < 0
	}
	return cmp.Or(cmp.Compare(a[i].phase, a[j].phase), cmp.Compare(a[i].order, a[j].order)) < 0
}
func (a *agenda) Push(x any) { *a = append(*a, x.(entry)) }
func (a *agenda) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}
