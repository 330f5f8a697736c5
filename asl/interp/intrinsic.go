package interp

import (
	"errors"
	"fmt"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/intrinsic"
	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// intrinsicCall is a compiled call of a States.* function.
type intrinsicCall struct{ call *intrinsic.Call }

func compileIntrinsic(field, source string) (*intrinsicCall, error) {
	c, err := intrinsic.Compile(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %q: %w", field, source, err)
	}
	return &intrinsicCall{c}, nil
}

// eval computes the call. A path in it that leads nowhere is a States.Runtime,
// like any other path; what the function itself complains of is a
// States.IntrinsicFailure.
func (c *intrinsicCall) eval(s *scene) (jsonvalue.Value, *failure) {
	v, err := c.call.Eval((*intrinsicEnv)(s))
	if err != nil {
		interruptedBy(err)
	}
	var missing *missingArgument
	switch {
	case errors.Is(err, errNullInput):
		return v, runtimeError("%s", errNullInput)
	case err == nil:
		return v, nil
	case errors.As(err, &missing):
		return v, runtimeError("The function '%s' had the following error: The JsonPath argument for the field '%s' could not be found in the input '%s'",
			c.call, missing.path, s.input)
	}
	return v, failed(errname.IntrinsicFailure, "%s", err)
}

// intrinsicEnv is a scene as intrinsic functions see it.
type intrinsicEnv scene

func (e *intrinsicEnv) Path(p *jsonpath.Path) (jsonvalue.Value, error) {
	v, err := readPath((*scene)(e), p)
	if err != nil {
		return v, &missingArgument{p, err}
	}
	return v, nil
}

func (e *intrinsicEnv) Account() *bounds.Account { return e.account }

func (e *intrinsicEnv) Random() intrinsic.Random { return e.random }

// missingArgument says that a path among a call's arguments leads nowhere.
type missingArgument struct {
	path *jsonpath.Path
	err  error
}

func (m *missingArgument) Error() string { return m.err.Error() }
func (m *missingArgument) Unwrap() error { return m.err }
