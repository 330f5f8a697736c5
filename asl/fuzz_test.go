package asl

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// seeds adds the definitions of all validation cases.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/validate/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var cases []validateCase
		if err := json.Unmarshal(text, &cases); err != nil {
			f.Fatal(err)
		}
		for _, c := range cases {
			f.Add([]byte(c.text()))
		}
	}
}

// fuzzed checks what must hold for every text.
func fuzzed(t *testing.T, name string, text []byte) {
	m, ds := Check(name, text)
	if m == nil {
		if !HasErrors(ds) {
			t.Error("no machine, but no error either")
		}
		return
	}
	for _, d := range ds {
		if d.Message == "" || d.Code == "" || d.Location == "" && d.Code != MissingEndState || d.Severity != Error && d.Severity != Warning {
			t.Errorf("half a diagnostic: %+v", d)
		}
	}
	refs := VariableReferences(m)
	if !HasErrors(ds) {
		if m.State(m.StartAt) == nil {
			t.Errorf("valid, but StartAt %q is no state", m.StartAt)
		}
		again, more := Check("", []byte(m.Source.Document.String()))
		if again == nil || len(more) != len(ds) || len(VariableReferences(again)) != len(refs) {
			t.Errorf("valid, but its document is not: %v", more)
		}
	}
}

func FuzzJSON(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) { fuzzed(t, "m.json", text) })
}

func FuzzYAML(f *testing.F) {
	seeds(f)
	f.Add([]byte("StartAt: a\nx: &x {Type: Pass}\nStates:\n  a: {<<: *x, End: yes}\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) { fuzzed(t, "m.yaml", text) })
}
