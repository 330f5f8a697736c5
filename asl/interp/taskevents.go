package interp

import (
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// taskEvents writes the history of one family of tasks.
type taskEvents interface {
	scheduled(x *Execution, f *frame, order *ScheduleTask)
	started(x *Execution, f *frame, worker string)
	submitted(x *Execution, f *frame, output jsonvalue.Value)
	succeeded(x *Execution, f *frame, output jsonvalue.Value)
	failed(x *Execution, f *frame, err *failure)
	timedOut(x *Execution, f *frame, err *failure)
	// subject is what a text about the task calls it.
	subject() string
}

// eventsOf gives the family of a resource.
func eventsOf(r asl.Resource) taskEvents {
	switch r.Kind {
	case asl.ResourceIntegration:
		return &integrationEvents{service: r.Service, action: r.Action, start: &history.TaskStart{ResourceType: r.Service, Resource: r.Action}}
	case asl.ResourceActivity:
		return activityEvents{r.ARN}
	case asl.ResourceLambda, asl.ResourceWasm, asl.ResourceUnknown:
	}
	return functionEvents{r.ARN}
}

func wholeSeconds(d time.Duration) int64 { return int64(d / time.Second) }

// functionEvents are LambdaFunction….
type functionEvents struct{ arn string }

func (e functionEvents) subject() string { return e.arn }

func (e functionEvents) scheduled(x *Execution, f *frame, o *ScheduleTask) {
	x.record(f, history.LambdaFunctionScheduled, &history.FunctionSchedule{
		Resource: e.arn, Input: o.Input, Timeout: wholeSeconds(o.Timeout), RoleARN: o.RoleARN,
	})
}

func (e functionEvents) started(x *Execution, f *frame, _ string) {
	x.record(f, history.LambdaFunctionStarted, nil)
}

func (e functionEvents) submitted(*Execution, *frame, jsonvalue.Value) {}

func (e functionEvents) succeeded(x *Execution, f *frame, output jsonvalue.Value) {
	x.record(f, history.LambdaFunctionSucceeded, &history.Output{Output: output})
}

func (e functionEvents) failed(x *Execution, f *frame, err *failure) {
	x.record(f, history.LambdaFunctionFailed, &history.Failure{Error: err.name, Cause: err.cause})
}

func (e functionEvents) timedOut(x *Execution, f *frame, err *failure) {
	x.record(f, history.LambdaFunctionTimedOut, &history.Failure{Error: err.name, Cause: err.cause})
}

// activityEvents are Activity….
type activityEvents struct{ arn string }

func (e activityEvents) subject() string { return e.arn }

func (e activityEvents) scheduled(x *Execution, f *frame, o *ScheduleTask) {
	x.record(f, history.ActivityScheduled, &history.ActivitySchedule{
		Resource: e.arn, Input: o.Input, Timeout: wholeSeconds(o.Timeout), Heartbeat: wholeSeconds(o.Heartbeat),
	})
}

func (e activityEvents) started(x *Execution, f *frame, worker string) {
	x.record(f, history.ActivityStarted, &history.ActivityStart{WorkerName: worker})
}

func (e activityEvents) submitted(*Execution, *frame, jsonvalue.Value) {}

func (e activityEvents) succeeded(x *Execution, f *frame, output jsonvalue.Value) {
	x.record(f, history.ActivitySucceeded, &history.Output{Output: output})
}

func (e activityEvents) failed(x *Execution, f *frame, err *failure) {
	x.record(f, history.ActivityFailed, &history.Failure{Error: err.name, Cause: err.cause})
}

func (e activityEvents) timedOut(x *Execution, f *frame, err *failure) {
	x.record(f, history.ActivityTimedOut, &history.Failure{Error: err.name, Cause: err.cause})
}

// integrationEvents are Task….
type integrationEvents struct {
	service, action string
	start           *history.TaskStart
}

func (e *integrationEvents) subject() string { return e.service }

func (e *integrationEvents) scheduled(x *Execution, f *frame, o *ScheduleTask) {
	x.record(f, history.TaskScheduled, &history.TaskSchedule{
		ResourceType: e.service, Resource: e.action, Region: x.info.Region, Parameters: o.Input,
		Timeout: wholeSeconds(o.Timeout), Heartbeat: wholeSeconds(o.Heartbeat), RoleARN: o.RoleARN,
	})
}

func (e *integrationEvents) started(x *Execution, f *frame, _ string) {
	x.record(f, history.TaskStarted, e.start)
}

func (e *integrationEvents) submitted(x *Execution, f *frame, output jsonvalue.Value) {
	x.record(f, history.TaskSubmitted, &history.TaskOutput{ResourceType: e.service, Resource: e.action, Output: output})
}

func (e *integrationEvents) succeeded(x *Execution, f *frame, output jsonvalue.Value) {
	x.record(f, history.TaskSucceeded, &history.TaskOutput{ResourceType: e.service, Resource: e.action, Output: output})
}

func (e *integrationEvents) failed(x *Execution, f *frame, err *failure) {
	x.record(f, history.TaskFailed, e.failure(err))
}

func (e *integrationEvents) timedOut(x *Execution, f *frame, err *failure) {
	x.record(f, history.TaskTimedOut, e.failure(err))
}

func (e *integrationEvents) failure(err *failure) *history.TaskFailure {
	return &history.TaskFailure{ResourceType: e.service, Resource: e.action, Error: err.name, Cause: err.cause}
}
