package teststate_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/teststate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

func text(s string) *string { return &s }
func count(n int64) *int64  { return &n }

func mockResult(json string) *teststate.Mock { return &teststate.Mock{Result: &json} }

func mockError(name, cause string) *teststate.Mock {
	return &teststate.Mock{Error: &teststate.ErrorOutput{Error: &name, Cause: &cause}}
}

const (
	task = `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$.p"},
		"ResultSelector":{"picked.$":"$.Payload"},"ResultPath":"$.r","OutputPath":"$.r","Assign":{"v.$":"$.StatusCode"},
		"Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":3,"BackoffRate":2,"MaxAttempts":2}],
		"Catch":[{"ErrorEquals":["Other"],"Next":"x"},{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"fallback"}],"Next":"after"}`
	mapState = `{"Type":"Map","ItemsPath":"$.items","ItemSelector":{"v.$":"$$.Map.Item.Value"},"MaxConcurrency":2,"ToleratedFailureCount":1,
		"ItemProcessor":{"StartAt":"i","States":{"i":{"Type":"Pass","End":true}}},"End":true}`
	machine = `{"StartAt":"a","States":{"a":{"Type":"Pass","Next":"m"},"m":{"Type":"Map","ItemProcessor":{"StartAt":"inner",
		"States":{"inner":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":$LIMIT,"Next":"big"}],"Default":"small"},
		"big":{"Type":"Succeed"},"small":{"Type":"Succeed"}}},"End":true}}}`
)

func TestRun(t *testing.T) {
	tests := []struct {
		name    string
		request teststate.Request
		want    string
	}{
		{
			"a Task shows each step of its data",
			teststate.Request{Definition: task, Input: text(`{"p":1}`), Mock: mockResult(`{"Payload":5,"StatusCode":200}`)},
			`{"output":"{\"picked\":5}","inspectionData":{"input":"{\"p\":1}","afterInputPath":"{\"p\":1}",` +
				`"afterParameters":"{\"FunctionName\":\"f\",\"Payload\":1}","result":"{\"Payload\":5,\"StatusCode\":200}",` +
				`"afterResultSelector":"{\"picked\":5}","afterResultPath":"{\"p\":1,\"r\":{\"picked\":5}}","variables":"{\"v\":200}"},` +
				`"nextState":"after","status":"SUCCEEDED"}`,
		},
		{
			"a Retrier would repeat it",
			teststate.Request{
				Definition: task, Input: text(`{"p":1}`), Mock: mockError("Busy", "c"),
				Configuration: &teststate.Configuration{RetrierRetryCount: count(1)},
			},
			`{"error":"Busy","cause":"c","inspectionData":{"input":"{\"p\":1}","afterInputPath":"{\"p\":1}",` +
				`"afterParameters":"{\"FunctionName\":\"f\",\"Payload\":1}","errorDetails":{"retryIndex":0,"retryBackoffIntervalSeconds":6}},"status":"RETRIABLE"}`,
		},
		{
			"a Retrier is used up, a Catcher leads on",
			teststate.Request{
				Definition: task, Input: text(`{"p":1}`), Mock: mockError("Busy", "c"),
				Configuration: &teststate.Configuration{RetrierRetryCount: count(2)},
			},
			`{"output":"{\"p\":1,\"e\":{\"Error\":\"Busy\",\"Cause\":\"c\"}}","error":"Busy","cause":"c","inspectionData":{"input":"{\"p\":1}",` +
				`"afterInputPath":"{\"p\":1}","afterParameters":"{\"FunctionName\":\"f\",\"Payload\":1}","errorDetails":{"catchIndex":1}},` +
				`"nextState":"fallback","status":"CAUGHT_ERROR"}`,
		},
		{
			"a cause does not name the state",
			teststate.Request{Definition: `{"Type":"Pass","InputPath":"$.no","End":true}`},
			`{"error":"States.Runtime","cause":"Invalid path '$.no' : No results for path: $['no']","inspectionData":{"input":"{}"},"status":"FAILED"}`,
		},
		{
			"a Map shows its items and quantities",
			teststate.Request{
				Definition: mapState, Input: text(`{"items":[1,2]}`), Mock: mockResult(`["a"]`),
				Configuration: &teststate.Configuration{MapIterationFailureCount: count(1)},
			},
			`{"output":"[\"a\"]","inspectionData":{"input":"{\"items\":[1,2]}","afterInputPath":"{\"items\":[1,2]}","afterItemsPath":"[1,2]",` +
				`"afterItemSelector":"[{\"v\":1},{\"v\":2}]","afterResultSelector":"[\"a\"]","afterResultPath":"[\"a\"]","maxConcurrency":2,` +
				`"toleratedFailureCount":1},"status":"SUCCEEDED"}`,
		},
		{
			"a Map with more failures than it tolerates",
			teststate.Request{
				Definition: mapState, Input: text(`{"items":[1,2]}`), Mock: mockResult(`[]`),
				Configuration: &teststate.Configuration{MapIterationFailureCount: count(2)},
			},
			`{"error":"States.ExceedToleratedFailureThreshold","cause":"The specified tolerated failure threshold was exceeded",` +
				`"inspectionData":{"input":"{\"items\":[1,2]}","afterInputPath":"{\"items\":[1,2]}","afterItemsPath":"[1,2]",` +
				`"afterItemSelector":"[{\"v\":1},{\"v\":2}]","maxConcurrency":2,"toleratedFailureCount":1},"status":"FAILED"}`,
		},
		{
			"a state inside of a Map, with variables",
			teststate.Request{
				Definition: strings.Replace(machine, "$LIMIT", "3", 1), StateName: "inner", Input: text(`{"n":4}`), Variables: text(`{"x":[1]}`),
			},
			`{"output":"{\"n\":4}","inspectionData":{"input":"{\"n\":4}","afterInputPath":"{\"n\":4}","variables":"{\"x\":[1]}"},"nextState":"big","status":"SUCCEEDED"}`,
		},
		{
			"a Wait does not wait",
			teststate.Request{Definition: `{"Type":"Wait","Seconds":100,"End":true}`, Input: text(`1`)},
			`{"output":"1","inspectionData":{"input":"1","afterInputPath":"1"},"status":"SUCCEEDED"}`,
		},
		{
			"a given context object replaces everything",
			teststate.Request{
				Definition: `{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::lambda:invoke","Arguments":{},"Output":"{% $states.context %}","End":true}`,
				Context:    text(`{"State":{"Name":"n"}}`), Mock: mockResult(`{}`),
			},
			`{"output":"{\"State\":{\"Name\":\"n\"}}","inspectionData":{"input":"{}","afterArguments":"{}","result":"{}"},"status":"SUCCEEDED"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.request.Start = time.Unix(1_700_000_000, 0)
			r, err := teststate.Run(test.request)
			if err != nil {
				t.Fatal(err)
			}
			if got := teststate.Answer(r, true).String(); got != test.want {
				t.Errorf("want %s\ngot  %s", test.want, got)
			}
			if _, ok := teststate.Answer(r, false).Get("inspectionData"); ok {
				t.Error("inspectionData is there without being asked for")
			}
		})
	}
}

func TestRunInvokesTasks(t *testing.T) {
	var asked *interp.ScheduleTask
	r, err := teststate.Run(teststate.Request{
		Definition: task, Input: text(`{"p":1}`),
		Invoke: func(s *interp.ScheduleTask) interp.WorkResult {
			asked = s
			return interp.WorkResult{Output: jsonvalue.MustParse(`{"Payload":2,"StatusCode":200}`)}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if asked == nil || asked.Input.String() != `{"FunctionName":"f","Payload":1}` {
		t.Errorf("asked for %+v", asked)
	}
	if got := r.Output.String(); got != `{"picked":2}` {
		t.Errorf("output %s", got)
	}
}

func TestRunRefuses(t *testing.T) {
	const pass = `{"Type":"Pass","End":true}`
	startExecution := `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{},"End":true}`
	getFunction := `{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:lambda:getFunction","Parameters":{},"End":true}`
	present := mockResult(`{"Configuration":{"MemorySize":127}}`)
	present.Validation = teststate.Present
	tests := []struct {
		name    string
		request teststate.Request
		want    string
	}{
		{"a mock on a Pass", teststate.Request{Definition: pass, Mock: mockResult(`{}`)}, "ValidationException: State type 'Pass' is not supported when a mock is specified"},
		{"a Map without a mock", teststate.Request{Definition: mapState}, "InvalidDefinition: TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"},
		{"secrets and a mock", teststate.Request{Definition: task, Mock: mockResult(`{}`), RevealSecrets: true}, "ValidationException: TestState does not support RevealSecrets when a mock is specified."},
		{
			"more failures than items",
			teststate.Request{
				Definition: mapState, Input: text(`{"items":[1]}`), Mock: mockResult(`[1]`),
				Configuration: &teststate.Configuration{MapIterationFailureCount: count(2)},
			},
			"ValidationException: Map iteration failure count must be less than or equal to the number of Map iterations",
		},
		{"a required field", teststate.Request{Definition: startExecution, Mock: mockResult(`{}`)}, "ValidationException: Mock result schema validation error: Required field 'ExecutionArn' is missing"},
		{"a field's type", teststate.Request{Definition: startExecution, Mock: mockResult(`{"ExecutionArn":"a","StartDate":1}`)}, "ValidationException: Mock result schema validation error: Field 'StartDate' must be a string"},
		{"a field's minimum", teststate.Request{Definition: getFunction, Mock: present}, "ValidationException: Mock result schema validation error: Field 'MemorySize' is less than the minimum value"},
		{"a field's maximum", teststate.Request{Definition: getFunction, Mock: mockResult(`{"Configuration":{"MemorySize":10241}}`)}, "ValidationException: Mock result schema validation error: Field 'MemorySize' exceeds the maximum value"},
		{"an unknown context field", teststate.Request{Definition: task, Mock: mockResult(`{}`), Context: text(`{"Execution":{"pokemon":1}}`)}, "ValidationException: Invalid Context object provided: Field 'pokemon' is not allowed"},
		{"a context field's type", teststate.Request{Definition: task, Mock: mockResult(`{}`), Context: text(`{"Execution":{"Id":1}}`)}, "ValidationException: Invalid Context object provided: Execution.Id must be a string"},
		{"an unknown state", teststate.Request{Definition: strings.Replace(machine, "$LIMIT", "3", 1), StateName: "no"}, "ValidationException: State not found in definition"},
		{"a broken definition", teststate.Request{Definition: `{"Type":"Pass"}`}, "InvalidDefinition: Invalid State Machine Definition: "},
		{"an input that is not JSON", teststate.Request{Definition: pass, Input: text(`{`)}, "InvalidExecutionInput: Invalid State Machine Execution Input: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := teststate.Run(test.request)
			var refused *teststate.Error
			if !errors.As(err, &refused) {
				t.Fatalf("want %s, got %v", test.want, err)
			}
			if got := refused.Error(); !strings.HasPrefix(got, test.want) {
				t.Errorf("want %s\ngot  %s", test.want, got)
			}
		})
	}
}

func TestValidationCanBeTurnedOff(t *testing.T) {
	m := mockResult(`{}`)
	m.Validation = teststate.None
	_, err := teststate.Run(teststate.Request{
		Definition: `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{},"End":true}`, Mock: m,
	})
	if err != nil {
		t.Error(err)
	}
}
