package jsonvalue

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String gives the compact JSON text of v; "" when v is absent.
func (v Value) String() string {
	switch v.kind {
	case Number, Bool:
		return v.text
	case Null:
		return "null"
	}
	return string(v.AppendJSON(make([]byte, 0, v.EncodedLen())))
}

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.kind == Invalid {
		return []byte("null"), nil
	}
	return v.AppendJSON(nil), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *Value) UnmarshalJSON(text []byte) (err error) {
	*v, err = Parse(string(text))
	return err
}

// AppendJSON appends the compact JSON text of v to dst.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case Null:
		return append(dst, "null"...)
	case Bool, Number:
		return append(dst, v.text...)
	case String:
		return appendString(dst, v.text)
	case Array:
		dst = append(dst, '[')
		for i, e := range v.node.elems {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.AppendJSON(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i, e := range v.node.elems {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, v.node.keys[i]), ':')
			dst = e.AppendJSON(dst)
		}
		return append(dst, '}')
	case Invalid:
	}
	return dst
}

// EncodedLen gives len(v.String()) without making the text. Containers
// remember it, so that payload limits cost little.
func (v Value) EncodedLen() int {
	switch v.kind {
	case Null:
		return 4
	case Bool, Number:
		return len(v.text)
	case String:
		return stringLen(v.text)
	case Array, Object:
		if n := v.node.size.Load(); n > 0 {
			return int(n - 1)
		}
		n := 2 + max(0, len(v.node.elems)-1)
		for i, e := range v.node.elems {
			if v.kind == Object {
				n += stringLen(v.node.keys[i]) + 1
			}
			n += e.EncodedLen()
		}
		v.node.size.Store(int64(n) + 1)
		return n
	case Invalid:
	}
	return 0
}

// plain tells whether a byte stands for itself inside a JSON string.
func plain(c byte) bool { return c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf }

func stringLen(s string) int {
	n := len(s) + 2
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case plain(c):
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				n += 2 // one byte becomes the three of U+FFFD
			}
			i += size
			continue
		case strings.IndexByte("\"\\\b\f\n\r\t", c) >= 0:
			n++
		default:
			n += 5
		}
		i++
	}
	return n
}

// AppendQuoted appends s as a JSON string.
func AppendQuoted(dst []byte, s string) []byte { return appendString(dst, s) }

func appendString(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain(c) {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// FormatFloat writes a finite number as JavaScript's Number.prototype.toString
// does: the shortest digits that read back, an exponent from 1e21 and below 1e-6.
func FormatFloat(f float64) string {
	if f == 0 {
		return "0" // -0 too
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-6 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		// Go writes at least two digits of exponent, JavaScript as many as needed.
		if n := len(s); s[n-2] == '0' && (s[n-3] == '-' || s[n-3] == '+') {
			s = s[:n-2] + s[n-1:]
		}
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
