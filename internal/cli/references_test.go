package cli

import (
	"slices"
	"testing"

	"github.com/waslrun/wasl/asl"
)

func TestReferences(t *testing.T) {
	definition := `{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"M","Branches":[
		{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:plain","End":true}}},
		{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:plain:prod","End":true}}},
		{"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:eu-west-1:1:activity:act","End":true}}}]},
	"M":{"Type":"Map","Next":"Q","ItemProcessor":{"StartAt":"D","States":{
		"D":{"Type":"Task","Resource":"wasm:inner","Next":"E"},
		"E":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{},"End":true}}}},
	"Q":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"arn:aws:lambda:eu-west-1:1:function:whole:3"},"Next":"R"},
	"R":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"1:function:partial"},"Next":"S"},
	"S":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"name:$LATEST"},"Next":"T"},
	"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName.$":"$.f"},"Next":"U"},
	"U":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"{% $states.input.f %}"},"Next":"V"},
	"V":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"written"},"Next":"W"},
	"W":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{},"Next":"X"},
	"X":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","Parameters":{},"End":true}}}`
	m, problems := asl.Parse("m.json", []byte(definition))
	if m == nil {
		t.Fatal(problems)
	}
	var got []string
	for _, r := range referencesOf(m, map[string]string{"arn:aws:states:::sns:publish": "bound", "arn:aws:states:::batch:submitJob": "job"}) {
		if r.module == "" {
			got = append(got, r.task.Resource.ARN)
		}
		got = append(got, r.module)
	}
	want := []string{
		"plain", "act", "inner", "arn:aws:states:::sqs:sendMessage", "", "whole", "partial", "name",
		"arn:aws:states:::lambda:invoke", "", "written", "bound", "job",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
