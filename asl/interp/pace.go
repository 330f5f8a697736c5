package interp

import (
	"errors"

	"github.com/waslrun/wasl/asl/bounds"
)

// share is the work that one Apply does, some 20 ms: once its turns have done
// so much together, it hands back control.
const share = 200_000

// turnWork is the work of a turn without its queries.
const turnWork = 8

// pace is how far an Apply goes. A turn is not left in the middle, so an Apply
// whose queries take long goes beyond its share; the governor may break it off
// then. Where it was broken off is said in units of work, and work is counted
// alike whenever the same events are applied: told where, another Apply of them
// ends at the same place, with the same history.
type pace struct {
	governor Governor
	began    int64 // the work that was done before this Apply
	end      int64 // after how much of its work it is to be broken off; 0: never
}

// Governor tells whether an Apply may go on that goes beyond its share of work,
// or whose queries hold much memory. It is asked every tenth of a millisecond and
// may wait. It sees the commands that the Apply has led to so far: the timer of
// TimeoutSeconds may be among them, and is best started now.
type Governor func(commands []Command) bool

// Govern sets the execution's governor. When it gives false, the Apply is broken
// off: Step.Interrupted says so.
func (x *Execution) Govern(g Governor) { x.pace.governor = g }

// begin starts an Apply of events.
func (p *pace) begin(a *bounds.Account, events []Event) {
	p.began, p.end = 0, 0
	if a != nil {
		p.began = a.Work()
	}
	if len(events) > 0 {
		if i, ok := events[0].(Interrupted); ok {
			p.end = i.Work
		}
	}
}

// over tells whether the Apply has done its share.
func (p *pace) over(a *bounds.Account) bool { return a.Work()-p.began >= share }

// errInterrupted ends a query whose Apply is broken off.
var errInterrupted = errors.New("interrupted")

// watch follows the account.
func (x *Execution) watch(work, held int64) error {
	p := &x.pace
	done := work - p.began
	switch {
	case p.end > 0:
		if done >= p.end {
			return errInterrupted
		}
	case p.governor != nil && (done > share || held > bounds.Large):
		if !p.governor(x.step.Commands) {
			return errInterrupted
		}
	}
	return nil
}

// interruption unwinds an Apply that is broken off: nothing on the way may take
// it for a failure of a state.
type interruption struct{}

// interruptedBy breaks the Apply off if that is why a query ended.
func interruptedBy(err error) {
	if errors.Is(err, errInterrupted) {
		panic(interruption{})
	}
}

// spend counts work of the interpreter's own. Only an interruption can end it:
// the queries of a state are far away from their limit when it begins.
func (x *Execution) spend(units int) {
	if err := x.account.Spend(units); err != nil {
		interruptedBy(err)
	}
}

// breakOff, deferred, ends an Apply that was interrupted.
func (x *Execution) breakOff() {
	switch p := recover().(type) {
	case nil:
	case interruption:
		x.broken = true
		x.step.Interrupted = x.account.Work() - x.pace.began
	default:
		panic(p)
	}
}
