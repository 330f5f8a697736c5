package jackson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// The messages and columns are those of Jackson's sources (2.10 to 2.12).
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		text, message string
		line, column  int
	}{
		{"not a definition", "Unrecognized token 'not': was expecting " + expected, 1, 4},
		{"nul", "Unrecognized token 'nul': was expecting " + expected, 1, 4},
		{"truex", "Unrecognized token 'truex': was expecting " + expected, 1, 6},
		{"StartAt: A\nStates: {}", "Unrecognized token 'StartAt': was expecting " + expected, 1, 8},
		{"{a: 1}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", 1, 3},
		{`{"a": 1,}`, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 1, 10},
		{"{\n  \"a\" 1\n}", "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 2, 8},
		{`{"a": 1 "b": 2}`, `Unexpected character ('"' (code 34)): was expecting comma to separate Object entries`, 1, 10},
		{`[1 2]`, "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 5},
		{`[1, ]`, "Unexpected character (']' (code 93)): expected a valid value " + expected, 1, 6},
		{`{"a": }`, "Unexpected character ('}' (code 125)): expected a value", 1, 8},
		{`- a`, "Unexpected character (' ' (code 32)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value", 1, 3},
		{`01`, "Invalid numeric value: Leading zeroes not allowed", 1, 2},
		{`[1.]`, "Unexpected character (']' (code 93)) in numeric value: Decimal point not followed by a digit", 1, 5},
		{`[1e]`, "Unexpected character (']' (code 93)) in numeric value: Exponent indicator not followed by a digit", 1, 5},
		{`[NaN]`, "Non-standard token 'NaN': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow", 1, 5},
		{`[Nope]`, "Unrecognized token 'Nope': was expecting " + expected, 1, 6},
		{`"a`, "Unexpected end-of-input: was expecting closing quote for a string value", 1, 3},
		{`{"a`, "Unexpected end-of-input in field name", 1, 4},
		{`{"a"`, "Unexpected end-of-input within/between Object entries", 1, 5},
		{`[1,`, "Unexpected end-of-input within/between Array entries", 1, 4},
		{`["\q"]`, "Unrecognized character escape 'q' (code 113)", 1, 5},
		{`["\u00g0"]`, "Unexpected character ('g' (code 103)): expected a hex-digit for character escape sequence", 1, 8},
		{"[\"a\n\"]", "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value", 1, 5},
		{"[\x01]", `Illegal character ((CTRL-CHAR, code 1)): only regular white space (\r, \n, \t) is allowed between tokens`, 1, 3},
		{"// x\n{}", "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)", 1, 2},
		{"[“a”]", "Unexpected character ('“' (code 8220 / 0x201c)): expected a valid value " + expected, 1, 3},
		{`[1}`, `Unexpected close marker '}': expected ']' (for Array starting at [Source: (String)"[1}"; line: 1, column: 1])`, 1, 4},
		{"{\n \"a\": [", "Unexpected end-of-input: expected close marker for Array (start marker at [Source: (String)\"{\n \"a\": [\"; line: 2, column: 7])", 2, 8},
	} {
		got := Check(c.text)
		if got == nil {
			t.Errorf("%q is JSON?", c.text)
			continue
		}
		if got.Message != c.message || got.Line != c.line || got.Column != c.column {
			t.Errorf("%q\n got %d:%d %s\nwant %d:%d %s", c.text, got.Line, got.Column, got.Message, c.line, c.column, c.message)
		}
	}
}

func TestLocation(t *testing.T) {
	if got, want := Check("not a definition").Location(), `[Source: (String)"not a definition"; line: 1, column: 4]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	long := Check("x" + strings.Repeat(" ", 600)).Location()
	if want := fmt.Sprintf(`[Source: (String)"x%s"[truncated 101 chars]; line: 1, column: 2]`, strings.Repeat(" ", 499)); long != want {
		t.Errorf("got %s, want %s", long, want)
	}
}

// What another parser takes is no mistake, and the other way round but for what
// Jackson leaves to its users: nothing at all, and the depth.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{`{"a": [1, -2.5e+3, "\u00e9", null, true]}`, "[", `{"a":`, `"\`, "1 2", "-", "\"\xff\"", strings.Repeat("[", 20_000)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		wrong := Check(text)
		if wrong != nil && json.Valid([]byte(text)) {
			t.Errorf("%q is JSON: %v", text, wrong)
		}
		if wrong == nil && !json.Valid([]byte(text)) && strings.TrimSpace(text) != "" && strings.Count(text, "[")+strings.Count(text, "{") < maxDepth {
			t.Errorf("%q is no JSON, but nothing is wrong", text)
		}
	})
}
