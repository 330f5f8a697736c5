package asl

import (
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// check looks at one field's value.
type check func(c *checker, at *Place, v jsonvalue.Value, s scope)

// rule says what a field may be.
type rule struct {
	only     *QueryLanguage // nil: both
	required bool
	check    check
}

// shape is what an object may hold.
type shape map[string]rule

var (
	langPath    = JSONPath
	langJSONata = JSONata
)

func both(ck check) rule      { return rule{check: ck} }
func required(ck check) rule  { return rule{check: ck, required: true} }
func inPath(ck check) rule    { return rule{only: &langPath, check: ck} }
func inJSONata(ck check) rule { return rule{only: &langJSONata, check: ck} }

// with gives a shape that has other fields too.
func (sh shape) with(more shape) shape {
	out := make(shape, len(sh)+len(more))
	for k, r := range sh {
		out[k] = r
	}
	for k, r := range more {
		out[k] = r
	}
	return out
}

// object checks that v is an object of this shape, field by field.
func (c *checker) object(at *Place, v jsonvalue.Value, s scope, sh shape) {
	if v.Kind() != jsonvalue.Object {
		c.wrongType(at, v, "Object")
		return
	}
	var missing []string
	for _, key := range sh.sorted() {
		if _, ok := v.Get(key); !ok && sh[key].required {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		c.schema(at, "These fields are required: [%s]", strings.Join(missing, ", "))
	}
	for key, f := range v.Members() {
		r, known := sh[key]
		if !known || r.only != nil && *r.only != s.language {
			c.unsupported(at.Field(key), key, s, sh)
			continue
		}
		r.check(c, at.Field(key), f, s)
	}
}

// insteadOf names what serves for a field in the other query language.
var insteadOf = map[string]string{
	"Parameters": "Arguments", "ItemsPath": "Items", "ResultSelector": "Output", "ResultPath": "Output",
	"OutputPath": "Output", "InputPath": "Arguments or Output", "Result": "Output", "Variable": "Condition",
	"Arguments": "Parameters", "Items": "ItemsPath", "Output": "ResultSelector, ResultPath or OutputPath",
	"Condition": "Variable and a comparison",
}

// notSupported reports a field that an object does not have.
func (c *checker) notSupported(at *Place, key string) *Diagnostic {
	return c.field(at, SchemaFailed, "Field '%s' is not supported", key)
}

// unsupported reports a field that no object of a shape has, or none in the
// query language that is set.
func (c *checker) unsupported(at *Place, key string, s scope, sh shape) {
	if c.full() {
		return
	}
	if r, known := sh[key]; known {
		d := c.field(at, SchemaFailed, "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage",
			s.language.String(), key, r.only.String())
		if use, ok := insteadOf[key]; ok {
			d.hint("in %s use %s", s.language.String(), use)
		} else if base, ok := strings.CutSuffix(key, "Path"); ok && s.language == JSONata {
			d.hint(`in JSONata write "%s": "{%% … %%}"`, base)
		}
		return
	}
	d := c.notSupported(at, key)
	if near := nearest(key, sh.sorted()); near != "" {
		d.hint("did you mean %s?", near)
	}
}
