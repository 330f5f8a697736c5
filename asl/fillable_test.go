package asl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/substitution"
)

// What nobody filled in is a warning that names it, and nothing else is said of
// a value that is not known.
func TestUnfilledSubstitutions(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		want  []string
	}{
		"a Resource":          {`{"Type": "Task", "Resource": "${Pay}", "End": true}`, []string{"Pay at /States/x/Resource"}},
		"a part of a text":    {`{"Type": "Task", "Resource": "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f", "End": true}`, []string{"AWS::Region at /States/x/Resource", "AWS::AccountId at /States/x/Resource"}},
		"a number":            {`{"Type": "Wait", "Seconds": "${Delay}", "End": true}`, []string{"Delay at /States/x/Seconds"}},
		"a path":              {`{"Type": "Pass", "InputPath": "${Path}", "Parameters": {"a.$": "${Query}"}, "End": true}`, []string{"Path at /States/x/InputPath", "Query at /States/x/Parameters/a.$"}},
		"a type":              {`{"Type": "${Type}"}`, []string{"Type at /States/x/Type"}},
		"a choice":            {`{"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": "${N}", "Next": "x"}], "Default": "y"}`, []string{"N at /States/x/Choices[0]/NumericEquals"}},
		"a target":            {`{"Type": "Pass", "Next": "${Next}"}`, []string{"Next at /States/x/Next"}},
		"a name":              {`{"Type": "Pass", "Result": {"${Key}": 1}, "End": true}`, []string{"Key at /States/x/Result/${Key}"}},
		"a comment":           {`{"Type": "Pass", "Comment": "${Why}", "End": true}`, []string{"Why at /States/x/Comment"}},
		"twice in one text":   {`{"Type": "Pass", "Comment": "${A} ${A} ${B}", "End": true}`, []string{"A at /States/x/Comment", "B at /States/x/Comment"}},
		"an error's name":     {`{"Type": "Task", "Resource": "wasm:f", "Retry": [{"ErrorEquals": ["${E}"], "MaxAttempts": "${N}"}], "End": true}`, []string{"E at /States/x/Retry[0]/ErrorEquals[0]", "N at /States/x/Retry[0]/MaxAttempts"}},
		"literals":            {`{"Type": "Pass", "Result": "${!Literal} $${terraform} $states", "End": true}`, nil},
		"a mistake beside it": {`{"Type": "Pass", "Comment": "${A}", "End": 1}`, []string{"A at /States/x/Comment", "SCHEMA_VALIDATION_FAILED: Expected value of type Boolean at /States/x/End"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, ds := Check("", []byte(`{"StartAt": "x", "States": {"x": `+c.state+`, "y": {"Type": "Succeed"}}}`), Fillable)
			var got []string
			for _, d := range ds {
				text := strings.ReplaceAll(strings.Replace(d.String(), "UNFILLED_SUBSTITUTION: Nothing gives a value to ${", "", 1), "} at ", " at ")
				if d.Code == MissingTarget { // y, of no interest here
					continue
				}
				if (d.Code == UnfilledSubstitution) != (d.Severity == Warning) || d.Line == 0 {
					t.Errorf("%+v", d)
				}
				got = append(got, text)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

// The API takes ${NAME} for what it is, a text.
func TestOnlyFilesAreFilledIn(t *testing.T) {
	_, ds := Check("", []byte(`{"StartAt": "x", "States": {"x": {"Type": "Task", "Resource": "${Pay}", "Comment": "${A}", "End": true}}}`), JSONOnly)
	if len(ds) != 1 || ds[0].Message != "Value is not a valid resource ARN" {
		t.Error(ds)
	}
}

// A text that cannot be read without a value says which.
func TestATextThatNeedsAValue(t *testing.T) {
	for file, text := range map[string]string{
		"m.json": "{\"StartAt\": \"x\",\n \"TimeoutSeconds\": ${Timeout}}",
		"m.yaml": "StartAt: x\nStates: {x: {Type: Wait, Seconds: ${Timeout}}}",
	} {
		_, ds := Parse(file, []byte(text))
		if len(ds) != 1 || ds[0].Line != 2 || !strings.Contains(ds[0].Message+ds[0].Hint, "Timeout") {
			t.Errorf("%s: %+v", file, ds)
		}
	}
}

// Positions are those of the file that somebody wrote.
func TestPositionsOfTheFile(t *testing.T) {
	file := "{\"StartAt\": \"x\", \"Comment\": \"${long}\", \"TimeoutSeconds\": 0,\n \"States\": {\"x\": {\"Type\": ${lines}, \"End\": 1}}}"
	text := substitution.Apply(file, substitution.Values{"long": strings.Repeat("-", 99), "lines": "\"Pass\",\n\"Comment\":\n\"\""}.Lookup)
	m, ds := Check("m.json", []byte(text.Text), Original(text.Position))
	if len(ds) != 2 || ds[0].Line != 1 || ds[0].Column != 40 || ds[1].Line != 2 || ds[1].Column != 37 {
		t.Errorf("%+v", ds)
	}
	if line, column, _ := m.Source.Locate((*Place)(nil).Field("States").Field("x")); line != 2 || column != 13 {
		t.Errorf("x is at %d:%d", line, column)
	}
	broken := substitution.Apply("{\"a\": \"${long}\", }", substitution.Values{"long": strings.Repeat("-", 99)}.Lookup)
	if _, ds := Parse("m.json", []byte(broken.Text), Original(broken.Position)); len(ds) != 1 || ds[0].Column != 18 {
		t.Errorf("%+v", ds)
	}
}
