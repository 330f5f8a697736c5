package jsonata

import (
	"context"
	"time"
)

// evaluation is one evaluation of an expression: its budget and its world.
type evaluation struct {
	ctx    context.Context
	expr   *Expr
	in     *Input
	now    time.Time
	random Random

	steps  int // left
	check  int // how many are left when the context is looked at again
	depth  int // of nested evaluations
	native int // of nested calls of the language's functions
	memory int64
	limits Limits
}

// frame holds the variables of one scope.
type frame struct {
	parent *frame
	names  []symbol
	vals   []value
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

const (
	// checkEvery is how many steps pass between looks at the context.
	checkEvery = 1 << 10

	valueSize = 48 // bytes that one value takes in a list, about
)

// charge takes bytes that a new value holds from the memory budget.
func (ev *evaluation) charge(bytes int) error {
	if ev.memory -= int64(bytes); ev.memory < 0 {
		return limit("The expression needs more than %d bytes of memory", ev.limits.Memory)
	}
	return nil
}

func (ev *evaluation) chargeValues(n int) error { return ev.charge(n * valueSize) }

// weigh counts the steps for walking once through a value: long lists and
// strings take time in operations that are one step.
func (ev *evaluation) weigh(v value) {
	switch v.kind {
	case list:
		ev.steps -= v.array().len() / 4
	case object:
		ev.steps -= v.object().len() / 4
	case text:
		ev.steps -= len(v.text) / 256
	default:
	}
}

func overflow() error {
	return limit("Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive.")
}

// step counts one step of the evaluation.
func (ev *evaluation) step() error {
	if ev.steps--; ev.steps >= ev.check {
		return nil
	}
	return ev.look()
}

// look sees whether the evaluation may go on.
func (ev *evaluation) look() error {
	if err := ev.ctx.Err(); err != nil {
		return context.Cause(ev.ctx)
	}
	if ev.steps < 0 {
		return limit("Expression evaluation timeout: Check for infinite loop")
	}
	ev.check = max(0, ev.steps-checkEvery)
	return nil
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
