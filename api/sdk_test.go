package api

import (
	"regexp"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

func TestSDKHasTheNamesOfTheJavaSDK(t *testing.T) {
	s := newTestServer(t)
	for _, c := range []struct{ action, args, want string }{
		{
			"createStateMachine", `{"Name":"m","RoleArn":"arn:aws:iam::1:role/r","Definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}`,
			`\{"CreationDate":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.\d{3}Z","StateMachineArn":"arn:aws:states:us-east-1:111111111111:stateMachine:m"\}`,
		},
		{"listStateMachines", `{"MaxResults":10}`, `\{"StateMachines":\[\{"CreationDate":"[^"]+","Name":"m","StateMachineArn":"[^"]+","Type":"STANDARD"\}\]\}`},
		{"describeStateMachine", `{"StateMachineArn":"x"}`, `InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'`},
		{"describeStateMachine", `{"stateMachineArn":"x"}`, `ValidationException: 1 validation error detected: Value null at 'stateMachineArn' .*`},
		{"getExecutionHistory", `{"ExecutionArn":"arn:aws:states:us-east-1:111111111111:execution:m:x"}`, `ExecutionDoesNotExist: .*`},
		{"fly", `{}`, `UnknownOperationException: The operation 'Fly' is not one that this server knows`},
		{"", `{}`, `UnknownOperationException: The operation '' is not one that this server knows`},
	} {
		v, err := s.SDK(t.Context(), c.action, jsonvalue.MustParse(c.args))
		got := v.String()
		if err != nil {
			got = err.Error()
		}
		if !regexp.MustCompile("^(?:.*: )?" + c.want + "$").MatchString(got) {
			t.Errorf("%s %s:\n got %s\nwant %s", c.action, c.args, got, c.want)
		}
	}
}
