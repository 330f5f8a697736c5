package interp_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// The benchmarks report transitions a second: a transition is one state entered
// and left, its history events included.

func compile(t testing.TB, definition string) *interp.Program {
	t.Helper()
	m, ds := asl.Parse("test.json", []byte(definition))
	if m == nil {
		t.Fatalf("the definition cannot be parsed: %v", ds)
	}
	p, err := interp.Compile(m)
	if err != nil {
		t.Fatalf("the definition cannot be compiled: %v", err)
	}
	return p
}

// drive runs an execution to its end; every task is answered with its input.
func drive(tb testing.TB, p *interp.Program, input jsonvalue.Value) (events int, finish *interp.Finish) {
	now := interp.At(time.Unix(1_700_000_000, 0))
	x := interp.New(p)
	batch := []interp.Event{interp.Started{
		At: now, Input: input, Seed: 1, Execution: interp.Info{Region: "us-east-1"},
		Limits: interp.Limits{Payload: 1 << 30},
	}}
	for len(batch) > 0 {
		step := x.Apply(batch...)
		batch = batch[:0]
		events += len(step.History)
		for _, c := range step.Commands {
			switch c := c.(type) {
			case *interp.ScheduleTask:
				batch = append(batch, interp.TaskStarted{At: now, Task: c.ID}, interp.TaskSucceeded{At: now, Task: c.ID, Output: c.Input})
			case *interp.Finish:
				finish = c
			}
		}
		if step.More {
			batch = append(batch, interp.Continue{At: now})
		}
	}
	if finish == nil || finish.Status != interp.Succeeded {
		tb.Fatalf("the execution did not succeed: %+v", finish)
	}
	return events, finish
}

func report(b *testing.B, transitions int) {
	b.Helper()
	b.ReportMetric(float64(transitions)*float64(b.N)/b.Elapsed().Seconds(), "transitions/s")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkPass(b *testing.B) {
	const states = 1000
	text := `{"StartAt":"s0","States":{`
	for i := range states {
		text += fmt.Sprintf(`"s%d":{"Type":"Pass","Next":"s%d"},`, i, i+1)
	}
	p := compile(b, text+fmt.Sprintf(`"s%d":{"Type":"Pass","End":true}}}`, states))
	input := jsonvalue.MustParse(`{"order":{"id":17,"lines":[1,2,3]}}`)
	b.ReportAllocs()
	for b.Loop() {
		drive(b, p, input)
	}
	report(b, states+1)
}

func BenchmarkPassParameters(b *testing.B) {
	const states = 1000
	text := `{"StartAt":"s0","States":{`
	for i := range states {
		text += fmt.Sprintf(`"s%d":{"Type":"Pass","Parameters":{"id.$":"$.order.id","fixed":1},"ResultPath":"$.result","Next":"s%d"},`, i, i+1)
	}
	p := compile(b, text+fmt.Sprintf(`"s%d":{"Type":"Pass","End":true}}}`, states))
	input := jsonvalue.MustParse(`{"order":{"id":17,"lines":[1,2,3]}}`)
	b.ReportAllocs()
	for b.Loop() {
		drive(b, p, input)
	}
	report(b, states+1)
}

func BenchmarkChoice(b *testing.B) {
	const states = 1000
	text := `{"StartAt":"s0","States":{`
	for i := range states {
		text += fmt.Sprintf(`"s%d":{"Type":"Choice","Choices":[{"Variable":"$.order.id","NumericLessThan":3,"Next":"end"},
			{"Variable":"$.order.name","StringEquals":"x","Next":"s%d"}],"Default":"end"},`, i, i+1)
	}
	p := compile(b, text+fmt.Sprintf(`"s%d":{"Type":"Pass","End":true},"end":{"Type":"Fail"}}}`, states))
	input := jsonvalue.MustParse(`{"order":{"id":17,"name":"x"}}`)
	b.ReportAllocs()
	for b.Loop() {
		drive(b, p, input)
	}
	report(b, states+1)
}

func BenchmarkTask(b *testing.B) {
	const states = 1000
	text := `{"StartAt":"s0","States":{`
	for i := range states {
		text += fmt.Sprintf(`"s%d":{"Type":"Task","Resource":"wasm:f","Next":"s%d"},`, i, i+1)
	}
	p := compile(b, text+fmt.Sprintf(`"s%d":{"Type":"Pass","End":true}}}`, states))
	input := jsonvalue.MustParse(`{"order":{"id":17,"name":"x"}}`)
	b.ReportAllocs()
	for b.Loop() {
		drive(b, p, input)
	}
	report(b, states+1)
}

func BenchmarkMapOfPass(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		for _, concurrency := range []int{0, 40} {
			b.Run(fmt.Sprintf("items=%d/concurrency=%d", n, concurrency), func(b *testing.B) {
				p := compile(b, fmt.Sprintf(`{"StartAt":"m","States":{"m":{"Type":"Map","MaxConcurrency":%d,"ItemProcessor":{
					"StartAt":"p","States":{"p":{"Type":"Pass","End":true}}},"End":true}}}`, concurrency))
				items := make([]jsonvalue.Value, n)
				for i := range items {
					items[i] = jsonvalue.IntOf(int64(i))
				}
				input := jsonvalue.ArrayOf(items...)
				b.ReportAllocs()
				for b.Loop() {
					drive(b, p, input)
				}
				report(b, n)
			})
		}
	}
}

func BenchmarkJSONata(b *testing.B) {
	const states = 1000
	text := `{"QueryLanguage":"JSONata","StartAt":"s0","States":{`
	for i := range states {
		text += fmt.Sprintf(`"s%d":{"Type":"Pass","Output":{"order":"{%% $states.input.order %%}"},"Next":"s%d"},`, i, i+1)
	}
	p := compile(b, text+fmt.Sprintf(`"s%d":{"Type":"Pass","End":true}}}`, states))
	input := jsonvalue.MustParse(`{"order":{"id":17,"lines":[1,2,3]}}`)
	b.ReportAllocs()
	for b.Loop() {
		drive(b, p, input)
	}
	report(b, states+1)
}
