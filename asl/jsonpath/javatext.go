package jsonpath

import (
	"math"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// JavaText writes a value as Java's toString does it, which is how Jayway's
// messages and States.Format show it: {a=1, b=[x, null]}, 1.0E10, a string
// without quotes.
func JavaText(v jsonvalue.Value) string {
	switch v.Kind() {
	case jsonvalue.String:
		return v.Text()
	case jsonvalue.Number:
		return javaNumber(v)
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Array, jsonvalue.Object:
	}
	return string(appendJava(nil, v))
}

func appendJava(dst []byte, v jsonvalue.Value) []byte {
	switch v.Kind() {
	case jsonvalue.String:
		return append(dst, v.Text()...)
	case jsonvalue.Number:
		return append(dst, javaNumber(v)...)
	case jsonvalue.Bool:
		return strconv.AppendBool(dst, v.Bool())
	case jsonvalue.Array:
		dst = append(dst, '[')
		for i, e := range v.Elems() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendJava(dst, e)
		}
		return append(dst, ']')
	case jsonvalue.Object:
		dst = append(dst, '{')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(append(dst, v.KeyAt(i)...), '=')
			dst = appendJava(dst, v.At(i))
		}
		return append(dst, '}')
	case jsonvalue.Null, jsonvalue.Invalid:
	}
	return append(dst, "null"...)
}

// isFraction tells whether Jackson reads a number as a Double: it has a point
// or an exponent.
func isFraction(text string) bool { return strings.ContainsAny(text, ".eE") }

func javaNumber(v jsonvalue.Value) string {
	if text := v.Text(); !isFraction(text) {
		return text
	}
	return JavaDouble(v.Float64())
}

// JavaDouble is Java's Double.toString: always with a point, an exponent outside
// [10^-3, 10^7).
func JavaDouble(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case math.IsNaN(f):
		return "NaN"
	}
	a := math.Abs(f)
	if a == 0 || a >= 1e-3 && a < 1e7 {
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n)
}

// javaClass is the class Jackson reads a value into.
func javaClass(v jsonvalue.Value) string {
	switch v.Kind() {
	case jsonvalue.Bool:
		return "java.lang.Boolean"
	case jsonvalue.String:
		return "java.lang.String"
	case jsonvalue.Array:
		return "java.util.ArrayList"
	case jsonvalue.Object:
		return "java.util.LinkedHashMap"
	case jsonvalue.Number:
		n, err := strconv.ParseInt(v.Text(), 10, 64)
		switch {
		case isFraction(v.Text()):
			return "java.lang.Double"
		case err != nil:
			return "java.math.BigInteger"
		case n == int64(int32(n)):
			return "java.lang.Integer"
		}
		return "java.lang.Long"
	case jsonvalue.Null, jsonvalue.Invalid:
	}
	return "null"
}
