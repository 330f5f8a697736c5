package cli

import (
	"slices"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/simulate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// followed simulates a machine whose tasks never answer, and follows its history
// up to a number of events; 0 is all.
func followed(t *testing.T, definition, input string, answer func(simulate.Request) simulate.Answer, events int) *follower {
	t.Helper()
	m, found := asl.Check("m.json", []byte(definition))
	if asl.HasErrors(found) {
		t.Fatal(found)
	}
	p, err := interp.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	r, err := simulate.Simulate(simulate.Run{Program: p, Input: jsonvalue.MustParse(input), Answer: answer})
	if err != nil {
		t.Fatal(err)
	}
	f := newFollower()
	for i, e := range r.History {
		if events > 0 && i == events {
			break
		}
		f.take(e)
	}
	return f
}

func never(r simulate.Request) simulate.Answer {
	return simulate.Answer{Never: true, Submitted: jsonvalue.EmptyObject}
}

func noRuns(string) (total, done, running int64) { return 0, 0, 0 }

func TestProgressLine(t *testing.T) {
	each := `{"StartAt":"Work","States":{"Work":{"Type":"Map","MaxConcurrency":2,"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:f","End":true}}},"Next":"Last"},"Last":{"Type":"Pass","End":true}}}`
	one := func(r simulate.Request) simulate.Answer {
		if r.Invocation < 3 {
			return simulate.Answer{Output: r.Input}
		}
		return simulate.Answer{Never: true}
	}
	for _, c := range []struct {
		what string
		f    *follower
		want string
	}{
		{"before anything", newFollower(), "  0 events"},
		{"in a Map", followed(t, each, "[1,2,3,4,5,6]", one, 0), "Work 3/6 items, 2 running  2 tasks, 32 events"},
		{"after it", followed(t, each, "[1]", one, 0), "Last  15 events"},
		{"nothing of a task that is over stays", followed(t, each, "[1,2,3]", one, 0), "Last  29 events"},
	} {
		if got := c.f.line(noRuns); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
		if c.f.state == "Last" && len(c.f.names)+len(c.f.waits) > 0 {
			t.Errorf("%s: still open: %v %v", c.what, c.f.names, c.f.waits)
		}
	}
}

func TestProgressOfAMapRun(t *testing.T) {
	f := newFollower()
	f.maps = []*mapCount{{name: "Each", run: "arn"}}
	if got := f.line(func(string) (int64, int64, int64) { return 1000, 10, 40 }); got != "Each 10/1000 items, 40 running  0 events" {
		t.Error(got)
	}
}

func TestWaitsAreTold(t *testing.T) {
	token := `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"End":true}}}`
	activity := `{"StartAt":"Do","States":{"Do":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:packing","End":true}}}`
	for _, c := range []struct{ what, definition, want string }{
		{"a token", token, "state Ask waits for its task token: SendTaskSuccess or SendTaskFailure with that token answers it, from a task of this workflow (aws-sdk:sfn:sendTaskSuccess) or, under wasl serve, from anywhere"},
		{"an activity", activity, "state Do waits for a worker of the activity packing: a module packing.wasm does its work, or, under wasl serve, whoever calls GetActivityTask"},
	} {
		answer := never
		if c.what == "an activity" {
			answer = nil
		}
		f := followed(t, c.definition, "{}", answer, 0)
		if answer == nil {
			f = followed(t, c.definition, "{}", never, 3) // before a worker has taken it
		}
		if got := f.waiting(simulate.Epoch.Add(time.Second)); len(got) > 0 {
			t.Errorf("%s: too early: %q", c.what, got)
		}
		late := simulate.Epoch.Add(3 * time.Second)
		if got := f.waiting(late); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
		if got := f.waiting(late); len(got) > 0 {
			t.Errorf("%s: told twice: %q", c.what, got)
		}
	}
}
