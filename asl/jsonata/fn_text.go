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
	s, by := apartFor(args[0].text, asPattern(argument(args, 1)))
	before, _, found := strings.Cut(s, by)
	if !found {
		return args[0], nil
	}
	return ev.part(s, joinSurrogates(before))
}

func fnSubstringAfter(ev *evaluation, args []value) (value, error) {
	s, by := apartFor(args[0].text, asPattern(argument(args, 1)))
	_, after, found := strings.Cut(s, by)
	if !found {
		return args[0], nil
	}
	if !given(args, 1) {
		return value{}, notMatching() // the reference asks undefined for its length
	}
	return ev.part(s, joinSurrogates(after))
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
		return value{}, javaScript("Invalid array length")
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
