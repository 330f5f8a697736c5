package shapes_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp/teststate/shapes"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

const integration = "arn:aws:states:::"

func TestCheck(t *testing.T) {
	tests := []struct {
		name, resource, mock string
		want                 shapes.Problem // with all fields required
	}{
		// Recorded.
		{"a required field", "states:startExecution", `{}`, "Required field 'ExecutionArn' is missing"},
		{"names begin with a capital", "states:startExecution", `{"executionArn":"a","startDate":"b"}`, "Required field 'ExecutionArn' is missing"},
		{"a time is a text", "states:startExecution", `{"ExecutionArn":"a","StartDate":1764103483}`, "Field 'StartDate' must be a string"},
		{"of any form", "states:startExecution", `{"ExecutionArn":"a","StartDate":"b"}`, ""},
		{"a number below", "aws-sdk:lambda:getFunction", `{"Configuration":{"MemorySize":127}}`, "Field 'MemorySize' is less than the minimum value"},
		{"a number above", "aws-sdk:lambda:getFunction", `{"Configuration":{"MemorySize":10241}}`, "Field 'MemorySize' exceeds the maximum value"},
		{"the least number", "aws-sdk:lambda:getFunction", `{"Configuration":{"MemorySize":128}}`, ""},
		{"the greatest number", "aws-sdk:lambda:getFunction", `{"Configuration":{"MemorySize":10240}}`, ""},
		{"no number", "lambda:invoke", `{"StatusCode":"200"}`, "Field 'StatusCode' must be a number"},
		{"bytes that are too few", "aws-sdk:kms:encrypt", `{"CiphertextBlob":""}`, "Field 'CiphertextBlob' is smaller than the minimum length"},
		{"no array", "events:putEvents", `{"Entries":"x"}`, "Field 'Entries' must be an array"},
		{"an element", "events:putEvents", `{"Entries":[{"EventId":"a"},{"EventId":["b"]}]}`, "Field 'EventId' must be a string"},
		{"fields that no model knows", "dynamodb:putItem", `{"SdkHttpMetadata":{"HttpStatusCode":200}}`, ""},

		// By the model, with texts of the same kinds.
		{"bytes that are too many", "aws-sdk:kms:encrypt", `{"CiphertextBlob":"` + strings.Repeat("ä", 3073) + `"}`, "Field 'CiphertextBlob' exceeds the maximum length"},
		{"as many bytes as may be", "aws-sdk:kms:encrypt", `{"CiphertextBlob":"` + strings.Repeat("ä", 3072) + `"}`, ""},
		{"a text that is too short", "aws-sdk:kms:encrypt", `{"KeyId":""}`, "Field 'KeyId' is smaller than the minimum length"},
		{"a text that is too long", "aws-sdk:kms:encrypt", `{"KeyId":"` + strings.Repeat("ä", 2049) + `"}`, "Field 'KeyId' exceeds the maximum length"},
		{"as many characters as may be", "aws-sdk:kms:encrypt", `{"KeyId":"` + strings.Repeat("ä", 2048) + `"}`, ""},
		{"an enumeration", "aws-sdk:lambda:getFunction", `{"Configuration":{"State":"Asleep"}}`, "Field 'State' is not an expected value"},
		{"one of an enumeration", "aws-sdk:lambda:getFunction", `{"Configuration":{"State":"Active"}}`, ""},
		{"part of an enumeration's value", "aws-sdk:lambda:getFunction", `{"Configuration":{"State":"Act"}}`, "Field 'State' is not an expected value"},
		{"an element of an enumeration", "aws-sdk:kms:describeKey", `{"KeyMetadata":{"KeyId":"k","EncryptionAlgorithms":["ROT13"]}}`, "Field 'EncryptionAlgorithms' is not an expected value"},
		{"a pattern", "aws-sdk:lambda:getFunction", `{"Configuration":{"FunctionArn":"arn"}}`, "Field 'FunctionArn' does not match the expected pattern"},
		{"a pattern in the middle", "aws-sdk:lambda:getFunction", `{"Configuration":{"Version":"x1"}}`, "Field 'Version' does not match the expected pattern"},
		{"what matches a pattern", "aws-sdk:lambda:getFunction", `{"Configuration":{"Version":"$LATEST"}}`, ""},
		{"a fraction", "aws-sdk:lambda:getFunction", `{"Configuration":{"MemorySize":128.5}}`, "Field 'MemorySize' must be a number"},
		{"a whole number with a fraction's form", "aws-sdk:lambda:getFunction", `{"Configuration":{"MemorySize":128.0}}`, ""},
		{"a fraction where the model has one", "aws-sdk:dynamodb:getItem", `{"ConsumedCapacity":{"CapacityUnits":0.5}}`, ""},
		{"no boolean", "aws-sdk:kms:describeKey", `{"KeyMetadata":{"KeyId":"k","Enabled":"true"}}`, "Field 'Enabled' must be a boolean"},
		{"no object", "aws-sdk:kms:describeKey", `{"KeyMetadata":[]}`, "Field 'KeyMetadata' must be an object"},
		{"no map", "aws-sdk:lambda:listTags", `{"Tags":[]}`, "Field 'Tags' must be an object"},
		{"a map's value", "aws-sdk:lambda:listTags", `{"Tags":{"a":"b","c":1}}`, "Field 'Tags' must be a string"},
		{"a list that is too long", "aws-sdk:lambda:getFunction", `{"Configuration":{"Architectures":["arm64","x86_64"]}}`, "Field 'Architectures' exceeds the maximum length"},
		{"null is no text", "states:startExecution", `{"ExecutionArn":null,"StartDate":"b"}`, "Field 'ExecutionArn' must be a string"},
		{"required within a structure", "aws-sdk:kms:describeKey", `{"KeyMetadata":{}}`, "Required field 'KeyId' is missing"},
		{"shapes within themselves", "dynamodb:getItem", `{"Item":{"a":{"L":[{"M":{"b":{"S":1}}}]}}}`, "Field 'S' must be a string"},

		// Which answer it is, and what its fields are called.
		{"of a job that is waited for", "states:startExecution.sync", `{"ExecutionArn":"a","StateMachineArn":"b","Status":"DONE","StartDate":"c"}`, "Field 'Status' is not an expected value"},
		{"whose output is a text", "states:startExecution.sync", `{"ExecutionArn":"a","StateMachineArn":"b","Status":"SUCCEEDED","StartDate":"c","Output":{}}`, "Field 'Output' must be a string"},
		{"or JSON", "states:startExecution.sync:2", `{"ExecutionArn":"a","StateMachineArn":"b","Status":"SUCCEEDED","StartDate":"c","Output":{}}`, ""},
		{"a function's result is JSON", "lambda:invoke", `{"Payload":{"a":1},"StatusCode":200}`, ""},
		{"and text by the SDK", "aws-sdk:lambda:invoke", `{"Payload":{"a":1}}`, "Field 'Payload' must be a string"},
		{"SDK integrations have Java's names", "aws-sdk:sqs:sendMessage", `{"Md5OfMessageBody":1}`, "Field 'Md5OfMessageBody' must be a string"},
		{"optimised ones have the model's", "sqs:sendMessage", `{"MD5OfMessageBody":1}`, "Field 'MD5OfMessageBody' must be a string"},
		{"capitals before a word", "aws-sdk:s3:getObject", `{"SsekmsKeyId":1}`, "Field 'SsekmsKeyId' must be a string"},
		{"a capital before a word", "aws-sdk:s3:getObject", `{"ETag":1}`, "Field 'ETag' must be a string"},
		{"capitals within a name", "aws-sdk:s3:getObject", `{"ChecksumCRC32":1}`, "Field 'ChecksumCRC32' must be a string"},
		{"a service of two names", "aws-sdk:eventbridge:putEvents", `{"FailedEntryCount":"0"}`, "Field 'FailedEntryCount' must be a number"},
		{"sns", "sns:publish", `{"MessageId":1}`, "Field 'MessageId' must be a string"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := shapes.Of(asl.ParseResource(integration + test.resource))
			if answer == nil {
				t.Fatal("the answer has no shape")
			}
			if got := answer.Check(jsonvalue.MustParse(test.mock), true); got != test.want {
				t.Errorf("want %q\ngot  %q", test.want, got)
			}
		})
	}
}

func TestWhatIsMissingIsNoProblemWhenNotAskedFor(t *testing.T) {
	answer := shapes.Of(asl.ParseResource(integration + "aws-sdk:kms:describeKey"))
	for mock, want := range map[string]shapes.Problem{
		`{}`:                             "",
		`{"KeyMetadata":{}}`:             "",
		`{"KeyMetadata":{"Enabled":1}}`:  "Field 'Enabled' must be a boolean",
		`{"KeyMetadata":{"KeyId":null}}`: "Field 'KeyId' must be a string",
	} {
		if got := answer.Check(jsonvalue.MustParse(mock), false); got != want {
			t.Errorf("%s: want %q, got %q", mock, want, got)
		}
	}
}

func TestSomeAnswersHaveNoShape(t *testing.T) {
	for _, resource := range []string{
		"arn:aws:lambda:us-east-1:123456789012:function:f",
		"arn:aws:states:us-east-1:123456789012:activity:a",
		"wasm:module",
		integration + "lambda:invoke.waitForTaskToken",
		integration + "aws-sdk:sfn:startExecution.waitForTaskToken",
		integration + "aws-sdk:sfn:noSuchAction",
		integration + "aws-sdk:nosuchservice:act",
		integration + "aws-sdk:sqs:deleteMessage", // answers nothing
		integration + "ecs:runTask.sync",          // what it polls is not known
		integration + "http:invoke",
	} {
		if shapes.Of(asl.ParseResource(resource)) != nil {
			t.Errorf("%s has one", resource)
		}
	}
}

// TestTables reads all tables, and finds an operation of each service of
// services.txt.
func TestTables(t *testing.T) {
	list, err := os.ReadFile("services.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		service := strings.Fields(line)[0]
		if shapes.Operations(service) == 0 {
			t.Errorf("%s has no operations", service)
		}
	}
}

// TestTablesAreDerived runs the generator where the models are downloaded.
func TestTablesAreDerived(t *testing.T) {
	offline := func(args ...string) ([]byte, error) {
		cmd := exec.Command("go", args...)
		cmd.Dir = "derive"
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off")
		return cmd.CombinedOutput()
	}
	dir, err := offline("list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go")
	if err != nil || strings.TrimSpace(string(dir)) == "" {
		t.Skip("the models are not downloaded: run make check in derive")
	}
	out, err := offline("run", ".", "-check")
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("%s", out)
	} else if err != nil {
		t.Fatal(err)
	}
}
