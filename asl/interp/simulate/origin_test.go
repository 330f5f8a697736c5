package simulate_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/simulate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Where a failure arose is told whatever it went through on its way out.
func TestOrigin(t *testing.T) {
	task := `{"Type":"Task","Resource":"wasm:f","TimeoutSeconds":3,"End":true}`
	retried := `{"Type":"Task","Resource":"wasm:f","End":true,"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":2,"IntervalSeconds":1}]}`
	each := func(body string) string {
		return `{"Type":"Map","ItemProcessor":{"StartAt":"Work","States":{"Work":` + body + `}},"End":true}`
	}
	machine := func(state string) string { return `{"StartAt":"A","States":{"A":` + state + `}}` }
	name := "Custom"
	fails := func(on int64) func(simulate.Request) simulate.Answer {
		return func(r simulate.Request) simulate.Answer {
			if v, ok := r.Input.Int64(); ok && v != on {
				return simulate.Answer{Output: r.Input}
			}
			return simulate.Answer{Error: &name, After: time.Second}
		}
	}
	never := func(simulate.Request) simulate.Answer { return simulate.Answer{Never: true} }
	for _, c := range []struct {
		what       string
		definition string
		input      string
		answer     func(simulate.Request) simulate.Answer
		want       *interp.Origin
	}{
		{"a task", machine(task), "{}", fails(0), &interp.Origin{State: "A", After: time.Second}},
		{"a timeout", machine(task), "{}", never, &interp.Origin{State: "A", After: 3 * time.Second}},
		{"the last attempt", machine(retried), "{}", fails(0), &interp.Origin{State: "A", Attempt: 2, After: time.Second}},
		{"an iteration", machine(each(task)), "[1,2,3]", fails(2), &interp.Origin{
			State: "Work", Path: []interp.Turn{{State: "A", Index: 1, Iteration: true}}, After: time.Second,
		}},
		{
			"an iteration in a branch",
			machine(`{"Type":"Parallel","End":true,"Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}},{"StartAt":"Each","States":{"Each":` + each(task) + `}}]}`),
			"[4,5]", fails(4), &interp.Origin{
				State: "Work", Path: []interp.Turn{{State: "A", Index: 1}, {State: "Each", Index: 0, Iteration: true}}, After: time.Second,
			},
		},
		{"States.Runtime, which nothing catches", machine(each(`{"Type":"Pass","InputPath":"$.none","End":true}`)), "[{}]", nil, &interp.Origin{
			State: "Work", Path: []interp.Turn{{State: "A", Index: 0, Iteration: true}},
		}},
		{
			"the execution's timeout",
			`{"StartAt":"A","TimeoutSeconds":5,"States":{"A":{"Type":"Wait","Seconds":2,"Next":"B"},"B":{"Type":"Wait","Seconds":60,"End":true}}}`,
			"{}", nil, &interp.Origin{State: "B", After: 3 * time.Second},
		},
		{
			"the execution's timeout, with work in several iterations",
			`{"StartAt":"A","TimeoutSeconds":5,"States":{"A":` + each(`{"Type":"Wait","Seconds":60,"End":true}`) + `}}`,
			"[1,2]", nil, &interp.Origin{State: "A", After: 5 * time.Second},
		},
		{"what was caught is none", machine(`{"Type":"Task","Resource":"wasm:f","Catch":[{"ErrorEquals":["States.ALL"],"Next":"A2"}],"End":true},"A2":{"Type":"Succeed"}`), "{}", fails(0), nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			input, err := jsonvalue.Parse(c.input)
			if err != nil {
				t.Fatal(err)
			}
			r := simulated(t, simulate.Run{Program: compile(t, c.definition), Input: input, Answer: c.answer})
			if !reflect.DeepEqual(r.Origin, c.want) {
				t.Errorf("%s: %+v, want %+v", r.Status, r.Origin, c.want)
			}
		})
	}
}
