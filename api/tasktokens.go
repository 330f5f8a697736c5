package api

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/waslrun/wasl/runtime"
)

func (s *Server) sendTaskSuccess(_ context.Context, in *sfn.SendTaskSuccessInput) (*sfn.SendTaskSuccessOutput, error) {
	// AWS looks at the token before it looks at the output.
	if err := s.engine.Tokens().Check(*in.TaskToken); err != nil {
		return nil, tokenError(err)
	}
	output, problem := parsePayload(*in.Output)
	if problem != "" {
		return nil, fail("InvalidOutput", "Invalid Output: '%s'", problem)
	}
	if err := s.engine.Tokens().Succeed(*in.TaskToken, output); err != nil {
		return nil, tokenError(err)
	}
	return &sfn.SendTaskSuccessOutput{}, nil
}

func (s *Server) sendTaskFailure(_ context.Context, in *sfn.SendTaskFailureInput) (*sfn.SendTaskFailureOutput, error) {
	if err := s.engine.Tokens().Fail(*in.TaskToken, in.Error, in.Cause); err != nil {
		return nil, tokenError(err)
	}
	return &sfn.SendTaskFailureOutput{}, nil
}

func (s *Server) sendTaskHeartbeat(_ context.Context, in *sfn.SendTaskHeartbeatInput) (*sfn.SendTaskHeartbeatOutput, error) {
	if err := s.engine.Tokens().Heartbeat(*in.TaskToken); err != nil {
		return nil, tokenError(err)
	}
	return &sfn.SendTaskHeartbeatOutput{}, nil
}

// tokenError puts an engine's error about a task token in AWS's terms.
func tokenError(err error) error {
	switch {
	case errors.Is(err, runtime.ErrInvalidToken):
		return invalidToken()
	case errors.Is(err, runtime.ErrTaskTimedOut):
		return fail("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
	}
	return err
}
