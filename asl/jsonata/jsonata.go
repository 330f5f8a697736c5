package jsonata

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Expr is a compiled expression. It is safe for use by many goroutines.
type Expr struct {
	root  *node
	names []string // of the symbols
	free  []string
	reads reads
}

// Compile reads an expression. Errors are of type *Error (codes S…).
func Compile(expr string) (*Expr, error) {
	tree, err := parse(expr)
	if err == nil {
		tree, err = resolve(tree)
	}
	if err != nil {
		return nil, finished(err)
	}
	c := &compiler{symbols: map[string]symbol{}}
	e := &Expr{free: freeVariables(tree), reads: readsOf(tree)}
	e.root = c.node(tree)
	e.names = c.names
	return e, nil
}

// Variables gives the names (without $) of the variables that the expression
// uses but does not bind, functions of the language left out, each once, in
// the order of their first use.
func (e *Expr) Variables() []string { return e.free }

// Input is what an evaluation sees. The zero Input is undefined data, no
// variables and the default limits.
type Input struct {
	Data     jsonvalue.Value            // the value in focus, $ and $$; zero: undefined
	Bindings map[string]jsonvalue.Value // variables, named without $

	Now    time.Time // what $now and $millis tell; zero: the time of the call
	Random Random    // what $random and $uuid draw from; nil: seeded from Now

	// Account counts what the evaluation does and holds. It may be that of other
	// evaluations too. nil: one of its own, within Limits.
	Account *bounds.Account
	Limits  Limits
}

// Random is a source of chance. Evaluations draw from it in the order of the
// expression, so a seeded source makes them repeatable.
type Random interface {
	Float64() float64 // in [0,1)
	UUID() string     // a random (version 4) UUID
}

// Limits bound an evaluation; a zero field means the default. What exceeds
// them ends with an *Error of code U1001.
type Limits struct {
	Work   int64 // as in bounds.Limits, for an evaluation without an account
	Memory int64 // the same
	Depth  int   // nested evaluations; default 5,000
}

// DefaultDepth is the default of Limits.Depth.
const DefaultDepth = 5_000

func (l Limits) withDefaults() Limits {
	if l.Depth == 0 {
		l.Depth = DefaultDepth
	}
	return l
}

// Result is what an expression gives.
type Result struct {
	Value    jsonvalue.Value // zero: undefined
	Function bool            // the result is or holds a function: there is no JSON for it
}

// Eval evaluates the expression. Errors are of type *Error, or what the
// account's watch gave. When it ends, the account holds the result. The context
// is looked at in an evaluation that has no account from outside.
func (e *Expr) Eval(ctx context.Context, in Input) (Result, error) {
	account := in.Account
	if account == nil {
		var watch bounds.Watch
		if ctx.Done() != nil {
			watch = func(int64, int64) error { return context.Cause(ctx) }
		}
		account = bounds.New(bounds.Limits{Work: in.Limits.Work, Memory: in.Limits.Memory}, watch)
	}
	ev := &evaluation{
		expr: e, in: &in, account: account, bound: math.MaxInt64,
		limits: in.Limits.withDefaults(), now: in.Now, random: in.Random,
	}
	if ev.now.IsZero() {
		ev.now = time.Now()
	}
	r, err := ev.result()
	if err != nil {
		return r, finished(err)
	}
	return r, nil
}

// result evaluates the whole expression.
func (ev *evaluation) result() (Result, error) {
	input := fromJSON(ev.in.Data)
	if input.kind == list {
		wrapper := newSequence(input)
		wrapper.outerWrapper = true
		input = arrayValue(wrapper)
	}
	start := ev.account.Mark()
	v, err := ev.eval(ev.expr.root, input, &frame{})
	if err != nil {
		return Result{}, err
	}
	ev.account.Settle(start, weighed(v.weight()))
	before := ev.account.Mark()
	if err := ev.chargeResult(v); err != nil {
		return Result{}, err
	}
	j, function := toJSON(v)
	// What was evaluated is not in use any more, what was written out is.
	ev.account.Settle(start, ev.account.Held()-before.Held)
	return Result{Value: j, Function: function}, nil
}

// chargeResult pays for writing out a result.
func (ev *evaluation) chargeResult(v value) error {
	if err := ev.weigh(v); err != nil {
		return err
	}
	switch v.kind {
	case list:
		a := v.array()
		for _, e := range a.elems {
			if err := ev.chargeResult(e); err != nil {
				return err
			}
		}
		if a.doc != nil {
			return nil
		}
		return ev.chargeValues(1 + a.len())
	case object:
		m := v.object()
		for _, e := range m.vals {
			if err := ev.chargeResult(e); err != nil {
				return err
			}
		}
		return ev.chargeValues(1 + len(m.keys))
	default:
		return ev.charge(len(v.text))
	}
}

// outOf is the error of an expression that asks for more than it may.
func outOf(over *bounds.Exceeded) *Error {
	if over.Work() {
		return limit("Expression evaluation timeout: Check for infinite loop. %s", over)
	}
	return limit("Out of memory. %s", over)
}

// finished writes the message of an error that leaves the package.
func finished(err error) error {
	var over *bounds.Exceeded
	if errors.As(err, &over) {
		return outOf(over).withMessage()
	}
	var e *Error
	if errors.As(err, &e) {
		return e.withMessage()
	}
	return err
}
