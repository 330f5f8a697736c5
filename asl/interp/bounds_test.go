package interp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

func startEvent(input jsonvalue.Value) interp.Started {
	return interp.Started{At: interp.At(time.Unix(1_700_000_000, 0)), Input: input, Seed: 1}
}

func numbers(n int) jsonvalue.Value {
	items := make([]jsonvalue.Value, n)
	for i := range items {
		items[i] = jsonvalue.IntOf(int64(i))
	}
	return jsonvalue.ArrayOf(items...)
}

// An endless loop of states gives the engine its turn back.
func TestApplyIsBounded(t *testing.T) {
	p := compile(t, `{"StartAt":"a","States":{"a":{"Type":"Pass","Next":"b"},"b":{"Type":"Pass","Next":"a"}}}`)
	x := interp.New(p)
	step := x.Apply(startEvent(jsonvalue.EmptyObject))
	for range 3 {
		if !step.More {
			t.Fatal("the step does not say that there is more")
		}
		if n := len(step.History); n == 0 || n > 4000 {
			t.Fatalf("%d events in one step", n)
		}
		step = x.Apply(interp.Continue{At: interp.At(time.Unix(1_700_000_000, 0))})
	}
}

// A Map schedules no more than it may hold, whatever its length, and goes on
// with the next item when one is done.
func TestAMapHoldsABoundedNumberOfIterations(t *testing.T) {
	for _, concurrency := range []string{"", `"MaxConcurrency":2000,`} {
		p := compile(t, `{"StartAt":"m","States":{"m":{"Type":"Map",`+concurrency+`"End":true,"ItemProcessor":{
			"StartAt":"t","States":{"t":{"Type":"Task","Resource":"wasm:t","End":true}}}}}}`)
		x := interp.New(p)
		at := interp.At(time.Unix(1_700_000_000, 0))
		var scheduled []*interp.ScheduleTask
		take := func(step interp.Step) {
			for {
				for _, c := range step.Commands {
					if s, ok := c.(*interp.ScheduleTask); ok {
						scheduled = append(scheduled, s)
					}
				}
				if !step.More {
					return
				}
				step = x.Apply(interp.Continue{At: at})
			}
		}
		take(x.Apply(startEvent(numbers(5000))))
		if len(scheduled) != 1000 {
			t.Fatalf("%s %d tasks are scheduled", concurrency, len(scheduled))
		}
		take(x.Apply(interp.TaskSucceeded{At: at, Task: scheduled[500].ID, Output: jsonvalue.NullValue}))
		if len(scheduled) != 1001 || scheduled[1000].Input.String() != "1000" {
			t.Errorf("%s %d tasks are scheduled after one was done", concurrency, len(scheduled))
		}
	}
}

// Two branches that never end take turns.
func TestBranchesTakeTurns(t *testing.T) {
	loop := `{"StartAt":"%[1]sa","States":{"%[1]sa":{"Type":"Pass","Next":"%[1]sb"},"%[1]sb":{"Type":"Pass","Next":"%[1]sa"}}}`
	p := compile(t, `{"StartAt":"p","States":{"p":{"Type":"Parallel","End":true,"Branches":[`+fmt.Sprintf(loop, "x")+`,`+fmt.Sprintf(loop, "y")+`]}}}`)
	x := interp.New(p)
	steps := []interp.Step{x.Apply(startEvent(jsonvalue.EmptyObject))}
	for range 3 {
		steps = append(steps, x.Apply(interp.Continue{At: interp.At(time.Unix(1_700_000_000, 0))}))
	}
	seen := map[string]bool{}
	for _, step := range steps {
		for _, e := range step.History {
			seen[e.Value(func(time.Time) jsonvalue.Value { return jsonvalue.NullValue }).Field("stateEnteredEventDetails").Field("name").Text()] = true
		}
	}
	if !seen["xa"] || !seen["ya"] {
		t.Errorf("only one of the branches went on: %v", seen)
	}
}

// A Map never has more tasks in flight than MaxConcurrency says, and starts the
// next iteration as soon as one ends.
func TestMapConcurrency(t *testing.T) {
	const items, limit = 500, 7
	p := compile(t, fmt.Sprintf(`{"StartAt":"m","States":{"m":{"Type":"Map","MaxConcurrency":%d,"ItemProcessor":{"StartAt":"t","States":{
		"t":{"Type":"Task","Resource":"wasm:f","End":true}}},"End":true}}}`, limit))
	x := interp.New(p)
	at := interp.At(time.Unix(1_700_000_000, 0))
	var open []*interp.ScheduleTask
	var end *interp.Finish
	take := func(step interp.Step) {
		for step.More {
			more := x.Apply(interp.Continue{At: at})
			more.Commands = append(step.Commands, more.Commands...)
			step = more
		}
		for _, c := range step.Commands {
			switch c := c.(type) {
			case *interp.ScheduleTask:
				open = append(open, c)
			case *interp.Finish:
				end = c
			}
		}
	}
	take(x.Apply(startEvent(numbers(items))))
	for done := 0; len(open) > 0; done++ {
		if want := min(limit, items-done); len(open) != want {
			t.Fatalf("%d tasks in flight after %d, want %d", len(open), done, want)
		}
		// The last one first: iterations need not end in order.
		task := open[len(open)-1]
		open = open[:len(open)-1]
		take(x.Apply(interp.TaskSucceeded{At: at, Task: task.ID, Output: task.Input}))
	}
	if end == nil || !jsonvalue.Equal(end.Output, numbers(items)) {
		t.Errorf("the Map ended with %+v", end)
	}
}

// A Map of a million items holds what runs, not what waits.
func TestMapMemoryFollowsConcurrency(t *testing.T) {
	p := compile(t, `{"StartAt":"m","States":{"m":{"Type":"Map","MaxConcurrency":5,"ItemProcessor":{"StartAt":"t","States":{
		"t":{"Type":"Task","Resource":"wasm:f","End":true}}},"End":true}}}`)
	allocations := func(items int) float64 {
		input := numbers(items)
		return testing.AllocsPerRun(3, func() {
			x := interp.New(p)
			if step := x.Apply(startEvent(input)); len(step.Commands) != 5 {
				t.Fatalf("%d commands", len(step.Commands))
			}
		})
	}
	if few, many := allocations(10), allocations(100_000); many > few+1 {
		t.Errorf("%v allocations to start a Map of 100,000 items, %v for 10", many, few)
	}
}

// Cancelling reaches every command that is open, each once.
func TestStopCancelsEverything(t *testing.T) {
	p := compile(t, `{"TimeoutSeconds":1000,"StartAt":"p","States":{"p":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"t","States":{"t":{"Type":"Task","Resource":"wasm:f","End":true}}},
		{"StartAt":"w","States":{"w":{"Type":"Wait","Seconds":5,"End":true}}},
		{"StartAt":"m","States":{"m":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
			"StartAt":"x","States":{"x":{"Type":"Pass","End":true}}},"End":true}}}]}}}`)
	x := interp.New(p)
	issued := map[interp.ID]string{}
	for _, c := range x.Apply(startEvent(numbers(2))).Commands {
		switch c := c.(type) {
		case *interp.ScheduleTask:
			issued[c.ID] = "task"
		case *interp.StartTimer:
			issued[c.ID] = "timer"
		case *interp.StartMapRun:
			issued[c.ID] = "run"
		}
	}
	if len(issued) != 4 {
		t.Fatalf("issued %v", issued)
	}
	commands := x.Apply(interp.Stopped{At: interp.At(time.Unix(1_700_000_001, 0))}).Commands
	for i, c := range commands {
		var id interp.ID
		kind := ""
		switch c := c.(type) {
		case *interp.CancelTask:
			id, kind = c.ID, "task"
		case *interp.CancelTimer:
			id, kind = c.ID, "timer"
		case *interp.CancelMapRun:
			id, kind = c.ID, "run"
		case *interp.Finish:
			if i != len(commands)-1 || c.Status != interp.Aborted {
				t.Errorf("command %d is %+v", i, c)
			}
			continue
		}
		if issued[id] != kind {
			t.Errorf("cancels %s %d, which is %q", kind, id, issued[id])
		}
		delete(issued, id)
	}
	if len(issued) > 0 {
		t.Errorf("not cancelled: %v", issued)
	}
}

// Compile says which state and field it stumbled over.
func TestCompileErrors(t *testing.T) {
	for definition, want := range map[string]string{
		`{"StartAt":"b","States":{"a":{"Type":"Succeed"}}}`:                                                                            `StartAt names no state: "b"`,
		`{"StartAt":"a","States":{"a":{"Type":"Pass","Next":"b"}}}`:                                                                    `Next of a names no state: "b"`,
		`{"StartAt":"a","States":{"a":{"Type":"Pass","InputPath":"$.[","End":true}}}`:                                                  `state "a": InputPath`,
		`{"StartAt":"a","States":{"a":{"Type":"Pass","Parameters":{"x.$":1},"End":true}}}`:                                             `state "a": Parameters: the value of a field that ends in .$ must be a string: "x.$"`,
		`{"StartAt":"a","QueryLanguage":"JSONata","States":{"a":{"Type":"Pass","Output":{"x":"{% ( %}"},"End":true}}}`:                 `state "a": Output/x`,
		`{"StartAt":"a","States":{"a":{"Type":"Choice","Choices":[{"Variable":"$.x","Sounds":1,"Next":"a"}]}}}`:                        `state "a": Choices[0]`,
		`{"StartAt":"p","States":{"p":{"Type":"Parallel","Branches":[{"StartAt":"x","States":{"y":{"Type":"Succeed"}}}],"End":true}}}`: `state "p": branch 0`,
	} {
		checkCompileError(t, definition, want)
	}
}

func checkCompileError(t *testing.T, definition, want string) {
	t.Helper()
	m, ds := asl.Parse("test.json", []byte(definition))
	if m == nil {
		t.Fatalf("%s: %v", definition, ds)
	}
	_, err := interp.Compile(m)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: want %s, got %v", definition, want, err)
	}
}
