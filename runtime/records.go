package runtime

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime/registry"
)

// records are the executions that the engine knows: all that run, and the
// latest of those that have ended. Engine.mu guards them.
type records struct {
	byARN     map[string]*Execution
	byMachine map[string]*shelf // by the machine's ARN; children are on their run's shelf
	closed    queue             // STANDARD executions that have ended, the oldest first
}

// shelf holds executions in the order of their start.
type shelf struct {
	list []*Execution
	dead int // entries of list that were taken out
}

func (s *shelf) add(x *Execution) { s.list = append(s.list, x) }

// remove takes an execution out. The list is compacted now and then.
func (s *shelf) remove(x *Execution) {
	i, found := slices.BinarySearchFunc(s.list, x.number, func(y *Execution, n uint64) int {
		return cmp.Compare(y.number, n)
	})
	if !found || s.list[i].dropped {
		return
	}
	x.dropped = true
	if s.dead++; s.dead > len(s.list)/2 {
		s.list = slices.DeleteFunc(s.list, func(y *Execution) bool { return y.dropped })
		s.dead = 0
	}
}

// queue is a first-in, first-out queue of executions.
type queue struct {
	list []*Execution
	head int
}

func (q *queue) len() int { return len(q.list) - q.head }

func (q *queue) push(x *Execution) { q.list = append(q.list, x) }

func (q *queue) pop() *Execution {
	x := q.list[q.head]
	q.list[q.head] = nil
	if q.head++; q.head > len(q.list)/2 {
		q.list = slices.Delete(q.list, 0, q.head)
		q.head = 0
	}
	return x
}

// admit puts an execution on record. When the same one runs already, it gives
// that one.
func (e *Engine) admit(x *Execution) (running *Execution, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	if old := e.records.byARN[x.arn]; old != nil {
		if old.isSame(x) {
			return old, nil
		}
		return nil, fmt.Errorf("%w: %s", ErrExecutionAlreadyExists, x.arn)
	}
	e.started++
	x.number = e.started
	e.records.byARN[x.arn] = x
	if x.isListed() {
		x.shelf().add(x)
	}
	return nil, nil
}

// isSame tells whether starting y is starting x again.
func (x *Execution) isSame(y *Execution) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.status == interp.Running && x.machine.ARN == y.machine.ARN && x.request.InputText == y.request.InputText
}

// isListed tells whether the execution is on record beyond its end.
func (x *Execution) isListed() bool { return x.machine.Type != registry.Express }

// shelf is where the execution is listed. The caller holds Engine.mu.
func (x *Execution) shelf() *shelf {
	if x.parent != nil {
		return &x.parent.children
	}
	s := x.engine.records.byMachine[x.machine.ARN]
	if s == nil {
		s = &shelf{}
		x.engine.records.byMachine[x.machine.ARN] = s
	}
	return s
}

// retire notes that an execution has ended, and forgets the oldest one when
// there are too many. EXPRESS executions are forgotten at once.
func (e *Engine) retire(x *Execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !x.isListed() {
		delete(e.records.byARN, x.arn)
		return
	}
	closed, limit := &e.records.closed, e.options.Limits.Closed
	if x.parent != nil {
		if x.parent.forgotten {
			e.forget(x)
			return
		}
		closed, limit = &x.parent.closed, e.options.Limits.ClosedChildren
	}
	closed.push(x)
	for closed.len() > limit {
		e.forget(closed.pop())
	}
}

// forget takes an execution off the record, with its Map Runs and their children.
func (e *Engine) forget(x *Execution) {
	delete(e.records.byARN, x.arn)
	x.shelf().remove(x)
	for _, r := range e.mapRuns.removeAll(x.arn) {
		r.forgotten = true
		for r.closed.len() > 0 {
			e.forget(r.closed.pop())
		}
	}
}

// find gives an execution on record. EXPRESS executions cannot be looked up.
func (e *Engine) find(arn string) (*Execution, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x := e.records.byARN[arn]
	if x == nil {
		return nil, fmt.Errorf("%w: %s", ErrExecutionDoesNotExist, arn)
	}
	if !x.isListed() {
		return nil, fmt.Errorf("%w: %s", ErrTypeNotSupported, arn)
	}
	return x, nil
}

// Describe tells how an execution stands.
func (e *Engine) Describe(arn string) (ExecutionInfo, error) {
	x, err := e.find(arn)
	if err != nil {
		return ExecutionInfo{}, err
	}
	return x.Info(), nil
}

// defaultPage is how many entries a page has at most when nothing is said.
const defaultPage = 100

// List lists executions, the most recent first.
func (e *Engine) List(r ListRequest) (ExecutionPage, error) {
	before, err := pageStart(r.Token)
	if err != nil {
		return ExecutionPage{}, err
	}
	candidates, err := e.candidates(r)
	if err != nil {
		return ExecutionPage{}, err
	}
	limit := cmp.Or(r.Max, defaultPage)
	var page ExecutionPage
	for _, x := range candidates {
		if x.number >= before && before > 0 {
			continue
		}
		info := x.Info()
		if !r.wants(info) {
			continue
		}
		if len(page.Executions) == limit {
			page.Next = nextToken(before)
			break
		}
		page.Executions = append(page.Executions, info)
		before = x.number
	}
	return page, nil
}

// candidates gives the executions of a list's subject, the most recent first.
func (e *Engine) candidates(r ListRequest) ([]*Execution, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.records.byMachine[unqualified(r.MachineARN)]
	if r.MapRunARN != "" {
		run := e.mapRuns.find(r.MapRunARN)
		if run == nil {
			return nil, fmt.Errorf("%w: %s", ErrMapRunDoesNotExist, r.MapRunARN)
		}
		s = &run.children
	}
	if s == nil {
		return nil, nil
	}
	list := slices.DeleteFunc(slices.Clone(s.list), func(x *Execution) bool { return x.dropped })
	slices.Reverse(list)
	return list, nil
}

// unqualified takes the version or alias off a machine's ARN.
func unqualified(arn string) string {
	if parts := strings.SplitN(arn, ":", 8); len(parts) == 8 {
		return strings.Join(parts[:7], ":")
	}
	return arn
}

func (r ListRequest) wants(i ExecutionInfo) bool {
	if r.Status != "" && i.Status != r.Status {
		return false
	}
	if r.MapRunARN != "" || r.MachineARN == i.Machine.ARN {
		return true
	}
	return r.MachineARN == i.Machine.VersionARN || r.MachineARN == i.Machine.AliasARN
}

// pagePrefix marks the tokens of pages, so that no other text passes for one.
const pagePrefix = "wasl-page-"

func nextToken(number uint64) string { return pagePrefix + strconv.FormatUint(number, 36) }

func pageStart(token string) (uint64, error) {
	if token == "" {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(token, pagePrefix)
	n, err := strconv.ParseUint(digits, 36, 64)
	if !ok || err != nil || n == 0 {
		return 0, fmt.Errorf("%w: %q", ErrInvalidPage, token)
	}
	return n, nil
}

// History gives a page of an execution's history.
func (e *Engine) History(r HistoryRequest) (HistoryPage, error) {
	x, err := e.find(r.ARN)
	if err != nil {
		return HistoryPage{}, err
	}
	// A token holds the id of the page's first event.
	first, err := pageStart(r.Token)
	if err != nil {
		return HistoryPage{}, err
	}
	events := x.snapshotHistory()
	if r.Reverse {
		events = slices.Clone(events)
		slices.Reverse(events)
	}
	if first > 0 {
		at := slices.IndexFunc(events, func(v history.Event) bool { return uint64(v.ID) == first })
		if at < 0 {
			return HistoryPage{}, fmt.Errorf("%w: %q", ErrInvalidPage, r.Token)
		}
		events = events[at:]
	}
	limit := cmp.Or(r.Max, defaultPage)
	if len(events) <= limit {
		return HistoryPage{Events: events}, nil
	}
	return HistoryPage{Events: events[:limit:limit], Next: nextToken(uint64(events[limit].ID))}, nil
}

// snapshotHistory gives the events so far. They are never changed, so the
// slice is shared.
func (x *Execution) snapshotHistory() []history.Event {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.history[:len(x.history):len(x.history)]
}
