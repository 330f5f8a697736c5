package asl

import (
	"slices"
	"testing"
)

func TestParseResource(t *testing.T) {
	for _, want := range []Resource{
		{ARN: "arn:aws:lambda:us-east-1:111111111111:function:f:prod", Kind: ResourceLambda, Name: "f", Qualifier: "prod"},
		{ARN: "arn:aws:states:us-east-1:111111111111:activity:a", Kind: ResourceActivity, Name: "a"},
		{ARN: "wasm:resize", Kind: ResourceWasm, Name: "resize"},
		{ARN: "arn:aws:states:::lambda:invoke", Kind: ResourceIntegration, Service: "lambda", Action: "invoke", API: "invoke"},
		{ARN: "arn:aws:states:::states:startExecution.sync:2", Kind: ResourceIntegration, Service: "states", Action: "startExecution.sync:2", API: "startExecution", Pattern: Sync2},
		{ARN: "arn:aws:states:::states:startExecution.sync", Kind: ResourceIntegration, Service: "states", Action: "startExecution.sync", API: "startExecution", Pattern: Sync},
		{ARN: "arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken", Kind: ResourceIntegration, Service: "aws-sdk:sfn", Action: "startExecution.waitForTaskToken", API: "startExecution", Pattern: WaitForTaskToken},
		// Published workflows have the region and the account in integrations.
		{ARN: "arn:aws:states:us-east-1:123456789012:aws-sdk:s3:putObject", Kind: ResourceIntegration, Service: "aws-sdk:s3", Action: "putObject", API: "putObject"},
		{ARN: "arn:aws-cn:states:cn-north-1::sqs:sendMessage.waitForTaskToken", Kind: ResourceIntegration, Service: "sqs", Action: "sendMessage.waitForTaskToken", API: "sendMessage", Pattern: WaitForTaskToken},
		{ARN: "arn:aws:states:us-east-1:123456789012:stateMachine:m"},
		{ARN: "arn:aws:states:us-east-1:123456789012:execution:m:x"},
		{ARN: "us-east-1:123456789012:function:f"}, // a FunctionName, but no Resource
		{ARN: "arn:aws:s3:::bucket"},
		{ARN: "nothing"},
	} {
		if got := ParseResource(want.ARN); got != want {
			t.Errorf("ParseResource(%q)\n got %+v\nwant %+v", want.ARN, got, want)
		}
	}
}

func TestSpellings(t *testing.T) {
	for text, want := range map[string][]string{
		"wasm:f":                            {"wasm:f"},
		"nothing":                           {"nothing"},
		"arn:aws:states:::sns:publish":      {"arn:aws:states:::sns:publish"},
		"arn:aws:states:::ecs:runTask.sync": {"arn:aws:states:::ecs:runTask.sync", "arn:aws:states:::ecs:runTask"},
		"arn:aws:states:us-east-1:123456789012:ecs:runTask.sync": {
			"arn:aws:states:us-east-1:123456789012:ecs:runTask.sync", "arn:aws:states:us-east-1:123456789012:ecs:runTask",
			"arn:aws:states:::ecs:runTask.sync", "arn:aws:states:::ecs:runTask",
		},
		"arn:aws:lambda:us-east-1:123456789012:function:f:prod": {
			"arn:aws:lambda:us-east-1:123456789012:function:f:prod", "arn:aws:lambda:us-east-1:123456789012:function:f",
		},
	} {
		if got := ParseResource(text).Spellings(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", text, got)
		}
	}
}
