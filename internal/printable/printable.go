package printable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text gives a text that stays within its line: control characters, line ends
// and separators, characters without a glyph that change the direction of
// writing or hide, and invalid bytes become escapes such as \n, \x1b and
// \u{202e}. A tab stays.
func Text(s string) string {
	return escaped(s, harmless, escape)
}

// Lines is Text, but line ends stay: for texts of several lines whose parts
// have gone through Text where a line end must not come from outside.
func Lines(s string) string {
	return escaped(s, func(r rune) bool { return r == '\n' || harmless(r) }, escape)
}

// JSON gives a JSON text that means the same and has nothing in it that Text
// would escape. The text must be valid JSON in one line.
func JSON(s string) string {
	return escaped(s, harmless, escapeJSON)
}

func escaped(s string, keep func(rune) bool, escape func(b *strings.Builder, bad string, r rune)) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !keep(r) || r == utf8.RuneError && size == 1 {
			b.WriteString(s[done:i])
			escape(&b, s[i:i+size], r)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

func escape(b *strings.Builder, bad string, r rune) {
	switch {
	case len(bad) == 1 && r == utf8.RuneError:
		fmt.Fprintf(b, `\x%02x`, bad[0])
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r < 0x100:
		fmt.Fprintf(b, `\x%02x`, r)
	default:
		fmt.Fprintf(b, `\u{%x}`, r)
	}
}

// escapeJSON writes UTF-16 code units, as JSON's escapes have them. An invalid
// byte has none: it becomes the replacement character that a reader would see.
func escapeJSON(b *strings.Builder, _ string, r rune) {
	if r > 0xffff {
		high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
		fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
		return
	}
	fmt.Fprintf(b, `\u%04x`, r)
}

func harmless(r rune) bool {
	if r < 0x7f {
		return r >= 0x20 || r == '\t'
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
