package wasl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
)

type input struct{ Name string }

func TestHandlersAreCalledWithJSON(t *testing.T) {
	Handle(func(_ context.Context, in input) (any, error) {
		switch in.Name {
		case "html":
			return "<&>", nil
		case "raw":
			return json.RawMessage(`{"a": 1.0}`), nil
		case "fail":
			return nil, fmt.Errorf("wrapped: %w", &Error{Name: "Mine", Cause: "why"})
		case "plain":
			return nil, errors.New("plain")
		case "denied":
			return nil, fmt.Errorf("wrapped: %w", &hostError{"put", "not yours", ErrDenied})
		case "panic":
			panic("no idea")
		case "value":
			return func() {}, nil
		}
		return in, nil
	})
	for text, want := range map[string]struct{ output, name, cause string }{
		`{"Name":"x"}`:      {output: `{"Name":"x"}`},
		``:                  {output: `{"Name":""}`},
		`{"Name":"html"}`:   {output: `"<&>"`},
		`{"Name":"raw"}`:    {output: `{"a": 1.0}`},
		`{"Name":"fail"}`:   {name: "Mine", cause: "why"},
		`{"Name":"plain"}`:  {cause: "plain"},
		`{"Name":"denied"}`: {name: "Wasm.Denied", cause: "wrapped: put: not yours"},
		`{"Name":"panic"}`:  {name: "Panic", cause: "no idea"},
		`{"Name":"value"}`:  {cause: "json: unsupported type: func()"},
		`{"Name":1}`:        {name: "InvalidInput", cause: "json: cannot unmarshal number into Go struct field input.Name of type string"},
	} {
		output, err := run([]byte(text))
		if err != nil {
			if name, cause := describe(err); name != want.name || cause != want.cause {
				t.Errorf("%s fails with %q, %q", text, name, cause)
			}
			continue
		}
		if string(output) != want.output {
			t.Errorf("%s gives %s, want %s", text, output, want.output)
		}
	}
}

func TestRawInputIsTakenAsItIs(t *testing.T) {
	Handle(func(_ context.Context, in json.RawMessage) (int, error) { return len(in), nil })
	if output, err := run([]byte(" 1.50 ")); err != nil || string(output) != "6" {
		t.Errorf("%s, %v", output, err)
	}
}

type awkward struct{}

func (awkward) MarshalJSON() ([]byte, error) { panic("a zero value") }

func TestWarmup(t *testing.T) {
	warmed := 0
	warmups = nil
	Warmup(func() { warmed++ })
	Handle(func(context.Context, input) (awkward, error) { return awkward{}, nil })
	warmUp()
	prime()
	if warmed != 1 {
		t.Errorf("warmed %d times", warmed)
	}
}

func TestSampleHasOneOfEverything(t *testing.T) {
	type node struct {
		Name     string
		Children []*node
		Parts    map[string][]float64
		Fixed    [2]struct{ OK *bool }
		Raw      []byte
		Any      any
		hidden   []int
	}
	got := sample[[]node]()
	if len(got) != 1 || len(got[0].Children) != 1 || len(got[0].Parts[""]) != 1 || got[0].Fixed[1].OK == nil {
		t.Errorf("got %+v", got)
	}
	if got[0].Raw != nil || got[0].Any != nil || got[0].hidden != nil {
		t.Errorf("filled what it must not: %+v", got)
	}
	depth := 0
	for n := got[0]; len(n.Children) == 1; n = *n.Children[0] {
		depth++
	}
	if depth == 0 || depth > maxDepth {
		t.Errorf("the sample is %d deep", depth)
	}
}

// Without a host everything says so, and nothing crashes.
func TestOutsideOfAModule(t *testing.T) {
	ctx := context.Background()
	_, get := Storage("b").Get(ctx, "k")
	_, list := Storage("b").List(ctx, "")
	_, fetched := Fetch(ctx, Request{URL: "https://example.com"})
	_, described := TaskContext()
	for op, err := range map[string]error{
		"get": get, "list": list, "fetch": fetched, "context": described,
		"put": Storage("b").Put(ctx, "k", nil), "delete": Storage("b").Delete(ctx, "k"),
	} {
		if !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v", op, err)
		}
	}
	if _, found := Env("NAME"); found {
		t.Error("it has an environment")
	}
	if err := Heartbeat(ctx); err != nil {
		t.Errorf("heartbeat: %v", err)
	}
}

func TestAnEndedContextIsNotBotheredWithTheHost(t *testing.T) {
	reason := errors.New("reason")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(reason)
	_, get := Storage("b").Get(ctx, "k")
	_, list := Storage("b").List(ctx, "")
	_, fetched := Fetch(ctx, Request{})
	for op, err := range map[string]error{
		"get": get, "list": list, "fetch": fetched, "heartbeat": Heartbeat(ctx),
		"put": Storage("b").Put(ctx, "k", nil), "delete": Storage("b").Delete(ctx, "k"),
	} {
		if !errors.Is(err, reason) {
			t.Errorf("%s: %v", op, err)
		}
	}
}

// A value that grows between two calls is asked for again.
func TestSized(t *testing.T) {
	values := []string{"a value", "a value that grew", "a value that grew"}
	calls := 0
	got, err := sized("get", 4, func(buf []byte) int64 {
		value := values[calls]
		calls++
		copy(buf, value)
		return int64(len(value))
	})
	if string(got) != "a value that grew" || err != nil || calls != 3 {
		t.Errorf("%q, %v, after %d calls", got, err, calls)
	}
}
