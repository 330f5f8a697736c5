package interp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

const (
	activityTask = `{"StartAt":"t","States":{"t":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true}}}`
	lambdaTask   = `{"StartAt":"t","States":{"t":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},
		"Catch":[{"ErrorEquals":["States.ALL"],"Next":"c"}],"End":true},"c":{"Type":"Pass","End":true}}}`
)

// types lists the types of a history's events after ExecutionStarted.
func types(steps ...interp.Step) string {
	var all []string
	for _, s := range steps {
		for _, e := range s.History {
			all = append(all, string(e.Type))
		}
	}
	return strings.Join(slices.DeleteFunc(all, func(t string) bool { return t == string(history.ExecutionStarted) }), " ")
}

// What AWS does not start it does not record as scheduled (recorded: an activity
// that does not exist, arguments that lack a field).
func TestATaskIsScheduledWhenItIsAccepted(t *testing.T) {
	at := interp.At(time.Unix(1_700_000_000, 0))
	cause := "no such activity"
	for _, c := range []struct {
		name   string
		events []interp.Event
		want   string
	}{
		{"nothing yet", nil, "TaskStateEntered"},
		{"accepted", []interp.Event{interp.TaskAccepted{At: at, Task: 1}}, "TaskStateEntered ActivityScheduled"},
		{"accepted twice", []interp.Event{interp.TaskAccepted{At: at, Task: 1}, interp.TaskAccepted{At: at, Task: 1}}, "TaskStateEntered ActivityScheduled"},
		{"started at once", []interp.Event{interp.TaskStarted{At: at, Task: 1}}, "TaskStateEntered ActivityScheduled ActivityStarted"},
		{
			"accepted, started and done",
			[]interp.Event{interp.TaskAccepted{At: at, Task: 1}, interp.TaskStarted{At: at, Task: 1}, interp.TaskSucceeded{At: at, Task: 1, Output: jsonvalue.True}},
			"TaskStateEntered ActivityScheduled ActivityStarted ActivitySucceeded TaskStateExited ExecutionSucceeded",
		},
		{"rejected", []interp.Event{interp.TaskFailed{At: at, Task: 1, Kind: interp.Rejected, Cause: &cause}}, "TaskStateEntered ExecutionFailed"},
		{"timed out", []interp.Event{interp.TaskTimedOut{At: at, Task: 1}}, "TaskStateEntered ActivityScheduled ActivityTimedOut ExecutionFailed"},
	} {
		x := interp.New(compile(t, activityTask))
		steps := []interp.Step{x.Apply(startEvent(jsonvalue.EmptyObject))}
		for _, e := range c.events {
			steps = append(steps, x.Apply(e))
		}
		if got := types(steps...); got != c.want {
			t.Errorf("%s: want %s\ngot  %s", c.name, c.want, got)
		}
	}
}

func TestVet(t *testing.T) {
	x := interp.New(compile(t, lambdaTask))
	x.Vet(func(s *interp.ScheduleTask) string { return "not " + s.Input.Field("FunctionName").Text() })
	step := x.Apply(startEvent(jsonvalue.EmptyObject))
	if got := types(step); got != "TaskStateEntered ExecutionFailed" {
		t.Error(got)
	}
	end, ok := step.Commands[len(step.Commands)-1].(*interp.Finish)
	if !ok || len(step.Commands) != 1 || *end.Error != "States.Runtime" || !strings.HasSuffix(*end.Cause, "not f") {
		t.Errorf("%+v", step.Commands)
	}
	x = interp.New(compile(t, lambdaTask))
	x.Vet(func(*interp.ScheduleTask) string { return "" })
	if got := types(x.Apply(startEvent(jsonvalue.EmptyObject))); got != "TaskStateEntered TaskScheduled" {
		t.Error(got)
	}
}
