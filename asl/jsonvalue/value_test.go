package jsonvalue

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParseKeepsOrderAndNumberText(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `false`, `0`, `-0`, `1.0`, `1e2`, `9007199254740993`, `123456789012345678901234567890`,
		`""`, `"a"`, `"ä😀"`, `[]`, `{}`, `[1,[2,{"b":1,"a":2}],"x"]`, `{"z":1,"a":{"y":[],"b":null}}`,
		`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13}`,
		`"\"\\\b\f\n\r\t\u0001\u001F"`,
	} {
		v, err := Parse(text)
		if err != nil {
			t.Errorf("Parse(%s): %v", text, err)
			continue
		}
		if got := v.String(); got != text {
			t.Errorf("Parse(%s) is written as %s", text, got)
		}
		if v.EncodedLen() != len(text) {
			t.Errorf("EncodedLen of %s is %d, want %d", text, v.EncodedLen(), len(text))
		}
	}
}

func TestParseReadsEscapesAndSpaces(t *testing.T) {
	for text, want := range map[string]string{
		" [ 1 , 2 ]\n":                     `[1,2]`,
		`"\u00e4\ud83d\ude00\/"`:           `"ä😀/"`,
		`"\ud83d"`:                         "\"\uFFFD\"",
		`"\ud83dx"`:                        "\"\uFFFDx\"",
		`{"a":1,"b":2,"a":3}`:              `{"a":3,"b":2}`,
		"{\t\"a\" :\r\n [ ] , \"b\":{ } }": `{"a":[],"b":{}}`,
	} {
		v, err := Parse(text)
		if err != nil {
			t.Errorf("Parse(%q): %v", text, err)
		} else if v.String() != want {
			t.Errorf("Parse(%q) = %s, want %s", text, v, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]SyntaxError{
		``:                              {0, 1, 1, "unexpected end"},
		"{\n \"a\" 1}":                  {7, 2, 6, "expected ':'"},
		`{"a":1,}`:                      {7, 1, 8, "member's name"},
		`[1,]`:                          {3, 1, 4, "where a value should start"},
		`[1 2]`:                         {3, 1, 4, "expected ',' or ']'"},
		`01`:                            {1, 1, 2, "after the JSON value"},
		`1.`:                            {2, 1, 3, "after its point"},
		`1e`:                            {2, 1, 3, "exponent"},
		`-`:                             {1, 1, 2, "needs a digit"},
		`+1`:                            {0, 1, 1, "where a value"},
		`NaN`:                           {0, 1, 1, "where a value"},
		`nul`:                           {0, 1, 1, "where a value"},
		`"a`:                            {2, 1, 3, "closing quote"},
		`"\x"`:                          {1, 1, 2, "no escape"},
		`"\u12"`:                        {1, 1, 2, "four hexadecimal"},
		"\"\n\"":                        {1, 1, 2, "control character"},
		"\"\xff\"":                      {1, 1, 2, "UTF-8"},
		"\"\\n\xff\"":                   {1, 1, 2, "UTF-8"},
		`{} x`:                          {3, 1, 4, "after the JSON value"},
		strings.Repeat("[", MaxDepth+1): {MaxDepth, 1, MaxDepth + 1, "deeper"},
	} {
		_, err := Parse(text)
		var got *SyntaxError
		if !errors.As(err, &got) {
			t.Errorf("Parse(%.20q) gives %v, want a SyntaxError", text, err)
			continue
		}
		if got.Offset != want.Offset || got.Line != want.Line || got.Column != want.Column || !strings.Contains(got.Msg, want.Msg) {
			t.Errorf("Parse(%.20q) gives %+v, want %+v", text, *got, want)
		}
	}
}

func TestParseTracked(t *testing.T) {
	text := "{\n  \"x\": [1, {\"b/c\": 2}],\n  \"a\": 1,\n  \"a\": 3\n}"
	_, pos, err := ParseTracked(text)
	if err != nil {
		t.Fatal(err)
	}
	at := func(s *Spot, n int) string { return text[s.Offset : s.Offset+n] }
	root := pos.Root
	list := root.Member("x").Elem(1)
	for want, got := range map[string]string{
		"{": at(root, 1), "3": at(root.Member("a"), 1), "[1": at(root.Member("x"), 2), `{"b/c"`: at(list, 6), "2": at(list.Member("b/c"), 1),
	} {
		if got != want {
			t.Errorf("%q stands where %q should", got, want)
		}
	}
	inner := list.Member("b/c")
	if text[inner.KeyOffset:inner.KeyOffset+5] != `"b/c"` || inner.Key != "b/c" || inner.Parent != list || list.Index != 1 {
		t.Errorf("the inner member is %+v", inner)
	}
	if root.Member("no").Elem(3).Member("x") != nil || root.Member("x").Elem(2) != nil {
		t.Error("what is not there has a spot")
	}
	if len(pos.Duplicates) != 1 || pos.Duplicates[0] != root.Member("a") {
		t.Fatalf("duplicates: %v", pos.Duplicates)
	}
	if line, col := LineColumn(text, pos.Duplicates[0].KeyOffset); line != 4 || col != 3 {
		t.Errorf("the duplicate is at %d:%d, want 4:3", line, col)
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "-0": math.Copysign(0, -1), "12": 12, "-7": -7, "1.5": 1.5, "1e400": math.Inf(1), "999999999999999": 999999999999999} {
		if got := NumberOf(text).Float64(); got != want || math.Signbit(got) != math.Signbit(want) {
			t.Errorf("Float64(%s) = %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]int64{"0": 0, "1.0": 1, "1e2": 100, "-9223372036854775808": math.MinInt64, "9007199254740993": 9007199254740993} {
		if got, ok := NumberOf(text).Int64(); !ok || got != want {
			t.Errorf("Int64(%s) = %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"1.5", "1e30", "9223372036854775808"} {
		if got, ok := NumberOf(text).Int64(); ok {
			t.Errorf("Int64(%s) = %d, want none", text, got)
		}
	}
	for want, f := range map[string]float64{"0": math.Copysign(0, -1), "1": 1, "0.1": 0.1, "1e+21": 1e21, "100000000000000000000": 1e20, "0.000001": 1e-6, "1e-7": 1e-7, "1.5e-10": 1.5e-10, "1.7976931348623157e+308": math.MaxFloat64} {
		if got := FormatFloat(f); got != want {
			t.Errorf("FormatFloat(%v) = %s, want %s", f, got, want)
		}
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true},
		{`1`, `"1"`, false},
		{`{"a":1,"b":2}`, `{"b":2,"a":1.0}`, true},
		{`[1,2]`, `[2,1]`, false},
		{`9007199254740993`, `9007199254740992`, false},
		{`null`, `false`, false},
		{`{"a":1}`, `{"a":1,"b":null}`, false},
		{`{"a":1}`, `{"b":1}`, false},
	} {
		if got := Equal(MustParse(c.a), MustParse(c.b)); got != c.want {
			t.Errorf("Equal(%s, %s) = %v", c.a, c.b, got)
		}
	}
}

func TestWithLeavesTheOriginalAlone(t *testing.T) {
	v := MustParse(`{"a":1,"b":2}`)
	if got := v.With("a", True).With("c", NullValue).Without("b").String(); got != `{"a":true,"c":null}` {
		t.Errorf("got %s", got)
	}
	if v.String() != `{"a":1,"b":2}` {
		t.Errorf("the original became %s", v)
	}
}

func FuzzParseAgreesWithEncodingJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"x\u00e4\ud83d"],"b":null}`, `[`, `"\ud800"`, "\"\x80\"", ` 1 `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if err != nil {
			return // stricter about UTF-8 and depth, so only acceptance is compared
		}
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Skip() // numbers beyond a double
		}
		out := v.String()
		if len(out) != v.EncodedLen() {
			t.Fatalf("EncodedLen %d, text %d: %s", v.EncodedLen(), len(out), out)
		}
		again, err := Parse(out)
		if err != nil || !Equal(v, again) {
			t.Fatalf("%q does not survive: %q, %v", text, out, err)
		}
	})
}
