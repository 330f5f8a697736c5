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
	if err != nil {
		return value{}, err
	}
	if by.kind == callable {
		return ev.replaceMatches(s, by, with, most)
	}
	n := -1
	if most < float64(len(s)+1) {
		n = int(math.Ceil(most))
	}
	if found := strings.Count(s, by.text); with.kind == text {
		if err := ev.charge(len(s) + found*len(with.text)); err != nil {
			return value{}, err
		}
	}
	return stringValue(joinSurrogates(strings.Replace(s, by.text, with.text, n))), nil
}

func (ev *evaluation) replaceMatches(s string, by, with value, most float64) (value, error) {
	var out strings.Builder
	position := 0
	err := ev.eachMatch(by, s, most, func(f *found) error {
		new, err := ev.replacement(f, with)
		if err != nil {
			return err
		}
		kept := cut(s, position, f.start)
		out.WriteString(kept)
		out.WriteString(new)
		position = f.start + utf16Len(f.text)
		return ev.charge(len(kept) + len(new))
	})
	if err != nil {
		return value{}, err
	}
	out.WriteString(cut(s, position, math.MaxInt))
	return stringValue(joinSurrogates(out.String())), ev.charge(len(s))
}

func (ev *evaluation) replacement(f *found, with value) (string, error) {
	if with.kind == text {
		return expand(with.text, f), nil
	}
	v, err := ev.call(with, f.value())
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
			template = template[len(strconv.Itoa(n)):]
		}
	}
}

// groupNumber reads a group's number: as many digits as the number of groups
// has, one less if that would be beyond the last group.
func groupNumber(s string, groups int) (int, bool) {
	most := 1
	if groups > 0 {
		most = len(strconv.Itoa(groups))
	}
	read := func(most int) (int, bool) {
		digits := 0
		for digits < most && digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
			digits++
		}
		n, err := strconv.Atoi(s[:digits])
		return n, err == nil
	}
	n, ok := read(most)
	if ok && most > 1 && n > groups {
		return read(most - 1)
	}
	return n, ok
}
