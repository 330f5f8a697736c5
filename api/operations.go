package api

import (
	"context"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// operation is one operation of the API, from JSON to JSON in wire style.
type operation struct {
	in, out reflect.Type // the SDK's structures
	// run does it. The request has passed check.
	run func(s *Server, ctx context.Context, request jsonvalue.Value) (jsonvalue.Value, error)
}

// operations are all operations by name. What is missing is answered with
// UnknownOperationException.
var operations = map[string]operation{
	// machines.go
	"CreateStateMachine":               typed((*Server).createStateMachine),
	"DescribeStateMachine":             typed((*Server).describeStateMachine),
	"DescribeStateMachineForExecution": typed((*Server).describeStateMachineForExecution),
	"ListStateMachines":                typed((*Server).listStateMachines),
	"UpdateStateMachine":               typed((*Server).updateStateMachine),
	"DeleteStateMachine":               typed((*Server).deleteStateMachine),
	// versions.go
	"PublishStateMachineVersion": typed((*Server).publishStateMachineVersion),
	"ListStateMachineVersions":   typed((*Server).listStateMachineVersions),
	"DeleteStateMachineVersion":  typed((*Server).deleteStateMachineVersion),
	// aliases.go
	"CreateStateMachineAlias":   typed((*Server).createStateMachineAlias),
	"DescribeStateMachineAlias": typed((*Server).describeStateMachineAlias),
	"ListStateMachineAliases":   typed((*Server).listStateMachineAliases),
	"UpdateStateMachineAlias":   typed((*Server).updateStateMachineAlias),
	"DeleteStateMachineAlias":   typed((*Server).deleteStateMachineAlias),
	// executions.go
	"StartExecution":     typed((*Server).startExecution),
	"StartSyncExecution": typed((*Server).startSyncExecution),
	"DescribeExecution":  typed((*Server).describeExecution),
	"ListExecutions":     typed((*Server).listExecutions),
	"StopExecution":      typed((*Server).stopExecution),
	// history.go
	"GetExecutionHistory": raw[sfn.GetExecutionHistoryOutput]((*Server).getExecutionHistory),
	// activities.go
	"CreateActivity":   typed((*Server).createActivity),
	"DescribeActivity": typed((*Server).describeActivity),
	"ListActivities":   typed((*Server).listActivities),
	"DeleteActivity":   typed((*Server).deleteActivity),
	"GetActivityTask":  typed((*Server).getActivityTask),
	// tasktokens.go
	"SendTaskSuccess":   typed((*Server).sendTaskSuccess),
	"SendTaskFailure":   typed((*Server).sendTaskFailure),
	"SendTaskHeartbeat": typed((*Server).sendTaskHeartbeat),
	// mapruns.go
	"DescribeMapRun": typed((*Server).describeMapRun),
	"ListMapRuns":    typed((*Server).listMapRuns),
	"UpdateMapRun":   typed((*Server).updateMapRun),
	// tags.go
	"TagResource":         typed((*Server).tagResource),
	"UntagResource":       typed((*Server).untagResource),
	"ListTagsForResource": typed((*Server).listTagsForResource),
	// validate.go
	"ValidateStateMachineDefinition": typed((*Server).validateStateMachineDefinition),
	// teststate.go
	"TestState": raw[sfn.TestStateOutput]((*Server).testState),
}

// typed makes an operation of a method that takes and gives the SDK's structures.
func typed[In, Out any](method func(*Server, context.Context, *In) (*Out, error)) operation {
	op := operation{in: reflect.TypeFor[In](), out: reflect.TypeFor[Out]()}
	op.run = func(s *Server, ctx context.Context, request jsonvalue.Value) (jsonvalue.Value, error) {
		input, err := decode[In](request)
		if err != nil {
			return jsonvalue.Value{}, err
		}
		output, err := method(s, ctx, input)
		if err != nil {
			return jsonvalue.Value{}, err
		}
		answer, _ := codecOf(op.out, wireStyle).encode(reflect.ValueOf(output).Elem())
		return answer, nil
	}
	return op
}

// raw makes an operation of a method that answers in JSON itself. Out is the
// SDK's structure of that JSON.
func raw[Out, In any](method func(*Server, context.Context, *In) (jsonvalue.Value, error)) operation {
	return operation{
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
		run: func(s *Server, ctx context.Context, request jsonvalue.Value) (jsonvalue.Value, error) {
			input, err := decode[In](request)
			if err != nil {
				return jsonvalue.Value{}, err
			}
			return method(s, ctx, input)
		},
	}
}

func decode[In any](request jsonvalue.Value) (*In, error) {
	input := new(In)
	err := codecOf(reflect.TypeFor[In](), wireStyle).decode(request, reflect.ValueOf(input).Elem())
	return input, err
}
