package asl

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what Validate says into testdata/validate")

// validateCase is one case of testdata/validate/*.json. Of State, States and
// Definition one is given: a state named x, the states of a machine that starts
// at x, or the whole text.
type validateCase struct {
	Name          string          `json:"name"`
	Express       bool            `json:"express,omitempty"`
	Bound         []string        `json:"bound,omitempty"` // resources
	QueryLanguage string          `json:"queryLanguage,omitempty"`
	State         json.RawMessage `json:"state,omitempty"`
	States        json.RawMessage `json:"states,omitempty"`
	Definition    json.RawMessage `json:"definition,omitempty"`
	// Want are the diagnostics: SEVERITY CODE: TEXT at LOCATION
	Want []string `json:"want"`
}

func (c validateCase) text() string {
	if c.Definition != nil {
		return string(c.Definition)
	}
	states := string(c.States)
	if c.State != nil {
		states = `{"x": ` + string(c.State) + `}`
	}
	language := ""
	if c.QueryLanguage != "" {
		language = `"QueryLanguage": "` + c.QueryLanguage + `", `
	}
	return `{` + language + `"StartAt": "x", "States": ` + states + `}`
}

func TestValidate(t *testing.T) {
	files, err := filepath.Glob("testdata/validate/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) { validateFile(t, file) })
	}
}

func validateFile(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []validateCase
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&cases); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			var opts []Option
			if c.Express {
				opts = append(opts, Express)
			}
			if c.Bound != nil {
				opts = append(opts, Bound(func(r Resource) bool {
					return slices.ContainsFunc(r.Spellings(), func(text string) bool { return slices.Contains(c.Bound, text) })
				}))
			}
			_, ds := Check("case.json", []byte(c.text()), opts...)
			got := []string{}
			for _, d := range ds {
				got = append(got, string(d.Severity)+" "+d.String())
				if d.Line == 0 || d.Column == 0 {
					t.Errorf("no position: %s", d)
				}
			}
			if *update {
				cases[i].Want = got
			} else if !reflect.DeepEqual(got, c.Want) {
				t.Errorf("%s\n got %s\nwant %s", c.text(), strings.Join(got, "\n     "), strings.Join(c.Want, "\n     "))
			}
		})
	}
	if *update {
		writeCases(t, file, cases)
	}
}

func writeCases(t *testing.T, file string, cases []validateCase) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	out.WriteString("[\n")
	for i, c := range cases {
		if i > 0 {
			out.WriteString(",\n")
		}
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(c); err != nil {
			t.Fatal(err)
		}
		var m struct{ Want []string }
		if err := json.Unmarshal(line.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(line.String(), `,"want":`)
		out.WriteString(body + ",\n \"want\": [")
		for j, w := range m.Want {
			if j > 0 {
				out.WriteString(",")
			}
			out.WriteString("\n   ")
			var s bytes.Buffer
			se := json.NewEncoder(&s)
			se.SetEscapeHTML(false)
			if err := se.Encode(w); err != nil {
				t.Fatal(err)
			}
			out.WriteString(strings.TrimSpace(s.String()))
		}
		out.WriteString("]}")
	}
	out.WriteString("\n]\n")
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
