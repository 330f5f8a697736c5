package interp

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// comparison is a compiled data-test expression of a Choice rule.
type comparison struct {
	variable *pathQuery
	operand  jsonvalue.Value // absent when path gives it
	path     *pathQuery
	presence bool // IsPresent: a path that leads nowhere is no error
	test     test
}

// test compares a value with an operand. Values of types that the operator is
// not for compare as false.
type test func(v, operand jsonvalue.Value) bool

func compileComparison(at string, c *asl.Comparison) (condition, error) {
	p := &comparison{operand: c.Value, presence: c.Operator == "IsPresent"}
	var err error
	if p.variable, err = compilePath(at+"/Variable", c.Variable); err != nil {
		return nil, err
	}
	if c.Path != "" {
		if p.path, err = compilePath(at+"/"+c.Operator+"Path", c.Path); err != nil {
			return nil, err
		}
	}
	switch c.Operator {
	case "StringMatches":
		p.test, err = compileMatch(c.Value.Text())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
	default:
		p.test = tests[c.Operator]
	}
	if p.test == nil && !p.presence {
		return nil, fmt.Errorf("%s: unknown operator %q", at, c.Operator)
	}
	return p, nil
}

func (p *comparison) holds(s *scene) (bool, *failure) {
	v, err := p.variable.read(s)
	if p.presence && !p.variable.isRootOf(err) {
		return (err == nil) == p.operand.Bool(), nil
	}
	if err != nil {
		return false, noSuchChoiceValue(p.variable, err)
	}
	operand := p.operand
	if p.path != nil {
		if operand, err = p.path.read(s); err != nil {
			return false, noSuchChoiceValue(p.path, err)
		}
	}
	return p.test(v, operand), nil
}

// isRootOf tells whether the path is the whole of an input that is null. Of what
// lies in a null IsPresent can tell that it is not there.
func (q *pathQuery) isRootOf(err error) bool { return errors.Is(err, errNullInput) && q.path.IsRoot() }

func noSuchChoiceValue(q *pathQuery, err error) *failure {
	if errors.Is(err, errNullInput) {
		return runtimeError("%s", err)
	}
	return runtimeError("Invalid path '%s': The choice state's condition path references an invalid value.", q.text)
}

// tests are the comparison operators. StringMatches is compiled on its own,
// and IsPresent needs no value.
var tests = func() map[string]test {
	all := map[string]test{
		"BooleanEquals": func(v, operand jsonvalue.Value) bool {
			return v.Kind() == jsonvalue.Bool && operand.Kind() == jsonvalue.Bool && v.Bool() == operand.Bool()
		},
		"IsNull":    is(jsonvalue.Value.IsNull),
		"IsNumeric": is(func(v jsonvalue.Value) bool { return v.Kind() == jsonvalue.Number }),
		"IsString":  is(func(v jsonvalue.Value) bool { return v.Kind() == jsonvalue.String }),
		"IsBoolean": is(func(v jsonvalue.Value) bool { return v.Kind() == jsonvalue.Bool }),
		"IsTimestamp": is(func(v jsonvalue.Value) bool {
			_, ok := timestampOf(v)
			return ok
		}),
	}
	relations := map[string]func(order int) bool{
		"Equals":            func(o int) bool { return o == 0 },
		"LessThan":          func(o int) bool { return o < 0 },
		"LessThanEquals":    func(o int) bool { return o <= 0 },
		"GreaterThan":       func(o int) bool { return o > 0 },
		"GreaterThanEquals": func(o int) bool { return o >= 0 },
	}
	for name, holds := range relations {
		all["String"+name] = compare(compareTexts, holds)
		all["Numeric"+name] = compare(compareNumbers, holds)
		all["Timestamp"+name] = compare(compareTimestamps, holds)
	}
	return all
}()

// is makes a type test, which an operand of false turns around.
func is(kind func(jsonvalue.Value) bool) test {
	return func(v, operand jsonvalue.Value) bool { return kind(v) == operand.Bool() }
}

// order compares two values; ok is false when one has the wrong type.
type order func(v, operand jsonvalue.Value) (order int, ok bool)

func compare(by order, holds func(int) bool) test {
	return func(v, operand jsonvalue.Value) bool {
		o, ok := by(v, operand)
		return ok && holds(o)
	}
}

func compareNumbers(v, operand jsonvalue.Value) (int, bool) {
	if v.Kind() != jsonvalue.Number || operand.Kind() != jsonvalue.Number {
		return 0, false
	}
	return jsonvalue.CompareNumbers(v, operand), true
}

func compareTimestamps(v, operand jsonvalue.Value) (int, bool) {
	t, ok := timestampOf(v)
	if !ok {
		return 0, false
	}
	u, ok := timestampOf(operand)
	return t.Compare(u), ok
}

func compareTexts(v, operand jsonvalue.Value) (int, bool) {
	if v.Kind() != jsonvalue.String || operand.Kind() != jsonvalue.String {
		return 0, false
	}
	return compareUTF16(v.Text(), operand.Text()), true
}

// compareUTF16 orders texts by their UTF-16 units, as Java does: characters
// beyond U+FFFF come before those from U+E000 to U+FFFF.
func compareUTF16(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) || i > 0 && i < len(b) && !utf8.RuneStart(b[i]) {
		i--
	}
	r, _ := utf8.DecodeRuneInString(a[i:])
	q, _ := utf8.DecodeRuneInString(b[i:])
	if len(a) > i && len(b) > i && (r > 0xFFFF) != (q > 0xFFFF) && max(r, q) > 0xFFFF && min(r, q) >= 0xE000 {
		if r > 0xFFFF {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}
