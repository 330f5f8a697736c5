package jsonata

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The language counts strings in UTF-16 units, or in code points where it says
// so, and may cut a pair of surrogates in two. Strings are kept as UTF-8 with
// one extension: a surrogate without its partner is the three bytes that
// UTF-8's pattern gives for it (ED A0..BF xx). joinSurrogates keeps every
// string in its one normal form.

const (
	surrogateLead = 0xED
	surrogateFrom = 0xA0 // the second byte of a surrogate is at least this
)

// decode gives the first code point of s and its length; lone surrogates are
// code points here.
func decode(s string) (rune, int) {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 && isSurrogateAt(s, 0) {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, size
}

func isSurrogateAt(s string, i int) bool {
	return i+2 < len(s) && s[i] == surrogateLead && s[i+1] >= surrogateFrom && s[i+1] <= 0xBF && s[i+2]&0xC0 == 0x80
}

// appendUnit appends a code point or a lone surrogate.
func appendUnit(b []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(b, surrogateLead, 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return utf8.AppendRune(b, r)
}

// hasSurrogate tells whether s holds lone surrogates.
func hasSurrogate(s string) bool {
	for i := strings.IndexByte(s, surrogateLead); i >= 0 && i < len(s); i++ {
		if isSurrogateAt(s, i) {
			return true
		}
	}
	return false
}

// joinSurrogates makes pairs of neighbouring surrogates into one code point.
func joinSurrogates(s string) string {
	if !hasSurrogate(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	for len(s) > 0 {
		r, size := decode(s)
		s = s[size:]
		if utf16.IsSurrogate(r) {
			low, lowSize := decode(s)
			if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
				r, s = full, s[lowSize:]
			}
		}
		b = appendUnit(b, r)
	}
	return string(b)
}

// apartFor prepares a text and what is searched in it. Halves of surrogate
// pairs are found inside of whole ones, so where any are searched all pairs are
// written as two surrogates; joinSurrogates undoes this.
func apartFor(text, part string) (string, string) {
	if !hasSurrogate(part) {
		return text, part
	}
	return apart(text), apart(part)
}

func apart(s string) string {
	b := make([]byte, 0, len(s)+len(s)/2)
	for _, u := range toUnits(s) {
		b = appendUnit(b, rune(u))
	}
	return string(b)
}

// wellFormed replaces lone surrogates by U+FFFD, for what leaves the language.
func wellFormed(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := decode(s)
		if utf16.IsSurrogate(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		s = s[size:]
	}
	return b.String()
}

// concat joins two strings.
func concat(a, b string) string {
	s := a + b
	if a != "" && b != "" && len(a) >= 3 && isSurrogateAt(a, len(a)-3) && isSurrogateAt(b, 0) {
		return joinSurrogates(s)
	}
	return s
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// utf16Len gives the length of s in UTF-16 units.
func utf16Len(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0xF0:
			n += 2
		case c < 0x80 || c >= 0xC0:
			n++
		}
	}
	return n
}

// codePoints gives the length of s in code points.
func codePoints(s string) int {
	n := 0
	for i := range len(s) {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// skipPoints gives the byte offset of code point n of s, len(s) beyond its end.
func skipPoints(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		for i++; i < len(s) && s[i]&0xC0 == 0x80; i++ {
		}
	}
	return i
}

// toUnits gives the UTF-16 units of s.
func toUnits(s string) []uint16 {
	units := make([]uint16, 0, len(s))
	for len(s) > 0 {
		r, size := decode(s)
		units = appendUnits(units, r)
		s = s[size:]
	}
	return units
}

// fromUnits gives the string of UTF-16 units.
func fromUnits(units []uint16) string {
	b := make([]byte, 0, len(units))
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) && i+1 < len(units) {
			if full := utf16.DecodeRune(r, rune(units[i+1])); full != utf8.RuneError {
				r = full
				i++
			}
		}
		b = appendUnit(b, r)
	}
	return string(b)
}

// compareText orders strings by their UTF-16 units, as JavaScript does: beyond
// ASCII this is not the order of their bytes.
func compareText(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		// A code point above U+FFFF starts with a surrogate (D800…), which
		// comes before U+E000…U+FFFF (lead bytes EE and EF).
		if (x >= 0xF0) != (y >= 0xF0) && min(x, y) >= 0xEE {
			x, y = y, x
		}
		if x < y {
			return -1
		}
		return 1
	}
	return len(a) - len(b)
}

func appendUnits(units []uint16, r rune) []uint16 {
	if r > 0xFFFF {
		return utf16.AppendRune(units, r)
	}
	return append(units, uint16(r)) // a lone surrogate stays what it is
}
