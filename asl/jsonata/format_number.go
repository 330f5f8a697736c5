package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// decimalFormat holds the characters of a number's picture, as XPath's
// format-number has them.
type decimalFormat struct {
	decimal, grouping, exponent, infinity, minus, nan, percent, perMille, zero, digit, pattern string
	zeroRune                                                                                   rune
}

func newDecimalFormat(options value) *decimalFormat {
	f := &decimalFormat{
		decimal: ".", grouping: ",", exponent: "e", infinity: "Infinity", minus: "-", nan: "NaN",
		percent: "%", perMille: "‰", zero: "0", digit: "#", pattern: ";",
	}
	if options.kind == object {
		for name, to := range map[string]*string{
			"decimal-separator": &f.decimal, "grouping-separator": &f.grouping, "exponent-separator": &f.exponent,
			"infinity": &f.infinity, "minus-sign": &f.minus, "NaN": &f.nan, "percent": &f.percent,
			"per-mille": &f.perMille, "zero-digit": &f.zero, "digit": &f.digit, "pattern-separator": &f.pattern,
		} {
			if v := options.object().get(name); v.kind == text {
				*to = v.text
			}
		}
	}
	f.zeroRune, _ = utf8.DecodeRuneInString(f.zero)
	return f
}

// isDigit tells whether a character is a digit of the picture's family.
func (f *decimalFormat) isDigit(r rune) bool { return r >= f.zeroRune && r < f.zeroRune+10 }

func (f *decimalFormat) isActive(r rune) bool {
	s := string(r)
	return f.isDigit(r) || s == f.decimal || s == f.exponent || s == f.grouping || s == f.digit || s == f.pattern
}

// subPicture is the picture for positive or for negative numbers, cut into its
// parts.
type subPicture struct {
	whole, prefix, suffix, active, mantissa, integer, fraction string
	exponent                                                   string
	hasExponent                                                bool
}

// split cuts a picture. The reference looks for the exponent in the whole
// picture and cuts the active part there, as if there were no prefix.
func (f *decimalFormat) split(picture string) subPicture {
	p := subPicture{whole: picture}
	all := []rune(picture)
	starts := func(r rune) bool { return f.isActive(r) && string(r) != f.exponent }
	from, to := slices.IndexFunc(all, starts), len(all)
	if from < 0 {
		from = len(all)
	}
	for to > from && !starts(all[to-1]) {
		to--
	}
	active := all[from:to]
	p.prefix, p.active, p.suffix = string(all[:from]), string(active), string(all[to:])
	p.mantissa = p.active
	if at := indexRunes(all[from:], f.exponent); at >= 0 && from+at <= to {
		p.hasExponent = true
		p.mantissa = string(active[:min(from+at, len(active))])
		p.exponent = string(active[min(from+at+1, len(active)):])
	}
	var fractional bool
	if p.integer, p.fraction, fractional = strings.Cut(p.mantissa, f.decimal); !fractional {
		p.fraction = p.suffix
	}
	return p
}

// indexRunes gives where a string stands in runes, -1 for nowhere.
func indexRunes(all []rune, s string) int {
	before, _, found := strings.Cut(string(all), s)
	if !found {
		return -1
	}
	return utf8.RuneCountInString(before)
}

func (f *decimalFormat) countDigits(s string, optional bool) int {
	n := 0
	for _, r := range s {
		if f.isDigit(r) || optional && string(r) == f.digit {
			n++
		}
	}
	return n
}

// check gives the code of the last rule that a picture breaks, "" for none.
func (f *decimalFormat) check(p subPicture) string {
	code := ""
	rule := func(broken bool, c string) {
		if broken {
			code = c
		}
	}
	once := func(s string) bool { return strings.Index(p.whole, s) == strings.LastIndex(p.whole, s) }
	percent, perMille := strings.Contains(p.whole, f.percent), strings.Contains(p.whole, f.perMille)
	rule(!once(f.decimal), "D3081")
	rule(!once(f.percent), "D3082")
	rule(!once(f.perMille), "D3083")
	rule(percent && perMille, "D3084")
	rule(f.countDigits(p.mantissa, true) == 0, "D3085")
	rule(strings.IndexFunc(p.active, func(r rune) bool { return !f.isActive(r) }) >= 0, "D3086")
	if at := strings.Index(p.whole, f.decimal); at >= 0 {
		rule(strings.HasSuffix(p.whole[:at], f.grouping) || strings.HasPrefix(p.whole[at+len(f.decimal):], f.grouping), "D3087")
	} else {
		rule(strings.HasSuffix(p.integer, f.grouping), "D3088")
	}
	rule(strings.Contains(p.whole, f.grouping+f.grouping), "D3089")
	if at := strings.Index(p.integer, f.digit); at >= 0 {
		rule(f.countDigits(p.integer[:at], false) > 0, "D3090")
	}
	if at := strings.LastIndex(p.fraction, f.digit); at >= 0 {
		rule(f.countDigits(p.fraction[at:], false) > 0, "D3091")
	}
	rule(p.hasExponent && p.exponent != "" && (percent || perMille), "D3092")
	rule(p.hasExponent && (p.exponent == "" || f.countDigits(p.exponent, false) < utf8.RuneCountInString(p.exponent)), "D3093")
	return code
}

// layout is what a picture says about a number.
type layout struct {
	subPicture
	groups         []int // digits right of each grouping separator in the integer part
	regular        int   // the groups' size, when they are all alike
	fractionGroups []int
	minInteger     int
	scaling        int
	minFraction    int
	maxFraction    int
	minExponent    int
}

func (f *decimalFormat) layout(p subPicture) layout {
	l := layout{subPicture: p}
	l.groups = f.groupPositions(p.integer, p.integer, false)
	l.regular = regularGroups(l.groups)
	l.fractionGroups = f.groupPositions(p.fraction, p.integer, true)
	l.minInteger = f.countDigits(p.integer, false)
	l.scaling = l.minInteger
	l.minFraction = f.countDigits(p.fraction, false)
	l.maxFraction = f.countDigits(p.fraction, true)
	if l.minInteger == 0 && l.maxFraction == 0 {
		if p.hasExponent {
			l.minFraction, l.maxFraction = 1, 1
		} else {
			l.minInteger = 1
		}
	}
	if p.hasExponent && l.minInteger == 0 && strings.Contains(p.integer, f.digit) {
		l.minInteger = 1
	}
	if l.minInteger == 0 && l.minFraction == 0 {
		l.minFraction = 1
	}
	if p.hasExponent {
		l.minExponent = f.countDigits(p.exponent, false)
	}
	return l
}

// groupPositions counts the digits on one side of each grouping separator. The
// reference looks for the second and later ones in the integer part, whichever
// part it is about.
func (f *decimalFormat) groupPositions(part, integer string, left bool) []int {
	var positions []int
	if f.grouping == "" {
		return nil
	}
	at := strings.Index(part, f.grouping)
	for at >= 0 {
		side := part[min(at, len(part)):]
		if left {
			side = part[:min(at, len(part))]
		}
		positions = append(positions, f.countDigits(side, true))
		next := strings.Index(integer[min(at+1, len(integer)):], f.grouping)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return positions
}

// regularGroups gives the size of groups that repeat, 0 when they do not.
func regularGroups(positions []int) int {
	if len(positions) == 0 {
		return 0
	}
	factor := positions[0]
	for _, p := range positions[1:] {
		factor = gcd(factor, p)
	}
	for i := 1; i <= len(positions); i++ {
		if !containsInt(positions, i*factor) {
			return 0
		}
	}
	return factor
}

func containsInt(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func fnFormatNumber(ev *evaluation, args []value) (value, error) {
	f := newDecimalFormat(argument(args, 2))
	pictures := []string{argument(args, 1).text}
	if f.pattern != "" {
		pictures = strings.Split(pictures[0], f.pattern)
	}
	if len(pictures[0]) > maxPicture {
		return value{}, limit("A picture of more than %d bytes", maxPicture)
	}
	if len(pictures) > 2 {
		return value{}, fault("D3080")
	}
	layouts := make([]layout, 0, 2)
	for _, p := range pictures {
		sub := f.split(p)
		if code := f.check(sub); code != "" {
			return value{}, fault(code)
		}
		layouts = append(layouts, f.layout(sub))
	}
	if len(layouts) == 1 {
		negative := layouts[0]
		negative.prefix = f.minus + negative.prefix
		layouts = append(layouts, negative)
	}
	if err := ev.charge(4 * len(pictures[0])); err != nil {
		return value{}, err
	}
	if layouts[0].maxFraction > 100 {
		return value{}, javaScript("toFixed() digits argument must be between 0 and 100")
	}
	n := args[0].num
	if n >= 0 {
		return stringValue(f.format(n, layouts[0])), nil
	}
	return stringValue(f.format(n, layouts[1])), nil
}

// format writes a number as a layout has it.
func (f *decimalFormat) format(n float64, l layout) string {
	switch {
	case strings.Contains(l.whole, f.percent):
		n *= 100
	case strings.Contains(l.whole, f.perMille):
		n *= 1000
	}
	exponent := 0
	if l.minExponent > 0 && n != 0 && finite(n) {
		most, least := power(10, float64(l.scaling)), power(10, float64(l.scaling-1))
		// The reference scales the number itself, and never ends for a negative one.
		for ; math.Abs(n) < least && exponent > -1100; exponent-- {
			n *= 10
		}
		for ; math.Abs(n) > most; exponent++ {
			n /= 10
		}
	}
	s := f.written(f.digits(round(n, l.maxFraction), l.maxFraction), l)
	if l.minExponent > 0 {
		digits := f.digits(float64(exponent), 0)
		s += f.exponent
		if exponent < 0 {
			s += f.minus
		}
		s += f.zeros(l.minExponent-utf8.RuneCountInString(digits)) + digits
	}
	return l.prefix + s + l.suffix
}

// written gives digits with the separators of a layout, and with as many zeros
// on both sides as it asks for. Positions are counted from the decimal
// separator, and may lie beyond the ends: there the reference counts anew, as
// JavaScript's slice does, and so do we.
func (f *decimalFormat) written(digits string, l layout) string {
	integer, fraction, _ := strings.Cut(digits, ".")
	integer = strings.TrimLeft(integer, f.zero)
	fraction = strings.TrimRight(fraction, f.zero)
	integer = f.zeros(l.minInteger-utf8.RuneCountInString(integer)) + integer
	fraction += f.zeros(l.minFraction - utf8.RuneCountInString(fraction))

	s := []rune(integer + f.decimal + fraction)
	decimal := utf8.RuneCountInString(integer)
	separate := func(at int) {
		s = slices.Concat(s[:sliceIndex(at, len(s))], []rune(f.grouping), s[sliceIndex(at, len(s)):])
	}
	if l.regular > 0 {
		for group := 1; group <= (decimal-1)/l.regular; group++ {
			separate(decimal - group*l.regular)
		}
	} else {
		for i, at := range l.groups {
			separate(decimal + i - at)
		}
	}
	decimal = max(0, indexRunes(s, f.decimal))
	for _, at := range l.fractionGroups {
		separate(at + decimal + 1)
	}
	decimal = max(0, indexRunes(s, f.decimal))
	if !strings.Contains(l.whole, f.decimal) || decimal == len(s)-1 {
		s = s[:len(s)-1]
	}
	return string(s)
}

// sliceIndex is what JavaScript's slice makes of an index.
func sliceIndex(at, size int) int {
	if at < 0 {
		at += size
	}
	return min(max(at, 0), size)
}

func (f *decimalFormat) zeros(n int) string { return strings.Repeat(f.zero, max(0, n)) }

// digits writes the absolute value of a number with so many decimal places, in
// the digits of the family.
func (f *decimalFormat) digits(n float64, places int) string {
	s := toFixed(math.Abs(n), places)
	if f.zeroRune == '0' {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + f.zeroRune
		}
		return r
	}, s)
}

// toFixed is JavaScript's. The number has been rounded before, so that halves
// do not come up.
func toFixed(n float64, places int) string {
	if math.IsNaN(n) {
		return "NaN"
	}
	if math.IsInf(n, 0) {
		return "Infinity"
	}
	if n >= 1e21 {
		return jsonvalue.FormatFloat(n)
	}
	return strconv.FormatFloat(n, 'f', places, 64)
}
