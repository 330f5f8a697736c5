package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/internal/printable"
	"github.com/waslrun/wasl/runtime"
)

// report prints how the execution ended and gives the exit code.
func (r *runner) report(info runtime.ExecutionInfo, m *asl.StateMachine) error {
	for _, line := range r.children.lines(m) {
		r.console.Line(line)
	}
	if info.Status == interp.Succeeded {
		if r.asJSON {
			return nil
		}
		return r.std.printJSON(info.Output)
	}
	return &exitError{exitCodeOf(info), errors.New("execution " + ending(info, m))}
}

// exitCodeOf is the exit code for an execution that did not succeed.
func exitCodeOf(info runtime.ExecutionInfo) int {
	switch info.Status {
	case interp.TimedOut:
		return exitTimedOut
	case interp.Aborted:
		return exitAborted
	}
	if info.Unusable {
		return exitModule
	}
	return exitFailed
}

// ending says how an execution ended: FAILED in state Second, item 3
// (two.json:1:120): States.Timeout after 1 s.
func ending(info runtime.ExecutionInfo, m *asl.StateMachine) string {
	var b strings.Builder
	b.WriteString(string(info.Status))
	if o := info.Origin; o != nil {
		b.WriteString(" in state " + printable.Text(whereabouts(o)))
		if at := placeOf(m, o); at != "" {
			b.WriteString(" (" + at + ")")
		}
		if o.Attempt > 0 {
			fmt.Fprintf(&b, ", attempt %d", o.Attempt+1)
		}
	}
	for _, said := range []*string{info.Error, info.Cause} {
		if said != nil && *said != "" {
			b.WriteString(": " + printable.Text(*said))
		}
	}
	b.WriteString(after(info))
	return b.String()
}

// after says after what time a timeout came.
func after(info runtime.ExecutionInfo) string {
	switch {
	case info.Status == interp.TimedOut:
		return ": after " + seconds(info.Stopped.Sub(info.Started))
	case info.Origin != nil && info.Error != nil && *info.Error == "States.Timeout" && info.Cause == nil:
		return " after " + seconds(info.Origin.After)
	}
	return ""
}

// seconds writes a time as people say it: 1 s, 0.25 s, 12.34 s.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Round(10*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
}

// whereabouts names a state and the iterations and branches around it, by the
// numbers that the history has: Work, item 3 of Each, branch 1 of Both.
func whereabouts(o *interp.Origin) string {
	text := o.State
	for i := len(o.Path) - 1; i >= 0; i-- {
		what := "branch"
		if o.Path[i].Iteration {
			what = "item"
		}
		text += fmt.Sprintf(", %s %d", what, o.Path[i].Index)
		if len(o.Path) > 1 {
			text += " of " + o.Path[i].State
		}
	}
	return text
}

// placeOf is where a state stands in its file, as FILE:LINE:COLUMN, or "".
func placeOf(m *asl.StateMachine, o *interp.Origin) string {
	s := stateAt(m, o)
	if s == nil {
		return ""
	}
	return placeText(m, s.Base().Place)
}

// placeText is where something stands in a definition's file, or "".
func placeText(m *asl.StateMachine, p *asl.Place) string {
	line, column, ok := m.Source.Locate(p)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", printable.Text(m.Source.Name), line, column)
}

// stateAt finds the state that an origin means. That of a Distributed Map's
// child begins in the Map state's processor, so a state that is not found on
// the way is looked for among those of all Map states.
func stateAt(m *asl.StateMachine, o *interp.Origin) asl.State {
	for _, b := range outermostBlocks(&m.Block) {
		if s := descend(b, o); s != nil {
			return s
		}
	}
	return nil
}

// outermostBlocks are the blocks that an execution may begin in: the machine's
// own, and the processor of each Distributed Map.
func outermostBlocks(b *asl.Block) []*asl.Block {
	all := []*asl.Block{b}
	eachState(b, func(s asl.State) {
		if s, ok := s.(*asl.Map); ok && s.Distributed {
			all = append(all, &s.Processor)
		}
	})
	return all
}

// descend follows an origin's path through the states of a block.
func descend(b *asl.Block, o *interp.Origin) asl.State {
	for _, turn := range o.Path {
		switch s := b.State(turn.State).(type) {
		case *asl.Parallel:
			if turn.Index >= len(s.Branches) {
				return nil
			}
			b = &s.Branches[turn.Index]
		case *asl.Map:
			b = &s.Processor
		default:
			return nil
		}
	}
	return b.State(o.State)
}

// firstFailures is how many failed children of a Map Run are told.
const firstFailures = 3

// childFailures keeps the first failures of each Map Run and counts the rest.
type childFailures struct {
	mu    sync.Mutex
	runs  []*runFailures // in the order of their first failure
	byARN map[string]*runFailures
}

type runFailures struct {
	first []runtime.ChildFailure
	count int
}

// add takes a failed child. Map Runs call it concurrently.
func (f *childFailures) add(c runtime.ChildFailure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	run := f.byARN[c.MapRunARN]
	if run == nil {
		if f.byARN == nil {
			f.byARN = map[string]*runFailures{}
		}
		run = &runFailures{}
		f.byARN[c.MapRunARN] = run
		f.runs = append(f.runs, run)
	}
	if run.count++; run.count <= firstFailures {
		run.first = append(run.first, c)
	}
}

// lines tells the failures to people, a line each.
func (f *childFailures) lines(m *asl.StateMachine) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var lines []string
	for _, run := range f.runs {
		for _, c := range run.first {
			what := "item"
			if c.Batch {
				what = "batch"
			}
			lines = append(lines, fmt.Sprintf("%s, %s %d: %s", printable.Text(c.State), what, c.Index, ending(c.Child, m)))
		}
		if more := run.count - len(run.first); more > 0 {
			lines = append(lines, fmt.Sprintf("%s: %d more failed", printable.Text(run.first[0].State), more))
		}
	}
	return lines
}
