package jsonata

import (
	"math"
	"strconv"
	"strings"
)

func fnReplace(ev *evaluation, args []value) (value, error) {
	s, by, with := args[0].text, argument(args, 1), argument(args, 2)
	if by.kind == text && by.text == "" {
		return value{}, fault("D3010").of(by).argument(2)
	}
	most, err := limitOf(args, 3, "D3011")
	if err != nil || most == 0 {
		return args[0], err
	}
	if by.kind == text {
		return ev.replaceText(s, by.text, with, most)
	}
	return ev.replaceMatches(s, by, with, most)
}

// replaceText replaces a string by another, or by what JavaScript writes for
// what is none.
func (ev *evaluation) replaceText(s, by string, with value, most float64) (value, error) {
	new, err := ev.plainText(with)
	if err != nil {
		return value{}, err
	}
	s, by = apartFor(s, by)
	n := strings.Count(s, by)
	if most = math.Ceil(most); most < float64(n) {
		n = int(most)
	}
	if err := ev.spend(len(s)/bytesScanned + n/valuesScanned); err != nil {
		return value{}, err
	}
	if err := ev.charge(len(s) + n*len(new)); err != nil {
		return value{}, err
	}
	return stringValue(joinSurrogates(strings.Replace(s, by, new, n))), nil
}

func (ev *evaluation) replaceMatches(text string, by, with value, most float64) (value, error) {
	s, err := ev.subject(text)
	if err != nil {
		return value{}, err
	}
	var out strings.Builder
	position := 0
	err = ev.eachMatch(by, s, most, func(f *found) (int, error) {
		kept := s.part(position, f.start)
		new, err := ev.replacement(f, with)
		if err != nil {
			return 0, err
		}
		if err := ev.charge(len(kept) + len(new)); err != nil {
			return 0, err
		}
		out.WriteString(kept)
		out.WriteString(new)
		position = f.start + utf16Len(f.text)
		return out.Len(), nil
	})
	if err != nil {
		return value{}, err
	}
	out.WriteString(s.part(position, math.MaxInt))
	return stringValue(joinSurrogates(out.String())), ev.charge(len(text))
}

func (ev *evaluation) replacement(f *found, with value) (string, error) {
	if with.kind == text {
		return expand(with.text, f), nil
	}
	if with.kind != callable {
		return "", notMatching()
	}
	match, err := ev.matched(f, nil)
	if err != nil {
		return "", err
	}
	v, err := ev.call(with, match)
	if err != nil {
		return "", err
	}
	if v.kind != text {
		return "", fault("D3012").of(v)
	}
	return v.text, nil
}

// expand puts what a match holds into a replacement: $0 is the match, $1 its
// first group, $$ a dollar sign.
func expand(template string, f *found) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(template, '$')
		if at < 0 {
			b.WriteString(template)
			return b.String()
		}
		b.WriteString(template[:at])
		template = template[at+1:]
		switch {
		case strings.HasPrefix(template, "$"):
			b.WriteByte('$')
			template = template[1:]
		case strings.HasPrefix(template, "0"):
			b.WriteString(f.text)
			template = template[1:]
		default:
			n, ok := groupNumber(template, len(f.groups))
			if !ok {
				b.WriteByte('$')
				continue
			}
			if n >= 1 && n <= len(f.groups) && f.groups[n-1].kind == text {
				b.WriteString(f.groups[n-1].text)
			}
			template = template[min(len(template), len(strconv.Itoa(n))):]
		}
	}
}

// groupNumber reads a group's number: from as many characters as the number of
// groups has digits, one less if that would be beyond the last group.
func groupNumber(s string, groups int) (int, bool) {
	most := len(strconv.Itoa(groups))
	n := parseInt(s[:skipPoints(s, most)])
	if most > 1 && n > float64(groups) {
		n = parseInt(s[:skipPoints(s, most-1)])
	}
	return int(n), !math.IsNaN(n)
}
