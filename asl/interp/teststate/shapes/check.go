package shapes

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Problem says what is wrong with a value, in AWS's words; "" when nothing is.
// A field is named by its own name, without the way to it; the elements of a
// list and the values of a map by that of the list or map. Recorded are the
// texts for what is missing, for a text, a number or an array that is none, for
// numbers and blobs out of bounds; those for enumerations, patterns and the rest
// follow them.
type Problem string

func problem(field, format string, args ...any) Problem {
	return Problem("Field '" + field + "' " + fmt.Sprintf(format, args...))
}

// Check holds an answer, a JSON object, against its shape. With all, every field
// that the model requires has to be there. Fields that the model does not know
// can be anything (recorded).
func (a *Answer) Check(v jsonvalue.Value, all bool) Problem {
	c := checker{name: a.name, all: all}
	return c.fields(a.shape, v, a.isFree)
}

type checker struct {
	name func(string) string
	all  bool
}

// check holds the value of a field against a shape.
func (c *checker) check(s *shape, field string, v jsonvalue.Value) Problem {
	switch s.kind {
	case anything:
		return ""
	case structure:
		if v.Kind() != jsonvalue.Object {
			return problem(field, "must be an object")
		}
		return c.fields(s, v, nil)
	case list:
		if v.Kind() != jsonvalue.Array {
			return problem(field, "must be an array")
		}
		return c.elements(s, field, v)
	case mapping:
		if v.Kind() != jsonvalue.Object {
			return problem(field, "must be an object")
		}
		return c.values(s, field, v)
	case boolean:
		if v.Kind() != jsonvalue.Bool {
			return problem(field, "must be a boolean")
		}
		return ""
	case double, float, integer, long:
		return s.number(field, v)
	case blob, text, timestamp:
		return s.text(field, v)
	default:
		panic("shapes: no rule for " + string(s.kind))
	}
}

// fields holds the members of an object against a structure: what is missing
// comes first, in the model's order, and then what is there, in its own.
func (c *checker) fields(s *shape, v jsonvalue.Value, isFree func(string) bool) Problem {
	known := make(map[string]*shape, len(s.members))
	for _, m := range s.members {
		name := c.name(m.name)
		known[name] = m.shape
		if _, ok := v.Get(name); !ok && m.required && c.all {
			return Problem("Required field '" + name + "' is missing")
		}
	}
	for name, value := range v.Members() {
		shape := known[name]
		if shape == nil || isFree != nil && isFree(name) {
			continue
		}
		if p := c.check(shape, name, value); p != "" {
			return p
		}
	}
	return ""
}

func (c *checker) elements(s *shape, field string, v jsonvalue.Value) Problem {
	for _, e := range v.Elems() {
		if p := c.check(s.of, field, e); p != "" {
			return p
		}
	}
	return s.length(field, v.Len())
}

func (c *checker) values(s *shape, field string, v jsonvalue.Value) Problem {
	for _, value := range v.Members() {
		if p := c.check(s.of, field, value); p != "" {
			return p
		}
	}
	return s.length(field, v.Len())
}

func (s *shape) number(field string, v jsonvalue.Value) Problem {
	if v.Kind() != jsonvalue.Number {
		return problem(field, "must be a number")
	}
	if _, whole := v.Int64(); !whole && (s.kind == integer || s.kind == long) {
		return problem(field, "must be a number")
	}
	n := v.Float64()
	switch {
	case s.min != nil && n < *s.min:
		return problem(field, "is less than the minimum value")
	case s.max != nil && n > *s.max:
		return problem(field, "exceeds the maximum value")
	}
	return ""
}

// text holds a value against a text, a time or bytes, which JSON has as texts. A
// time may have any form: recorded is only that a number is none.
func (s *shape) text(field string, v jsonvalue.Value) Problem {
	if v.Kind() != jsonvalue.String {
		return problem(field, "must be a string")
	}
	content := v.Text()
	size := utf8.RuneCountInString(content)
	if s.kind == blob {
		size = len(content)
	}
	if p := s.length(field, size); p != "" {
		return p
	}
	switch {
	case len(s.enum) > 0 && !slices.Contains(s.enum, content):
		return problem(field, "is not an expected value")
	case s.pattern != "" && !matches(s.pattern, content):
		return problem(field, "does not match the expected pattern")
	}
	return ""
}

// matches tells whether a pattern matches the whole of a text, as Java's
// matches does. The tables have only patterns that Go can compile.
func matches(pattern, content string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(content)
}

func (s *shape) length(field string, n int) Problem {
	switch {
	case s.min != nil && float64(n) < *s.min:
		return problem(field, "is smaller than the minimum length")
	case s.max != nil && float64(n) > *s.max:
		return problem(field, "exceeds the maximum length")
	}
	return ""
}
