package interp

import (
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// spawn makes a child frame of a group. Its cursor is the event that it starts from.
func (x *Execution) spawn(g *group, index int, cursor int64, b *block, input jsonvalue.Value) *frame {
	f := &frame{group: g, index: index, cursor: cursor, scope: scope{parent: &g.owner.scope}}
	f.move(b.start, input)
	g.add(f)
	x.ready.push(f)
	return f
}

// childSucceeded takes the result of a branch or iteration.
func (x *Execution) childSucceeded(f *frame, output jsonvalue.Value) {
	g := f.group
	g.results[f.index] = output
	x.childEnded(f, history.MapIterationSucceeded)
}

// childEnded takes a child out of its group, starts the next iteration in its
// place, and wakes the group's owner after the last one.
func (x *Execution) childEnded(f *frame, how history.Type) {
	g := f.group
	g.remove(f)
	g.left--
	x.variables -= f.scope.size()
	last := f.cursor // of the branch that ends last, the owner's next parent
	if it := g.iteration; it != nil {
		it.running--
		id := f.cursor
		if how == history.MapIterationSucceeded {
			id = x.emit(f.cursor, how, it.event(f.index))
		}
		if g.left > 0 {
			x.refill(g, f.cursor)
			return
		}
		last = id
	}
	if g.left > 0 {
		return
	}
	g.owner.cursor = last
	g.owner.children = nil
	g.owner.value = g.result()
	x.wake(g.owner, finish)
}

// result gives what the children made, in the order of their indexes. Failed
// iterations that were tolerated leave nothing.
func (g *group) result() jsonvalue.Value {
	if g.iteration != nil && g.iteration.failed > 0 {
		kept := g.results[:0]
		for _, r := range g.results {
			if r.IsValid() {
				kept = append(kept, r)
			}
		}
		g.results = kept
	}
	return jsonvalue.ArrayOf(g.results...)
}

// childFailed fails the state whose child failed: the siblings are stopped, in
// the order of their indexes, and the state fails with the child's error. A Map
// may tolerate the failure and go on.
func (x *Execution) childFailed(f *frame, err *failure) {
	g := f.group
	culprit := f.cursor
	f.todo = over
	if it := g.iteration; it != nil {
		x.emit(culprit, history.MapIterationFailed, it.event(f.index))
		x.abortFailed(f, culprit)
		it.failed++
		if it.failed <= it.allowed {
			x.childEnded(f, history.MapIterationFailed)
			return
		}
		if it.allowed > 0 {
			err = &failure{
				name: text(errname.ExceedToleratedFailureThreshold), cause: text("The specified tolerated failure threshold was exceeded"),
				origin: err.origin,
			}
		}
	} else {
		x.abortFailed(f, culprit)
	}
	g.remove(f)
	x.variables -= f.scope.size()
	x.abortChildren(g, culprit)
	owner := g.owner
	owner.children = nil
	owner.cursor = culprit
	x.ownerFailed(owner, err)
}

// ownerFailed fails the state of a frame that is not the one whose turn it is.
// It is decided at once: a frame that failed later in the same instant must
// find that it was aborted.
func (x *Execution) ownerFailed(owner *frame, err *failure) {
	x.stateFailed(owner, err)
	if !x.done && owner.todo > blocked && owner.todo < over {
		x.ready.push(owner)
	}
}

// abort stops a frame: what it waits for is cancelled and its children are
// stopped too. Every event names the culprit, the event that brought it about.
func (x *Execution) abort(f *frame, culprit int64) {
	if it := f.group.iteration; it != nil {
		x.emit(culprit, history.MapIterationAborted, it.event(f.index))
	}
	if f.todo != enter {
		x.abortState(f, culprit)
	}
	x.cancel(f)
	if f.children != nil {
		x.abortChildren(f.children, culprit)
	}
	f.todo = over
	x.variables -= f.scope.size()
}

func (x *Execution) abortChildren(g *group, culprit int64) {
	for f := g.first; f != nil; f = f.next {
		x.abort(f, culprit)
	}
	g.first, g.last = nil, nil
}

// abortState records the abort of the state that a frame is in, for the types
// that have such an event.
func (x *Execution) abortState(f *frame, culprit int64) {
	if m, ok := f.plan.(*mapState); ok && m.distributed != nil && f.waiting != 0 && f.timing == blocked {
		x.emit(culprit, history.MapRunAborted, nil)
	}
	if k := f.plan.base().kind; k.aborted != "" {
		x.emit(culprit, k.aborted, nil)
	}
}

// abortFailed records the abort of the state in which a child failed. AWS does
// so for a Task too, whose failure is in the history already; a Parallel or Map
// state has recorded its own.
func (x *Execution) abortFailed(f *frame, culprit int64) {
	if f.plan.base().kind.failed == "" {
		x.abortState(f, culprit)
	}
}
