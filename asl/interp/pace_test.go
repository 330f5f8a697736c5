package interp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

var noon = interp.At(time.Unix(1_700_000_000, 0))

// computing is a machine of states that only compute: the third takes long.
const computing = `{"QueryLanguage":"JSONata","TimeoutSeconds":60,"StartAt":"A","States":{
	"A":{"Type":"Pass","Output":"{% $sum([1..1000].($ * 2)) %}","Next":"B"},
	"B":{"Type":"Parallel","Next":"C","Branches":[
		{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:f","End":true}}},
		{"StartAt":"L","States":{"L":{"Type":"Pass","Output":"{% ($f := function($n){ $n = 0 ? 0 : $f($n - 1) }; $f(100000)) %}","End":true}}}],
		"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]},
	"C":{"Type":"Succeed"}}}`

func started() interp.Started {
	return interp.Started{At: noon, Input: jsonvalue.EmptyObject, Seed: 1}
}

// told writes what steps led to: history and commands.
func told(steps ...interp.Step) string {
	var b strings.Builder
	for _, s := range steps {
		for _, e := range s.History {
			fmt.Fprintln(&b, e.Value(history.RFC3339))
		}
		for _, c := range s.Commands {
			if f, ok := c.(*interp.Finish); ok {
				fmt.Fprintln(&b, "Finish", f.Status)
				continue
			}
			fmt.Fprintf(&b, "%T %+v\n", c, c)
		}
		fmt.Fprintln(&b, "more:", s.More, "interrupted:", s.Interrupted)
	}
	return b.String()
}

// An Apply that was broken off ends at the same place when its events are
// applied again: what an execution does follows from its events alone.
func TestABrokenApplyCanBeRepeated(t *testing.T) {
	p := compile(t, computing)
	places := map[int64]bool{}
	for patience := range 40 {
		x := interp.New(p)
		asked := 0
		x.Govern(func([]interp.Command) bool { asked++; return asked <= 20*patience })
		step := x.Apply(started())
		if step.Interrupted == 0 {
			if step.More || asked == 0 {
				t.Fatalf("after %d questions the Apply ends with more: %v", asked, step.More)
			}
			break
		}
		places[step.Interrupted] = true
		if step.More {
			t.Error("an execution that was broken off wants to go on")
		}
		end := interp.Stopped{At: noon, Error: "E", Cause: "C"}
		live := told(step, x.Apply(end))

		again := interp.New(p)
		again.Govern(func([]interp.Command) bool { t.Error("a repeated Apply asks its governor"); return true })
		replayed := told(again.Apply(interp.Interrupted{At: noon, Work: step.Interrupted}, started()), again.Apply(end))
		if live != replayed {
			t.Fatalf("broken off after %d units:\n%s\nagain:\n%s", step.Interrupted, live, replayed)
		}
		if !strings.Contains(live, "ParallelStateEntered") || !strings.Contains(live, "ExecutionAborted") ||
			strings.Contains(live, "EvaluationFailed") || strings.Contains(live, "ParallelStateFailed") {
			t.Fatalf("a state that was broken off failed, or more:\n%s", live)
		}
	}
	if len(places) < 10 {
		t.Errorf("broken off at %d places only", len(places))
	}
}

// After an Apply was broken off nothing counts but the end.
func TestOnlyTheEndFollowsABreak(t *testing.T) {
	for name, end := range map[string]func(deadline interp.ID) interp.Event{
		"ExecutionAborted":  func(interp.ID) interp.Event { return interp.Stopped{At: noon} },
		"ExecutionTimedOut": func(deadline interp.ID) interp.Event { return interp.TimerFired{At: noon, Timer: deadline} },
	} {
		x := interp.New(compile(t, computing))
		var deadline interp.ID
		x.Govern(func(commands []interp.Command) bool {
			deadline = commands[0].(*interp.StartTimer).ID // known before the Apply is over
			return false
		})
		step := x.Apply(started())
		var task interp.ID
		for _, c := range step.Commands {
			switch c := c.(type) {
			case *interp.StartTimer:
				if c.Ends != (c.ID == deadline) {
					t.Errorf("timer %d: %+v", c.ID, c)
				}
			case *interp.ScheduleTask:
				task = c.ID
			}
		}
		for _, e := range []interp.Event{
			interp.Continue{At: noon}, interp.TaskSucceeded{At: noon, Task: task, Output: jsonvalue.NullValue}, interp.TimerFired{At: noon, Timer: 99},
		} {
			if s := x.Apply(e); len(s.History)+len(s.Commands) > 0 || s.More || x.Done() {
				t.Errorf("%s: %T leads to %s", name, e, told(s))
			}
		}
		if s := x.Apply(end(deadline)); !x.Done() || !strings.Contains(told(s), `"type":"`+name+`"`) {
			t.Errorf("%s: the end leads to %s", name, told(s))
		}
	}
}

// States that compute hand back control, each Apply after its share of work,
// whatever the number of its turns.
func TestComputingStatesHandBackControl(t *testing.T) {
	x := interp.New(compile(t, `{"QueryLanguage":"JSONata","StartAt":"A","States":{
		"A":{"Type":"Pass","Assign":{"n":"{% $sum([1..10000].($ * 2)) %}"},"Next":"B"},
		"B":{"Type":"Pass","Next":"A"}}}`))
	step := x.Apply(started())
	for i := range 5 {
		states := 0
		for _, e := range step.History {
			if e.Type == history.PassStateEntered {
				states++
			}
		}
		if !step.More || states < 2 || states > 50 {
			t.Fatalf("Apply %d entered %d states, and there is more: %v", i, states, step.More)
		}
		step = x.Apply(interp.Continue{At: noon})
	}
}

// The bounds hold for all queries of a state together, in both languages, and
// for each state anew.
func TestBoundsAreThoseOfAState(t *testing.T) {
	pad := `"{% $pad('', 200000, 'x') %}"`
	for name, c := range map[string]struct{ state, want string }{
		"memory of one expression":         {`"QueryLanguage":"JSONata","Output":` + pad, ""},
		"memory of several":                {`"QueryLanguage":"JSONata","Output":[` + pad + `,` + pad + `,` + pad + `,` + pad + `]`, "expression_memory"},
		"memory of Assign beside Output":   {`"QueryLanguage":"JSONata","Output":` + pad + `,"Assign":{"a":` + pad + `,"b":` + pad + `,"c":` + pad + `}`, "expression_memory"},
		"work of several":                  {`"QueryLanguage":"JSONata","Output":["{% ($f := function($n){ $n = 0 ? 0 : $f($n - 1) }; $f(2000)) %}","{% ($f := function($n){ $n = 0 ? 0 : $f($n - 1) }; $f(2000)) %}"]`, "expression_work"},
		"work of one":                      {`"QueryLanguage":"JSONata","Output":"{% ($f := function($n){ $n = 0 ? 0 : $f($n - 1) }; $f(2000)) %}"`, ""},
		"an intrinsic function":            {`"Parameters":{"a.$":"States.StringToJson($.json)"}`, "expression_memory"},
		"a path":                           {`"Parameters":{"a.$":"$.list..*..*"}`, "States.Runtime"},
		"a template of intrinsic function": {`"Parameters":{"a.$":"States.JsonToString($.json)","b.$":"States.JsonToString($.json)","c.$":"States.JsonToString($.json)","d.$":"States.JsonToString($.json)","e.$":"States.JsonToString($.json)","f.$":"States.JsonToString($.json)"}`, "expression_memory"},
	} {
		p := compile(t, `{"StartAt":"Before","States":{"Before":{"Type":"Pass","QueryLanguage":"JSONata","Next":"E","Assign":{"n":"{% $sum([1..3000].($)) %}"}},
			"E":{"Type":"Pass",`+c.state+`,"End":true}}}`)
		s := started()
		s.Limits.Expressions = bounds.Limits{Work: 30_000, Memory: 700_000}
		list := strings.Repeat("[", 90) + strings.Repeat("]", 90)
		s.Input = jsonvalue.MustParse(`{"json":"[` + strings.Repeat("1,", 60_000) + `1]","list":[` + list + `,` + list + `]}`)
		x := interp.New(p)
		step := x.Apply(s)
		for step.More {
			step = x.Apply(interp.Continue{At: noon})
		}
		got := told(step)
		if failed := strings.Contains(got, "ExecutionFailed"); failed != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q, got %.1500s", name, c.want, got)
		}
	}
}
