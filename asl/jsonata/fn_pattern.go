package jsonata

import (
	"math"
	"strings"
)

// patternFunctions are those that search a string for a string, or for what a
// matcher function finds in it.
var patternFunctions = map[string]builtin{
	"match":    {"<s-f<s:o>n?:a<o>>", 3, defined(fnMatch)},
	"contains": {"<s-(sf):b>", 2, defined(fnContains)},
	"replace":  {"<s-(sf)(sf)n?:s>", 4, defined(fnReplace)},
	"split":    {"<s-(sf)n?:a<s>>", 3, defined(fnSplit)},
}

func fnContains(ev *evaluation, args []value) (value, error) {
	by := argument(args, 1)
	if by.kind == text {
		text, by := apartFor(args[0].text, by.text)
		return boolValue(strings.Contains(text, by)), ev.spend(len(text) / bytesScanned)
	}
	s, err := ev.subject(args[0].text)
	if err != nil {
		return value{}, err
	}
	f, err := ev.find(by, s)
	return boolValue(f != nil), err
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
// them. What a match holds is given back after it, but for what f says that
// it has kept in all.
func (ev *evaluation) eachMatch(by value, s *subject, most float64, f func(*found) (kept int, err error)) error {
	if !(most > 0) {
		return nil
	}
	r := ev.enter()
	m, err := ev.find(by, s)
	for n := 0.0; err == nil && m != nil && n < most; n++ {
		var kept int
		if kept, err = f(m); err == nil {
			ev.rest(&r, int64(kept))
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
	s, err := ev.subject(args[0].text)
	if err != nil {
		return value{}, err
	}
	out := newSequence()
	err = ev.eachMatch(argument(args, 1), s, most, func(f *found) (int, error) {
		m := newObject(3)
		m.set("match", stringValue(f.text))
		m.set("index", numberValue(float64(f.start)))
		m.set("groups", listOf(f.groups...))
		if err := ev.charge(listSize + 3*memberSize); err != nil {
			return 0, err
		}
		err := ev.addObject(out, m)
		return int(weighed(out.weight())), err
	})
	return arrayValue(out), err
}

func fnSplit(ev *evaluation, args []value) (value, error) {
	most, err := limitOf(args, 2, "D3020")
	if err != nil {
		return value{}, err
	}
	s, by := args[0].text, argument(args, 1)
	if by.kind != text {
		return ev.splitByMatches(s, by, most)
	}
	pieces, err := ev.pieces(s, by.text)
	if err != nil {
		return value{}, err
	}
	if most = math.Trunc(most); most < float64(len(pieces)) {
		pieces = pieces[:int(most)]
	}
	out := &array{elems: make([]value, len(pieces))}
	for i, p := range pieces {
		out.elems[i] = stringValue(p)
	}
	return arrayValue(out), ev.spend(len(pieces) / valuesScanned)
}

// pieces gives what stands between the places of a string in another; between
// all units for an empty one.
func (ev *evaluation) pieces(s, by string) ([]string, error) {
	n := strings.Count(s, by) + 1
	if err := ev.spend(len(s)/bytesScanned + n/valuesScanned); err != nil {
		return nil, err
	}
	if err := ev.charge(n*valueSize + len(s)); err != nil {
		return nil, err
	}
	if by == "" {
		return splitUnits(s), nil
	}
	pieces := strings.Split(apartFor(s, by))
	for i, p := range pieces {
		pieces[i] = joinSurrogates(strings.Clone(p)) // a part would keep the whole
	}
	return pieces, nil
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

func (ev *evaluation) splitByMatches(text string, by value, most float64) (value, error) {
	s, err := ev.subject(text)
	if err != nil {
		return value{}, err
	}
	out := &array{}
	start, n := 0, 0.0
	err = ev.eachMatch(by, s, most, func(f *found) (int, error) {
		piece := s.part(start, f.start)
		start = f.end
		n++
		if err := ev.charge(len(piece)); err != nil {
			return 0, err
		}
		err := ev.add(out, stringValue(piece))
		return int(weighed(out.weight())), err
	})
	if err == nil && n < most {
		rest := s.part(start, math.MaxInt)
		if err = ev.charge(len(rest)); err == nil {
			err = ev.add(out, stringValue(rest))
		}
	}
	return arrayValue(out), err
}
