package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Env is what an evaluation draws from.
type Env interface {
	// Path gives what a path of the call names. Eval hands its errors on unchanged.
	Path(p *jsonpath.Path) (jsonvalue.Value, error)
	// Random gives the source of States.UUID and unseeded States.MathRandom.
	Random() Random
	// Account counts what the functions do and hold; nil: nobody does.
	Account() *bounds.Account
}

// Random is a source of randomness. A deterministic one makes evaluations
// repeatable.
type Random interface {
	// Int64N gives a number from [0, n); n is positive.
	Int64N(n int64) int64
	// UUID gives a version 4 UUID in its text form.
	UUID() string
}

// SyntaxError says why a text is no call of an Intrinsic Function.
type SyntaxError struct {
	// Pos is where in the text the trouble is, in bytes from 0.
	Pos int
	Msg string
}

func (e *SyntaxError) Error() string { return e.Msg }

// Error is a function that failed: States.IntrinsicFailure.
type Error struct {
	// Call is the text of the call that failed, which may be nested in another.
	Call string
	// Msg says what was wrong.
	Msg string
}

// Error gives the cause as AWS words it.
func (e *Error) Error() string {
	return fmt.Sprintf("The function '%s' had the following error: %s", e.Call, e.Msg)
}

// Call is a compiled call. It is immutable.
type Call struct {
	text string
	fn   *function
	args []argument
}

// argument is a *Call, a reference to a path, or a literal.
type argument interface {
	eval(c *Call, env Env) (jsonvalue.Value, error)
}

type reference struct{ path *jsonpath.Path }

type literal struct{ value jsonvalue.Value }

// IsCall tells whether a text wants to be a call rather than a path or plain
// text.
func IsCall(text string) bool { return strings.HasPrefix(text, prefix) }

// prefix starts the names of all functions.
const prefix = "States."

// Name gives the function's name, such as "States.Format".
func (c *Call) Name() string { return prefix + c.fn.name }

// String gives the text of the call.
func (c *Call) String() string { return c.text }

// Paths gives the paths among the arguments, those of nested calls included, in
// the order of the text.
func (c *Call) Paths() []*jsonpath.Path {
	var list []*jsonpath.Path
	for _, a := range c.args {
		switch a := a.(type) {
		case reference:
			list = append(list, a.path)
		case *Call:
			list = append(list, a.Paths()...)
		case literal:
		}
	}
	return list
}

// Eval computes the call. The errors are those of env.Path, *Error, and what the
// account's watch gave.
func (c *Call) Eval(env Env) (jsonvalue.Value, error) {
	account := env.Account()
	if account == nil {
		return c.compute(env, nil)
	}
	before := account.Mark()
	v, err := c.compute(env, account)
	if err == nil {
		account.Settle(before, mostHeld(v))
	}
	return v, err
}

// mostHeld gives how many bytes a value holds at most, by its JSON text: an
// empty array is two characters and a node.
func mostHeld(v jsonvalue.Value) int64 {
	n := int64(v.EncodedLen())
	if v.Kind() == jsonvalue.Array || v.Kind() == jsonvalue.Object {
		return 48 * n
	}
	return n
}

func (c *Call) compute(env Env, account *bounds.Account) (jsonvalue.Value, error) {
	args := make([]jsonvalue.Value, len(c.args))
	for i, a := range c.args {
		v, err := a.eval(c, env)
		if err != nil {
			return jsonvalue.Value{}, err
		}
		args[i] = v
	}
	if err := c.pay(account, args); err != nil {
		return jsonvalue.Value{}, err
	}
	v, msg := c.fn.compute(args, env)
	if msg != "" {
		return jsonvalue.Value{}, &Error{Call: c.text, Msg: msg}
	}
	return v, nil
}

// bytesRead is how many bytes of its arguments a function reads for one unit of
// work.
const bytesRead = 32

// pay counts the work of a function, and the memory of its result.
func (c *Call) pay(account *bounds.Account, args []jsonvalue.Value) error {
	if account == nil {
		return nil
	}
	size := 0
	for _, a := range args {
		size += a.EncodedLen()
	}
	err := account.Spend(1 + size/bytesRead)
	if err == nil {
		err = account.Take(size * c.fn.growth)
	}
	var over *bounds.Exceeded
	if errors.As(err, &over) {
		return &Error{Call: c.text, Msg: over.Error()}
	}
	return err
}

func (c *Call) eval(_ *Call, env Env) (jsonvalue.Value, error) { return c.Eval(env) }

func (r reference) eval(_ *Call, env Env) (jsonvalue.Value, error) { return env.Path(r.path) }

func (l literal) eval(*Call, Env) (jsonvalue.Value, error) { return l.value, nil }
