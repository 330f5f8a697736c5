package substitution

import (
	"fmt"
	"strings"
	"testing"
)

func TestPlaces(t *testing.T) {
	for text, want := range map[string]string{
		`${A}`:                            "[A]",
		`"${A}:${B.Arn}" ${AWS::Region}`:  "[A B.Arn AWS::Region]",
		`${self:provider.stage}`:          "[self:provider.stage]",
		`${aws_lambda_function.pay.arn}`:  "[aws_lambda_function.pay.arn]",
		`${!Literal} $${terraform}`:       "[]",
		`${} ${ A } ${1} ${a"b} ${a ${b}`: "[b]",
		`$states.input.${x}`:              "[x]",
		`{% '${x}' %}`:                    "[x]",
		`${open`:                          "[]",
		`$${a} ${b}`:                      "[b]",
	} {
		names := []string{}
		for p := range Places(text) {
			names = append(names, p.Name)
			if got := text[p.Start:p.End]; got != "${"+p.Name+"}" {
				t.Errorf("%s: %s is at %q", text, p.Name, got)
			}
		}
		if got := fmt.Sprint(names); got != want {
			t.Errorf("%s has %s, want %s", text, got, want)
		}
	}
}

func TestApply(t *testing.T) {
	values := Values{
		"n": "5", "arn": "arn:aws:x", "object": `{"a": 1}`, "quoted": `say "hi"`, "lines": "a\nb",
		"escaped": `a\"b`, "path": `C:\temp`, "self": "${self}", "empty": "",
	}
	for text, want := range map[string]string{
		`{"MaxConcurrency": ${n}}`:       `{"MaxConcurrency": 5}`,
		`{"Resource": "${arn}:${none}"}`: `{"Resource": "arn:aws:x:${none}"}`,
		`{"Result": ${object}}`:          `{"Result": {"a": 1}}`,
		`{"Result": "${object}"}`:        `{"Result": "{\"a\": 1}"}`,
		`{"a": "${quoted}"}`:             `{"a": "say \"hi\""}`,
		`{"a": "\"${quoted}"}`:           `{"a": "\"say \"hi\""}`,
		`{"a": "${lines}"}`:              `{"a": "a\nb"}`,
		`{"a": "${escaped}"}`:            `{"a": "a\"b"}`, // as CloudFormation puts it
		`{"a": "${path}"}`:               `{"a": "C:\temp"}`,
		`a: ${n}`:                        `a: 5`,
		`a: ${self}`:                     `a: ${self}`, // once
		`a${empty}b${empty}`:             `ab`,
		`nothing`:                        `nothing`,
	} {
		got := Apply(text, values.Lookup).Text
		if got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}

func TestTheFirstLookupThatKnowsCounts(t *testing.T) {
	look := First(nil, Values{"a": "1"}.Lookup, Values{"a": "2", "b": "3"}.Lookup)
	if got := Apply("${a}${b}${c}", look).Text; got != "13${c}" {
		t.Error(got)
	}
}

// Every position of what was made is one in the file that somebody wrote.
func TestPosition(t *testing.T) {
	file := "{\"a\": \"${long}\", \"b\": 1,\n \"c\": ${lines}, \"d\": \"${none}\", \"e\":\n${short}, \"f\": 2}"
	text := Apply(file, Values{"long": strings.Repeat("x", 40), "lines": "[1,\n2,\n3]", "short": "0"}.Lookup)
	for _, word := range []string{`"a"`, `"b"`, `"c"`, `"d"`, `"e"`, `"f"`, `${none}`} {
		want := position(file, strings.Index(file, word))
		made := position(text.Text, strings.Index(text.Text, word))
		if line, column := text.Position(made[0], made[1]); [2]int{line, column} != want {
			t.Errorf("%s is at %d:%d, want %v", word, line, column, want)
		}
	}
	inside := position(text.Text, strings.Index(text.Text, "3]"))
	if line, column := text.Position(inside[0], inside[1]); [2]int{line, column} != position(file, strings.Index(file, "${lines}")) {
		t.Errorf("what is inside a value is at %d:%d", line, column)
	}
	if line, column := text.Position(99, 1); line != 99 || column != 1 {
		t.Errorf("no such line is at %d:%d", line, column)
	}
}

func position(text string, offset int) [2]int {
	line := strings.Count(text[:offset], "\n") + 1
	return [2]int{line, offset - strings.LastIndex(text[:offset], "\n")}
}

func TestLinesEndInThreeWays(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := Apply("a"+end+"${x} b", Values{"x": "12345678"}.Lookup)
		if line, column := text.Position(2, 10); line != 2 || column != 6 {
			t.Errorf("%q: b is at %d:%d", end, line, column)
		}
	}
}

func FuzzApply(f *testing.F) {
	f.Add(`{"a": "${a}", "b": ${b}}`, "x\"\n", "1")
	f.Add("${a", "", "")
	f.Fuzz(func(t *testing.T, original, a, b string) {
		text := Apply(original, Values{"a": a, "b": b}.Lookup)
		for offset := range len(text.Text) + 1 {
			made := position(strings.NewReplacer("\r\n", "\r\n", "\r", "\n").Replace(text.Text), offset)
			line, column := text.Position(made[0], made[1])
			lines := strings.Split(strings.NewReplacer("\r\n", "\r\n", "\r", "\n").Replace(original), "\n")
			if line < 1 || line > len(lines) || column < 1 || column > len(lines[line-1])+1 {
				t.Fatalf("%q, %q, %q: %v is at %d:%d", original, a, b, made, line, column)
			}
		}
	})
}
