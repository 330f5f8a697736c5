package interp

import (
	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// failState is the plan of a Fail state.
type failState struct {
	common
	error template // nil: none
	cause template
}

func compileFail(l *linker, s *asl.Fail) (state, error) {
	c, err := compileCommon(l, failKind, &s.Common)
	if err != nil {
		return nil, err
	}
	p := &failState{common: c}
	if p.error, err = compileFailText("Error", s.Error); err != nil {
		return nil, err
	}
	p.cause, err = compileFailText("Cause", s.Cause)
	return p, err
}

// compileFailText compiles Error or Cause: a text, an expression, or in the
// …Path field a path or an intrinsic function.
func compileFailText(field string, q asl.Quantity) (template, error) {
	switch {
	case q.Expr != "":
		return compileExpression(field, q.Expr)
	case q.Path != "":
		return compileDynamic(field+"Path", q.Path)
	case q.Literal.IsValid():
		return literal{q.Literal}, nil
	}
	return nil, nil
}

func (p *failState) begin(x *Execution, f *frame) *failure {
	s, err := p.look(x, f)
	if err != nil {
		return err
	}
	fail := &failure{}
	if fail.name, err = failText("Error", p.error, s); err != nil {
		return err
	}
	if fail.cause, err = failText("Cause", p.cause, s); err != nil {
		return err
	}
	return fail
}

// failText evaluates Error or Cause, which must give a string.
func failText(field string, t template, s *scene) (*string, *failure) {
	if t == nil {
		return nil, nil
	}
	v, err := t.eval(s)
	if err != nil {
		return nil, err
	}
	if v.Kind() == jsonvalue.String {
		return text(v.Text()), nil
	}
	if e, ok := t.(*expression); ok {
		return nil, e.unexpected("string", v)
	}
	return nil, runtimeError("The value of the field '%s' is not a string: %s", field+"Path", v)
}

func (p *failState) finish(*Execution, *frame) *failure { return nil }
