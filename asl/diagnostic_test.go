package asl

import (
	"strings"
	"testing"
)

// only gives the one diagnostic of a definition.
func only(t *testing.T, text string) Diagnostic {
	t.Helper()
	_, ds := Check("", []byte(text))
	if len(ds) != 1 {
		t.Fatalf("%s\nhas %d diagnostics: %v", text, len(ds), ds)
	}
	return ds[0]
}

func TestDiagnosticsPointAtTheMistake(t *testing.T) {
	d := only(t, `{
  "StartAt": "pass1",
  "States": {
    "pass1": {
      "Type": "Task", "Resource": "wasm:f", "End": true, "Catch": [{"ErrorEquals": ["e"],
      "Next": "pass3"}]
    }
  }
}`)
	if got, want := d.String(), "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Catch[0]/Next"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if d.Line != 6 || d.Column != 7 {
		t.Errorf("at %d:%d, want 6:7", d.Line, d.Column)
	}
	d = only(t, "StartAt: a\nStates:\n  a:\n    Type: Task\n    Resource: wasm:f\n    End: true\n    TimeoutSeconds: x\n")
	if d.Line != 7 || d.Column != 5 {
		t.Errorf("in YAML at %d:%d, want 7:5", d.Line, d.Column)
	}
}

func TestHints(t *testing.T) {
	for _, c := range []struct{ name, state, hint string }{
		{"a typing error", `{"Type": "Task", "Resource": "wasm:f", "TimeoutSecond": 1, "End": true}`, "did you mean TimeoutSeconds?"},
		{"an unknown type", `{"Type": "Parralel", "End": true}`, `did you mean "Parallel"?`},
		{"the other language's field", `{"Type": "Pass", "Output": 1, "End": true}`, "in JSONPath use ResultSelector, ResultPath or OutputPath"},
		{
			"the other language's field in JSONata", `{"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": 1, "SecondsPath": "$.a", "End": true}`,
			`in JSONata write "Seconds": "{% … %}"`,
		},
		{"a path in a number's place", `{"Type": "Wait", "Seconds": "$.a", "End": true}`, "suffix Path"},
		{"a resource", `{"Type": "Task", "Resource": "resize", "End": true}`, "wasm:NAME"},
		{"a plain field with a query", `{"Type": "Pass", "Parameters": {"a": "$.b"}, "End": true}`, `"a.$"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := only(t, `{"StartAt": "x", "States": {"x": `+c.state+`}}`)
			if !strings.Contains(d.Hint, c.hint) {
				t.Errorf("%s\nhint %q\nwant %q", d, d.Hint, c.hint)
			}
		})
	}
}

func TestDefinitionsMayHaveAMegabyte(t *testing.T) {
	d := only(t, `{"StartAt": "x", "Comment": "`+strings.Repeat("a", MaxDefinitionBytes)+`", "States": {"x": {"Type": "Succeed"}}}`)
	if !strings.Contains(d.Message, "more than 1048576") {
		t.Error(d)
	}
}

func TestNestingIsBounded(t *testing.T) {
	nested := func(depth int) string {
		var b strings.Builder
		for i := range depth {
			name := strings.Repeat("x", i+1)
			b.WriteString(`{"StartAt": "` + name + `", "States": {"` + name + `": {"Type": "Map", "End": true, "ItemProcessor": `)
		}
		b.WriteString(`{"StartAt": "y", "States": {"y": {"Type": "Succeed"}}}`)
		b.WriteString(strings.Repeat("}}}", depth))
		return b.String()
	}
	if _, ds := Check("", []byte(nested(MaxNesting))); len(ds) > 0 {
		t.Errorf("%d levels: %v", MaxNesting, ds)
	}
	if d := only(t, nested(MaxNesting+1)); d.Code != TooDeeplyNested {
		t.Error(d)
	}
}
