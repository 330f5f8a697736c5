package asl_test

import (
	"reflect"
	"testing"

	"github.com/waslrun/wasl/asl"
)

func TestVariableReferencesOfMachines(t *testing.T) {
	for _, c := range []struct {
		name, definition string
		want             map[string][]string
	}{
		{"none", `{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1,"y.$":"$.y","z.$":"$$.State.Name"},"Result":{"a.$":"$b"},"End":true}}}`, nil},
		{
			"paths, intrinsic functions and quoted dollars",
			`{"StartAt":"A","States":{
				"A":{"Type":"Pass","Parameters":{"b.$":"States.Format('$no {}', $name, $x.y[0])","c":"$literal"},"OutputPath":"$out","Next":"B"},
				"B":{"Type":"Choice","Choices":[{"Variable":"$v","NumericEqualsPath":"$w","Next":"A"},{"Not":{"Variable":"$u[0]","IsNull":true},"Next":"A"}]}}}`,
			map[string][]string{"A": {"name", "out", "x"}, "B": {"u", "v", "w"}},
		},
		{
			"nested states stand for themselves",
			`{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$list","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","InputPath":"$q","End":true}}},"Next":"P"},
				"P":{"Type":"Parallel","Branches":[{"StartAt":"J","States":{"J":{"Type":"Pass","Parameters":{"a.$":"$r"},"End":true}}}],"End":true}}}`,
			map[string][]string{"M": {"list"}, "I": {"q"}, "J": {"r"}},
		},
		{
			"JSONata",
			`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Comment":"{% $comment %}","Output":{"a":"{% $sum($list) & '$no' & $f.g %}",
				"b":"{% ($local := 1; $local + $states.input.x + $map($items, function($i){$i * $factor})) %}","c":"$plain"},"End":true}}}`,
			map[string][]string{"A": {"f", "factor", "items", "list"}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, problems := asl.Parse("", []byte(c.definition))
			if m == nil {
				t.Fatal(problems)
			}
			if got := asl.VariableReferences(m); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
