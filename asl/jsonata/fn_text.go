package jsonata

import (
	"math"
	"strings"
)

var textFunctions = map[string]builtin{
	"string":          {"<x-b?:s>", 1, defined(fnString)},
	"substring":       {"<s-nn?:s>", 3, defined(fnSubstring)},
	"substringBefore": {"<s-s:s>", 2, defined(fnSubstringBefore)},
	"substringAfter":  {"<s-s:s>", 2, defined(fnSubstringAfter)},
	"lowercase":       {"<s-:s>", 1, onText(lower)},
	"uppercase":       {"<s-:s>", 1, onText(upper)},
	"length":          {"<s-:n>", 1, defined(fnLength)},
	"trim":            {"<s-:s>", 1, onText(trim)},
	"pad":             {"<s-ns?:s>", 3, defined(fnPad)},
	"match":           {"<s-f<s:o>n?:a<o>>", 3, defined(fnMatch)},
	"contains":        {"<s-(sf):b>", 2, defined(fnContains)},
	"replace":         {"<s-(sf)(sf)n?:s>", 4, defined(fnReplace)},
	"split":           {"<s-(sf)n?:a<s>>", 3, defined(fnSplit)},
	"join":            {"<a<s>s?:s>", 2, defined(fnJoin)},
}

// onText makes a function of strings one of the language.
func onText(f func(string) string) native {
	return defined(func(ev *evaluation, args []value) (value, error) {
		n := len(args[0].text)
		if err := ev.spend(n / (bytesScanned / 4)); err != nil {
			return value{}, err
		}
		if err := ev.charge(2 * n); err != nil {
			return value{}, err
		}
		s := f(args[0].text)
		return stringValue(s), ev.charge(max(0, len(s)-2*n))
	})
}

func fnString(ev *evaluation, args []value) (value, error) {
	s, err := ev.stringify(args[0], given(args, 1) && args[1].num != 0)
	if err != nil || args[0].kind == text {
		return stringValue(s), err
	}
	return stringValue(s), ev.charge(len(s))
}

func fnLength(_ *evaluation, args []value) (value, error) {
	return numberValue(float64(codePoints(args[0].text))), nil
}

// fnSubstring counts in code points.
func fnSubstring(ev *evaluation, args []value) (value, error) {
	s, start := args[0].text, argument(args, 1).num
	size := float64(codePoints(s))
	if !given(args, 1) && given(args, 2) {
		return stringValue(""), nil // what JavaScript makes of an undefined start
	}
	if size+start < 0 {
		start = 0
	}
	from, to := start, size
	if given(args, 2) {
		length := args[2].num
		if !(length > 0) {
			return stringValue(""), nil
		}
		if to = start + length; start < 0 {
			to = size + start + length
		}
	}
	i, j := sliceBounds(from, to, size)
	i = skipPoints(s, i)
	return ev.part(s, s[i:i+skipPoints(s[i:], max(0, j-codePoints(s[:i])))])
}

// part gives a part of a string as a string of its own: it would keep all of
// the whole.
func (ev *evaluation) part(whole, part string) (value, error) {
	if len(part) == len(whole) {
		return stringValue(part), nil
	}
	return stringValue(strings.Clone(part)), ev.charge(len(part))
}

// sliceBounds gives the bounds that JavaScript's slice takes from two numbers.
func sliceBounds(from, to, size float64) (int, int) {
	clamp := func(f float64) int {
		f = math.Trunc(f)
		if f < 0 {
			f += size
		}
		if !(f > 0) {
			return 0
		}
		return int(min(f, size))
	}
	return clamp(from), clamp(to)
}

func fnSubstringBefore(ev *evaluation, args []value) (value, error) {
	before, _, _ := strings.Cut(args[0].text, asPattern(argument(args, 1)))
	return ev.part(args[0].text, before)
}

func fnSubstringAfter(ev *evaluation, args []value) (value, error) {
	_, after, ok := strings.Cut(args[0].text, asPattern(argument(args, 1)))
	if !ok {
		return args[0], nil
	}
	return ev.part(args[0].text, after)
}

// asPattern is what JavaScript searches for when it is given undefined.
func asPattern(v value) string {
	if v.kind == undefined {
		return "undefined"
	}
	return v.text
}

func trim(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }), " ")
	return strings.Clone(s) // the only field keeps the whole
}

// fnPad counts in code points.
func fnPad(ev *evaluation, args []value) (value, error) {
	s, width, with := args[0].text, argument(args, 1).num, " "
	if given(args, 2) && args[2].text != "" {
		with = args[2].text
	}
	missing := math.Abs(width) - float64(codePoints(s))
	if !(missing > 0) {
		return args[0], nil
	}
	if math.Trunc(missing) != missing || missing > math.MaxUint32 {
		return value{}, fault("D3002").saying("Invalid array length")
	}
	if err := ev.charge(int(missing) * len(with)); err != nil {
		return value{}, err
	}
	padding := strings.Repeat(with, int(missing))
	if utf16Len(with) > 1 {
		padding = padding[:skipPoints(padding, int(missing))]
	}
	if width > 0 {
		return stringValue(concat(s, padding)), nil
	}
	return stringValue(concat(padding, s)), nil
}

func fnJoin(ev *evaluation, args []value) (value, error) {
	a, with := args[0].array(), argument(args, 1).text
	if err := ev.chargeValues(a.len()); err != nil {
		return value{}, err
	}
	size := 0
	parts := make([]string, a.len())
	for i := range parts {
		parts[i] = a.at(i).text
		size += len(parts[i]) + len(with)
	}
	if err := ev.spend(size / bytesScanned); err != nil {
		return value{}, err
	}
	if err := ev.charge(size); err != nil {
		return value{}, err
	}
	return stringValue(joinSurrogates(strings.Join(parts, with))), nil
}

func fnContains(ev *evaluation, args []value) (value, error) {
	switch by := argument(args, 1); by.kind {
	case callable:
		f, err := ev.find(by, args[0].text)
		return boolValue(f != nil), err
	default:
		return boolValue(strings.Contains(args[0].text, asPattern(by))), nil
	}
}

// limitOf gives the limit argument at i; negative ones are an error of a code.
func limitOf(args []value, i int, code string) (float64, error) {
	if !given(args, i) {
		return math.Inf(1), nil
	}
	n := args[i].num
	if n < 0 {
		return 0, fault(code).of(args[i]).argument(i + 1)
	}
	return n, nil
}

// eachMatch calls f with the matches of a matcher function, at most most of
// them.
func (ev *evaluation) eachMatch(by value, s string, most float64, f func(*found) error) error {
	if !(most > 0) {
		return nil
	}
	if by.kind != callable {
		return fault("T1006")
	}
	m, err := ev.find(by, s)
	for n := 0.0; err == nil && m != nil && n < most; n++ {
		if err = f(m); err == nil {
			m, err = m.next(ev)
		}
	}
	return err
}

func fnMatch(ev *evaluation, args []value) (value, error) {
	most, err := limitOf(args, 2, "D3040")
	if err != nil {
		return value{}, err
	}
	out := newSequence()
	err = ev.eachMatch(argument(args, 1), args[0].text, most, func(f *found) error {
		m := newObject(3)
		m.set("match", stringValue(f.text))
		m.set("index", numberValue(float64(f.start)))
		m.set("groups", listOf(f.groups...))
		out.push(objectValue(m))
		return ev.chargeValues(4 + len(f.groups))
	})
	return arrayValue(out), err
}

func fnSplit(ev *evaluation, args []value) (value, error) {
	most, err := limitOf(args, 2, "D3020")
	if err != nil {
		return value{}, err
	}
	s, by := args[0].text, argument(args, 1)
	if by.kind == callable {
		return ev.splitByMatches(s, by, most)
	}
	var parts []string
	switch {
	case by.kind == undefined:
		parts = []string{s}
	case by.text == "":
		parts = splitUnits(s)
	default:
		parts = strings.Split(s, by.text)
	}
	if most < float64(len(parts)) {
		parts = parts[:int(most)]
	}
	out := &array{elems: make([]value, len(parts))}
	for i, p := range parts {
		out.elems[i] = stringValue(p)
	}
	return arrayValue(out), ev.chargeValues(len(parts))
}

// splitUnits gives the UTF-16 units of a string, each as a string.
func splitUnits(s string) []string {
	units := toUnits(s)
	parts := make([]string, len(units))
	for i := range units {
		parts[i] = fromUnits(units[i : i+1])
	}
	return parts
}

func (ev *evaluation) splitByMatches(s string, by value, most float64) (value, error) {
	out := &array{}
	start, n := 0, 0.0
	err := ev.eachMatch(by, s, most, func(f *found) error {
		out.push(stringValue(cut(s, start, f.start)))
		start = f.end
		n++
		return ev.chargeValues(1)
	})
	if err == nil && n < most {
		out.push(stringValue(cut(s, start, math.MaxInt)))
	}
	return arrayValue(out), err
}
