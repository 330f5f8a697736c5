package interp

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// expression is a compiled JSONata expression of a field.
type expression struct {
	source   string
	location string // the field, as AWS names it: Output/total
	program  *jsonata.Expr
	// variables are the names that the expression may refer to, $states apart.
	variables []string
	states    bool
	context   bool // $states.context, or $states as a whole
}

func compileExpression(location, source string) (*expression, error) {
	p, err := jsonata.Compile(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", location, err)
	}
	e := &expression{source: source, location: location, program: p}
	for _, match := range reference.FindAllStringSubmatch(source, -1) {
		switch name := match[1]; {
		case name == "states":
			e.states = true
			e.context = needsContext(source)
		case !slices.Contains(e.variables, name):
			e.variables = append(e.variables, name)
		}
	}
	return e, nil
}

// reference finds whatever may refer to a variable, functions included: a
// variable may have the name of one, and hides it then.
var reference = regexp.MustCompile(`\$([\pL_][\pL\pN\pM_]*)`)

// needsContext tells whether an expression may look at $states.context: it is
// the one part of $states that costs something to make.
func needsContext(source string) bool {
	for {
		at := strings.Index(source, "$states")
		if at < 0 {
			return false
		}
		source = source[at+len("$states"):]
		if !strings.HasPrefix(source, ".input") && !strings.HasPrefix(source, ".result") && !strings.HasPrefix(source, ".errorOutput") {
			return true
		}
	}
}

// bindings gives the variables that the expression can see.
func (e *expression) bindings(s *scene) map[string]jsonvalue.Value {
	if !e.states && len(e.variables) == 0 {
		return nil
	}
	b := make(map[string]jsonvalue.Value, 1)
	if e.states {
		b["states"] = s.states(e.context)
	}
	for _, name := range e.variables {
		if v, ok := s.vars.get(name); ok {
			b[name] = v
		}
	}
	return b
}

// compileText compiles a string of a JSONata template: an expression when it
// stands between {% and %}, else just text.
func compileText(location string, v jsonvalue.Value) (template, error) {
	source, ok := asl.ExpressionText(v)
	if !ok {
		return literal{v}, nil
	}
	return compileExpression(location, source)
}

// eval evaluates the expression. What is no JSON value is a failure.
func (e *expression) eval(s *scene) (jsonvalue.Value, *failure) {
	result, err := e.program.Eval(context.Background(), jsonata.Input{
		Bindings: e.bindings(s), Now: s.now, Random: s.random, Account: s.account,
	})
	if err != nil {
		interruptedBy(err)
		var known *jsonata.Error
		if errors.As(err, &known) {
			return jsonvalue.Value{}, e.problem("threw an error during evaluation. %s: %s", known.Code, known.Message)
		}
		return jsonvalue.Value{}, e.problem("threw an error during evaluation. %s", err)
	}
	switch {
	case result.Function:
		return jsonvalue.Value{}, e.problem("returned an unsupported result type.")
	case !result.Value.IsValid():
		return jsonvalue.Value{}, e.problem("returned nothing (undefined).")
	}
	return result.Value, nil
}

// problem says what is wrong with the expression's evaluation.
func (e *expression) problem(format string, args ...any) *failure {
	return queryError(e.location, "The JSONata expression '%s' specified for the field '%s' %s",
		e.source, e.location, fmt.Sprintf(format, args...))
}

// unexpected is the failure of a result of the wrong type.
func (e *expression) unexpected(want string, v jsonvalue.Value) *failure {
	return e.problem("returned an unexpected result type. Expected '%s', but was '%s' for value: %s", want, v.Kind(), v)
}
