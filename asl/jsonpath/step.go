package jsonpath

import "strconv"

// step is one step of a path: property, indexes, slice, wildcard, scan, filter
// or *function.
type step interface {
	// definite tells whether the step leads to at most one value; leaf says
	// that it is the last one.
	definite(leaf bool) bool
	// appendText writes the step as Jayway's messages show it.
	appendText(dst []byte) []byte
	// eval applies the step, number i of its path, and then the ones after it.
	eval(e *evaluation, i int, model value) error
}

// property is one name or a list of names. As the last step a list gives an
// object of these members, before that each of them.
type property struct {
	names []string
	quote byte
}

func (s property) definite(leaf bool) bool { return leaf || len(s.names) == 1 }

func (s property) appendText(dst []byte) []byte {
	dst = append(dst, '[')
	for i, name := range s.names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, s.quote), name...), s.quote)
	}
	return append(dst, ']')
}

// indexes picks elements; negative ones count from the end.
type indexes struct{ list []int }

func (s indexes) definite(bool) bool { return len(s.list) == 1 }

func (s indexes) appendText(dst []byte) []byte {
	dst = append(dst, '[')
	for i, n := range s.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, int64(n), 10)
	}
	return append(dst, ']')
}

// slice picks the elements from (inclusive) to (exclusive); nil is open.
type slice struct{ from, to *int }

func (slice) definite(bool) bool { return false }

func (s slice) appendText(dst []byte) []byte {
	dst = append(dst, '[')
	if s.from != nil {
		dst = strconv.AppendInt(dst, int64(*s.from), 10)
	}
	dst = append(dst, ':')
	if s.to != nil {
		dst = strconv.AppendInt(dst, int64(*s.to), 10)
	}
	return append(dst, ']')
}

// wildcard is every member or element.
type wildcard struct{}

func (wildcard) definite(bool) bool           { return false }
func (wildcard) appendText(dst []byte) []byte { return append(dst, "[*]"...) }

// scan applies the step after it to the value and everything in it.
type scan struct{}

func (scan) definite(bool) bool           { return false }
func (scan) appendText(dst []byte) []byte { return append(dst, ".."...) }

// filter keeps the elements for which an expression holds; on an object, the
// object itself.
type filter struct{ expr expr }

func (filter) definite(bool) bool           { return false }
func (filter) appendText(dst []byte) []byte { return append(dst, "[?]"...) }

// function computes one value from the one it is applied to.
type function struct {
	name       string
	parameters []parameter
}

func (*function) definite(bool) bool { return true }

func (s *function) appendText(dst []byte) []byte {
	dst = append(append(dst, '.'), s.name...)
	if len(s.parameters) > 0 {
		return append(dst, "(...)"...)
	}
	return append(dst, "()"...)
}
