package asl

import (
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Bounds of numbers.
const (
	maxSeconds      = 99_999_999
	maxAttempts     = 99_999_999 // exclusive
	maxDelaySeconds = 31_622_400
	unbounded       = 1 << 62
)

func (c *checker) wrongType(at *Place, v jsonvalue.Value, want string) *Diagnostic {
	d := c.schema(at, "Expected value of type %s", want)
	d.hint("this is %s", article(v.Kind()))
	return d
}

// empty reports an array or object that must have something in it.
func (c *checker) empty(at *Place) *Diagnostic { return c.schema(at, "Value cannot be empty") }

func textValue(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
	}
}

func boolValue(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.Bool {
		c.wrongType(at, v, "Boolean")
	}
}

func objectValue(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.Object {
		c.wrongType(at, v, "Object")
	}
}

func arrayValue(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.Array {
		c.wrongType(at, v, "Array")
	}
}

// oneOf accepts some texts.
func oneOf(names ...string) check {
	return func(c *checker, at *Place, v jsonvalue.Value, _ scope) {
		for _, n := range names {
			if v.Kind() == jsonvalue.String && v.Text() == n {
				return
			}
		}
		d := c.field(at, SchemaFailed, "The field '%s' should have one of these values: [%s]", at.key, strings.Join(names, ", "))
		if near := nearest(v.Text(), names); near != "" {
			d.hint("did you mean %q?", near)
		}
	}
}

// integerIn accepts whole numbers from low to high.
func integerIn(low, high int64) check {
	return func(c *checker, at *Place, v jsonvalue.Value, _ scope) {
		n, ok := v.Int64()
		switch {
		case !ok:
			d := c.wrongType(at, v, "Integer")
			if v.Kind() == jsonvalue.Number {
				d.hint("%s is not a whole number", v.Text())
			} else if v.Kind() == jsonvalue.String && strings.HasPrefix(v.Text(), "$") {
				d.hint("a path goes into the field with the suffix Path")
			}
		case n < low && high == unbounded:
			c.schema(at, "Value must be at least %d", low)
		case n < low || n > high:
			c.schema(at, "Value must be between %d and %d", low, high)
		}
	}
}

// numberIn accepts numbers from low to high.
func numberIn(low, high float64) check {
	return func(c *checker, at *Place, v jsonvalue.Value, _ scope) {
		if v.Kind() != jsonvalue.Number {
			c.wrongType(at, v, "Float")
		} else if f := v.Float64(); f < low || f > high {
			c.schema(at, "Value must be between %g and %g", low, high)
		}
	}
}

// orExpression accepts a JSONata expression too, in JSONata states.
func orExpression(literal check) check {
	return func(c *checker, at *Place, v jsonvalue.Value, s scope) {
		if s.language == JSONata && v.Kind() == jsonvalue.String && c.expression(at, v.Text(), s) {
			return
		}
		literal(c, at, v, s)
	}
}

func timestampValue(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
	} else if !isTimestamp(v.Text()) {
		c.schema(at, "String does not match RFC3339 timestamp").
			hint("write it as 2016-03-14T01:59:00Z or with an offset such as +01:00")
	}
}

// isTimestamp tells whether s is a timestamp (spec: Timestamps): RFC 3339 with
// an uppercase T and, without an offset, an uppercase Z.
func isTimestamp(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil && !strings.ContainsRune(s, ',')
}

// atMostOne reports fields that exclude each other.
func atMostOne(keys ...string) check {
	return func(c *checker, at *Place, v jsonvalue.Value, _ scope) {
		if have := present(v, keys); len(have) > 1 {
			c.schema(at, "Only one of these fields is allowed: [%s]", strings.Join(have, ", "))
		}
	}
}

// exactlyOne reports the same, and the lack of any.
func exactlyOne(keys ...string) check {
	return func(c *checker, at *Place, v jsonvalue.Value, s scope) {
		if len(present(v, keys)) == 0 {
			c.schema(at, "One of these fields is required: [%s]", strings.Join(keys, ", "))
		}
		atMostOne(keys...)(c, at, v, s)
	}
}

func present(v jsonvalue.Value, keys []string) []string {
	var have []string
	for _, k := range keys {
		if _, ok := v.Get(k); ok {
			have = append(have, k)
		}
	}
	return have
}
