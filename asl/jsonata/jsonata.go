package jsonata

import (
	"context"
	"errors"
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Expr is a compiled expression. It is safe for use by many goroutines.
type Expr struct {
	root  *node
	names []string // of the symbols
	free  []string
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
	e := &Expr{free: freeVariables(tree)}
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

	Limits Limits
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
	Steps     int           // nodes of the expression evaluated; default 20,000,000
	Depth     int           // nested evaluations; default 5,000
	Memory    int64         // bytes of strings and lists made, even if dropped again; default 128 MiB
	RegexTime time.Duration // one match of a regular expression that may be slow; default 1 s
}

// The defaults of Limits.
const (
	DefaultSteps     = 20_000_000
	DefaultDepth     = 5_000
	DefaultMemory    = 128 << 20
	DefaultRegexTime = time.Second
)

func (l Limits) withDefaults() Limits {
	if l.Steps == 0 {
		l.Steps = DefaultSteps
	}
	if l.Depth == 0 {
		l.Depth = DefaultDepth
	}
	if l.Memory == 0 {
		l.Memory = DefaultMemory
	}
	if l.RegexTime == 0 {
		l.RegexTime = DefaultRegexTime
	}
	return l
}

// Result is what an expression gives.
type Result struct {
	Value    jsonvalue.Value // zero: undefined
	Function bool            // the result is or holds a function: there is no JSON for it
}

// Eval evaluates the expression. Errors are of type *Error, or the context's
// cause when it ends first.
func (e *Expr) Eval(ctx context.Context, in Input) (Result, error) {
	ev := &evaluation{ctx: ctx, expr: e, in: &in, limits: in.Limits.withDefaults(), now: in.Now, random: in.Random}
	ev.steps, ev.memory = ev.limits.Steps, ev.limits.Memory
	if ev.now.IsZero() {
		ev.now = time.Now()
	}
	input := fromJSON(in.Data)
	if input.kind == list {
		wrapper := newSequence(input)
		wrapper.outerWrapper = true
		input = arrayValue(wrapper)
	}
	ev.check = max(0, ev.steps-checkEvery)
	v, err := ev.eval(e.root, input, &frame{})
	if err != nil {
		return Result{}, finished(err)
	}
	if err := ev.chargeResult(v); err != nil {
		return Result{}, finished(err)
	}
	j, function := toJSON(v)
	return Result{Value: j, Function: function}, nil
}

// chargeResult takes what writing out the ranges in a result costs from the
// budget.
func (ev *evaluation) chargeResult(v value) error {
	switch v.kind {
	case list:
		a := v.array()
		for _, e := range a.elems {
			if err := ev.chargeResult(e); err != nil {
				return err
			}
		}
		return ev.chargeValues(a.count)
	case object:
		for _, e := range v.object().vals {
			if err := ev.chargeResult(e); err != nil {
				return err
			}
		}
	default:
	}
	return nil
}

// finished writes the message of an error that leaves the package.
func finished(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e.withMessage()
	}
	return err
}
