package runtime

import (
	"fmt"

	"github.com/waslrun/wasl/asl/interp"
)

// records are the executions that the engine knows: all that run, and the
// latest of those that have ended. Engine.mu guards them.
type records struct {
	byARN     map[string]*Execution
	byMachine map[string]*shelf // by the machine's ARN; children are on their run's shelf
	// closed are the executions that have ended, in the order of their end, and
	// roots those among them that are no Map Run's children.
	closed, roots shelf
	ends          uint64 // executions that have ended, so far
	// held is what the closed ones hold in memory, in bytes, and definitions how
	// many of them are of which definition.
	held        int64
	definitions map[*interp.Program]int
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
	if x.leavesRecord() {
		x.shelf().add(x.number, x)
	}
	return nil, nil
}

// isSame tells whether starting y is starting x again.
func (x *Execution) isSame(y *Execution) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.status == interp.Running && x.machine.ARN == y.machine.ARN && x.request.InputText == y.request.InputText
}

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

// closedShelf is where those that ended like the execution are counted, and how
// many of them may be there.
func (x *Execution) closedShelf() (s *shelf, limit int) {
	if x.parent != nil {
		return &x.parent.closed, x.engine.options.Limits.ClosedChildren
	}
	return &x.engine.records.roots, x.engine.options.Limits.Closed
}

// retire notes that an execution has ended, and forgets the oldest ones when
// there are too many or they hold too much. The one that ended last stays,
// whatever it holds. EXPRESS executions are forgotten at once.
func (e *Engine) retire(x *Execution) {
	weight := x.weight()
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &e.records
	switch {
	case !x.leavesRecord():
		delete(r.byARN, x.arn)
		return
	case x.parent != nil && x.parent.forgotten:
		e.forget(x)
		return
	}
	r.ends++
	x.ended, x.held = r.ends, weight
	r.hold(x)
	r.closed.add(x.ended, x)
	s, limit := x.closedShelf()
	s.add(x.ended, x)
	for s.len() > limit {
		e.forget(s.first())
	}
	for r.held > e.options.Limits.ClosedSize && r.closed.len() > 1 {
		e.forget(r.closed.first())
	}
}

// forget takes an execution off the record, with its Map Runs and their children.
func (e *Engine) forget(x *Execution) {
	r := &e.records
	delete(r.byARN, x.arn)
	listed := x.shelf()
	listed.remove(x.number)
	if x.parent == nil && listed.len() == 0 {
		delete(r.byMachine, x.machine.ARN)
	}
	if x.ended > 0 {
		r.release(x)
		r.closed.remove(x.ended)
		s, _ := x.closedShelf()
		s.remove(x.ended)
	}
	for _, run := range e.mapRuns.removeAll(x.arn) {
		run.forgotten = true
		for run.closed.len() > 0 {
			e.forget(run.closed.first())
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
	if !x.leavesRecord() {
		return nil, fmt.Errorf("%w: %s", ErrTypeNotSupported, arn)
	}
	return x, nil
}
