package interp

import (
	"fmt"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// quantity is a field that is given literally, by a path in the field of the
// same name with the suffix Path, or by a JSONata expression.
type quantity struct {
	field   string
	literal jsonvalue.Value
	path    *pathQuery
	expr    *expression
}

// compileQuantity compiles a quantity. An absent one has no value.
func (c *common) compileQuantity(field string, q asl.Quantity) (*quantity, error) {
	plan := &quantity{field: field, literal: q.Literal}
	var err error
	switch {
	case q.Expr != "":
		plan.expr, err = compileExpression(field, q.Expr)
	case q.Path != "":
		plan.path, err = compilePath(field+"Path", q.Path)
	}
	return plan, err
}

// value gives the quantity's value, absent when the definition has none. A path
// that leads nowhere is a failure.
func (q *quantity) value(s *scene) (jsonvalue.Value, *failure) {
	switch {
	case q.expr != nil:
		return q.expr.eval(s)
	case q.path != nil:
		return q.path.eval(s)
	}
	return q.literal, nil
}

// unexpected is the failure of a value of the wrong type.
func (q *quantity) unexpected(want string, v jsonvalue.Value) *failure {
	if q.expr != nil {
		return q.expr.unexpected(want, v)
	}
	return runtimeError("The value of the field '%s' is not a %s: %s", q.field, want, v)
}

// problem is the failure of a value that is out of range: a query error in
// JSONata, States.Runtime otherwise.
func (q *quantity) problem(format string, args ...any) *failure {
	if q.expr != nil {
		return queryError(q.field, "%s", fmt.Sprintf(format, args...))
	}
	return runtimeError(format, args...)
}

// look is value for fields that have words of their own for a path that leads
// nowhere: it gives the absent value then.
func (q *quantity) look(s *scene) (jsonvalue.Value, *failure) {
	if q.path == nil {
		return q.value(s)
	}
	v, err := q.path.read(s)
	if err != nil {
		return jsonvalue.Value{}, nil
	}
	return v, nil
}
