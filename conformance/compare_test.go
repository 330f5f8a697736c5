package conformance

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

func oneFile(text string) fs.FS { return fstest.MapFS{"f.json": {Data: []byte(text)}} }

func ptr(s string) *string { return &s }

// TestDifferencesAreNoticed breaks an outcome field by field.
func TestDifferencesAreNoticed(t *testing.T) {
	seconds := 3.0
	expect := Expect{
		Status: "FAILED", Output: jsonvalue.MustParse(`{"a":1}`), OutputText: `{"a":1.0}`, Error: "E", Cause: "the cause",
		CauseContains: "cause", Seconds: &seconds,
		TaskInputs: map[string][]jsonvalue.Value{"x": {jsonvalue.MustParse(`[1]`)}},
		History: []jsonvalue.Value{
			jsonvalue.StringOf("PassStateEntered x"), jsonvalue.StringOf("PassStateExited"),
			jsonvalue.MustParse(`{"type":"T","id":3,"d":{"output":"{\"b\":1, \"c\":2}"}}`),
		},
	}
	good := func() *Outcome {
		return &Outcome{
			Status: "FAILED", Output: jsonvalue.MustParse(`{"a":1.0}`), Error: ptr("E"), Cause: ptr("the cause"), Timed: true, Seconds: 3,
			TaskInputs: map[string][]jsonvalue.Value{"x": {jsonvalue.MustParse(`[1]`)}},
			History: []jsonvalue.Value{
				jsonvalue.MustParse(`{"type":"PassStateEntered","d":{"name":"x"}}`),
				jsonvalue.MustParse(`{"type":"PassStateExited","d":{"name":"x"}}`),
				jsonvalue.MustParse(`{"type":"T","id":3,"d":{"output":"{\"c\":2,\"b\":1}"},"more":1}`),
			},
		}
	}
	if d := differences(expect, good()); len(d) > 0 {
		t.Fatalf("the right outcome differs: %v", d)
	}
	for name, spoil := range map[string]func(o *Outcome){
		"status":             func(o *Outcome) { o.Status = "SUCCEEDED" },
		"output":             func(o *Outcome) { o.Output = jsonvalue.MustParse(`{"a":2}`) },
		"output text":        func(o *Outcome) { o.Output = jsonvalue.MustParse(`{"a":1}`) },
		"no output":          func(o *Outcome) { o.Output = jsonvalue.Value{} },
		"error":              func(o *Outcome) { o.Error = ptr("F") },
		"no error":           func(o *Outcome) { o.Error = nil },
		"cause":              func(o *Outcome) { o.Cause = ptr("a cause") },
		"no cause":           func(o *Outcome) { o.Cause = nil },
		"seconds":            func(o *Outcome) { o.Seconds = 3.5 },
		"refused":            func(o *Outcome) { o.Refused = true },
		"another task input": func(o *Outcome) { o.TaskInputs["x"][0] = jsonvalue.True },
		"one task more":      func(o *Outcome) { o.TaskInputs["x"] = append(o.TaskInputs["x"], jsonvalue.True) },
		"no task":            func(o *Outcome) { o.TaskInputs = map[string][]jsonvalue.Value{} },
		"another name":       func(o *Outcome) { o.History[0] = jsonvalue.MustParse(`{"type":"PassStateEntered","d":{"name":"y"}}`) },
		"another event type": func(o *Outcome) { o.History[1] = jsonvalue.MustParse(`{"type":"Other"}`) },
		"another event id":   func(o *Outcome) { o.History[2] = o.History[2].With("id", jsonvalue.IntOf(4)) },
		"another detail":     func(o *Outcome) { o.History[2] = o.History[2].With("d", jsonvalue.MustParse(`{"output":"{}"}`)) },
		"an event less":      func(o *Outcome) { o.History = o.History[:2] },
		"an event more":      func(o *Outcome) { o.History = append(o.History, jsonvalue.EmptyObject) },
	} {
		o := good()
		spoil(o)
		if len(differences(expect, o)) == 0 {
			t.Errorf("%s: no difference noticed", name)
		}
	}
	for name, c := range map[string]struct {
		expect Expect
		o      Outcome
	}{
		"an error that must not be":      {Expect{Status: "FAILED", NoError: true}, Outcome{Status: "FAILED", Error: ptr("E")}},
		"a cause that must not be":       {Expect{Status: "FAILED", NoCause: true}, Outcome{Status: "FAILED", Cause: ptr("c")}},
		"accepted":                       {Expect{Invalid: &Refusal{}}, Outcome{Status: "SUCCEEDED"}},
		"refused for another reason":     {Expect{Invalid: &Refusal{Code: "A"}}, Outcome{Refused: true, Diagnostics: []Diagnostic{{"B", "/"}}}},
		"refused for another place":      {Expect{Invalid: &Refusal{Code: "A", Location: "/x"}}, Outcome{Refused: true, Diagnostics: []Diagnostic{{"A", "/"}}}},
		"code and place of two mistakes": {Expect{Invalid: &Refusal{Code: "A", Location: "/x"}}, Outcome{Refused: true, Diagnostics: []Diagnostic{{"A", "/"}, {"B", "/x"}}}},
		"refused without any diagnostic": {Expect{Invalid: &Refusal{Code: "A"}}, Outcome{Refused: true, Diagnostics: []Diagnostic{}}},
	} {
		if len(differences(c.expect, &c.o)) == 0 {
			t.Errorf("%s: no difference noticed", name)
		}
	}
}

// broken is the interpreter with one thing wrong.
type broken struct {
	InProcess
	spoil func(*Outcome)
}

func (b broken) Run(ctx context.Context, c Case) (*Outcome, error) {
	o, err := b.InProcess.Run(ctx, c)
	if err == nil {
		b.spoil(o)
	}
	return o, err
}

func TestABrokenTargetFails(t *testing.T) {
	all := cases(t)
	for name, spoil := range map[string]func(*Outcome){
		"accepts everything": func(o *Outcome) { o.Refused = false },
		"refuses everything": func(o *Outcome) { o.Refused, o.Diagnostics = true, []Diagnostic{} },
		"loses outputs":      func(o *Outcome) { o.Output = jsonvalue.NullValue },
		"loses error names":  func(o *Outcome) { o.Error = nil },
		"loses causes":       func(o *Outcome) { o.Cause = nil },
		"has no patience":    func(o *Outcome) { o.Seconds = 0 },
		"records nothing":    func(o *Outcome) { o.History = []jsonvalue.Value{} },
	} {
		report, err := Run(context.Background(), broken{spoil: spoil}, all, Options{Concurrency: 2})
		if err != nil {
			t.Fatal(err)
		}
		if n := report.Count(Failed); n < 15 {
			t.Errorf("an implementation that %s fails only %d cases", name, n)
		}
	}
}

func TestRunChoosesAndReports(t *testing.T) {
	all := cases(t)
	var told int
	report, err := Run(context.Background(), InProcess{}, all, Options{
		Only: []string{"retry/*", "wait"}, Concurrency: 3, Progress: func(Result) { told++ },
	})
	if err != nil || told != len(report.Results) || told < 40 {
		t.Fatalf("%d results, %d told, error %v", len(report.Results), told, err)
	}
	for _, r := range report.Results {
		if r.Case.File != "retry" && r.Case.File != "wait" {
			t.Errorf("%s was not asked for", r.Case.ID())
		}
	}
	var b strings.Builder
	if err := report.Write(&b); err != nil || !strings.Contains(b.String(), "retry") {
		t.Errorf("the report is %q, error %v", b.String(), err)
	}
	if _, err := Run(context.Background(), InProcess{}, all, Options{Only: []string{"["}}); err == nil {
		t.Error("a broken pattern is no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, InProcess{}, all, Options{}); err == nil {
		t.Error("a run that was cancelled gives no error")
	}
}
