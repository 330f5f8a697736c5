package conformance

import (
	"errors"
	"testing"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/simulate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// FuzzMachines holds that what validation accepts compiles, and that running it
// ends in some way or other. The seeds are the definitions of the suite.
func FuzzMachines(f *testing.F) {
	for _, c := range cases(f) {
		f.Add(c.Definition.String(), c.Input.String())
	}
	f.Fuzz(func(t *testing.T, definition, input string) {
		m, ds := asl.Check("m.json", []byte(definition))
		if asl.HasErrors(ds) {
			return
		}
		program, err := interp.Compile(m)
		if err != nil {
			t.Fatalf("valid, but does not compile: %v", err)
		}
		in, err := jsonvalue.Parse(input)
		if err != nil {
			in = jsonvalue.EmptyObject
		}
		r, err := simulate.Simulate(simulate.Run{
			Program: program, Input: in, Limits: interp.Limits{Events: 300, Payload: 10_000, Variable: 10_000, VariableTotal: 10_000},
			Answer: func(q simulate.Request) simulate.Answer { return simulate.Answer{Output: q.Input} },
			Read:   func(*interp.ReaderPlan) ([]jsonvalue.Value, error) { return nil, errors.New("nothing to read") },
		})
		if err != nil {
			t.Fatal(err)
		}
		switch r.Status {
		case interp.Succeeded, interp.FailedRun, interp.TimedOut:
		default:
			t.Errorf("the status is %s", r.Status)
		}
	})
}
