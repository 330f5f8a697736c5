package jsonata

import (
	"strings"
	"unicode/utf8"
)

// datePicture is a picture of $fromMillis and $toMillis, read: literal text and
// components of a date, as XPath's format-dateTime has them.
type datePicture []datePart

// datePart is literal text when component is 0.
type datePart struct {
	literal      string
	component    byte // Y M D d F W w X x H h P m s f Z z C E
	presentation string
	modifier     byte // a t c o, 0 for none
	names        bool // written as a name, in the case of letters
	letters      letterCase
	minWidth     int // 0: none
	maxWidth     int // 0: none
	integer      *integerPicture
	digits       int // of a year: how many are written; -1: all
}

// defaultPresentations are for components that say nothing themselves.
var defaultPresentations = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

func parseDatePicture(picture string) (datePicture, error) {
	if len(picture) > maxPicture {
		return nil, limit("A picture of more than %d bytes", maxPicture)
	}
	var parts datePicture
	literal := func(s string) {
		if s != "" {
			parts = append(parts, datePart{literal: strings.ReplaceAll(s, "]]", "]")})
		}
	}
	for {
		at := strings.IndexByte(picture, '[')
		if at < 0 {
			literal(picture)
			return parts, nil
		}
		literal(picture[:at])
		if strings.HasPrefix(picture[at+1:], "[") {
			parts = append(parts, datePart{literal: "["})
			picture = picture[at+2:]
			continue
		}
		end := strings.IndexByte(picture[at:], ']')
		if end < 0 {
			return nil, fault("D3135")
		}
		part, err := parseMarker(picture[at+1 : at+end])
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		picture = picture[at+end+1:]
	}
}

// parseMarker reads what stands between [ and ].
func parseMarker(marker string) (datePart, error) {
	marker = strings.Join(strings.Fields(marker), "")
	if marker == "" {
		return datePart{}, fault("D3132").ofText("")
	}
	_, size := utf8.DecodeRuneInString(marker)
	p := datePart{component: marker[0], digits: -1}
	if size > 1 {
		p.component = 0xFF
	}
	rest := marker[size:]
	if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
		low, high, _ := strings.Cut(rest[comma+1:], "-")
		p.minWidth, p.maxWidth = widthOf(low), widthOf(high)
		rest = rest[:comma]
	}
	switch n := utf8.RuneCountInString(rest); {
	case n > 1 && strings.IndexByte("atco", rest[len(rest)-1]) >= 0:
		p.presentation, p.modifier = rest[:len(rest)-1], rest[len(rest)-1]
	case n >= 1:
		p.presentation = rest
	default:
		var ok bool
		if p.presentation, ok = defaultPresentations[p.component]; !ok {
			return p, fault("D3132").ofText(marker[:size])
		}
	}
	return p, p.readPresentation()
}

func widthOf(s string) int {
	if n := parseInt(s); n > 0 && n < 1000 {
		return int(n)
	}
	return 0
}

func (p *datePart) readPresentation() error {
	switch {
	case p.presentation[0] == 'n':
		p.names, p.letters = true, lowerCase
		return nil
	case strings.HasPrefix(p.presentation, "Nn"):
		p.names, p.letters = true, titleCase
		return nil
	case p.presentation[0] == 'N':
		p.names, p.letters = true, upperCase
		return nil
	case strings.IndexByte("YMDdFWwXxHhmsfZz", p.component) < 0:
		return nil
	}
	picture := p.presentation
	zone := p.component == 'Z' || p.component == 'z'
	if p.modifier != 0 && !zone {
		picture += ";" + string(p.modifier)
	}
	var err error
	if p.integer, err = parseIntegerPicture(picture); err != nil || zone {
		return err
	}
	if p.integer.style == decimalStyle { // a width does not count for words and letters
		p.integer.required = max(p.integer.required, p.minWidth)
	}
	if strings.IndexByte("YMD", p.component) >= 0 {
		if p.maxWidth > 0 {
			p.digits = p.maxWidth
			p.integer.required = p.digits
		} else if w := p.integer.required + p.integer.optional; w >= 2 {
			p.digits = w
		}
	}
	return nil
}

// cutName cuts a name that is longer than the picture allows.
func (p *datePart) cutName(s string) string {
	if p.maxWidth > 0 && len(s) > p.maxWidth {
		return s[:p.maxWidth]
	}
	return s
}
