package jsonata

import (
	"errors"
	"math"
	"strings"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonata/jsregexp"
)

// regex is a regular expression literal.
type regex struct {
	source   string
	compiled *jsregexp.Regexp
}

// newRegex compiles a literal. What is wrong with it is said as JavaScript says
// it: the reference lets JavaScript's own SyntaxError out.
func newRegex(source, flags string) (*regex, *Error) {
	f := jsregexp.Flags{IgnoreCase: strings.Contains(flags, "i"), Multiline: strings.Contains(flags, "m")}
	if len(flags) != len(f.String()) {
		return nil, fault("S0303").saying("Invalid flags supplied to RegExp constructor '" + flags + "g'")
	}
	re, err := jsregexp.Compile(toUnits(source), f)
	if err != nil {
		return nil, fault("S0303").saying("Invalid regular expression: /" + source + "/g" + f.String() + ": " + err.Error())
	}
	return &regex{source: source, compiled: re}, nil
}

// pattern is a regular expression in the program: a function that matches.
type pattern struct {
	regex    *regex
	position int
}

// eval makes the function. Called with a string, and with the position to
// search from, it gives the match.
func (p *pattern) eval(ev *evaluation, _ value, _ *frame) (value, error) {
	m := &matcher{regex: p.regex, position: p.position}
	return ev.function(&function{arity: 2, regex: m, native: func(ev *evaluation, args []value) (value, error) {
		text, err := ev.plainText(argument(args, 0))
		if err != nil {
			return value{}, err
		}
		s, err := ev.subject(text)
		if err != nil {
			return value{}, err
		}
		from := math.Floor(max(0, min(argument(args, 1).num, math.MaxInt32)))
		return ev.matched(ev.search(m, s, int(from)))
	}})
}

// plainText is what JavaScript's exec makes of what it is given.
func (ev *evaluation) plainText(v value) (string, error) {
	switch v.kind {
	case text:
		return v.text, nil
	case undefined:
		return "undefined", nil
	case object, callable:
		return "[object Object]", nil
	default:
		return ev.stringify(v, false)
	}
}

// matcher is a regular expression on its way through the program. As a RegExp
// of JavaScript it remembers where its last match ended, whatever the text was:
// there the next search begins.
type matcher struct {
	regex     *regex
	position  int
	lastIndex int
}

// found is one match of a matcher. next is nil when it has none.
type found struct {
	text       string
	start, end int // in UTF-16 units
	groups     []value
	next       func(ev *evaluation) (*found, error)
}

const matchMembers = 5

// matched gives a match as the program sees it.
func (ev *evaluation) matched(f *found, err error) (value, error) {
	if err != nil || f == nil {
		return value{}, err
	}
	next, err := ev.function(&function{native: func(ev *evaluation, _ []value) (value, error) {
		return ev.matched(f.next(ev))
	}})
	if err != nil {
		return value{}, err
	}
	m := newObject(matchMembers)
	m.set("match", stringValue(f.text))
	m.set("start", numberValue(float64(f.start)))
	m.set("end", numberValue(float64(f.end)))
	m.set("groups", listOf(f.groups...))
	m.set("next", next)
	return objectValue(m), ev.charge(objectSize + matchMembers*memberSize + listSize)
}

// stepsAUnit is how many steps of matching are as much work as a unit of an
// evaluation.
const stepsAUnit = 16

// search finds the first match at or after a position, nil when there is none.
func (ev *evaluation) search(m *matcher, s *subject, from int) (*found, error) {
	positions, err := m.regex.compiled.Find(s.searchable(), from, jsregexp.Budget{
		Charge: func(steps int) error { return ev.spend(1 + steps/stepsAUnit) },
	})
	if err != nil {
		return nil, m.stopped(err)
	}
	if positions == nil {
		m.lastIndex = 0
		return nil, nil
	}
	m.lastIndex = positions[1]
	f := &found{start: positions[0], end: positions[1], groups: make([]value, len(positions)/2-1)}
	f.text = s.part(f.start, f.end)
	bytes := len(f.text) + len(f.groups)*valueSize
	for i := range f.groups {
		if from, to := positions[2*i+2], positions[2*i+3]; from >= 0 {
			f.groups[i] = stringValue(s.part(from, to))
			bytes += len(f.groups[i].text)
		}
	}
	f.next = func(ev *evaluation) (*found, error) {
		if m.lastIndex >= s.len() {
			return nil, nil
		}
		n, err := ev.search(m, s, m.lastIndex)
		if n != nil && n.text == "" {
			return nil, fault("D1004").at(m.position).ofText(m.regex.source)
		}
		return n, err
	}
	return f, ev.charge(bytes)
}

// stopped says which regular expression asked for more than it may.
func (m *matcher) stopped(err error) error {
	var over *bounds.Exceeded
	var large *jsregexp.LimitError
	switch {
	case errors.As(err, &over):
		return outOf(over).matching(m.regex.source)
	case errors.As(err, &large):
		return limit("Out of memory.").matching(m.regex.source)
	}
	return err
}

// matching adds to the error of a limit that a regular expression met it.
func (e *Error) matching(source string) *Error {
	return e.saying(e.text + " It was matching the regular expression /" + source + "/")
}

// notMatching is the TypeError of JavaScript's for what is no such function,
// undefined included.
func notMatching() *Error { return fault("T1006") }

// find asks a matcher function (a regular expression, or one of the user's
// that answers like it) for its first match.
func (ev *evaluation) find(matching value, s *subject) (*found, error) {
	if matching.kind != callable {
		return nil, notMatching()
	}
	if m := matching.function().regex; m != nil {
		return ev.search(m, s, 0)
	}
	v, err := ev.call(matching, stringValue(s.text))
	if err != nil {
		return nil, err
	}
	return ev.foundBy(v)
}

// foundBy reads what a matcher function of the user's answers.
func (ev *evaluation) foundBy(v value) (*found, error) {
	if v.kind == undefined {
		return nil, nil
	}
	noNext := func(*evaluation) (*found, error) { return nil, notMatching() }
	if v.kind != object {
		if truthy(v) {
			return nil, fault("T1010")
		}
		return &found{next: noNext}, nil
	}
	m := v.object()
	start, groups, next := m.get("start"), m.get("groups"), m.get("next")
	if start.kind != number && groups.kind != list && next.kind != callable {
		return nil, fault("T1010")
	}
	f := &found{text: m.get("match").text, start: unitPosition(start), end: unitPosition(m.get("end")), next: noNext}
	if groups.kind == list {
		f.groups = groups.array().values()
	}
	if next.kind == callable {
		f.next = func(ev *evaluation) (*found, error) {
			v, err := ev.call(next)
			if err != nil {
				return nil, err
			}
			return ev.foundBy(v)
		}
	}
	return f, nil
}

// truthy is JavaScript's notion of true.
func truthy(v value) bool {
	switch v.kind {
	case boolean, number:
		return v.num != 0 && !math.IsNaN(v.num)
	case text:
		return v.text != ""
	case undefined, null:
		return false
	default:
		return true
	}
}

// unitPosition reads a position that a function of the user's answers.
func unitPosition(v value) int { return int(max(0, min(v.num, math.MaxInt32))) }
