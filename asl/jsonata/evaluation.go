package jsonata

import (
	"time"

	"github.com/waslrun/wasl/asl/bounds"
)

// evaluation is one evaluation of an expression: its account and its world.
type evaluation struct {
	expr   *Expr
	in     *Input
	now    time.Time
	random Random

	account *bounds.Account // of what it does and holds, see account.go
	// bound is the birth of the oldest frame that the region bound something in.
	bound int64

	depth  int // of nested evaluations
	native int // of nested calls of the language's functions
	limits Limits
}

// frame holds the variables of one scope.
type frame struct {
	parent *frame
	names  []symbol
	vals   []value
	birth  int64 // the account's time when it was made
}

// scope makes a frame.
func (ev *evaluation) scope(parent *frame, names []symbol, vals []value) (*frame, error) {
	f := &frame{parent: parent, names: names, vals: vals, birth: ev.account.Mark().Taken}
	return f, ev.charge(frameSize + len(vals)*valueSize)
}

// lookup finds a variable in the scopes from f outwards.
func (f *frame) lookup(s symbol) (value, bool) {
	for ; f != nil; f = f.parent {
		for i, n := range f.names {
			if n == s {
				return f.vals[i], true
			}
		}
	}
	return value{}, false
}

// bind sets a variable of this scope.
func (f *frame) bind(s symbol, v value) {
	for i, n := range f.names {
		if n == s {
			// The values may be those of a tuple, which others look at.
			f.vals = append([]value(nil), f.vals...)
			f.vals[i] = v
			return
		}
	}
	// A lambda's parameters share the names that its node holds.
	f.names = append(f.names[:len(f.names):len(f.names)], s)
	f.vals = append(f.vals, v)
}

// variable finds a variable: of the expression, of the caller, of the language.
func (ev *evaluation) variable(s symbol, env *frame) value {
	if v, ok := env.lookup(s); ok {
		return v
	}
	name := ev.expr.names[s]
	if name == "$" {
		return fromJSON(ev.in.Data)
	}
	if j, ok := ev.in.Bindings[name]; ok {
		return fromJSON(j)
	}
	if f := builtins[name]; f != nil {
		return functionValue(f)
	}
	return value{}
}

func overflow() error {
	return limit("Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive.")
}

// eval evaluates a node: its operation, then the predicates and the grouping
// that follow it.
func (ev *evaluation) eval(n *node, input value, env *frame) (value, error) {
	if err := ev.step(); err != nil {
		return value{}, err
	}
	if ev.depth++; ev.depth > ev.limits.Depth {
		return value{}, overflow()
	}
	v, err := n.op.eval(ev, input, env)
	if err != nil {
		return value{}, err
	}
	if v.kind == tail { // what follows the call is not for it
		ev.depth--
		return v, nil
	}
	for _, p := range n.predicates {
		if v, err = ev.filter(p, v, env); err != nil {
			return value{}, err
		}
	}
	if n.group != nil {
		if v, err = n.group.eval(ev, v, env); err != nil {
			return value{}, err
		}
	}
	ev.depth--
	return settle(v, n.keepArray), nil
}

// settle ends a sequence: of no value it is undefined, of one value it is that
// value, unless an array is to be kept.
func settle(v value, keepArray bool) value {
	if v.kind != list {
		return v
	}
	a := v.array()
	if !a.sequence || a.tupleStream {
		return v
	}
	if keepArray {
		a.keepSingleton = true
	}
	switch {
	case a.len() == 0:
		return value{}
	case a.len() == 1 && !a.keepSingleton:
		return a.at(0)
	}
	return v
}
