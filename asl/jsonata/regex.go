package jsonata

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/dlclark/regexp2"
)

// regex is a regular expression literal. JavaScript's expressions look ahead
// and refer back, which Go's own regexp cannot.
type regex struct {
	source   string
	compiled *regexp2.Regexp

	quantifiers int  // * + ? and { in it
	nested      bool // one of them repeats a group
}

// quickSteps is how many steps of backtracking need no watching.
const quickSteps = 1e7

// quick tells whether matching against so many characters cannot take long.
// Each quantifier that stands alone multiplies the ways to match by the length
// at most; one that repeats a group may double them with each character.
func (r *regex) quick(length int) bool {
	if r.nested {
		return false
	}
	return math.Pow(float64(length+1), float64(r.quantifiers+1)) <= quickSteps
}

// countQuantifiers looks at what makes a pattern slow.
func (r *regex) countQuantifiers() {
	class := false
	previous := byte('(')
	for i := 0; i < len(r.source); i++ {
		c := r.source[i]
		switch {
		case c == '\\':
			i++
		case c == '[' || c == ']':
			class = c == '['
		case class:
		case c == '?' && (previous == '(' || strings.IndexByte("*+?}", previous) >= 0):
			// (?: and the like, or a quantifier made lazy
		case strings.IndexByte("*+?{", c) >= 0:
			r.quantifiers++
			r.nested = r.nested || previous == ')'
		}
		previous = c
	}
}

func newRegex(source, flags string) (*regex, *Error) {
	options := regexp2.RegexOptions(regexp2.ECMAScript)
	if strings.Contains(flags, "i") {
		options |= regexp2.IgnoreCase
	}
	if strings.Contains(flags, "m") {
		options |= regexp2.Multiline
	}
	re, err := regexp2.Compile(escapeAstral(source), options)
	if err != nil {
		// The reference lets JavaScript's own SyntaxError out here.
		return nil, fault("S0303").saying("Invalid regular expression: /" + source + "/: " + err.Error())
	}
	r := &regex{source: source, compiled: re}
	r.countQuantifiers()
	return r, nil
}

// pattern is a regular expression in the program: a function that matches.
type pattern struct {
	regex    *regex
	position int
}

func (p *pattern) eval(ev *evaluation, _ value, _ *frame) (value, error) {
	m := &matcher{regex: p.regex, position: p.position}
	return functionValue(&function{arity: 2, regex: m, native: func(ev *evaluation, args []value) (value, error) {
		if len(args) == 0 || args[0].kind != text {
			return value{}, nil
		}
		found, err := ev.search(m, args[0].text)
		if err != nil || found == nil {
			return value{}, err
		}
		return found.value(), nil
	}}), nil
}

// matcher is a regular expression on its way through the program.
type matcher struct {
	regex    *regex
	position int
}

// found is one match of a matcher.
type found struct {
	text       string
	start, end int // in UTF-16 units
	groups     []value
	next       func(ev *evaluation) (*found, error)
}

func (f *found) value() value {
	m := newObject(5)
	m.set("match", stringValue(f.text))
	m.set("start", numberValue(float64(f.start)))
	m.set("end", numberValue(float64(f.end)))
	m.set("groups", listOf(f.groups...))
	m.set("next", functionValue(&function{native: func(ev *evaluation, _ []value) (value, error) {
		n, err := f.next(ev)
		if err != nil || n == nil {
			return value{}, err
		}
		return n.value(), nil
	}}))
	return objectValue(m)
}

// search finds the first match in a string, nil when there is none.
func (ev *evaluation) search(m *matcher, s string) (*found, error) {
	if err := ev.charge(4 * len(s)); err != nil {
		return nil, err
	}
	return ev.searchFrom(m, unitRunes(s), 0)
}

// unitRunes gives the UTF-16 units of a string as the characters that the
// matching engine sees: like JavaScript, it knows no others.
func unitRunes(s string) []rune {
	runes := make([]rune, 0, len(s))
	for i := 0; i < len(s); {
		r, size := decode(s[i:])
		if r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			runes = append(runes, high, low)
		} else {
			runes = append(runes, r)
		}
		i += size
	}
	return runes
}

func unitText(runes []rune) string {
	b := make([]byte, 0, len(runes))
	for _, r := range runes {
		b = appendUnit(b, r)
	}
	return joinSurrogates(string(b))
}

// escapeAstral writes the characters of a pattern that take two UTF-16 units
// as these units.
func escapeAstral(pattern string) string {
	if isASCII(pattern) {
		return pattern
	}
	var b strings.Builder
	for i := 0; i < len(pattern); {
		r, size := decode(pattern[i:])
		switch {
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		case utf16.IsSurrogate(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func (ev *evaluation) searchFrom(m *matcher, s []rune, from int) (*found, error) {
	if err := ev.step(); err != nil {
		return nil, err
	}
	re := *m.regex.compiled
	if !m.regex.quick(len(s) - from) {
		re.MatchTimeout = ev.regexTime()
	}
	match, err := re.FindRunesMatchStartingAt(s, from)
	if err != nil {
		return nil, limit("The regular expression /%s/ takes longer than %v to match", m.regex.source, ev.limits.RegexTime)
	}
	if match == nil {
		return nil, nil
	}
	end := match.Index + match.Length
	f := &found{text: unitText(match.Runes()), start: match.Index, end: end, groups: []value{}}
	for i := 1; i < match.GroupCount(); i++ {
		g := match.GroupByNumber(i)
		if len(g.Captures) == 0 {
			f.groups = append(f.groups, value{})
		} else {
			f.groups = append(f.groups, stringValue(unitText(g.Runes())))
		}
	}
	f.next = func(ev *evaluation) (*found, error) {
		if end >= len(s) {
			return nil, nil
		}
		n, err := ev.searchFrom(m, s, end)
		if n != nil && n.text == "" {
			return nil, fault("D1004").at(m.position).ofText(m.regex.source)
		}
		return n, err
	}
	return f, nil
}

// regexTime is how long a match may take: no longer than the context lasts.
func (ev *evaluation) regexTime() time.Duration {
	d := ev.limits.RegexTime
	if deadline, ok := ev.ctx.Deadline(); ok {
		d = max(time.Millisecond, min(d, time.Until(deadline)))
	}
	return d
}

// find asks a matcher function (a regular expression, or one of the user's
// that answers like it) for its first match.
func (ev *evaluation) find(matching value, s string) (*found, error) {
	if m := matching.function().regex; m != nil {
		return ev.search(m, s)
	}
	v, err := ev.call(matching, stringValue(s))
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
	if v.kind != object {
		if t, err := ev.truth(v); err != nil || t {
			return nil, fault("T1010")
		}
		return nil, nil
	}
	m := v.object()
	start, groups, next := m.get("start"), m.get("groups"), m.get("next")
	if start.kind != number && groups.kind != list && next.kind != callable {
		return nil, fault("T1010")
	}
	f := &found{text: m.get("match").text, start: int(start.num), end: int(m.get("end").num)}
	if groups.kind == list {
		f.groups = groups.array().values()
	}
	f.next = func(ev *evaluation) (*found, error) {
		if next.kind != callable {
			return nil, fault("T1006")
		}
		v, err := ev.call(next)
		if err != nil {
			return nil, err
		}
		return ev.foundBy(v)
	}
	return f, nil
}

// cut gives the part of a string between two UTF-16 positions.
func cut(s string, from, to int) string {
	n := len(s)
	if isASCII(s) {
		from, to = min(max(from, 0), n), min(max(to, 0), n)
		return s[min(from, to):max(from, to)]
	}
	units := toUnits(s)
	from, to = min(max(from, 0), len(units)), min(max(to, 0), len(units))
	return fromUnits(units[min(from, to):max(from, to)])
}
