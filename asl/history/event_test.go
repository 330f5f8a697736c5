package history_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

var (
	when  = time.Date(2025, 1, 2, 3, 4, 5, 678_000_000, time.UTC)
	value = jsonvalue.MustParse(`{"b":1.0,"a":[true]}`)
)

func text(s string) *string { return &s }

// examples has one event of every type, with details as full as they get.
func examples() []history.Event {
	failure := &history.Failure{Error: text("E"), Cause: text("c")}
	taskFailure := &history.TaskFailure{ResourceType: "lambda", Resource: "invoke", Error: text("E"), Cause: text("c")}
	iteration := &history.MapIteration{Name: "m", Index: 3}
	details := map[history.Type]history.Details{
		history.ActivityFailed: failure, history.ActivityScheduleFailed: failure, history.ActivityTimedOut: failure,
		history.ActivityScheduled: &history.ActivitySchedule{Resource: "arn", Input: value, Timeout: 9, Heartbeat: 3},
		history.ActivityStarted:   &history.ActivityStart{WorkerName: "w"},
		history.ActivitySucceeded: &history.Output{Output: value},
		history.EvaluationFailed:  &history.EvaluationFailure{Error: "E", Cause: "c", Location: "Output/x", State: "s"},
		history.ExecutionAborted:  failure, history.ExecutionFailed: failure, history.ExecutionTimedOut: failure,
		history.ExecutionRedriven:    &history.ExecutionRedrive{Count: 1},
		history.ExecutionStarted:     &history.ExecutionStart{Input: value, RoleARN: "r", AliasARN: "a", VersionARN: "v"},
		history.ExecutionSucceeded:   &history.Output{Output: value},
		history.LambdaFunctionFailed: failure, history.LambdaFunctionScheduleFailed: failure,
		history.LambdaFunctionStartFailed: failure, history.LambdaFunctionTimedOut: failure,
		history.LambdaFunctionScheduled: &history.FunctionSchedule{Resource: "arn", Input: value, Timeout: 9, RoleARN: "r"},
		history.LambdaFunctionSucceeded: &history.Output{Output: value},
		history.MapIterationAborted:     iteration, history.MapIterationFailed: iteration,
		history.MapIterationStarted: iteration, history.MapIterationSucceeded: iteration,
		history.MapRunFailed:    failure,
		history.MapRunRedriven:  &history.MapRunRedrive{MapRunARN: "arn", Count: 1},
		history.MapRunStarted:   &history.MapRunStart{MapRunARN: "arn"},
		history.MapStateStarted: &history.MapStart{Length: 2},
		history.TaskFailed:      taskFailure, history.TaskStartFailed: taskFailure,
		history.TaskSubmitFailed: taskFailure, history.TaskTimedOut: taskFailure,
		history.TaskScheduled: &history.TaskSchedule{
			ResourceType: "lambda", Resource: "invoke", Region: "us-east-1", Parameters: value, Timeout: 9, Heartbeat: 3, RoleARN: "r",
		},
		history.TaskStarted:   &history.TaskStart{ResourceType: "lambda", Resource: "invoke"},
		history.TaskSubmitted: &history.TaskOutput{ResourceType: "lambda", Resource: "invoke", Output: value},
		history.TaskSucceeded: &history.TaskOutput{ResourceType: "lambda", Resource: "invoke", Output: value},
	}
	var list []history.Event
	for i, t := range history.Types {
		e := history.Event{ID: int64(i + 1), Previous: int64(i), Time: when, Type: t, Details: details[t]}
		switch name := string(t); {
		case strings.HasSuffix(name, "StateEntered"):
			e.Details = &history.StateEntered{Name: "s", Input: value}
		case strings.HasSuffix(name, "StateExited"):
			e.Details = &history.StateExited{Name: "s", Output: value, Assigned: []history.Variable{{Name: "v", Value: jsonvalue.StringOf("x")}}}
		}
		list = append(list, e)
	}
	return list
}

func TestTypesAreComplete(t *testing.T) {
	if len(history.Types) != 62 {
		t.Errorf("%d types, want 62", len(history.Types))
	}
	if !slices.IsSorted(history.Types) {
		t.Error("the types are not in the order of their names")
	}
	if slices.Contains(history.Types[1:], history.Types[0]) {
		t.Error("a type is listed twice")
	}
}

func TestValue(t *testing.T) {
	tests := []struct {
		event history.Event
		want  string
	}{
		{
			history.Event{ID: 2, Time: when, Type: history.PassStateEntered, Details: &history.StateEntered{Name: "a", Input: value}},
			`{"timestamp":1735787045.678,"type":"PassStateEntered","id":2,"previousEventId":0,"stateEnteredEventDetails":` +
				`{"name":"a","input":"{\"b\":1.0,\"a\":[true]}","inputDetails":{"truncated":false}}}`,
		},
		{
			history.Event{ID: 3, Previous: 2, Time: when, Type: history.TaskStateExited, Details: &history.StateExited{
				Name: "a", Output: jsonvalue.NullValue, Assigned: []history.Variable{{Name: "x", Value: jsonvalue.IntOf(1)}, {Name: "y", Value: jsonvalue.StringOf("s")}},
			}},
			`{"timestamp":1735787045.678,"type":"TaskStateExited","id":3,"previousEventId":2,"stateExitedEventDetails":` +
				`{"name":"a","output":"null","outputDetails":{"truncated":false},"assignedVariables":{"x":"1","y":"\"s\""},"assignedVariablesDetails":{"truncated":false}}}`,
		},
		{
			history.Event{ID: 4, Previous: 3, Time: when, Type: history.TaskTimedOut, Details: &history.TaskFailure{ResourceType: "lambda", Resource: "invoke", Error: text("States.Timeout")}},
			`{"timestamp":1735787045.678,"type":"TaskTimedOut","id":4,"previousEventId":3,"taskTimedOutEventDetails":` +
				`{"resourceType":"lambda","resource":"invoke","error":"States.Timeout"}}`,
		},
		{
			history.Event{ID: 5, Previous: 4, Time: when, Type: history.ExecutionFailed, Details: &history.Failure{}},
			`{"timestamp":1735787045.678,"type":"ExecutionFailed","id":5,"previousEventId":4,"executionFailedEventDetails":{}}`,
		},
		{
			history.Event{ID: 6, Previous: 5, Time: when, Type: history.LambdaFunctionStarted},
			`{"timestamp":1735787045.678,"type":"LambdaFunctionStarted","id":6,"previousEventId":5}`,
		},
	}
	for _, test := range tests {
		if got := test.event.Value(history.Epoch).String(); got != test.want {
			t.Errorf("want %s\ngot  %s", test.want, got)
		}
	}
}

// TestMembersAreThoseOfTheAPI compares every event with the list of the API's
// event types, their details' keys and members.
func TestMembersAreThoseOfTheAPI(t *testing.T) {
	folder := os.Getenv("WASL_REFERENCE")
	if folder == "" {
		t.Skip("WASL_REFERENCE is not set")
	}
	f, err := os.Open(filepath.Join(folder, "sfn-operations-and-events.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type shape struct {
		key     string
		members map[string]string
	}
	api := map[string]shape{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, rest, _ := strings.Cut(lines.Text(), " ")
		key, members, _ := strings.Cut(rest, " ")
		s := shape{key: key}
		if key != "-" && json.Unmarshal([]byte(members), &s.members) != nil {
			continue
		}
		api[name] = s
	}
	for _, e := range examples() {
		s, ok := api[string(e.Type)]
		if !ok {
			t.Errorf("%s is no event type of the API", e.Type)
			continue
		}
		details, has := e.Value(history.Epoch).Get(e.Type.DetailsKey())
		if has != (s.key != "-") {
			t.Errorf("%s has details: %v, in the API: %s", e.Type, has, s.key)
			continue
		}
		if !has {
			continue
		}
		if s.key != e.Type.DetailsKey() {
			t.Errorf("%s has details under %s, in the API under %s", e.Type, e.Type.DetailsKey(), s.key)
		}
		for member := range s.members {
			if _, ok := details.Get(member); !ok {
				t.Errorf("%s lacks %s: %s", e.Type, member, details)
			}
		}
		for member := range details.Members() {
			if _, ok := s.members[member]; !ok {
				t.Errorf("%s has %s, which the API does not know", e.Type, member)
			}
		}
	}
}
