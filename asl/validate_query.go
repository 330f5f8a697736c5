package asl

import (
	"errors"
	"strings"

	"github.com/waslrun/wasl/asl/intrinsic"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// anyPath accepts a path: of the input, of the context object ($$), or of a
// variable ($name).
func anyPath(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
	} else if err := checkPath(v.Text()); err != nil {
		c.schema(at, "Value is not a valid JSONPath").hint("%v", err)
	}
}

// variablePath is the value of Variable and of comparisons with a path. AWS calls
// it a Reference Path, and takes any Path.
func variablePath(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
	} else if err := checkPath(v.Text()); err != nil {
		c.notReference(at, v.Text(), err)
	}
}

// notReference reports a text that is no Reference Path, with the reason.
func (c *checker) notReference(at *Place, text string, reason error) {
	why := reason.Error()
	if !strings.HasPrefix(text, "$") {
		why = "Reference path didn't start with '$'"
	}
	c.schema(at, "Value is not a Reference Path: %s", why)
}

// pathOrNull is InputPath's and OutputPath's value.
func pathOrNull(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if !v.IsNull() {
		anyPath(c, at, v, s)
	}
}

// referencePath accepts paths that name one node (spec: Reference Paths).
func referencePath(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
	} else if err := checkReferencePath(v.Text()); err != nil {
		c.notReference(at, v.Text(), err)
	}
}

var (
	errContextIsRead  = errors.New("ResultPath cannot write to the Context Object")
	errVariableIsRead = errors.New("ResultPath cannot write to a variable; use Assign")
)

// resultPath is ResultPath's value: a Reference Path into the input.
func resultPath(c *checker, at *Place, v jsonvalue.Value, s scope) {
	switch {
	case v.IsNull():
	case strings.HasPrefix(v.Text(), "$$"):
		c.notReference(at, v.Text(), errContextIsRead)
	case isVariablePath(v.Text()):
		c.notReference(at, v.Text(), errVariableIsRead)
	default:
		referencePath(c, at, v, s)
	}
}

// referencePathOrIntrinsic is ErrorPath's and CausePath's value.
func referencePathOrIntrinsic(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() == jsonvalue.String && !strings.HasPrefix(v.Text(), "$") {
		if err := checkIntrinsic(v.Text()); err != nil {
			c.schema(at, "Value is not a Reference Path or an intrinsic function call").hint("%v", err)
		}
		return
	}
	referencePath(c, at, v, s)
}

// template is a value with queries in it, of the state's language.
func template(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if s.language == JSONata {
		jsonataTemplate(c, at, v, s)
		return
	}
	payloadTemplate(c, at, v, s)
}

// itemSelector is a template, in JSONPath of any JSON value.
func itemSelector(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if s.language == JSONata {
		jsonataTemplate(c, at, v, s)
		return
	}
	anyTemplate(c, at, v, s)
}

// anyTemplate checks a template that may be any JSON value. The specification
// wants an object of Parameters, ItemSelector and ResultSelector, but AWS takes
// numbers, texts, arrays and null too (reported as measured).
func anyTemplate(c *checker, at *Place, v jsonvalue.Value, _ scope) { c.payload(at, v) }

// payloadTemplate checks a Payload Template (spec: Payload Template).
func payloadTemplate(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.Object {
		c.wrongType(at, v, "Object")
		return
	}
	c.payload(at, v)
}

func (c *checker) payload(at *Place, v jsonvalue.Value) {
	for i, e := range v.Elems() {
		if v.Kind() == jsonvalue.Array {
			c.payload(at.Index(i), e)
			continue
		}
		key := v.KeyAt(i)
		here := at.Field(key)
		name, dynamic := strings.CutSuffix(key, ".$")
		switch {
		case dynamic:
			c.query(at, here, key, e)
			if _, twice := v.Get(name); twice {
				c.schema(here, "Duplicate field '%s' once the suffix .$ is removed", name)
			}
		case e.Kind() == jsonvalue.String && (looksLikePath(e.Text()) || intrinsic.IsCall(e.Text()) && checkIntrinsic(e.Text()) == nil):
			c.warn(here, NoDollar, "The value looks like a query, but the field's name does not end with .$, so it is taken as it stands").
				hint("rename the field to %q", key+".$")
		default:
			c.payload(here, e)
		}
	}
}

// query checks the value of a field whose name ends with .$; AWS locates the
// mistake at the object around it.
func (c *checker) query(around, at *Place, key string, v jsonvalue.Value) {
	var err error
	switch {
	case v.Kind() != jsonvalue.String:
		c.add(Error, at, around, SchemaFailed,
			"The value for the field '%s' must be a STRING that contains a JSONPath or an intrinsic function call, but was %s",
			[]any{key, strings.ToUpper(v.Kind().String())})
		return
	case strings.HasPrefix(v.Text(), "$"):
		err = checkPath(v.Text())
	default:
		err = checkIntrinsic(v.Text())
	}
	if err != nil {
		c.add(Error, at, around, SchemaFailed,
			"The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call", []any{key}).hint("%v", err)
	}
}

// jsonataTemplate checks all expressions in a value (spec: JSONata Evaluation).
func jsonataTemplate(c *checker, at *Place, v jsonvalue.Value, s scope) {
	switch v.Kind() {
	case jsonvalue.String:
		c.expression(at, v.Text(), s)
	case jsonvalue.Array:
		for i, e := range v.Elems() {
			jsonataTemplate(c, at.Index(i), e, s)
		}
	case jsonvalue.Object:
		for key, e := range v.Members() {
			jsonataTemplate(c, at.Field(key), e, s)
		}
	case jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.Invalid:
	}
}

// isVariablePath tells whether a path starts at a variable: $name…
func isVariablePath(path string) bool {
	rest, ok := strings.CutPrefix(path, "$")
	return ok && rest != "" && isIdentifier(rest[:len(firstRune(rest))])
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}
