package arn_test

import (
	"errors"
	"testing"

	"github.com/waslrun/wasl/asl/arn"
)

var everyKind = []arn.Kind{arn.StateMachine, arn.Execution, arn.Express, arn.Activity, arn.MapRun}

func TestParseStates(t *testing.T) {
	type s = arn.States
	const base = "arn:aws:states:us-east-1:123456789012:"
	for rest, want := range map[string]s{
		"stateMachine:m":      {Kind: arn.StateMachine, Machine: "m"},
		"stateMachine:m:7":    {Kind: arn.StateMachine, Machine: "m", Qualifier: "7"},
		"stateMachine:m:prod": {Kind: arn.StateMachine, Machine: "m", Qualifier: "prod"},
		"stateMachine:m/l":    {Kind: arn.StateMachine, Machine: "m", Label: "l"},
		"execution:m:x":       {Kind: arn.Execution, Machine: "m", Name: "x"},
		"execution:m/l:x":     {Kind: arn.Execution, Machine: "m", Label: "l", Name: "x"},
		"express:m:x:id":      {Kind: arn.Express, Machine: "m", Name: "x", ID: "id"},
		"activity:a":          {Kind: arn.Activity, Name: "a"},
		"mapRun:m/l:id":       {Kind: arn.MapRun, Machine: "m", Label: "l", ID: "id"},
	} {
		want.Text, want.Region, want.Account = base+rest, "us-east-1", "123456789012"
		got, err := arn.ParseStates(base+rest, everyKind...)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", rest, got, err)
		}
	}
}

func TestParseStatesRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"":     arn.ErrPrefix,
		"name": arn.ErrPrefix,
		"arns": arn.ErrPrefix,
		"arn":  arn.ErrForm,
		"arn:aws:states:us-east-1:123456789012:stateMachine":       arn.ErrForm,
		"arn:aws:lambda:us-east-1:123456789012:function:f":         arn.ErrForm,
		"arn:aws:states:us-east-1:123456789012:stateMachine:a:b:c": arn.ErrForm,
		"arn:aws:states:us-east-1:123456789012:execution:m":        arn.ErrForm,
		"arn:aws:states:us-east-1:123456789012:execution:m:x:y":    arn.ErrForm,
		"arn:aws:states:us-east-1:123456789012:express:m:x":        arn.ErrForm,
		"arn:aws:states:us-east-1:123456789012:activity:a:b":       arn.ErrForm,
		"arn:aws:states:us-east-1:123456789012:mapRun:m":           arn.ErrForm,
	} {
		if _, err := arn.ParseStates(text, everyKind...); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
	var wrong *arn.KindError
	_, err := arn.ParseStates("arn:aws:states:us-east-1:123456789012:express:m:x:id", arn.Execution)
	if !errors.As(err, &wrong) || wrong.Kind != arn.Express {
		t.Errorf("of the wrong kind: %v", err)
	}
}

func TestCutQualifier(t *testing.T) {
	const m = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
	for text, want := range map[string][2]string{
		m:           {m, ""},
		m + ":prod": {m, "prod"},
		m + ":m":    {m, "m"},
		"m:prod":    {"m:prod", ""},
		"arn:aws:states:us-east-1:123456789012:execution:m:x": {"arn:aws:states:us-east-1:123456789012:execution:m:x", ""},
	} {
		if machine, qualifier := arn.CutQualifier(text); machine != want[0] || qualifier != want[1] {
			t.Errorf("%s: %q, %q", text, machine, qualifier)
		}
	}
}

// The forms are those of Lambda's Invoke: name, partial ARN, ARN, each with or
// without a version or alias.
func TestParseFunction(t *testing.T) {
	type f = arn.Function
	for text, want := range map[string]f{
		"f":                                   {Name: "f"},
		"f:prod":                              {Name: "f", Qualifier: "prod"},
		"f:7":                                 {Name: "f", Qualifier: "7"},
		"f:$LATEST":                           {Name: "f", Qualifier: "$LATEST"},
		"my-function:prod":                    {Name: "my-function", Qualifier: "prod"},
		"my-function:function":                {Name: "my-function", Qualifier: "function"},
		"my-function":                         {Name: "my-function"},
		"function":                            {Name: "function"},
		"function:f":                          {Name: "f"},
		"function:f:prod":                     {Name: "f", Qualifier: "prod"},
		"function:function:7":                 {Name: "function", Qualifier: "7"},
		"123456789012:f":                      {Account: "123456789012", Name: "f"},
		"123456789012:function:f":             {Account: "123456789012", Name: "f"},
		"123456789012:function:f:prod":        {Account: "123456789012", Name: "f", Qualifier: "prod"},
		"123456789012":                        {Name: "123456789012"},
		"12:7":                                {Name: "12", Qualifier: "7"},
		"us-east-1:123456789012:function:f:7": {Region: "us-east-1", Account: "123456789012", Name: "f", Qualifier: "7"},
		"us-gov-west-1:f":                     {Region: "us-gov-west-1", Name: "f"},
		"to-west-a:7":                         {Name: "to-west-a", Qualifier: "7"},
		"arn:aws:lambda:us-east-1:123456789012:function:f":                 {Region: "us-east-1", Account: "123456789012", Name: "f"},
		"arn:aws:lambda:us-east-1:123456789012:function:f:prod":            {Region: "us-east-1", Account: "123456789012", Name: "f", Qualifier: "prod"},
		"arn:aws-cn:lambda:cn-north-1:123456789012:function:my-function:1": {Region: "cn-north-1", Account: "123456789012", Name: "my-function", Qualifier: "1"},
	} {
		got, ok := arn.ParseFunction(text)
		if !ok || got != want {
			t.Errorf("%s: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", ":", "f:", ":f", "a:b:c", "function:", "f:prod:x",
		"arn:aws:lambda:us-east-1:123456789012:function",
		"arn:aws:lambda:us-east-1:123456789012:layer:l:1",
		"arn:aws:states:us-east-1:123456789012:function:f",
		"arn:aws:lambda:us-east-1:123456789012:function:f:7:x",
	} {
		if f, ok := arn.ParseFunction(text); ok {
			t.Errorf("%s is %+v", text, f)
		}
	}
}

func TestParseIntegration(t *testing.T) {
	for text, want := range map[string]string{
		"arn:aws:states:::lambda:invoke":                                    "arn:aws:states:::lambda:invoke",
		"arn:aws:states:us-east-1:123456789012:lambda:invoke":               "arn:aws:states:::lambda:invoke",
		"arn:aws:states:us-east-1:123456789012:aws-sdk:s3:putObject":        "arn:aws:states:::aws-sdk:s3:putObject",
		"arn:aws-us-gov:states:us-gov-west-1::states:startExecution.sync:2": "arn:aws-us-gov:states:::states:startExecution.sync:2",
	} {
		if a, ok := arn.ParseIntegration(text); !ok || a.String() != want {
			t.Errorf("%s: %s, %v", text, a, ok)
		}
	}
	for _, text := range []string{
		"", "arn:aws:states:::", "arn:aws:states:::lambda", "arn:aws:s3:::bucket:key",
		"arn:aws:states:us-east-1:123456789012:stateMachine:m",
		"arn:aws:states:us-east-1:123456789012:activity:a",
	} {
		if a, ok := arn.ParseIntegration(text); ok {
			t.Errorf("%s: %s", text, a)
		}
	}
}

// What a Home makes can be read again, and is in the region's partition.
func TestHome(t *testing.T) {
	for region, partition := range map[string]string{
		"us-east-1": "aws", "cn-north-1": "aws-cn", "us-gov-east-1": "aws-us-gov",
	} {
		h := arn.Home{Region: region, Account: "123456789012"}
		for _, text := range []string{
			h.StateMachine("m"), h.Execution("m/l", "x"), h.Express("m", "x", "id"), h.Activity("a"), h.MapRun("m/l", "id"),
		} {
			s, err := arn.ParseStates(text, everyKind...)
			if a, _ := arn.Parse(text); err != nil || s.Region != region || s.Account != "123456789012" || a.Partition != partition {
				t.Errorf("%s: %+v, %v", text, s, err)
			}
		}
		f, ok := arn.ParseFunction(h.Function("f", "7"))
		if want := (arn.Function{Region: region, Account: "123456789012", Name: "f", Qualifier: "7"}); !ok || f != want {
			t.Errorf("%s: %+v", h.Function("f", "7"), f)
		}
		if got := h.Role("r"); got != "arn:"+partition+":iam::123456789012:role/r" {
			t.Error(got)
		}
	}
}

// A text is read without a panic, and what is made of its parts reads the same.
func FuzzARN(f *testing.F) {
	for _, seed := range []string{
		"arn", "arn:aws:states:::lambda:invoke.sync:2", "us-east-1:123456789012:function:f:7",
		"arn:aws:states:us-east-1:123456789012:mapRun:m/l:id", "arn:aws:lambda:us-east-1:123456789012:function:f:prod",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if a, ok := arn.Parse(text); ok && a.String() != text {
			t.Errorf("%q became %q", text, a)
		}
		if fn, ok := arn.ParseFunction(text); ok {
			h := arn.Home{Region: fn.Region, Account: fn.Account}
			again, ok := arn.ParseFunction(h.Function(fn.Name, fn.Qualifier))
			if !ok || again != fn {
				t.Errorf("%q: %+v became %+v", text, fn, again)
			}
		}
		if machine, qualifier := arn.CutQualifier(text); qualifier != "" && machine+":"+qualifier != text {
			t.Errorf("%q became %q and %q", text, machine, qualifier)
		}
		_, _ = arn.ParseStates(text, everyKind...)
		_, _ = arn.ParseIntegration(text)
	})
}
