package interp

import (
	"slices"
	"time"
)

// Origin says where in an execution the failure arose that ended it. It is for
// people: no event of a history has it.
type Origin struct {
	State string
	// Path leads to the state: the branches and iterations around it, the
	// outermost first.
	Path []Turn
	// Attempt of the state's work, from 0: each retry counts one more.
	Attempt int
	// After is how long that attempt took.
	After time.Duration
}

// Turn is a branch of a Parallel state or an iteration of a Map state.
type Turn struct {
	State     string // the Parallel or Map state's name
	Index     int
	Iteration bool
}

// originOf says where a frame is.
func (x *Execution) originOf(f *frame) *Origin {
	o := &Origin{State: f.plan.base().name, Attempt: int(f.retries), After: x.now.Sub(f.began)}
	for ; f.group != nil; f = f.group.owner {
		o.Path = append(o.Path, Turn{
			State: f.group.owner.plan.base().name, Index: f.index, Iteration: f.group.iteration != nil,
		})
	}
	slices.Reverse(o.Path)
	return o
}

// whereabouts says where an execution is that is ended from outside: in the
// innermost state that all of its work belongs to.
func (x *Execution) whereabouts() *Origin {
	f := x.root
	if f == nil {
		return nil // it has not begun
	}
	for f.children != nil && f.children.first != nil && f.children.first == f.children.last {
		f = f.children.first
	}
	if f.plan == nil {
		return nil
	}
	return x.originOf(f)
}
