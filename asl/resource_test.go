package asl

import "testing"

func TestParseResource(t *testing.T) {
	for _, want := range []Resource{
		{ARN: "arn:aws:lambda:us-east-1:111111111111:function:f:prod", Kind: ResourceLambda, Name: "f"},
		{ARN: "arn:aws:states:us-east-1:111111111111:activity:a", Kind: ResourceActivity, Name: "a"},
		{ARN: "wasm:resize", Kind: ResourceWasm, Name: "resize"},
		{ARN: "arn:aws:states:::lambda:invoke", Kind: ResourceIntegration, Service: "lambda", Action: "invoke", API: "invoke"},
		{ARN: "arn:aws:states:::states:startExecution.sync:2", Kind: ResourceIntegration, Service: "states", Action: "startExecution.sync:2", API: "startExecution", Pattern: Sync2},
		{ARN: "arn:aws:states:::states:startExecution.sync", Kind: ResourceIntegration, Service: "states", Action: "startExecution.sync", API: "startExecution", Pattern: Sync},
		{ARN: "arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken", Kind: ResourceIntegration, Service: "aws-sdk:sfn", Action: "startExecution.waitForTaskToken", API: "startExecution", Pattern: WaitForTaskToken},
		{ARN: "arn:aws:s3:::bucket"},
		{ARN: "nothing"},
	} {
		if got := ParseResource(want.ARN); got != want {
			t.Errorf("ParseResource(%q)\n got %+v\nwant %+v", want.ARN, got, want)
		}
	}
}
