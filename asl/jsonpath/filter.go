package jsonpath

import (
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// scope is what a filter's expression looks at.
type scope struct {
	item     value // "@"
	document value // "$"
	budget   *budget
}

// expr is a filter's expression: anyOf, allOf, not, exists or comparison.
type expr interface{ holds(*scope) (bool, error) }

type (
	anyOf []expr
	allOf []expr
	not   struct{ x expr }
	// exists checks whether a path leads somewhere (@.x), or leads nowhere (!@.x).
	// A null is somewhere, and for the second nowhere too (reported as measured on
	// AWS; Jayway has it somewhere for both).
	exists struct {
		path   *Path
		wanted bool
	}
	comparison struct {
		left, right operand
		compare     operator
	}
)

func (list anyOf) holds(s *scope) (bool, error) {
	for _, x := range list {
		if ok, err := x.holds(s); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (list allOf) holds(s *scope) (bool, error) {
	for _, x := range list {
		if ok, err := x.holds(s); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (n not) holds(s *scope) (bool, error) {
	ok, err := n.x.holds(s)
	return !ok && err == nil, err
}

// holds looks at the item even if the path starts with "$", as Jayway does.
func (x exists) holds(s *scope) (bool, error) {
	if x.path.plain != nil {
		v, ok := x.path.walk(s.item)
		return x.is(v, ok), nil
	}
	v, err := x.path.run(s.item, s.document, s.budget, true)
	if err != nil && !isKind(err, PathNotFound) {
		return false, err
	}
	return x.is(v, err == nil), nil
}

// is decides about what the path led to, if it led somewhere.
func (x exists) is(v value, found bool) bool {
	if x.wanted {
		return found
	}
	return !found || v.IsNull()
}

func (x comparison) holds(s *scope) (bool, error) {
	left, err := x.left.resolve(s)
	if err != nil {
		return false, err
	}
	right, err := x.right.resolve(s)
	if err != nil {
		return false, err
	}
	if err := s.budget.spend(weight(left.value) + weight(right.value)); err != nil {
		return false, err
	}
	return x.compare(s, left, right)
}

// operand is a side of a comparison: a *Path or a literal.
type operand interface{ resolve(*scope) (literal, error) }

// literal is a value to compare, or a pattern. With neither it is undefined:
// what a path that leads nowhere resolves to.
type literal struct {
	value   value
	pattern *regexp.Regexp
}

func (l literal) resolve(*scope) (literal, error) { return l, nil }

func (p *Path) resolve(s *scope) (literal, error) {
	on := s.document
	if p.onItem {
		on = s.item
	}
	if p.plain != nil {
		v, _ := p.walk(on)
		return literal{value: v}, nil
	}
	v, err := p.run(on, s.document, s.budget, false)
	if isKind(err, PathNotFound) {
		return literal{}, nil
	}
	return literal{value: v}, err
}

func (l literal) kind() jsonvalue.Kind { return l.value.Kind() }

// operator compares two values. Its error says that they cannot be compared.
type operator func(s *scope, left, right literal) (bool, error)

// operators are Jayway's, by their upper-case names. MATCHES and TYPE need
// values that only Java code can give, so they never hold.
var operators = map[string]operator{
	"==":       func(_ *scope, l, r literal) (bool, error) { return equal(l, r), nil },
	"!=":       func(_ *scope, l, r literal) (bool, error) { return !equal(l, r), nil },
	"===":      func(_ *scope, l, r literal) (bool, error) { return sameType(l, r) && equal(l, r), nil },
	"!==":      func(_ *scope, l, r literal) (bool, error) { return !sameType(l, r) || !equal(l, r), nil },
	"<":        ordered(func(c int) bool { return c < 0 }),
	"<=":       ordered(func(c int) bool { return c <= 0 }),
	">":        ordered(func(c int) bool { return c > 0 }),
	">=":       ordered(func(c int) bool { return c >= 0 }),
	"=~":       matches,
	"IN":       in,
	"NIN":      func(s *scope, l, r literal) (bool, error) { ok, err := in(s, l, r); return !ok && err == nil, err },
	"CONTAINS": contains,
	"ALL":      func(s *scope, l, r literal) (bool, error) { return listed(s, r, l, true) },
	"SUBSETOF": func(s *scope, l, r literal) (bool, error) { return listed(s, l, r, true) },
	"ANYOF":    func(s *scope, l, r literal) (bool, error) { return listed(s, l, r, false) },
	"NONEOF":   noneOf,
	"SIZE":     size,
	"EMPTY":    empty,
	"EXISTS":   existing,
	"TYPE":     func(*scope, literal, literal) (bool, error) { return false, failed(InvalidPath, "Expected class node") },
	"MATCHES": func(*scope, literal, literal) (bool, error) {
		return false, failed(InvalidPath, "Expected predicate node")
	},
}

func isScalar(l literal) bool {
	return l.kind() == jsonvalue.Number || l.kind() == jsonvalue.String
}

// equal compares as Jayway does: a number on the left with a string that holds
// one by value, a string on the left with a number by its text.
func equal(l, r literal) bool {
	switch {
	case l.pattern != nil || r.pattern != nil:
		return l.pattern != nil && r.pattern != nil && l.pattern.String() == r.pattern.String()
	case !l.value.IsValid() || !r.value.IsValid():
		return false
	case isScalar(l) && isScalar(r) && l.kind() != r.kind():
		if l.kind() == jsonvalue.String {
			return l.value.Text() == JavaText(r.value)
		}
		n, err := jsonvalue.Parse(strings.TrimPrefix(r.value.Text(), "+"))
		return err == nil && n.Kind() == jsonvalue.Number && jsonvalue.Equal(n, l.value)
	}
	return jsonvalue.Equal(l.value, r.value)
}

// sameType tells apart what Jayway has classes for: objects and arrays are one.
func sameType(l, r literal) bool {
	class := func(l literal) jsonvalue.Kind {
		if l.kind() == jsonvalue.Array {
			return jsonvalue.Object
		}
		return l.kind()
	}
	return class(l) == class(r) && (l.pattern == nil) == (r.pattern == nil)
}

func ordered(ok func(int) bool) operator {
	return func(_ *scope, l, r literal) (bool, error) {
		switch {
		case l.kind() == jsonvalue.Number && r.kind() == jsonvalue.Number:
			return ok(jsonvalue.CompareNumbers(l.value, r.value)), nil
		case l.kind() == jsonvalue.String && r.kind() == jsonvalue.String:
			return ok(compareJava(l.value.Text(), r.value.Text())), nil
		}
		return false, nil
	}
}

// compareJava orders strings by UTF-16 units, as Java does.
func compareJava(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] >= utf8.RuneSelf || b[i] >= utf8.RuneSelf {
			return compareUnits(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		}
		if a[i] != b[i] {
			break
		}
	}
	return strings.Compare(a, b)
}

func compareUnits(a, b []uint16) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return int(a[i]) - int(b[i])
		}
	}
	return len(a) - len(b)
}

// matches needs a pattern on exactly one side, and matches all of the text; of
// an array, any element.
func matches(s *scope, l, r literal) (bool, error) {
	if (l.pattern == nil) == (r.pattern == nil) {
		return false, nil
	}
	re, v := r.pattern, l.value
	if re == nil {
		re, v = l.pattern, r.value
	}
	texts := []value{v}
	if v.Kind() == jsonvalue.Array {
		texts = v.Elems()
	}
	for _, e := range texts {
		text := textOf(e)
		if err := s.budget.spend(1 + len(text)/2); err != nil {
			return false, err
		}
		if re.MatchString(text) {
			return true, nil
		}
	}
	return false, nil
}

// textOf is what a pattern is matched with.
func textOf(v value) string {
	switch v.Kind() {
	case jsonvalue.String, jsonvalue.Number, jsonvalue.Bool:
		return JavaText(v)
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Array, jsonvalue.Object:
	}
	return ""
}

// list gives the elements of an array. Other values have none: an object or an
// array that is no list makes comparisons false, anything else is an error.
func list(l literal) ([]value, bool, error) {
	switch l.kind() {
	case jsonvalue.Array:
		return l.value.Elems(), true, nil
	case jsonvalue.Object:
		return nil, false, nil
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.String:
	}
	return nil, false, failed(InvalidPath, "Expected value list node")
}

func holdsEqual(s *scope, elems []value, l literal) (bool, error) {
	if err := s.budget.spend(len(elems)/2 + weight(l.value)); err != nil {
		return false, err
	}
	for _, e := range elems {
		if equal(l, literal{value: e}) {
			return true, nil
		}
	}
	return false, nil
}

func in(s *scope, l, r literal) (bool, error) {
	elems, ok, err := list(r)
	if !ok {
		return false, err
	}
	return holdsEqual(s, elems, l)
}

func contains(s *scope, l, r literal) (bool, error) {
	if l.kind() == jsonvalue.String && r.kind() == jsonvalue.String {
		return strings.Contains(l.value.Text(), r.value.Text()), nil
	}
	if l.kind() != jsonvalue.Array {
		return false, nil
	}
	return holdsEqual(s, l.value.Elems(), r)
}

// listed tells whether all, or any, elements of l are elements of r.
func listed(s *scope, l, r literal, all bool) (bool, error) {
	these, ok1, err := list(l)
	if err != nil {
		return false, err
	}
	those, ok2, err := list(r)
	if err != nil || !ok1 || !ok2 {
		return false, err
	}
	for _, e := range these {
		found, err := holdsEqual(s, those, literal{value: e})
		if err != nil {
			return false, err
		}
		if found != all {
			return !all, nil
		}
	}
	return all, nil
}

func noneOf(s *scope, l, r literal) (bool, error) {
	if _, ok, err := list(l); !ok {
		return false, err
	}
	if _, ok, err := list(r); !ok {
		return false, err
	}
	some, err := listed(s, l, r, false)
	return !some && err == nil, err
}

func size(_ *scope, l, r literal) (bool, error) {
	if r.kind() != jsonvalue.Number {
		return false, nil
	}
	want := int(r.value.Float64())
	switch l.kind() {
	case jsonvalue.String:
		return len(utf16.Encode([]rune(l.value.Text()))) == want, nil
	case jsonvalue.Array:
		return l.value.Len() == want, nil
	case jsonvalue.Object:
		return want == -1, nil
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number:
	}
	return false, nil
}

func empty(_ *scope, l, r literal) (bool, error) {
	isEmpty := false
	switch l.kind() {
	case jsonvalue.String:
		isEmpty = l.value.Text() == ""
	case jsonvalue.Array, jsonvalue.Object:
		isEmpty = l.value.Len() == 0
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number:
		return false, nil
	}
	if r.kind() != jsonvalue.Bool {
		return false, failed(InvalidPath, "Expected boolean node")
	}
	return isEmpty == r.value.Bool(), nil
}

// existing is the written operator; what it compares are the values.
func existing(_ *scope, l, r literal) (bool, error) {
	if l.kind() != jsonvalue.Bool || r.kind() != jsonvalue.Bool {
		return false, failed(InvalidPath, "Expected boolean node")
	}
	return l.value.Bool() == r.value.Bool(), nil
}
