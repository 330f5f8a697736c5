package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/internal/printable"
)

// follower knows from an execution's history how far it has come. It holds what
// is open, and of Map states a count.
type follower struct {
	events int64
	state  string // entered last
	tasks  int    // scheduled and not over
	// names has the state of the open events that do not name theirs: the entry of
	// a Task or Map state, by the event's id.
	names map[int64]string
	maps  []*mapCount // in the order of their first start
	byMap map[string]*mapCount
	waits map[int64]*wait // by the id of the event that began it
}

// mapCount counts the items of a Map state, over all its runs.
type mapCount struct {
	name                 string
	total, done, running int64
	run                  string // the Map Run's ARN, which counts for itself; "": none
}

// wait is a task that somebody outside has to answer.
type wait struct {
	state    string
	activity string // the ARN; "": it waits for its token
	since    time.Time
	told     bool
}

func newFollower() *follower {
	return &follower{names: map[int64]string{}, byMap: map[string]*mapCount{}, waits: map[int64]*wait{}}
}

// take follows one event.
func (f *follower) take(e history.Event) {
	f.events++
	f.tasks += taskChange(e.Type)
	delete(f.waits, e.Previous)
	switch d := e.Details.(type) {
	case *history.StateEntered:
		f.state = d.Name
		if e.Type == history.MapStateEntered || e.Type == history.TaskStateEntered {
			f.names[e.ID] = d.Name
		}
	case *history.MapStart:
		f.mapOf(f.pass(e)).total += d.Length
	case *history.MapRunStart:
		f.mapOf(f.pass(e)).run = d.MapRunARN
	case *history.MapIteration:
		delete(f.names, e.Previous)
		f.iteration(e.Type, f.mapOf(d.Name))
	case *history.TaskSchedule, *history.TaskStart:
		f.pass(e)
	case *history.TaskOutput:
		name := f.pass(e)
		if e.Type == history.TaskSubmitted && strings.HasSuffix(d.Resource, ".waitForTaskToken") {
			f.waits[e.ID] = &wait{state: name, since: e.Time}
		}
	case *history.ActivitySchedule:
		f.waits[e.ID] = &wait{state: f.pass(e), activity: d.Resource, since: e.Time}
	default:
		delete(f.names, e.Previous)
	}
}

// pass hands the state's name on from an event to the next in its chain.
func (f *follower) pass(e history.Event) string {
	name := f.names[e.Previous]
	delete(f.names, e.Previous)
	switch e.Type {
	case history.TaskSucceeded, history.MapRunStarted, history.ActivityScheduled:
	default:
		f.names[e.ID] = name
	}
	return name
}

func (f *follower) mapOf(name string) *mapCount {
	m := f.byMap[name]
	if m == nil {
		m = &mapCount{name: name}
		f.byMap[name] = m
		f.maps = append(f.maps, m)
	}
	return m
}

func (f *follower) iteration(t history.Type, m *mapCount) {
	switch t {
	case history.MapIterationStarted:
		m.running++
	case history.MapIterationSucceeded, history.MapIterationFailed:
		m.running--
		m.done++
	case history.MapIterationAborted:
		m.running--
	}
}

// taskChange is what an event means for the number of tasks under way.
func taskChange(t history.Type) int {
	switch t {
	case history.TaskScheduled, history.LambdaFunctionScheduled, history.ActivityScheduled:
		return 1
	case history.TaskSucceeded, history.TaskFailed, history.TaskTimedOut,
		history.LambdaFunctionSucceeded, history.LambdaFunctionFailed, history.LambdaFunctionTimedOut,
		history.ActivitySucceeded, history.ActivityFailed, history.ActivityTimedOut:
		return -1
	}
	return 0
}

// line says how far the execution has come. counts gives the items of a Map Run:
// how many there are, are done and run.
func (f *follower) line(counts func(run string) (total, done, running int64)) string {
	where := f.state
	for _, m := range f.maps {
		total, done, running := m.total, m.done, m.running
		if m.run != "" {
			total, done, running = counts(m.run)
		}
		if running > 0 || done < total {
			where = fmt.Sprintf("%s %d/%d items, %d running", m.name, done, total, running)
			break
		}
	}
	tasks := ""
	if f.tasks > 0 {
		tasks = fmt.Sprintf("%d tasks, ", f.tasks)
	}
	return fmt.Sprintf("%s  %s%d events", where, tasks, f.events)
}

// waitsFor is how long a task waits for somebody outside before it is said.
const waitsFor = 2 * time.Second

// waiting says, once for each, which tasks wait for somebody and what would
// answer them.
func (f *follower) waiting(now time.Time) []string {
	var lines []string
	said := map[string]bool{}
	for _, w := range f.waits {
		if w.told || now.Sub(w.since) < waitsFor {
			continue
		}
		w.told = true
		if said[w.state] { // other iterations of the same
			continue
		}
		said[w.state] = true
		lines = append(lines, w.line())
	}
	return lines
}

func (w *wait) line() string {
	if w.activity == "" {
		return fmt.Sprintf("state %s waits for its task token: SendTaskSuccess or SendTaskFailure with that token answers it, "+
			"from a task of this workflow (aws-sdk:sfn:sendTaskSuccess) or, under wasl serve, from anywhere", printable.Text(w.state))
	}
	name := w.activity[strings.LastIndexByte(w.activity, ':')+1:]
	return fmt.Sprintf("state %s waits for a worker of the activity %s: a module %s.wasm does its work, "+
		"or, under wasl serve, whoever calls GetActivityTask", printable.Text(w.state), printable.Text(name), printable.Text(name))
}
