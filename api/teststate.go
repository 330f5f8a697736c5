package api

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/teststate"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/uuid"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// testLimit is how long a state under test may take.
const testLimit = 5 * time.Minute

// testState runs one state on its own; asl/interp/teststate does it, and writes
// the answer.
func (s *Server) testState(ctx context.Context, in *sfn.TestStateInput) (jsonvalue.Value, error) {
	if in.RoleArn != nil {
		if err := checkRole(*in.RoleArn); err != nil {
			return jsonvalue.Value{}, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	r := s.testRequest(in)
	var broken error // of the engine, not of the state
	r.Invoke = func(t *interp.ScheduleTask) interp.WorkResult {
		result, err := s.invoke(ctx, t)
		if err != nil {
			broken = err
		}
		return result
	}
	r.Read = func(reader *interp.ReaderPlan, data string) ([]jsonvalue.Value, error) {
		return runtime.ReadText(ctx, reader, data)
	}
	result, err := teststate.Run(r)
	if broken != nil {
		return jsonvalue.Value{}, broken
	}
	if refused := (*teststate.Error)(nil); errors.As(err, &refused) {
		return jsonvalue.Value{}, fail(string(refused.Type), "%s", refused.Message)
	}
	if err != nil {
		return jsonvalue.Value{}, err
	}
	inspect := in.InspectionLevel == types.InspectionLevelDebug || in.InspectionLevel == types.InspectionLevelTrace
	return teststate.Answer(result, inspect), nil
}

// testRequest puts a request in the terms of teststate. The execution that the
// context object shows is made up.
func (s *Server) testRequest(in *sfn.TestStateInput) teststate.Request {
	machine, execution := uuid.New(), uuid.New()
	var seed [8]byte
	_, _ = rand.Read(seed[:]) // never fails
	r := teststate.Request{
		Definition: *in.Definition, Reading: s.definitionOptions(false), StateName: aws.ToString(in.StateName),
		Input: in.Input, Variables: in.Variables, Context: in.Context, RevealSecrets: in.RevealSecrets,
		Info: interp.Info{
			ARN: s.home.Tested(machine, execution), Name: execution, RoleARN: aws.ToString(in.RoleArn),
			MachineARN: s.home.StateMachine(machine), MachineName: machine,
			Express: true, Synchronous: true, Region: s.home.Region,
		},
		Limits: runtime.AWSLimits.Limits, Start: time.Now(), Seed: binary.LittleEndian.Uint64(seed[:]),
	}
	r.Limits.Expressions = s.expressions
	if s.payload > 0 {
		r.Limits.Payload = s.payload
	}
	if m := in.Mock; m != nil {
		r.Mock = &teststate.Mock{Result: m.Result, Validation: teststate.Validation(m.FieldValidationMode)}
		if m.ErrorOutput != nil {
			r.Mock.Error = &teststate.ErrorOutput{Error: m.ErrorOutput.Error, Cause: m.ErrorOutput.Cause}
		}
	}
	if c := in.StateConfiguration; c != nil {
		r.Configuration = &teststate.Configuration{
			RetrierRetryCount: wide(c.RetrierRetryCount), ErrorCausedByState: c.ErrorCausedByState,
			MapIterationFailureCount: wide(c.MapIterationFailureCount), MapItemReaderData: c.MapItemReaderData,
		}
	}
	return r
}

func wide(n *int32) *int64 {
	if n == nil {
		return nil
	}
	return aws.Int64(int64(*n))
}

// invoke does the work of one Task, as an execution of a machine that has
// nothing but it.
func (s *Server) invoke(ctx context.Context, t *interp.ScheduleTask) (interp.WorkResult, error) {
	task := jsonvalue.NewObject(5)
	task.Set("Type", jsonvalue.StringOf("Task"))
	task.Set("Resource", jsonvalue.StringOf(t.Resource.ARN))
	task.Set("End", jsonvalue.True)
	if t.Timeout > 0 {
		task.Set("TimeoutSeconds", jsonvalue.IntOf(int64(t.Timeout/time.Second)))
	}
	if t.Heartbeat > 0 {
		task.Set("HeartbeatSeconds", jsonvalue.IntOf(int64(t.Heartbeat/time.Second)))
	}
	states := jsonvalue.NewObject(1)
	states.Set(t.State, task.Value())
	machine := jsonvalue.NewObject(2)
	machine.Set("StartAt", jsonvalue.StringOf(t.State))
	machine.Set("States", states.Value())
	definition, err := s.compile(machine.Value().String(), registry.Standard)
	if err != nil {
		return interp.WorkResult{}, err
	}
	info, err := s.engine.StartSync(ctx, runtime.StartRequest{
		Machine: &registry.Machine{
			ARN: s.home.StateMachine("TestState"), Name: "TestState", Type: registry.Standard,
			Properties: registry.Properties{Definition: definition, RoleARN: t.RoleARN},
		},
		Input: t.Input, DiscardHistory: true,
	})
	if err != nil {
		return interp.WorkResult{}, err
	}
	return interp.WorkResult{
		Output: info.Output, Error: info.Error, Cause: info.Cause,
		TimedOut: aws.ToString(info.Error) == errname.Timeout && info.Cause == nil,
	}, nil
}
