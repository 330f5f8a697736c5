package interp

import (
	"fmt"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// assignment is a compiled Assign field. nil assigns nothing.
type assignment struct {
	names  []string
	values []template
}

// compileAssign compiles an Assign field. In JSONPath a name that ends in .$
// is assigned what its query selects.
func (c *common) compileAssign(field string, v jsonvalue.Value) (*assignment, error) {
	if v.Len() == 0 {
		return nil, nil
	}
	if v.Kind() != jsonvalue.Object {
		return nil, fmt.Errorf("%s is not an object", field)
	}
	a := &assignment{}
	for key, value := range v.Members() {
		name, t, err := c.compileMember(field, key, value)
		if err != nil {
			return nil, err
		}
		a.names = append(a.names, name)
		a.values = append(a.values, t)
	}
	return a, nil
}

// eval gives the new values. They are not assigned yet: all of them see the
// old ones (spec: Assigning State Machine Variables).
func (a *assignment) eval(s *scene) ([]history.Variable, *failure) {
	if a == nil {
		return nil, nil
	}
	vars := make([]history.Variable, len(a.names))
	for i, t := range a.values {
		v, err := t.eval(s)
		if err != nil {
			return nil, err
		}
		vars[i] = history.Variable{Name: a.names[i], Value: v}
	}
	return vars, nil
}

// assign gives a frame its new variables, within the limits.
func (x *Execution) assign(f *frame, vars []history.Variable) *failure {
	if len(vars) == 0 {
		return nil
	}
	if limit := x.limits.Variable; limit > 0 {
		total := 0
		for _, v := range vars {
			n := v.Value.EncodedLen()
			if total += n; n > limit {
				return failed(errname.DataLimitExceeded, "The variable '%s' exceeds the maximum size of %d bytes.", v.Name, limit)
			}
		}
		if total > limit {
			return failed(errname.DataLimitExceeded, "The variables of one Assign exceed the maximum size of %d bytes.", limit)
		}
	}
	for _, v := range vars {
		x.variables += f.scope.set(v)
	}
	if limit := x.limits.VariableTotal; limit > 0 && x.variables > limit {
		return failed(errname.DataLimitExceeded, "The variables of the execution exceed the maximum size of %d bytes.", limit)
	}
	return nil
}
