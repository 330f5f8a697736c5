package jsonata

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

var encodingFunctions = map[string]builtin{
	"base64encode":       {"<s-:s>", 1, onText(encodeBase64)},
	"base64decode":       {"<s-:s>", 1, onText(decodeBase64)},
	"encodeUrlComponent": {"<s-:s>", 1, urlFunction("encodeUrlComponent", encodeWith(componentSafe))},
	"encodeUrl":          {"<s-:s>", 1, urlFunction("encodeUrl", encodeWith(componentSafe+urlReserved))},
	"decodeUrlComponent": {"<s-:s>", 1, urlFunction("decodeUrlComponent", decodeExcept(""))},
	"decodeUrl":          {"<s-:s>", 1, urlFunction("decodeUrl", decodeExcept(urlReserved))},
}

// encodeBase64 takes each UTF-16 unit for one byte, as the reference does:
// only the lower eight bits count.
func encodeBase64(s string) string {
	units := toUnits(s)
	b := make([]byte, len(units))
	for i, u := range units {
		b[i] = byte(u)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// decodeBase64 is as lenient as the reference: padding and characters that are
// not of the alphabet do not matter, and both alphabets are read.
func decodeBase64(s string) string {
	if end := strings.IndexByte(s, '='); end >= 0 {
		s = s[:end]
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '+', r == '/':
			return r
		}
		return -1
	}, s)
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	b, _ := base64.RawStdEncoding.DecodeString(clean)
	units := make([]uint16, len(b))
	for i, c := range b {
		units[i] = uint16(c)
	}
	return fromUnits(units)
}

const (
	componentSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
	urlReserved   = ";/?:@&=+$,#"
)

// urlFunction makes a function of the language from one that may refuse a
// string.
func urlFunction(name string, f func(string) (string, bool)) native {
	return defined(func(ev *evaluation, args []value) (value, error) {
		s, ok := f(args[0].text)
		if !ok {
			return value{}, fault("D3140").of(args[0]).saying(name)
		}
		return stringValue(s), ev.charge(len(s))
	})
}

// encodeWith escapes all characters but the safe ones; lone surrogates cannot
// be escaped.
func encodeWith(safe string) func(string) (string, bool) {
	return func(s string) (string, bool) {
		const hex = "0123456789ABCDEF"
		if hasSurrogate(s) {
			return "", false
		}
		var b strings.Builder
		for i := range len(s) {
			if c := s[i]; strings.IndexByte(safe, c) >= 0 {
				b.WriteByte(c)
			} else {
				b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			}
		}
		return b.String(), true
	}
}

// decodeExcept undoes escapes, except of the characters in kept.
func decodeExcept(kept string) func(string) (string, bool) {
	return func(s string) (string, bool) {
		var b strings.Builder
		for len(s) > 0 {
			if s[0] != '%' {
				b.WriteByte(s[0])
				s = s[1:]
				continue
			}
			var bytes []byte
			for n := 1; len(bytes) < n; {
				c, ok := escapedByte(s[3*len(bytes):])
				if !ok {
					return "", false
				}
				if bytes = append(bytes, c); len(bytes) == 1 {
					n = sequenceLen(c)
				}
			}
			r, size := utf8.DecodeRune(bytes)
			if r == utf8.RuneError && size <= 1 {
				return "", false
			}
			if len(bytes) == 1 && strings.IndexByte(kept, bytes[0]) >= 0 {
				b.WriteString(s[:3])
			} else {
				b.Write(bytes)
			}
			s = s[3*len(bytes):]
		}
		return b.String(), true
	}
}

// sequenceLen gives the length of the UTF-8 sequence that a byte starts.
func sequenceLen(c byte) int {
	switch {
	case c >= 0xF0:
		return 4
	case c >= 0xE0:
		return 3
	case c >= 0xC0:
		return 2
	}
	return 1
}

func escapedByte(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	high, low := strings.IndexByte(hexDigits, s[1]|0x20), strings.IndexByte(hexDigits, s[2]|0x20)
	return byte(high<<4 | low), high >= 0 && low >= 0
}

const hexDigits = "0123456789abcdef"

// lower and upper are JavaScript's: they know the letters whose other case is
// more than one letter.
func lower(s string) string {
	return aroundSurrogates(s, func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "İ", "i̇")) })
}

func upper(s string) string {
	return aroundSurrogates(s, func(s string) string { return strings.ToUpper(longUppers.Replace(s)) })
}

// aroundSurrogates applies f to the parts of a string between its lone
// surrogates, which Go's functions would replace.
func aroundSurrogates(s string, f func(string) string) string {
	if !hasSurrogate(s) {
		return f(s)
	}
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); i++ {
		if isSurrogateAt(s, i) {
			b.WriteString(f(s[from:i]))
			b.WriteString(s[i : i+3])
			from = i + 3
		}
	}
	b.WriteString(f(s[from:]))
	return b.String()
}

var longUppers = strings.NewReplacer("ß", "SS", "ŉ", "ʼN", "ﬀ", "FF", "ﬁ", "FI", "ﬂ", "FL", "ﬃ", "FFI", "ﬄ", "FFL", "ﬅ", "ST", "ﬆ", "ST")
