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
	role = "arn:aws:iam::123456789012:role/r"
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
			"a Fail state shows its input",
			teststate.Request{Definition: `{"Type":"Fail","Error":"e","Cause":"c"}`, Input: text(`{"a":1}`)},
			`{"error":"e","cause":"c","inspectionData":{"input":"{\"a\":1}","afterInputPath":"{\"a\":1}"},"status":"FAILED"}`,
		},
		{
			"a state without a role has null for it",
			teststate.Request{Definition: `{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.context.Execution.RoleArn %}","End":true}`},
			`{"output":"null","inspectionData":{"input":"{}"},"status":"SUCCEEDED"}`,
		},
		{
			"a task that waits for its token may be given one",
			teststate.Request{
				Definition: `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"f","Payload.$":"$$.Task.Token"},"End":true}`,
				Context:    text(`{"Task":{"Token":"t"}}`), Mock: mockResult(`7`),
			},
			`{"output":"7","inspectionData":{"input":"{}","afterInputPath":"{}","afterParameters":"{\"FunctionName\":\"f\",\"Payload\":\"t\"}",` +
				`"result":"7","afterResultSelector":"7","afterResultPath":"7"},"status":"SUCCEEDED"}`,
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
		Definition: task, Input: text(`{"p":1}`), Info: interp.Info{RoleARN: role},
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
	const (
		pass        = `{"Type":"Pass","End":true}`
		waitTask    = `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"f","Payload":{"t.$":"$$.Task.Token"}},"End":true}`
		syncTask    = `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":"a"},"End":true}`
		activity    = `{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true}`
		start       = `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{},"End":true}`
		getFunction = `{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:lambda:getFunction","Parameters":{},"End":true}`
		parallel    = `{"Type":"Parallel","Branches":[{"StartAt":"b","States":{"b":{"Type":"Succeed"}}},{"StartAt":"c","States":{"c":{"Type":"Succeed"}}}],"End":true}`
		writer      = `{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"i",
			"States":{"i":{"Type":"Pass","End":true}}},"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}},"End":true}`

		needsMock = "InvalidDefinition: TestState API does not support "
	)
	whole := strings.Replace(machine, "$LIMIT", "3", 1)
	lax := mockResult(`{"Configuration":{"MemorySize":127}}`)
	lax.Validation = teststate.Present
	free := mockResult(`{}`)
	free.Validation = teststate.None
	both := mockError("e", "c")
	both.Result = text(`{}`)
	causedBy := func(state string) *teststate.Configuration {
		return &teststate.Configuration{ErrorCausedByState: &state}
	}
	tests := []struct {
		name    string
		request teststate.Request
		want    string
	}{
		{"a mock on a Pass", teststate.Request{Definition: pass, Mock: mockResult(`{}`)}, "ValidationException: State type 'Pass' is not supported when a mock is specified"},
		{"an error on a Wait", teststate.Request{Definition: `{"Type":"Wait","Seconds":1,"End":true}`, Mock: mockError("e", "c")}, "ValidationException: State type 'Wait' is not supported when a mock is specified"},
		{"a mock on a Choice", teststate.Request{Definition: whole, StateName: "inner", Mock: mockResult(`{}`)}, "ValidationException: State type 'Choice' is not supported when a mock is specified"},
		{"a Map without a mock", teststate.Request{Definition: mapState}, needsMock + "Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"},
		{"a Parallel without a mock", teststate.Request{Definition: parallel}, needsMock + "Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"},
		{"an activity without a mock", teststate.Request{Definition: activity}, needsMock + "Activity tasks when a mock is not specified."},
		{"a job without a mock", teststate.Request{Definition: syncTask}, needsMock + "the '.sync' service integration pattern when a mock is not specified."},
		{"a task token without a mock", teststate.Request{Definition: waitTask}, needsMock + "the '.waitForTaskToken' service integration pattern when a mock is not specified."},
		{"a Task without a mock and a role", teststate.Request{Definition: task}, "ValidationException: RoleArn must be specified when testing a Task state"},
		{"secrets and a mock", teststate.Request{Definition: task, Mock: mockResult(`{}`), RevealSecrets: true}, "ValidationException: TestState does not support RevealSecrets when a mock is specified."},
		{"a context object without a mock", teststate.Request{Definition: task, Context: text(`{}`)}, "ValidationException: TestState does not support a Context object when a mock is not specified."},
		{"failed iterations without a mock", teststate.Request{Definition: mapState, Configuration: &teststate.Configuration{MapIterationFailureCount: count(0)}}, "ValidationException: TestState does not support MapIterationFailureCount when a mock is not specified."},
		{"an error's state without a mock", teststate.Request{Definition: mapState, Configuration: causedBy("i")}, "ValidationException: TestState does not support ErrorCausedByState when a mock is not specified."},
		{"a result and an error", teststate.Request{Definition: task, Mock: both}, "ValidationException: A test mock should have only one of the following fields: [result, errorOutput]."},
		{"neither of them", teststate.Request{Definition: task, Mock: &teststate.Mock{}}, "ValidationException: A test mock should have one of the following fields: [result, errorOutput]."},
		{
			"more failures than items",
			teststate.Request{
				Definition: mapState, Input: text(`{"items":[1]}`), Mock: mockResult(`[1]`),
				Configuration: &teststate.Configuration{MapIterationFailureCount: count(2)},
			},
			"ValidationException: Map iteration failure count must be less than or equal to the number of Map iterations",
		},
		{"an error of a state that is not there", teststate.Request{Definition: mapState, Mock: mockError("e", "c"), Configuration: causedBy("j")}, "ValidationException: State not found in definition"},
		{"a result that is no JSON", teststate.Request{Definition: task, Mock: mockResult(`{`)}, "ValidationException: Mocked result must be valid JSON."},
		{"a Map's result that is no array", teststate.Request{Definition: mapState, Mock: mockResult(`{}`)}, "ValidationException: Mocked result must be an array."},
		{"a Map's result that is no array, unchecked", teststate.Request{Definition: mapState, Mock: free}, "ValidationException: Mocked result must be an array."},
		{"a Map's result that a ResultWriter wrote", teststate.Request{Definition: writer, Mock: mockResult(`[1]`)}, "ValidationException: Mocked result must be a JSON object."},
		{"a Parallel's result that is no array", teststate.Request{Definition: parallel, Mock: mockResult(`{}`)}, "ValidationException: Mocked result must be an array."},
		{"a result for each branch", teststate.Request{Definition: parallel, Mock: mockResult(`[1]`)}, "ValidationException: Mocked result must contain the same number of items as number of Parallel branches."},
		{"a service's answer that is no object", teststate.Request{Definition: start, Mock: mockResult(`[]`)}, "ValidationException: Mocked result must be a JSON object."},
		{"a required field", teststate.Request{Definition: start, Mock: mockResult(`{}`)}, "ValidationException: Mock result schema validation error: Required field 'ExecutionArn' is missing"},
		{"a field that is there", teststate.Request{Definition: getFunction, Mock: lax}, "ValidationException: Mock result schema validation error: Field 'MemorySize' is less than the minimum value"},
		{"an unknown context field", teststate.Request{Definition: task, Mock: mockResult(`{}`), Context: text(`{"Execution":{"pokemon":1}}`)}, "ValidationException: Invalid Context object provided: Field 'pokemon' is not allowed"},
		{"an unknown part of the context", teststate.Request{Definition: task, Mock: mockResult(`{}`), Context: text(`{"Pokemon":{}}`)}, "ValidationException: Invalid Context object provided: Field 'Pokemon' is not allowed"},
		{"a context field's type", teststate.Request{Definition: task, Mock: mockResult(`{}`), Context: text(`{"Execution":{"Id":1}}`)}, "ValidationException: Invalid Context object provided: Execution.Id must be a string"},
		{"a context with an item", teststate.Request{Definition: task, Mock: mockResult(`{}`), Context: text(`{"Map":{}}`)}, "ValidationException: Invalid Context object provided: 'Map' field is not supported when mocking a Context object"},
		{
			"a task token where there is none",
			teststate.Request{Definition: task, Mock: mockResult(`{}`), Context: text(`{"Task":{"Token":"t"}}`)},
			"ValidationException: Invalid Context object provided: Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
		},
		{"an unknown state", teststate.Request{Definition: whole, StateName: "no"}, "ValidationException: State not found in definition"},
		{"a broken definition", teststate.Request{Definition: `{"Type":"Pass"}`}, "InvalidDefinition: Invalid State Machine Definition: "},
		{"a definition that is not JSON", teststate.Request{Definition: `{"Type":`}, "InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: "},
		{"a lone state with a name", teststate.Request{Definition: pass, StateName: "a"}, "InvalidDefinition: Invalid State Machine Definition: "},
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
