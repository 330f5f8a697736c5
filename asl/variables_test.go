package asl

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestVariableReferences(t *testing.T) {
	for _, c := range []struct{ name, machine, want string }{
		{
			"intrinsic functions and paths",
			`{"StartAt": "a", "States": {"a": {"Type": "Pass", "End": true, "InputPath": "$in.x", "OutputPath": "$$.State",
			  "Parameters": {"p": {"x.$": "States.MathAdd(States.MathAdd($y, $x), $z[0])", "q.$": "States.Format('$no {}', $.also)", "lit": "$not"}},
			  "Result": {"r.$": "$no"}, "Assign": {"v.$": "$w"}}}}`,
			`{"a": ["in", "w", "x", "y", "z"]}`,
		},
		{
			"every state of its own, nested ones too",
			`{"StartAt": "m", "States": {
			  "m": {"Type": "Map", "ItemsPath": "$list", "ToleratedFailureCountPath": "$n", "Next": "f",
			    "ItemProcessor": {"StartAt": "c", "States": {"c": {"Type": "Choice", "Default": "c", "Choices": [
			      {"And": [{"Variable": "$a.b", "NumericEqualsPath": "$c"}], "Next": "c"}]}}}},
			  "f": {"Type": "Fail", "ErrorPath": "$err", "CausePath": "States.Format('{}', $cause)"}}}`,
			`{"m": ["list", "n"], "c": ["a", "c"], "f": ["cause", "err"]}`,
		},
		{
			"JSONata: free variables only, without the functions and $states",
			`{"QueryLanguage": "JSONata", "StartAt": "a", "States": {"a": {"Type": "Pass", "End": true, "Output": {
			  "sum": "{% $sum($xs) + $states.input.n %}", "local": "{% ($t := 1; $f := function($p) { $p + $t }; $f($y)) %}",
			  "text": "{% '$no' & \"$no\" & /\\$no/ %}", "lit": "$no", "call": "{% $map($zs, function($v, $i) { $v * $k }) %}"}}}}`,
			`{"a": ["k", "xs", "y", "zs"]}`,
		},
		{"none", `{"StartAt": "a", "States": {"a": {"Type": "Pass", "End": true}}}`, `null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want map[string][]string
			if err := json.Unmarshal([]byte(c.want), &want); err != nil {
				t.Fatal(err)
			}
			if got := VariableReferences(parse(t, "", c.machine)); !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
