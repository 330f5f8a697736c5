package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// jsonWriter writes values as JSON.stringify does.
type jsonWriter struct {
	out    []byte
	round  bool // numbers to 15 digits and functions as "", for $string
	pretty bool // two spaces a level
	level  int
	most   int   // bytes to be written, 0: any number
	err    error // too many bytes, or a number that JSON cannot hold, when round is set

	account *bounds.Account // of the work; nil: nobody counts
	counted int             // bytes whose work was counted
}

func (w *jsonWriter) write(v value) {
	switch v.kind {
	case undefined, null, bound, tail:
		w.out = append(w.out, "null"...)
	case boolean:
		w.out = strconv.AppendBool(w.out, v.num != 0)
	case number:
		w.number(v)
	case text:
		w.quote(v.text)
	case callable:
		w.out = append(w.out, `""`...)
	case list:
		w.array(v.array())
	case object:
		w.object(v.object())
	}
}

// full tells whether too much has been written.
func (w *jsonWriter) full() bool {
	if w.err != nil {
		return true
	}
	if n := len(w.out) - w.counted; w.account != nil && n >= bytesScanned {
		w.counted = len(w.out)
		if w.err = w.account.Spend(n / (bytesScanned / 8)); w.err != nil {
			return true
		}
	}
	if w.most == 0 || len(w.out) <= w.most {
		return false
	}
	w.err = limit("The string takes more than %d bytes", w.most)
	return true
}

func (w *jsonWriter) number(v value) {
	switch {
	case math.IsInf(v.num, 0) && w.round && w.err == nil:
		w.err = outOfRange(v)
	case math.IsInf(v.num, 0) || math.IsNaN(v.num):
		w.out = append(w.out, "null"...)
	case w.round:
		w.out = append(w.out, jsonvalue.FormatFloat(round15(v.num))...)
	default:
		w.out = append(w.out, jsonvalue.FormatFloat(v.num)...)
	}
}

// round15 rounds to 15 significant digits, which hides what binary fractions
// leave behind: 0.1 + 0.2 is 0.3.
func round15(f float64) float64 {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return f
	}
	r, _ := strconv.ParseFloat(toPrecision15(f), 64)
	return r
}

// toPrecision15 is JavaScript's toPrecision: a number in the middle between two
// of 15 digits becomes the larger one, where Go takes the even one.
func toPrecision15(f float64) string {
	exact := strconv.FormatFloat(math.Abs(f), 'e', 40, 64) // d.ddd…e±x
	if len(exact) > 42 && exact[16] == '5' && strings.Trim(exact[17:42], "0") == "" {
		f = math.Nextafter(f, math.Copysign(math.Inf(1), f))
	}
	return strconv.FormatFloat(f, 'e', 14, 64)
}

func (w *jsonWriter) array(a *array) {
	n := a.len()
	w.out = append(w.out, '[')
	w.level++
	for i := range n {
		if w.full() {
			return
		}
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.newline()
		w.write(a.at(i))
	}
	w.level--
	if n > 0 {
		w.newline()
	}
	w.out = append(w.out, ']')
}

func (w *jsonWriter) object(m *members) {
	w.out = append(w.out, '{')
	w.level++
	empty := true
	for i := range m.len() {
		if w.full() {
			return
		}
		v := m.value(i)
		if v.kind == undefined {
			continue
		}
		if !empty {
			w.out = append(w.out, ',')
		}
		empty = false
		w.newline()
		w.quote(m.key(i))
		w.out = append(w.out, ':')
		if w.pretty {
			w.out = append(w.out, ' ')
		}
		w.write(v)
	}
	w.level--
	if !empty {
		w.newline()
	}
	w.out = append(w.out, '}')
}

func (w *jsonWriter) newline() {
	if w.pretty {
		w.out = append(w.out, '\n')
		for range w.level {
			w.out = append(w.out, "  "...)
		}
	}
}

// quote writes a string; lone surrogates are written as \uXXXX.
func (w *jsonWriter) quote(s string) {
	const hex = "0123456789abcdef"
	w.out = append(w.out, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := decode(s[i:])
			if utf16.IsSurrogate(r) {
				w.out = append(w.out, `\u`...)
				w.out = strconv.AppendInt(w.out, int64(r), 16)
			} else {
				w.out = utf8.AppendRune(w.out, r)
			}
			i += size
			continue
		}
		switch at := strings.IndexByte("\"\\\b\f\n\r\t", c); {
		case at >= 0:
			w.out = append(w.out, '\\', `"\bfnrt`[at])
		case c < 0x20:
			w.out = append(w.out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			w.out = append(w.out, c)
		}
		i++
	}
	w.out = append(w.out, '"')
}

// stringify is $string: strings as they are, everything else as JSON.
func (ev *evaluation) stringify(v value, pretty bool) (string, error) {
	switch v.kind {
	case text:
		return v.text, nil
	case callable:
		return "", nil
	case number:
		if math.IsInf(v.num, 0) || math.IsNaN(v.num) {
			return "", fault("D3001").of(v)
		}
		return jsonvalue.FormatFloat(round15(v.num)), nil
	case list:
		if a := v.array(); a.outerWrapper && a.len() > 0 {
			v = a.at(0)
		}
	case undefined, null, boolean, object, bound, tail:
	}
	w := jsonWriter{round: true, pretty: pretty, account: ev.account}
	w.most = int(ev.account.Free() / 4) // growing takes more than the result
	w.write(v)
	w.full()
	return string(w.out), w.err
}
