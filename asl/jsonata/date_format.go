package jsonata

import (
	"math"
	"strings"
	"time"
)

var timeFunctions = map[string]builtin{
	"fromMillis": {"<n-s?s?:s>", 3, defined(fnFromMillis)},
	"toMillis":   {"<s-s?:n>", 2, defined(fnToMillis)},
	"now":        {"<s?s?:s>", 2, fnNow},
	"millis":     {"<:n>", 0, fnMillis},
}

// isoPicture is how times are written when nothing else is asked for.
const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

func fnMillis(ev *evaluation, _ []value) (value, error) {
	return numberValue(float64(ev.now.UnixMilli())), nil
}

func fnNow(ev *evaluation, args []value) (value, error) {
	return formatMillis(float64(ev.now.UnixMilli()), argument(args, 0), argument(args, 1))
}

func fnFromMillis(_ *evaluation, args []value) (value, error) {
	return formatMillis(args[0].num, argument(args, 1), argument(args, 2))
}

func formatMillis(millis float64, picture, zone value) (value, error) {
	if picture.kind == undefined && zone.kind == undefined {
		if t, ok := dateOf(millis); ok && t.Year() >= 0 && t.Year() <= 9999 {
			return stringValue(t.Format("2006-01-02T15:04:05.000Z")), nil
		}
	}
	if picture.kind == undefined {
		picture.text = isoPicture
	}
	parts, err := parseDatePicture(picture.text)
	if err != nil {
		return value{}, err
	}
	hours, minutes := zoneOffset(zone)
	if math.IsNaN(hours) {
		return value{}, limit("The time zone %q is not of the form +hhmm", zone.text)
	}
	t, ok := dateOf(millis + (60*hours+minutes)*60*1000)
	if !ok {
		return value{}, limit("The time of %v milliseconds lies beyond what a date can hold", millis)
	}
	var b strings.Builder
	for _, p := range parts {
		s, err := p.format(t, hours, minutes)
		if err != nil {
			return value{}, err
		}
		b.WriteString(s)
	}
	return stringValue(b.String()), nil
}

// zoneOffset reads a time zone such as +0530.
func zoneOffset(zone value) (hours, minutes float64) {
	if zone.kind == undefined {
		return 0, 0
	}
	offset := parseInt(zone.text)
	if math.IsNaN(offset) || math.Abs(offset) > 1e6 {
		return math.NaN(), math.NaN()
	}
	return math.Floor(offset / 100), math.Mod(offset, 100)
}

func (p *datePart) format(t time.Time, hours, minutes float64) (string, error) {
	switch p.component {
	case 0:
		return p.literal, nil
	case 'Z', 'z':
		return p.formatZone(hours, minutes)
	case 'P':
		s := "am"
		if t.Hour() >= 12 {
			s = "pm"
		}
		if p.names && p.letters == upperCase {
			s = strings.ToUpper(s)
		}
		return s, nil
	case 'C', 'E':
		return "ISO", nil
	}
	if strings.IndexByte("YMDdFWwXxHhmsf", p.component) < 0 {
		return "undefined", nil // what the reference writes
	}
	n := component(t, p.component)
	if p.component == 'Y' && p.digits != -1 && p.digits < 18 {
		n %= int(math.Pow(10, float64(p.digits)))
	}
	if p.names {
		return p.formatName(n)
	}
	return p.integer.format(float64(n))
}

func (p *datePart) formatName(n int) (string, error) {
	var s string
	switch p.component {
	case 'M', 'x':
		s = monthNames[n-1]
	case 'F':
		s = dayNames[n]
	default:
		return "", fault("D3133").ofText(string(p.component))
	}
	switch p.letters {
	case upperCase:
		s = strings.ToUpper(s)
	case lowerCase:
		s = strings.ToLower(s)
	case titleCase:
	}
	return p.cutName(s), nil
}

func (p *datePart) formatZone(hours, minutes float64) (string, error) {
	offset := hours*100 + minutes
	if p.integer == nil {
		return "", fault("D3134").ofNumber(0)
	}
	var s string
	var err error
	switch digits := p.integer.required; {
	case p.integer.regular > 0 || digits == 3 || digits == 4:
		s, err = p.integer.format(offset)
	case digits == 1 || digits == 2:
		if s, err = p.integer.format(hours); err == nil && minutes != 0 {
			two := integerPicture{zero: '0', required: 2}
			var m string
			m, err = two.format(minutes)
			s += ":" + m
		}
	default:
		err = fault("D3134").ofNumber(float64(digits))
	}
	if err != nil {
		return "", err
	}
	if offset >= 0 {
		s = "+" + s
	}
	if p.component == 'z' {
		s = "GMT" + s
	}
	if offset == 0 && p.modifier == 't' {
		s = "Z"
	}
	return s, nil
}
