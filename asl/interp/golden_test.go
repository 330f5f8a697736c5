package interp_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/simulate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

var update = flag.Bool("update", false, "write the histories that the cases lead to")

// caseFile is a file of cases, testdata/cases/SUBJECT.json. Beside it,
// SUBJECT.txt holds the outcome and the history that each case must have.
type caseFile struct {
	Cases []testCase `json:"cases"`
}

type testCase struct {
	Name       string          `json:"name"`
	Spec       string          `json:"spec"` // section of the specification, or what AWS was seen to do
	Definition jsonvalue.Value `json:"definition"`
	Input      jsonvalue.Value `json:"input"`
	Mocks      jsonvalue.Value `json:"mocks"` // state → invocation → Return or Throw
	Items      jsonvalue.Value `json:"items"` // what an ItemReader reads
	StopAfter  string          `json:"stopAfter"`
	Limits     interp.Limits   `json:"limits"`
	// Also is what the outcome's cause or output must contain, when the history
	// alone would hide what the case is about.
	Also string `json:"also"`
}

func loadCases(t testing.TB) map[string][]testCase {
	t.Helper()
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	all := map[string][]testCase{}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var f caseFile
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&f); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all[strings.TrimSuffix(path, ".json")] = f.Cases
	}
	return all
}

// run makes the simulated run of a case.
func (c *testCase) run(t testing.TB) simulate.Run {
	t.Helper()
	p, ds := interp.Load("case.json", []byte(c.Definition.String()))
	if p == nil {
		t.Fatalf("%s: the definition is invalid: %v", c.Name, ds)
	}
	var err error
	mocks := simulate.Mocks{}
	for state, responses := range c.Mocks.Members() {
		if mocks[state], err = simulate.ParseResponses(responses); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
	}
	r := simulate.Run{Program: p, Input: c.Input, Limits: c.Limits, Seed: 1, Answer: mocks.Answer, Record: true}
	if c.Items.IsValid() {
		r.Read = func(*interp.ReaderPlan) ([]jsonvalue.Value, error) { return c.Items.Elems(), nil }
	}
	if c.StopAfter != "" {
		d, err := time.ParseDuration(c.StopAfter)
		if err != nil {
			t.Fatal(err)
		}
		r.StopAt = simulate.Epoch.Add(d)
	}
	return r
}

func TestCases(t *testing.T) {
	for path, cases := range loadCases(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			var got strings.Builder
			for _, c := range cases {
				r, err := simulate.Simulate(c.run(t))
				if err != nil {
					t.Fatalf("%s: %v", c.Name, err)
				}
				text := transcript(r)
				if !strings.Contains(text, c.Also) {
					t.Errorf("%s: %q is not in\n%s", c.Name, c.Also, text)
				}
				fmt.Fprintf(&got, "=== %s\n%s\n", c.Name, text)
			}
			compareGolden(t, path+".txt", got.String())
		})
	}
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	name := ""
	for i := range min(len(g), len(w)) {
		if strings.HasPrefix(w[i], "=== ") {
			name = w[i]
		}
		if g[i] != w[i] {
			t.Fatalf("%s, line %d, %s\nwant %s\ngot  %s", path, i+1, name, w[i], g[i])
		}
	}
	t.Fatalf("%s: want %d lines, got %d", path, len(w), len(g))
}

// transcript writes a run as text: one line an event, id<parent, its seconds
// since the start, type, details; then the outcome.
func transcript(r *simulate.Result) string {
	var b strings.Builder
	for _, e := range r.History {
		fmt.Fprintf(&b, "%3d<%-3d %6s %s", e.ID, e.Previous, e.Time.Sub(r.Started), e.Type)
		v := e.Value(history.Epoch)
		for key, d := range v.Field(e.Type.DetailsKey()).Members() {
			if !strings.HasSuffix(key, "Details") || d.Kind() != jsonvalue.Object {
				fmt.Fprintf(&b, " %s=%s", key, plain(d))
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%s", r.Status)
	if r.Output.IsValid() {
		fmt.Fprintf(&b, " %s", r.Output)
	}
	if r.Error != nil {
		fmt.Fprintf(&b, " error=%s", *r.Error)
	}
	if r.Cause != nil {
		fmt.Fprintf(&b, " cause=%s", *r.Cause)
	}
	return b.String() + "\n"
}

func plain(v jsonvalue.Value) string {
	if v.Kind() == jsonvalue.String {
		return v.Text()
	}
	return v.String()
}

// TestReplay applies what a run applied to a fresh execution: recovery is replay.
func TestReplay(t *testing.T) {
	for _, cases := range loadCases(t) {
		for _, c := range cases {
			run := c.run(t)
			first, err := simulate.Simulate(run)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			x := interp.New(run.Program)
			again := &simulate.Result{Started: first.Started}
			for _, events := range first.Applied {
				step := x.Apply(events...)
				again.History = append(again.History, step.History...)
				for _, command := range step.Commands {
					if f, ok := command.(*interp.Finish); ok {
						again.Status, again.Output, again.Error, again.Cause = f.Status, f.Output, f.Error, f.Cause
					}
				}
			}
			if again.Status == "" {
				again.Status = interp.Running
			}
			if got, want := transcript(again), transcript(first); got != want {
				t.Errorf("%s: the replay differs\nwant %s\ngot  %s", c.Name, want, got)
			}
		}
	}
}
