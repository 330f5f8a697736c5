package api

import (
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

const expectedValue = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

func TestParsePayloadNamesTheMistake(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":[1,2.5e3,"x\u00e9",null]}`: "",
		`2`:                              "",
		` "some text" `:                  "",
		`not some json`:                  "Unrecognized token 'not': " + expectedValue,
		`{'not': 'json'`:                 "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
		`{"a" 1}`:                        "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
		`{"a":1 "b":2}`:                  "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
		`[1 2]`:                          "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
		`{"a":1`:                         `Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)"{"a":1"; line: 1, column: 1])`,
		`[`:                              `Unexpected end-of-input: expected close marker for Array (start marker at [Source: (String)"["; line: 1, column: 1])`,
		`"abc`:                           "Unexpected end-of-input: was expecting closing quote for a string value",
		"\"a\tb\"":                       "Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped using backslash to be included in string value",
		`"\q"`:                           "Unrecognized character escape 'q' (code 113)",
		`01`:                             "Invalid numeric value: Leading zeroes not allowed",
		`{}{}`:                           "Trailing token (of type START_OBJECT) found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`",
		`[,]`:                            "Unexpected character (',' (code 44)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
	} {
		v, problem := parsePayload(text)
		if problem != want {
			t.Errorf("%s:\n got %s\nwant %s", text, problem, want)
		}
		if want == "" && !v.IsValid() {
			t.Errorf("%s: no value", text)
		}
	}
}

func FuzzParsePayload(f *testing.F) {
	for _, text := range []string{"", `{"a":[1,true]}`, `[[[[`, `{"a":"\ud800"}`, "\x00", `-`, strings.Repeat("[", 5000)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := jsonvalue.Parse(text)
		if _, problem := parsePayload(text); (problem == "") != (err == nil) {
			t.Errorf("%q: %q, but %v", text, problem, err)
		}
	})
}
