package history

import "strings"

// Type is the type of an event, with AWS's name.
type Type string

// The types of events.
const (
	ActivityFailed               Type = "ActivityFailed"
	ActivityScheduled            Type = "ActivityScheduled"
	ActivityScheduleFailed       Type = "ActivityScheduleFailed"
	ActivityStarted              Type = "ActivityStarted"
	ActivitySucceeded            Type = "ActivitySucceeded"
	ActivityTimedOut             Type = "ActivityTimedOut"
	ChoiceStateEntered           Type = "ChoiceStateEntered"
	ChoiceStateExited            Type = "ChoiceStateExited"
	EvaluationFailed             Type = "EvaluationFailed"
	ExecutionAborted             Type = "ExecutionAborted"
	ExecutionFailed              Type = "ExecutionFailed"
	ExecutionRedriven            Type = "ExecutionRedriven"
	ExecutionStarted             Type = "ExecutionStarted"
	ExecutionSucceeded           Type = "ExecutionSucceeded"
	ExecutionTimedOut            Type = "ExecutionTimedOut"
	FailStateEntered             Type = "FailStateEntered"
	LambdaFunctionFailed         Type = "LambdaFunctionFailed"
	LambdaFunctionScheduled      Type = "LambdaFunctionScheduled"
	LambdaFunctionScheduleFailed Type = "LambdaFunctionScheduleFailed"
	LambdaFunctionStarted        Type = "LambdaFunctionStarted"
	LambdaFunctionStartFailed    Type = "LambdaFunctionStartFailed"
	LambdaFunctionSucceeded      Type = "LambdaFunctionSucceeded"
	LambdaFunctionTimedOut       Type = "LambdaFunctionTimedOut"
	MapIterationAborted          Type = "MapIterationAborted"
	MapIterationFailed           Type = "MapIterationFailed"
	MapIterationStarted          Type = "MapIterationStarted"
	MapIterationSucceeded        Type = "MapIterationSucceeded"
	MapRunAborted                Type = "MapRunAborted"
	MapRunFailed                 Type = "MapRunFailed"
	MapRunRedriven               Type = "MapRunRedriven"
	MapRunStarted                Type = "MapRunStarted"
	MapRunSucceeded              Type = "MapRunSucceeded"
	MapStateAborted              Type = "MapStateAborted"
	MapStateEntered              Type = "MapStateEntered"
	MapStateExited               Type = "MapStateExited"
	MapStateFailed               Type = "MapStateFailed"
	MapStateStarted              Type = "MapStateStarted"
	MapStateSucceeded            Type = "MapStateSucceeded"
	ParallelStateAborted         Type = "ParallelStateAborted"
	ParallelStateEntered         Type = "ParallelStateEntered"
	ParallelStateExited          Type = "ParallelStateExited"
	ParallelStateFailed          Type = "ParallelStateFailed"
	ParallelStateStarted         Type = "ParallelStateStarted"
	ParallelStateSucceeded       Type = "ParallelStateSucceeded"
	PassStateEntered             Type = "PassStateEntered"
	PassStateExited              Type = "PassStateExited"
	SucceedStateEntered          Type = "SucceedStateEntered"
	SucceedStateExited           Type = "SucceedStateExited"
	TaskFailed                   Type = "TaskFailed"
	TaskScheduled                Type = "TaskScheduled"
	TaskStartFailed              Type = "TaskStartFailed"
	TaskStarted                  Type = "TaskStarted"
	TaskStateAborted             Type = "TaskStateAborted"
	TaskStateEntered             Type = "TaskStateEntered"
	TaskStateExited              Type = "TaskStateExited"
	TaskSubmitFailed             Type = "TaskSubmitFailed"
	TaskSubmitted                Type = "TaskSubmitted"
	TaskSucceeded                Type = "TaskSucceeded"
	TaskTimedOut                 Type = "TaskTimedOut"
	WaitStateAborted             Type = "WaitStateAborted"
	WaitStateEntered             Type = "WaitStateEntered"
	WaitStateExited              Type = "WaitStateExited"
)

// Types lists every type, in the order of their names.
var Types = []Type{
	ActivityFailed, ActivityScheduleFailed, ActivityScheduled, ActivityStarted, ActivitySucceeded,
	ActivityTimedOut,
	ChoiceStateEntered, ChoiceStateExited,
	EvaluationFailed,
	ExecutionAborted, ExecutionFailed, ExecutionRedriven, ExecutionStarted, ExecutionSucceeded,
	ExecutionTimedOut,
	FailStateEntered,
	LambdaFunctionFailed, LambdaFunctionScheduleFailed, LambdaFunctionScheduled, LambdaFunctionStartFailed,
	LambdaFunctionStarted, LambdaFunctionSucceeded, LambdaFunctionTimedOut,
	MapIterationAborted, MapIterationFailed, MapIterationStarted, MapIterationSucceeded, MapRunAborted,
	MapRunFailed, MapRunRedriven, MapRunStarted, MapRunSucceeded, MapStateAborted, MapStateEntered,
	MapStateExited, MapStateFailed, MapStateStarted, MapStateSucceeded,
	ParallelStateAborted, ParallelStateEntered, ParallelStateExited, ParallelStateFailed, ParallelStateStarted,
	ParallelStateSucceeded,
	PassStateEntered, PassStateExited,
	SucceedStateEntered, SucceedStateExited,
	TaskFailed, TaskScheduled, TaskStartFailed, TaskStarted, TaskStateAborted, TaskStateEntered,
	TaskStateExited, TaskSubmitFailed, TaskSubmitted, TaskSucceeded, TaskTimedOut,
	WaitStateAborted, WaitStateEntered, WaitStateExited,
}

// DetailsKey is the member that holds the details of events of this type, such
// as taskFailedEventDetails. All …StateEntered events share one key, and so do
// all …StateExited events.
func (t Type) DetailsKey() string { return detailsKeys[t] }

var detailsKeys = func() map[Type]string {
	keys := make(map[Type]string, len(Types))
	for _, t := range Types {
		switch name := string(t); {
		case strings.HasSuffix(name, "StateEntered"):
			keys[t] = "stateEnteredEventDetails"
		case strings.HasSuffix(name, "StateExited"):
			keys[t] = "stateExitedEventDetails"
		default:
			keys[t] = strings.ToLower(name[:1]) + name[1:] + "EventDetails"
		}
	}
	return keys
}()
