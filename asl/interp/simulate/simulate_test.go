package simulate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/simulate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

const oneTask = `{"StartAt":"t","States":{"t":{"Type":"Task","Resource":"wasm:f","TimeoutSeconds":10,"HeartbeatSeconds":4,"End":true}}}`

func compile(t *testing.T, definition string) *interp.Program {
	t.Helper()
	p, ds := interp.Load("test.json", []byte(definition))
	if p == nil {
		t.Fatal(ds)
	}
	return p
}

func simulated(t *testing.T, r simulate.Run) *simulate.Result {
	t.Helper()
	result, err := simulate.Simulate(r)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestTimeTakenByTasks(t *testing.T) {
	output := jsonvalue.IntOf(1)
	tests := []struct {
		name       string
		definition string
		answer     simulate.Answer
		want       interp.Status
		error      string
		after      time.Duration
	}{
		{"in time", oneTask, simulate.Answer{Output: output, After: 3 * time.Second}, interp.Succeeded, "", 3 * time.Second},
		{"no heartbeat", oneTask, simulate.Answer{Output: output, After: 5 * time.Second}, interp.FailedRun, "States.Timeout", 4 * time.Second},
		{
			"too long", strings.Replace(oneTask, `"HeartbeatSeconds":4,`, "", 1),
			simulate.Answer{Output: output, After: 11 * time.Second},
			interp.FailedRun, "States.Timeout", 10 * time.Second,
		},
		{
			"never, and no timeout", `{"StartAt":"t","States":{"t":{"Type":"Task","Resource":"wasm:f","End":true}}}`,
			simulate.Answer{Never: true},
			interp.Running, "", 0,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := simulated(t, simulate.Run{Program: compile(t, test.definition), Answer: func(simulate.Request) simulate.Answer { return test.answer }})
			got := ""
			if r.Error != nil {
				got = *r.Error
			}
			if r.Status != test.want || got != test.error || r.Ended.Sub(r.Started) != test.after {
				t.Errorf("%s %s after %v", r.Status, got, r.Ended.Sub(r.Started))
			}
		})
	}
}

func TestNothingIsMocked(t *testing.T) {
	r := simulated(t, simulate.Run{Program: compile(t, oneTask)})
	if r.Status != interp.FailedRun || *r.Error != "Simulate.NotMocked" || *r.Cause != "invocation 0 of the state 't' has no mocked answer" {
		t.Errorf("%+v", r)
	}
}

func TestMockConfig(t *testing.T) {
	config, err := simulate.ParseMockConfig(`{
		"StateMachines": {"Order": {"TestCases": {
			"Retried": {"charge": "Flaky", "ship": "Shipped"},
			"Broken": {"charge": "Missing"}}}},
		"MockedResponses": {
			"Flaky": {"0-1": {"Throw": {"Error": "Busy", "Cause": "try again"}}, "2": {"Return": {"paid": true}}},
			"Shipped": {"0": {"Return": "shipped"}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	mocks, err := config.Case("Order", "Retried")
	if err != nil {
		t.Fatal(err)
	}
	r := simulated(t, simulate.Run{
		Program: compile(t, `{"StartAt":"charge","States":{"charge":{"Type":"Task","Resource":"wasm:charge","Retry":[{"ErrorEquals":["Busy"]}],"Next":"ship"},
			"ship":{"Type":"Task","Resource":"wasm:ship","End":true}}}`),
		Answer: mocks.Answer,
	})
	if r.Status != interp.Succeeded || r.Output.String() != `"shipped"` || r.Ended.Sub(r.Started) != 3*time.Second {
		t.Errorf("%s %s after %v", r.Status, r.Output, r.Ended.Sub(r.Started))
	}
	for _, name := range []string{"Broken", "No such case"} {
		if _, err := config.Case("Order", name); err == nil {
			t.Errorf("%s gives answers", name)
		}
	}
}

func TestBadResponses(t *testing.T) {
	for _, text := range []string{`{"x":{"Return":1}}`, `{"2-1":{"Return":1}}`, `{"-1":{"Return":1}}`, `{"0":{}}`} {
		if _, err := simulate.ParseResponses(jsonvalue.MustParse(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

// The children of a Map Run take their time, and the run as long as the longest.
func TestMapRunTakesTime(t *testing.T) {
	r := simulated(t, simulate.Run{
		Program: compile(t, `{"StartAt":"m","States":{"m":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
			"StartAt":"w","States":{"w":{"Type":"Wait","SecondsPath":"$","End":true}}},"End":true}}}`),
		Input: jsonvalue.MustParse(`[2,7,3]`),
	})
	if r.Status != interp.Succeeded || r.Output.String() != "[2,7,3]" || r.Ended.Sub(r.Started) != 7*time.Second {
		t.Errorf("%s %s after %v", r.Status, r.Output, r.Ended.Sub(r.Started))
	}
}

// The same run gives the same result, random numbers included.
func TestSeedsDecide(t *testing.T) {
	p := compile(t, `{"StartAt":"a","States":{"a":{"Type":"Pass","Parameters":{"u.$":"States.UUID()"},"End":true}}}`)
	run := func(seed uint64) string { return simulated(t, simulate.Run{Program: p, Seed: seed}).Output.String() }
	first, again, other := run(1), run(1), run(2)
	if first != again || first == other {
		t.Errorf("seeds 1, 1 and 2 give %s, %s and %s", first, again, other)
	}
}

func TestEndlessLoopsEnd(t *testing.T) {
	p := compile(t, `{"StartAt":"a","States":{"a":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"b"}],"Default":"a"},"b":{"Type":"Succeed"}}}`)
	r := simulated(t, simulate.Run{Program: p, Limits: interp.Limits{Events: 25000}})
	if r.Status != interp.FailedRun || len(r.History) != 25000 || r.History[24999].Type != "ExecutionFailed" {
		t.Errorf("%s after %d events", r.Status, len(r.History))
	}
}
