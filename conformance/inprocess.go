package conformance

import (
	"context"
	"errors"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/simulate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// InProcess is this module's interpreter on virtual time: a year of waiting
// takes no time.
type InProcess struct{}

// Name implements Target.
func (InProcess) Name() string { return "the interpreter, in process" }

// AWS's quotas, under which the cases run.
var quotas = interp.Limits{Payload: 262_144, Events: 25_000, Variable: 262_144, VariableTotal: 10 << 20}

// Run implements Target.
func (InProcess) Run(_ context.Context, c Case) (*Outcome, error) {
	var opts []asl.Option
	if c.Type == "EXPRESS" {
		opts = append(opts, asl.Express)
	}
	program, ds := interp.Load("definition.json", []byte(c.Definition.String()), opts...)
	if asl.HasErrors(ds) {
		o := &Outcome{Refused: true, Message: ds[0].String()}
		for _, d := range ds {
			o.Diagnostics = append(o.Diagnostics, Diagnostic{string(d.Code), d.Location})
		}
		return o, nil
	}
	answers, err := parseMocks(c.Mocks)
	if err != nil {
		return nil, err
	}
	inputs := map[string][]jsonvalue.Value{}
	limits := quotas
	if c.Type == "EXPRESS" {
		limits.Events = 0
	}
	r, err := simulate.Simulate(simulate.Run{
		Program: program, Input: c.Input, Limits: limits, Seed: 1,
		Info: interp.Info{Express: c.Type == "EXPRESS"},
		Answer: func(q simulate.Request) simulate.Answer {
			inputs[q.State] = append(inputs[q.State], q.Input)
			return answers.answer(q.State, q.Invocation)
		},
		Read: func(*interp.ReaderPlan) ([]jsonvalue.Value, error) {
			if c.Read.Kind() != jsonvalue.Array {
				return nil, errors.New("the case gives no items to read")
			}
			return c.Read.Elems(), nil
		},
	})
	if err != nil {
		return nil, err
	}
	o := &Outcome{
		Status: string(r.Status), Output: r.Output, Error: r.Error, Cause: r.Cause,
		Timed: true, Seconds: r.Ended.Sub(r.Started).Seconds(), TaskInputs: inputs, History: []jsonvalue.Value{},
	}
	for _, e := range r.History {
		o.History = append(o.History, e.Value(history.Epoch))
	}
	return o, nil
}

// answer is the mocked answer of an invocation, as simulate wants it.
func (m mocks) answer(state string, invocation int) simulate.Answer {
	mock, ok := m.find(state, invocation)
	if !ok {
		return simulate.NotMocked(state, invocation)
	}
	a := simulate.Answer{
		Output: mock.result(), Never: mock.Hang,
		After: time.Duration(mock.DelaySeconds * float64(time.Second)),
	}
	if mock.Throw != nil {
		a.Error, a.Cause = mock.Throw.Error, mock.Throw.Cause
	}
	return a
}
