package asl

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// yamlMachine is a Pass state with a Result of YAML; what is indented by eight
// spaces goes on with it.
func yamlMachine(result string) string {
	return "StartAt: x\nStates:\n  x:\n    Type: Pass\n    End: true\n    Result:" + result + "\n"
}

// A mistake of the text stands where it was made, and what helps stands beside it.
func TestYAMLMistakesStandWhereTheyAre(t *testing.T) {
	for _, c := range []struct {
		name, text   string
		line, column int
		message      string
		hint         string
	}{
		{"a second colon in the first line", "Comment: a: b\nStartAt: x\n", 1, 11, "mapping values are not allowed", "quotes"},
		{"characters of several bytes before it", "Comment: ä: ö: b\n", 1, 12, "mapping values", "quotes"},
		{"an expression without quotes", yamlMachine(" {% $x %}"), 6, 14, "cannot start any token", "put a JSONata expression in quotes: '{% … %}'"},
		{"an expression without quotes in a list", yamlMachine("\n      - {% $x %}"), 7, 10, "cannot start any token", "JSONata"},
		{"a tab", "StartAt: x\nStates:\n\tx: 1\n", 3, 1, "cannot start any token", "tabs"},
		{"quotes that are not closed", "StartAt: \"x\nStates: {}\n", 1, 10, "no closing quote", ""},
		{"single quotes that are not closed", "a: 1\nb: 'x\n", 2, 4, "no closing quote", ""},
		{"a list that is not closed", "a: [1, 2\nb: 3\n", 2, 2, "did not find expected ',' or ']' while parsing a flow sequence that begins at 1:4", ""},
		{"a mapping that is not closed", "a: {b: 1\nc: 2\n", 2, 2, "did not find expected ',' or '}'", ""},
		{"a member that is indented less", "a:\n    b: 1\n  c: 2\n", 3, 3, "did not find expected key", ""},
		{"an anchor that is not there", "a: *no\n", 1, 4, "unknown anchor 'no'", "begins with *"},
		{"a text that begins with an at sign", "a: @x\n", 1, 4, "cannot start any token", "begins with @"},
		{"an escape that is none", "a: \"\\q\"\n", 1, 5, "unknown escape", ""},
		{"a control character", "a: 1\nb: \x01\n", 2, 4, "control characters", ""},
		{"what is not UTF-8", "a: 1\nb: x\xff\n", 2, 5, "UTF-8", ""},
		{"a second document", "a: 1\n---\nb: 2\n", 2, 1, "several", "one file"},
		{"a mistake in a second document", "a: 1\n---\nb: c: d\n", 3, 5, "mapping values", ""},
		{"a key that is no text", "? [a]\n: b\n", 1, 3, "must be a text", ""},
		{"a merge of a text", "a: 1\n<<: b\n", 2, 5, "must name a mapping", ""},
		{"no number of JSON", yamlMachine(" .nan"), 6, 13, "JSON has no number .nan", ""},
		{"no number of JSON either", yamlMachine(" -.inf"), 6, 13, "JSON has no number -.inf", ""},
		{"a tag", yamlMachine("\n      t: !Ref Orders"), 7, 10, "the tag !Ref", "${NAME}"},
		{"a tag of a list", yamlMachine("\n      t: !Sub [a, {b: 1}]"), 7, 10, "the tag !Sub", ""},
		{"a tag of a mapping", yamlMachine(" !GetAtt\n      a: 1"), 6, 13, "the tag !GetAtt", ""},
		{"a tag of YAML that JSON has no values for", yamlMachine(" !!binary aGk="), 6, 13, "the tag !!binary", ""},
		{"a tag with a name of its own", yamlMachine(" !<tag:example.com,2026:x> a"), 6, 13, "tag:example.com,2026:x", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, ds := Parse("m.yaml", []byte(c.text))
			if m != nil || len(ds) != 1 {
				t.Fatalf("%q gives %v", c.text, ds)
			}
			d := ds[0]
			if d.Line != c.line || d.Column != c.column || !strings.Contains(d.Message, c.message) || !strings.Contains(d.Hint, c.hint) {
				t.Errorf("%q\n got %d:%d %s\n     hint %q\nwant %d:%d %s\n     hint %q",
					c.text, d.Line, d.Column, d.Message, d.Hint, c.line, c.column, c.message, c.hint)
			}
		})
	}
}

func TestYAMLValues(t *testing.T) {
	for text, want := range map[string]string{
		"yes": `"yes"`, "on": `"on"`, "TRUE": `true`, "~": `null`, "": `null`, "Null": `null`,
		"010": `8`, "0o10": `8`, "089": `"089"`, "012345678901": `"012345678901"`, "0": `0`, "-0": `-0`, "00": `0`,
		"0x1F": `31`, "0b101": `5`, "1_000": `1000`, "+1": `1`, ".5": `0.5`, "1.": `1`, "1.0": `1.0`, "1e3": `1e3`, "1.50": `1.50`,
		"123456789012345678901234567890": `123456789012345678901234567890`,
		"2026-01-31":                     `"2026-01-31"`, "2026-01-31T10:00:00Z": `"2026-01-31T10:00:00Z"`, "12:30:00": `"12:30:00"`,
		"! 12": `"12"`, "!!str 12": `"12"`, `"12"`: `"12"`, "!!float 1": `1`, `!!int "5"`: `5`,
		"'{% $x %}'": `"{% $x %}"`, "${x}": `"${x}"`, `a#b`: `"a#b"`, "$.a[0]": `"$.a[0]"`,
		"\n      {1: a, true: b, null: c}": `{"1":"a","true":"b","null":"c"}`,
	} {
		m, ds := Parse("m.yaml", []byte(yamlMachine(" "+text)))
		if m == nil {
			t.Errorf("%q: %v", text, ds)
			continue
		}
		if got := m.Source.Document.Field("States").Field("x").Field("Result").String(); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestYAMLMergesAsMuchAsItNames(t *testing.T) {
	text := `
StartAt: a
Retry: &retry
  - {ErrorEquals: [States.ALL], MaxAttempts: 3}
Task: &task {Type: Task, Resource: "wasm:f", Retry: *retry, End: true}
More: &more {TimeoutSeconds: 5, End: false}
States:
  a:
    <<: *task
    Comment: own
    End: false
  b:
    <<: [*more, *task]
  c: *task
  d: {"<<": 1}
`
	m, ds := Parse("m.yaml", []byte(text))
	if m == nil {
		t.Fatal(ds)
	}
	for name, want := range map[string]string{
		"a": `{"Comment":"own","End":false,"Type":"Task","Resource":"wasm:f","Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":3}]}`,
		"b": `{"TimeoutSeconds":5,"End":false,"Type":"Task","Resource":"wasm:f","Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":3}]}`,
		"c": `{"Type":"Task","Resource":"wasm:f","Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":3}],"End":true}`,
		"d": `{"<<":1}`,
	} {
		if got := m.Source.Document.Field("States").Field(name).String(); got != want {
			t.Errorf("%s is %s\nwant %s", name, got, want)
		}
	}
	at := (*Place)(nil).Field("States").Field("c").Field("Resource")
	if line, _, _ := m.Source.Locate(at); line != 5 {
		t.Errorf("what an alias names stands in line %d, want 5", line)
	}
}

// tagsOf resolves !Ref, and nothing else.
type tagsOf map[string]string

func (t tagsOf) ResolveTag(tag string, v jsonvalue.Value) (jsonvalue.Value, error) {
	value, ok := t[tag+" "+v.String()]
	if !ok {
		return v, errors.New("no value for " + tag + " " + v.String())
	}
	return jsonvalue.StringOf(value), nil
}

// A template's loader gives the values of its tags.
func TestTagsCanBeResolved(t *testing.T) {
	text := yamlMachine("\n      t: !Ref Orders\n      u: [!GetAtt [Pay, !Ref Attribute]]")
	tags := tagsOf{`!Ref "Orders"`: "orders-1", `!Ref "Attribute"`: "Arn", `!GetAtt ["Pay","Arn"]`: "arn:aws:x"}
	m, ds := Parse("m.yaml", []byte(text), ResolveTags(tags))
	if m == nil {
		t.Fatal(ds)
	}
	if got := m.Source.Document.Field("States").Field("x").Field("Result").String(); got != `{"t":"orders-1","u":["arn:aws:x"]}` {
		t.Error(got)
	}
	_, ds = Parse("m.yaml", []byte(yamlMachine("\n      t: !Ref Nope")), ResolveTags(tags))
	if len(ds) != 1 || ds[0].Message != `no value for !Ref "Nope"` || ds[0].Line != 7 || ds[0].Column != 10 {
		t.Error(ds)
	}
}

func TestTemplatesAreNoDefinitions(t *testing.T) {
	for name, c := range map[string]struct{ file, text, what string }{
		"SAM":            {"t.yaml", "Transform: AWS::Serverless-2016-10-31\nResources: {F: {Properties: {Role: !GetAtt R.Arn}}}\n", "an AWS SAM template"},
		"SAM as JSON":    {"t.json", `{"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}`, "an AWS SAM template"},
		"CloudFormation": {"t.yml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n", "a CloudFormation template"},
		"CDK":            {"M.template.json", `{"Resources": {"C": {"Type": "AWS::CDK::Metadata"}}}`, "a CloudFormation template that AWS CDK made"},
		"serverless":     {"serverless.yml", "service: s\nprovider: {name: aws}\nstepFunctions: {}\n", "a serverless.yml"},
		"Terraform":      {"main.tf", "resource \"aws_sfn_state_machine\" \"m\" {\n}\n", "a Terraform configuration"},
	} {
		m, ds := Parse(c.file, []byte(c.text))
		if m != nil || len(ds) != 1 || ds[0].Code != NotADefinition || ds[0].Message != "This is "+c.what+", not the definition of a state machine" || ds[0].Hint == "" {
			t.Errorf("%s: %+v", name, ds)
		}
	}
	for _, text := range []string{`{"Type": "Pass", "End": true}`, `{"StartAt": "x", "States": {"x": {"Type": "Pass", "End": true}}, "Resources": {}}`, `{}`} {
		if _, ds := Parse("", []byte(text)); len(ds) > 0 {
			t.Errorf("%s: %v", text, ds)
		}
	}
	// The API says what AWS says.
	if _, ds := Check("", []byte(`{"Resources": {}}`), JSONOnly); fmt.Sprint(ds[0]) != "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /" {
		t.Error(ds)
	}
}

// AWS's API reads JSON alone, and quotes its parser (recorded).
func TestTheAPIReadsJSONAlone(t *testing.T) {
	for text, want := range map[string]string{
		"not a definition":       `INVALID_JSON_DESCRIPTION: Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at [Source: (String)"not a definition"; line: 1, column: 4]`,
		"StartAt: x\nStates: {}": "INVALID_JSON_DESCRIPTION: Unrecognized token 'StartAt': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at [Source: (String)\"StartAt: x\nStates: {}\"; line: 1, column: 8]",
		`{"StartAt": "x",}`:      `INVALID_JSON_DESCRIPTION: Unexpected character ('}' (code 125)): was expecting double-quote to start field name at [Source: (String)"{"StartAt": "x",}"; line: 1, column: 18]`,
	} {
		_, ds := Check("m.yaml", []byte(text), JSONOnly)
		if len(ds) != 1 || ds[0].String() != want {
			t.Errorf("%q\n got %v\nwant %s", text, ds, want)
		}
	}
}
