package conformance

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

//go:embed cases/*.json
var embedded embed.FS

// Cases are the suite's own cases.
func Cases() ([]Case, error) {
	sub, err := fs.Sub(embedded, "cases")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Case is one case: a definition, an input, the tasks' answers, and what must
// come of it.
type Case struct {
	// File is the name of the case's file without .json, and its subject.
	File string `json:"-"`
	Name string `json:"name"`
	// Spec is the section of the specification, by its heading.
	Spec string `json:"spec"`
	// Note says what the case shows, where the name does not.
	Note       string          `json:"note"`
	Definition jsonvalue.Value `json:"definition"`
	// Type is STANDARD (the default) or EXPRESS.
	Type string `json:"type"`
	// Input is the execution's input; absent: none is given.
	Input jsonvalue.Value `json:"input"`
	// Mocks are the tasks' answers: state name, number of the invocation
	// ("0", "1-3"), answer.
	Mocks map[string]map[string]Mock `json:"mocks"`
	// Read are the items that an ItemReader finds.
	Read   jsonvalue.Value `json:"read"`
	Expect Expect          `json:"expect"`
}

// ID is how the case is named in reports: FILE/NAME.
func (c Case) ID() string { return c.File + "/" + c.Name }

// Expect is what must come of a case.
type Expect struct {
	// Invalid: the definition must be refused. Code and Location, if given,
	// are those of a diagnostic that must be among the answers of
	// ValidateStateMachineDefinition.
	Invalid *Refusal `json:"invalid"`

	Status string          `json:"status"`
	Output jsonvalue.Value `json:"output"`
	// OutputText is the output's JSON text without spaces, where the writing
	// counts (numbers, order of members).
	OutputText string `json:"outputText"`
	// Error and Cause must be these; NoCause and NoError: there is none.
	Error         string `json:"error"`
	Cause         string `json:"cause"`
	CauseContains string `json:"causeContains"`
	NoError       bool   `json:"noError"`
	NoCause       bool   `json:"noCause"`
	// Seconds is how much time the execution takes; nil: not checked.
	Seconds *float64 `json:"seconds"`
	// TaskInputs are what the tasks of a state get, one an invocation.
	TaskInputs map[string][]jsonvalue.Value `json:"taskInputs"`
	// History are the events, in order: a text "TYPE" or "TYPE NAME", or an
	// object that the event (as GetExecutionHistory shows it) must contain.
	History []jsonvalue.Value `json:"history"`
}

// Refusal is how a definition is refused.
type Refusal struct {
	Code     string `json:"code"`
	Location string `json:"location"`
}

// file is what stands in one file of cases.
type file struct {
	Schema  string `json:"$schema"`
	Subject string `json:"subject"`
	Cases   []Case `json:"cases"`
}

// Load reads all cases of a folder's .json files and checks their form.
func Load(folder fs.FS) ([]Case, error) {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, err
	}
	var all []Case
	seen := map[string]bool{}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		var f file
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, c := range f.Cases {
			c.File = strings.TrimSuffix(path.Base(name), ".json")
			if err := c.check(); err != nil {
				return nil, fmt.Errorf("%s: %w", c.ID(), err)
			}
			if seen[c.ID()] {
				return nil, fmt.Errorf("%s: the name stands there twice", c.ID())
			}
			seen[c.ID()] = true
			all = append(all, c)
		}
	}
	return all, nil
}

// check tells what is wrong with a case's form.
func (c Case) check() error {
	e := c.Expect
	switch {
	case c.Name == "" || c.Spec == "":
		return fmt.Errorf("a case needs a name and a section of the specification")
	case !c.Definition.IsValid():
		return fmt.Errorf("there is no definition")
	case c.Type != "" && c.Type != "STANDARD" && c.Type != "EXPRESS":
		return fmt.Errorf("unknown type %q", c.Type)
	case e.Invalid != nil && e.Status != "":
		return fmt.Errorf("a refused definition has no status")
	case e.Invalid == nil && e.Status == "":
		return fmt.Errorf("there is neither a status nor invalid to expect")
	case e.Status == "SUCCEEDED" && !e.Output.IsValid() && e.OutputText == "":
		return fmt.Errorf("a success needs an output to expect")
	case e.Status == "FAILED" && e.Error == "" && !e.NoError:
		return fmt.Errorf("a failure needs an error to expect")
	}
	if _, err := parseMocks(c.Mocks); err != nil {
		return err
	}
	for _, v := range e.History {
		if k := v.Kind(); k != jsonvalue.String && k != jsonvalue.Object {
			return fmt.Errorf("a history's elements are texts and objects")
		}
	}
	return nil
}
