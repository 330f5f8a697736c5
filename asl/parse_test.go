package asl

import (
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

func parse(t *testing.T, name, text string) *StateMachine {
	t.Helper()
	m, ds := Parse(name, []byte(text))
	if m == nil {
		t.Fatalf("Parse failed: %v", ds)
	}
	return m
}

// Editors on Windows begin a file with a byte order mark; old ones on the Mac end
// lines with CR. Neither changes what a definition says, nor where.
func TestParseReadsWhatEditorsWrite(t *testing.T) {
	const text = "{\n  \"StartAt\": \"a\",\n  \"States\": {\"a\": {\"Type\": \"Succeed\"}}\n}\n"
	for name, text := range map[string]string{
		"byte order mark": "\ufeff" + text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "CR": strings.ReplaceAll(text, "\n", "\r"),
	} {
		for _, file := range []string{"m.json", ""} {
			m := parse(t, file, text)
			line, column, _ := m.Source.Locate(root.Field("States"))
			if m.StartAt != "a" || line != 3 || column != 3 {
				t.Errorf("%s, %q: StartAt %q, States at %d:%d", name, file, m.StartAt, line, column)
			}
		}
		broken := strings.Replace(text, "}}", "", 1)
		if _, ds := Parse("m.json", []byte(broken)); len(ds) != 1 || ds[0].Line != 5 {
			t.Errorf("%s: the mistake is at %+v", name, ds)
		}
	}
}

func TestParseNamesTheEncoding(t *testing.T) {
	for text, want := range map[string]string{
		"\xff\xfe{\x00}\x00": "UTF-16", "\xfe\xff\x00{\x00}": "UTF-16", "{\x00}\x00": "UTF-16", "\x00{\x00}": "UTF-16",
		"\xff\xfe\x00\x00{\x00\x00\x00": "UTF-32", "\x00\x00\x00{\x00\x00\x00}": "UTF-32",
	} {
		_, ds := Parse("m.json", []byte(text))
		if len(ds) != 1 || ds[0].Code != InvalidJSON || !strings.Contains(ds[0].Message, want+": store it as UTF-8") {
			t.Errorf("%q: %v", text, ds)
		}
	}
}

func TestParseReadsBothFormatsAlike(t *testing.T) {
	const asJSON = `{
  "Comment": "c",
  "StartAt": "a/b",
  "TimeoutSeconds": 10,
  "States": {
    "a/b": {"Type": "Wait", "Timestamp": "2016-03-14T01:59:00Z", "Next": "end"},
    "end": {"Type": "Pass", "Result": {"one": 1.0, "big": 9007199254740993, "yes": "yes", "null": null}, "End": true}
  }
}`
	const asYAML = `# a comment
Comment: c
StartAt: a/b
TimeoutSeconds: 10
States:
  a/b: {Type: Wait, Timestamp: 2016-03-14T01:59:00Z, Next: end}
  end:
    Type: Pass
    Result: {one: 1.0, big: 9007199254740993, yes: yes, null: ~}
    End: true
`
	j, y := parse(t, "", asJSON), parse(t, "", asYAML)
	if got, want := y.Source.Document.String(), j.Source.Document.String(); got != want {
		t.Errorf("documents differ\nYAML %s\nJSON %s", got, want)
	}
	for _, c := range []struct {
		m            *StateMachine
		at           *Place
		line, column int
	}{
		{j, nil, 1, 1},
		{j, root.Field("States").Field("a/b").Field("Next"), 6, 66},
		{j, root.Field("States").Field("end"), 7, 5},
		{y, root.Field("States").Field("a/b").Field("Next"), 6, 54},
		{y, root.Field("States").Field("end").Field("Result"), 9, 5},
	} {
		line, column, ok := c.m.Source.Locate(c.at)
		if !ok || line != c.line || column != c.column {
			t.Errorf("Locate(%s) = %d, %d, %v; want %d, %d", c.at, line, column, ok, c.line, c.column)
		}
	}
	w, ok := j.State("a/b").(*Wait)
	if !ok || w.Timestamp.Literal.Text() != "2016-03-14T01:59:00Z" || w.Next != "end" || w.Place.Pointer() != "/States/a~1b" {
		t.Errorf("the Wait state is %+v", j.State("a/b"))
	}
	if j.TimeoutSeconds != 10 || j.StartAt != "a/b" || j.Comment != "c" || len(j.States) != 2 {
		t.Errorf("the machine is %+v", j)
	}
}

func TestYAMLAnchorsAndMerges(t *testing.T) {
	m := parse(t, "m.yml", `
StartAt: a
x-retry: &retry
  - ErrorEquals: [States.ALL]
    IntervalSeconds: 0x10
x-base: &base {Type: Task, Resource: "wasm:f", Next: z}
States:
  a:
    <<: *base
    Retry: *retry
    Next: b
  b: {<<: [*base], End: true}
`)
	a, ok := m.State("a").(*Task)
	if !ok || a.Next != "b" || a.Resource.Name != "f" || len(a.Retry) != 1 || a.Retry[0].Interval != 16 {
		t.Fatalf("state a is %+v", m.State("a"))
	}
	if b := m.State("b").Base(); b.Next != "z" || !b.End {
		t.Errorf("state b is %+v", b)
	}
}

func TestYAMLBombIsRefused(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		p, q := string(rune('a'+i-1)), string(rune('a'+i))
		if i == 1 {
			p = "a0"
		}
		b.WriteString(q + ": &" + q + " [*" + p + ", *" + p + ", *" + p + ", *" + p + ", *" + p + ", *" + p + ", *" + p + "]\n")
	}
	m, ds := Parse("bomb.yaml", []byte(b.String()))
	if m != nil || len(ds) != 1 || ds[0].Code != InvalidJSON || ds[0].Line == 0 {
		t.Errorf("got %v, %v", m, ds)
	}
}

func TestParseFailsOnlyWithoutAnObject(t *testing.T) {
	for _, c := range []struct{ name, text, message string }{
		{"", `{"StartAt": "a",`, "Not JSON"},
		{"", `[]`, "an array"},
		{"", `hello`, "a string"},
		{"m.json", `hello`, "Not JSON"},
		{"m.yaml", "a: [", "Not YAML"},
		{"m.yaml", "a: 1\n---\nb: 2\n", "several"},
		{"m.yaml", "? [a]\n: 2\n", "key must be a text"},
		{"m.yaml", "a: .inf\n", "no number"},
		{"m.yaml", "# nothing", "null"},
	} {
		m, ds := Parse(c.name, []byte(c.text))
		if m != nil || len(ds) != 1 || ds[0].Severity != Error || ds[0].Code != InvalidJSON || !strings.Contains(ds[0].Message, c.message) {
			t.Errorf("Parse(%q, %q) = %v, %v; want a message with %q", c.name, c.text, m, ds, c.message)
		}
	}
	for _, text := range []string{"", " \n"} {
		if m, ds := Parse("m.yaml", []byte(text)); m != nil || len(ds) != 1 || ds[0].Code != MissingDescription {
			t.Errorf("Parse(%q) = %v, %v", text, m, ds)
		}
	}
	if m, ds := Parse("", []byte(`{}`)); m == nil || len(ds) != 0 {
		t.Errorf("Parse({}) = %v, %v; want a machine for Validate to judge", m, ds)
	}
}

func TestQueryLanguageDecidesWhatAFieldMeans(t *testing.T) {
	m := parse(t, "", `{"QueryLanguage": "JSONata", "StartAt": "w", "States": {
	  "w": {"Type": "Wait", "Seconds": "{% $n + 1 %}", "Next": "c"},
	  "c": {"Type": "Choice", "Choices": [{"Condition": "{% $x %}", "Next": "w"}, {"Condition": true, "Next": "m"}]},
	  "m": {"Type": "Map", "QueryLanguage": "JSONPath", "ItemsPath": null, "MaxConcurrencyPath": "$.n",
	    "Parameters": {"v.$": "$$.Map.Item.Value"},
	    "Iterator": {"StartAt": "f", "States": {"f": {"Type": "Fail", "Error": "{% $e %}", "Cause": "c"}}}, "End": true}
	}}`)
	if w := m.State("w").(*Wait); w.Seconds.Expr != "$n + 1" || w.Seconds.Literal.IsValid() {
		t.Errorf("Seconds is %+v", w.Seconds)
	}
	c := m.State("c").(*Choice)
	if e := c.Rules[0].Condition.(*Expression); e.Expr != "$x" {
		t.Errorf("the first condition is %+v", e)
	}
	if e := c.Rules[1].Condition.(*Expression); !e.Literal.Bool() {
		t.Errorf("the second condition is %+v", e)
	}
	mp := m.State("m").(*Map)
	if !mp.ItemsPath.Null || mp.MaxConcurrency.Path != "$.n" || mp.ItemSelector.Kind() != jsonvalue.Object {
		t.Errorf("the Map is %+v", mp)
	}
	f := mp.Processor.State("f").(*Fail)
	if f.QueryLanguage != JSONata || f.Error.Expr != "$e" || f.Cause.Literal.Text() != "c" {
		t.Errorf("a nested state takes the machine's language, not its Map's: %+v", f)
	}
}

func TestRetrierDefaults(t *testing.T) {
	m := parse(t, "", `{"StartAt": "t", "States": {"t": {"Type": "Task", "Resource": "wasm:f", "End": true,
	  "Retry": [{"ErrorEquals": ["A"]},
	            {"ErrorEquals": ["B", "C"], "IntervalSeconds": 2, "MaxAttempts": 0, "MaxDelaySeconds": 9, "BackoffRate": 1.5, "JitterStrategy": "FULL"}]}}}`)
	retry := m.State("t").(*Task).Retry
	if r := retry[0]; r.Interval != 1 || r.MaxAttempts != 3 || r.BackoffRate != 2 || r.MaxDelay != 0 || r.FullJitter {
		t.Errorf("defaults: %+v", r)
	}
	if r := retry[1]; r.Interval != 2 || r.MaxAttempts != 0 || r.BackoffRate != 1.5 || r.MaxDelay != 9 || !r.FullJitter || len(r.ErrorEquals) != 2 {
		t.Errorf("all given: %+v", r)
	}
}

func TestChoiceRules(t *testing.T) {
	m := parse(t, "", `{"StartAt": "c", "States": {"c": {"Type": "Choice", "Default": "d", "Choices": [
	  {"Variable": "$.a", "StringEqualsPath": "$.b", "Next": "x"},
	  {"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.a", "NumericLessThan": 3}}], "Next": "y"}]}}}`)
	rules := m.State("c").(*Choice).Rules
	if c := rules[0].Condition.(*Comparison); c.Operator != "StringEquals" || c.Path != "$.b" || c.Variable != "$.a" || c.Value.IsValid() {
		t.Errorf("first: %+v", c)
	}
	and := rules[1].Condition.(*And)
	not := and.Rules[1].(*Not).Rule.(*Comparison)
	if len(and.Rules) != 2 || not.Operator != "NumericLessThan" || not.Value.String() != "3" || rules[1].Next != "y" {
		t.Errorf("second: %+v, %+v", and, not)
	}
}
