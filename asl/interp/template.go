package interp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// template is a JSON document with queries in it, compiled.
type template interface {
	eval(s *scene) (jsonvalue.Value, *failure)
}

// literal is a template without queries.
type literal struct{ value jsonvalue.Value }

func (l literal) eval(*scene) (jsonvalue.Value, *failure) { return l.value, nil }

// object is a template that makes an object.
type object struct {
	keys   []string
	values []template
}

func (o *object) eval(s *scene) (jsonvalue.Value, *failure) {
	s.build(len(o.keys))
	b := jsonvalue.NewObject(len(o.keys))
	for i, t := range o.values {
		v, err := t.eval(s)
		if err != nil {
			return v, err
		}
		b.Set(o.keys[i], v)
	}
	return b.Value(), nil
}

// array is a template that makes an array.
type array struct{ elems []template }

func (a *array) eval(s *scene) (jsonvalue.Value, *failure) {
	s.build(len(a.elems))
	elems := make([]jsonvalue.Value, len(a.elems))
	for i, t := range a.elems {
		v, err := t.eval(s)
		if err != nil {
			return v, err
		}
		elems[i] = v
	}
	return jsonvalue.ArrayOf(elems...), nil
}

// compileTemplate compiles a field that holds a template in the state's query
// language. It gives nil when the field is absent.
func (c *common) compileTemplate(field string, v jsonvalue.Value) (template, error) {
	if !v.IsValid() {
		return nil, nil
	}
	return c.compileNode(field, v)
}

// compileArguments compiles what feeds a Task or Parallel state: Parameters in
// JSONPath, Arguments in JSONata.
func (c *common) compileArguments(parameters, arguments jsonvalue.Value) (template, error) {
	if c.jsonata {
		return c.compileTemplate("Arguments", arguments)
	}
	return c.compileTemplate("Parameters", parameters)
}

// compileNode compiles one node of a template. location is its place, as AWS
// names it: Arguments/Payload/ids[0].
func (c *common) compileNode(location string, v jsonvalue.Value) (template, error) {
	switch v.Kind() {
	case jsonvalue.String:
		if c.jsonata {
			return compileText(location, v)
		}
	case jsonvalue.Array:
		return c.compileArray(location, v)
	case jsonvalue.Object:
		return c.compileObject(location, v)
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number:
	}
	return literal{v}, nil
}

func (c *common) compileArray(location string, v jsonvalue.Value) (template, error) {
	a := &array{elems: make([]template, v.Len())}
	static := true
	for i, e := range v.Elems() {
		t, err := c.compileNode(location+"["+strconv.Itoa(i)+"]", e)
		if err != nil {
			return nil, err
		}
		a.elems[i] = t
		static = static && isLiteral(t)
	}
	if static {
		return literal{v}, nil
	}
	return a, nil
}

func (c *common) compileObject(location string, v jsonvalue.Value) (template, error) {
	o := &object{}
	static := true
	for key, e := range v.Members() {
		name, t, err := c.compileMember(location, key, e)
		if err != nil {
			return nil, err
		}
		o.keys = append(o.keys, name)
		o.values = append(o.values, t)
		static = static && name == key && isLiteral(t)
	}
	if static {
		return literal{v}, nil
	}
	return o, nil
}

// compileMember compiles a member of an object and gives the key that it has
// in the result: in JSONPath, "name.$" becomes "name" with what the query
// selects (spec: Payload Template).
func (c *common) compileMember(location, key string, v jsonvalue.Value) (string, template, error) {
	name, dynamic := strings.CutSuffix(key, ".$")
	if c.jsonata || !dynamic {
		t, err := c.compileNode(location+"/"+key, v)
		return key, t, err
	}
	if v.Kind() != jsonvalue.String {
		return "", nil, fmt.Errorf("%s: the value of a field that ends in .$ must be a string: %q", location, key)
	}
	q, err := compileDynamic(key, v.Text())
	if c.kind == taskKind || c.kind == parallelKind || c.kind == mapKind {
		q.missing = errname.ParameterPathFailure
	}
	return name, q, err
}

func isLiteral(t template) bool {
	_, ok := t.(literal)
	return ok
}

// dynamic is the query of a "name.$" field: a path or an intrinsic function.
type dynamic struct {
	field string
	// missing is the error of a path that leads nowhere: the specification's
	// States.ParameterPathFailure in states that handle errors, States.Runtime
	// in the others, as AWS has it.
	missing string
	path    *pathQuery
	call    *intrinsicCall
}

// compileDynamic compiles a path or an intrinsic function. field is what error
// texts name: the key with its .$, or ErrorPath and CausePath.
func compileDynamic(field, source string) (*dynamic, error) {
	d := &dynamic{field: field, missing: errname.Runtime}
	var err error
	if strings.HasPrefix(source, "$") {
		d.path, err = compilePath(field, source)
	} else {
		d.call, err = compileIntrinsic(field, source)
	}
	return d, err
}

func (d *dynamic) eval(s *scene) (jsonvalue.Value, *failure) {
	if d.call != nil {
		return d.call.eval(s)
	}
	v, err := d.path.read(s)
	if errors.Is(err, errNullInput) {
		return v, runtimeError("%s", err)
	}
	if err != nil {
		return v, failed(d.missing, "The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
			d.path.text, d.field, s.input)
	}
	return v, nil
}
