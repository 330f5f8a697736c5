package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// integerStyle is the way an integer is written.
type integerStyle uint8

const (
	decimalStyle integerStyle = iota
	letterStyle
	romanStyle
	wordStyle
	sequenceStyle // a picture that only names its first member; not supported
)

type letterCase uint8

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

// integerPicture is a picture of $formatInteger, read.
type integerPicture struct {
	style    integerStyle
	letters  letterCase
	ordinal  bool
	token    string // of a sequence
	zero     rune
	required int // digits
	optional int
	regular  int // size of the groups when they are all alike
	groups   []separator
}

// separator stands between groups of digits, position digits from the right.
type separator struct {
	position int
	text     string
}

// digitZeros are the zeros of the decimal digits that pictures may use.
var digitZeros = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
	0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
	0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

// zeroOf gives the zero of a digit's family, 0 for what is no digit.
func zeroOf(r rune) rune {
	for _, z := range digitZeros {
		if r >= z && r <= z+9 {
			return z
		}
	}
	return 0
}

// maxPicture is how long a picture may be.
const maxPicture = 5000

func parseIntegerPicture(picture string) (*integerPicture, error) {
	if len(picture) > maxPicture {
		return nil, limit("A picture of more than %d bytes", maxPicture)
	}
	p := &integerPicture{}
	primary := picture
	if at := strings.LastIndexByte(picture, ';'); at >= 0 {
		primary = picture[:at]
		p.ordinal = strings.HasPrefix(picture[at+1:], "o")
	}
	switch primary {
	case "A":
		p.style, p.letters = letterStyle, upperCase
	case "a":
		p.style = letterStyle
	case "I":
		p.style, p.letters = romanStyle, upperCase
	case "i":
		p.style = romanStyle
	case "W":
		p.style, p.letters = wordStyle, upperCase
	case "Ww":
		p.style, p.letters = wordStyle, titleCase
	case "w":
		p.style = wordStyle
	default:
		p.token = primary
		return p, p.readDigits(primary)
	}
	return p, nil
}

// readDigits reads a picture of digits, from the right.
func (p *integerPicture) readDigits(picture string) error {
	position := 0
	for picture != "" {
		r, size := utf8.DecodeLastRuneInString(picture)
		picture = picture[:len(picture)-size]
		switch zero := zeroOf(r); {
		case zero != 0:
			p.required++
			position++
			if p.zero == 0 {
				p.zero = zero
			} else if p.zero != zero {
				return fault("D3131")
			}
		case r == '#':
			p.optional++
			position++
		default:
			p.groups = append(p.groups, separator{position, string(r)})
		}

	}
	if p.required == 0 {
		p.style = sequenceStyle
		return nil
	}
	p.regular = p.regularGroups()
	return nil
}

func (p *integerPicture) regularGroups() int {
	positions := make([]int, len(p.groups))
	for i, g := range p.groups {
		if g.text != p.groups[0].text {
			return 0
		}
		positions[i] = g.position
	}
	return regularGroups(positions)
}

func fnFormatInteger(_ *evaluation, args []value) (value, error) {
	picture := argument(args, 1).text
	p, err := parseIntegerPicture(picture)
	if err != nil {
		return value{}, err
	}
	s, err := p.format(math.Floor(args[0].num))
	return stringValue(s), err
}

// format writes a whole number.
func (p *integerPicture) format(n float64) (string, error) {
	abs := math.Abs(n)
	var s string
	switch p.style {
	case letterStyle:
		s = p.cased(lettersOf(abs))
	case romanStyle:
		if abs > 1e6 {
			return "", fault("U1001").saying("Roman numerals end at 1000000")
		}
		s = p.cased(romanOf(int(abs)))
	case wordStyle:
		if !finite(n) {
			return "", javaScript("Maximum call stack size exceeded")
		}
		s = p.cased(words(abs, p.ordinal))
	case decimalStyle:
		s = p.digits(abs)
	case sequenceStyle:
		return "", fault("D3130").ofText(p.token)
	}
	if n < 0 {
		s = "-" + s
	}
	return s, nil
}

func (p *integerPicture) cased(s string) string {
	switch p.letters {
	case upperCase:
		return strings.ToUpper(s)
	case lowerCase:
		return strings.ToLower(s)
	case titleCase:
	}
	return s
}

func (p *integerPicture) digits(n float64) string {
	s := jsonvalue.FormatFloat(n)
	if n < 1<<63 {
		s = strconv.FormatInt(int64(n), 10)
	}
	if missing := p.required - len(s); missing > 0 {
		s = strings.Repeat("0", missing) + s
	}
	if p.zero != '0' {
		s = strings.Map(func(r rune) rune { return r - '0' + p.zero }, s)
	}
	s = p.grouped(s)
	if p.ordinal {
		s += ordinalSuffix(s)
	}
	return s
}

func (p *integerPicture) grouped(s string) string {
	insert := func(position int, text string) {
		n := utf8.RuneCountInString(s)
		if position > n {
			// As JavaScript's substr has it, which counts from the end.
			s = text + s[skipPoints(s, n-min(n, position-n)):]
			return
		}
		at := skipPoints(s, n-position)
		s = s[:at] + text + s[at:]
	}
	if p.regular > 0 {
		n := utf8.RuneCountInString(s)
		for i := (n - 1) / p.regular; i > 0; i-- {
			insert(i*p.regular, p.groups[0].text)
		}
		return s
	}
	for i := len(p.groups) - 1; i >= 0; i-- {
		insert(p.groups[i].position, p.groups[i].text)
	}
	return s
}

func ordinalSuffix(s string) string {
	teen := len(s) > 1 && s[len(s)-2] == '1'
	if s != "" && !teen {
		switch s[len(s)-1] {
		case '1':
			return "st"
		case '2':
			return "nd"
		case '3':
			return "rd"
		}
	}
	return "th"
}

// lettersOf writes 1 as A, 26 as Z, 27 as AA.
func lettersOf(n float64) string {
	var b []byte
	for ; n > 0; n = math.Floor((n - 1) / 26) {
		b = append([]byte{'A' + byte(math.Mod(n-1, 26))}, b...)
	}
	return string(b)
}

func lettersToNumber(s string, first byte) float64 {
	units, n := toUnits(s), 0.0
	for i := range units {
		digit := float64(units[len(units)-1-i]) - float64(first) + 1
		n += float64(digit * power(26, float64(i))) // rounded as JavaScript rounds
	}
	return n
}

var romanNumerals = []struct {
	value int
	text  string
}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}}

func romanOf(n int) string {
	var b strings.Builder
	for _, r := range romanNumerals {
		for ; n >= r.value; n -= r.value {
			b.WriteString(r.text)
		}
	}
	return b.String()
}

func romanToNumber(s string) float64 {
	values := map[byte]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}
	n, most := 0.0, 1.0
	for i := len(s) - 1; i >= 0; i-- {
		v, ok := values[s[i]]
		switch {
		case !ok:
			return math.NaN()
		case v < most:
			n -= v
		default:
			most = v
			n += v
		}
	}
	return n
}

func fnParseInteger(_ *evaluation, args []value) (value, error) {
	p, err := parseIntegerPicture(argument(args, 1).text)
	if err != nil {
		return value{}, err
	}
	n, err := p.parse(args[0].text)
	return numberValue(n), err
}

// parse reads a whole number that was written by the picture.
func (p *integerPicture) parse(s string) (float64, error) {
	switch p.style {
	case letterStyle:
		if p.letters == upperCase {
			return lettersToNumber(s, 'A'), nil
		}
		return lettersToNumber(s, 'a'), nil
	case romanStyle:
		if p.letters != upperCase {
			s = strings.ToUpper(s)
		}
		return romanToNumber(s), nil
	case wordStyle:
		return wordsToNumber(strings.ToLower(s)), nil
	case decimalStyle:
		return p.parseDigits(s)
	case sequenceStyle:
	}
	return 0, fault("D3130").ofText(p.token)
}

func (p *integerPicture) parseDigits(s string) (float64, error) {
	if p.ordinal {
		s = s[:max(0, len(s)-2)]
	}
	if p.regular > 0 {
		s = strings.ReplaceAll(s, ",", "")
	} else {
		for _, g := range p.groups {
			s = strings.ReplaceAll(s, g.text, "")
		}
	}
	if p.zero != '0' {
		for _, r := range s {
			if r < p.zero-'0' {
				return 0, javaScript("Invalid code point " + strconv.Itoa(int(r-p.zero+'0')))
			}
		}
		s = strings.Map(func(r rune) rune { return r - p.zero + '0' }, s)
	}
	return parseInt(s), nil
}

// jsSpace is white space and line ends as JavaScript has them.
const jsSpace = " \t\n\v\f\r\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF"

// parseInt reads the digits at the start of a string, as JavaScript does.
func parseInt(s string) float64 {
	s = strings.TrimLeft(s, jsSpace)
	end := 0
	if end < len(s) && (s[end] == '-' || s[end] == '+') {
		end++
	}
	first := end
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	if end == first {
		return math.NaN()
	}
	f, _ := strconv.ParseFloat(s[:end], 64)
	return f
}
