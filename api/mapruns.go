package api

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/runtime"
)

func (s *Server) mapRun(text string) (runtime.MapRunInfo, error) {
	if _, err := parseARN(text, arn.MapRun); err != nil {
		return runtime.MapRunInfo{}, err
	}
	run, err := s.engine.MapRuns().Describe(text)
	if err != nil {
		return run, mapRunError(err)
	}
	return run, nil
}

func mapRunError(err error) error {
	if errors.Is(err, runtime.ErrMapRunDoesNotExist) {
		return noResource()
	}
	return err
}

func (s *Server) describeMapRun(_ context.Context, in *sfn.DescribeMapRunInput) (*sfn.DescribeMapRunOutput, error) {
	run, err := s.mapRun(*in.MapRunArn)
	if err != nil {
		return nil, err
	}
	i, x := run.Items, run.Executions
	return &sfn.DescribeMapRunOutput{
		MapRunArn: &run.ARN, ExecutionArn: &run.ExecutionARN, Status: types.MapRunStatus(run.Status),
		StartDate: &run.Started, StopDate: timeOf(run.Stopped), MaxConcurrency: int32(run.MaxConcurrency),
		ToleratedFailureCount: run.ToleratedCount, ToleratedFailurePercentage: float32(run.ToleratedPercentage),
		RedriveCount: aws.Int32(int32(run.RedriveCount)),
		ItemCounts: &types.MapRunItemCounts{
			Pending: i.Pending, Running: i.Running, Succeeded: i.Succeeded, Failed: i.Failed, TimedOut: i.TimedOut,
			Aborted: i.Aborted, Total: i.Total, ResultsWritten: i.ResultsWritten,
			FailuresNotRedrivable: &i.FailuresNotRedrivable, PendingRedrive: &i.PendingRedrive,
		},
		ExecutionCounts: &types.MapRunExecutionCounts{
			Pending: x.Pending, Running: x.Running, Succeeded: x.Succeeded, Failed: x.Failed, TimedOut: x.TimedOut,
			Aborted: x.Aborted, Total: x.Total, ResultsWritten: x.ResultsWritten,
			FailuresNotRedrivable: &x.FailuresNotRedrivable, PendingRedrive: &x.PendingRedrive,
		},
	}, nil
}

func (s *Server) listMapRuns(_ context.Context, in *sfn.ListMapRunsInput) (*sfn.ListMapRunsOutput, error) {
	if _, err := parseARN(*in.ExecutionArn, arn.Execution); err != nil {
		return nil, err
	}
	all, err := s.engine.MapRuns().List(*in.ExecutionArn)
	if err != nil {
		return nil, executionError(err, *in.ExecutionArn)
	}
	l := listing{name: "ListMapRuns " + *in.ExecutionArn, max: in.MaxResults, token: in.NextToken, newestFirst: true}
	runs, next, err := page(s.pager, l, all, func(r runtime.MapRunInfo) string {
		return orderKey(r.Started, r.ARN)
	})
	if err != nil {
		return nil, err
	}
	out := &sfn.ListMapRunsOutput{MapRuns: make([]types.MapRunListItem, len(runs)), NextToken: next}
	for i, r := range runs {
		out.MapRuns[i] = types.MapRunListItem{
			MapRunArn: &r.ARN, ExecutionArn: &r.ExecutionARN, StateMachineArn: &r.MachineARN,
			StartDate: &r.Started, StopDate: timeOf(r.Stopped),
		}
	}
	return out, nil
}

func (s *Server) updateMapRun(_ context.Context, in *sfn.UpdateMapRunInput) (*sfn.UpdateMapRunOutput, error) {
	run, err := s.mapRun(*in.MapRunArn)
	if err != nil {
		return nil, err
	}
	if run.Status != runtime.MapRunRunning {
		e := invalid("Map Run is %s and cannot be updated", run.Status)
		e.Reason = string(types.ValidationExceptionReasonCannotUpdateCompletedMapRun)
		return nil, e
	}
	change := runtime.MapRunChange{ToleratedCount: in.ToleratedFailureCount}
	if in.MaxConcurrency != nil {
		change.MaxConcurrency = aws.Int64(int64(*in.MaxConcurrency))
	}
	if in.ToleratedFailurePercentage != nil {
		change.ToleratedPercentage = aws.Float64(float64(*in.ToleratedFailurePercentage))
	}
	if err := s.engine.MapRuns().Update(run.ARN, change); err != nil {
		return nil, mapRunError(err)
	}
	return &sfn.UpdateMapRunOutput{}, nil
}
