package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// model is what an api-2.json says that matters here.
type model struct {
	Operations map[string]*struct {
		Output *ref `json:"output"`
	} `json:"operations"`
	Shapes map[string]*shape `json:"shapes"`
}

type ref struct {
	Shape string `json:"shape"`
}

type shape struct {
	Type        string          `json:"type"`
	Required    []string        `json:"required"`
	Members     map[string]*ref `json:"members"`
	Member      *ref            `json:"member"` // of a list
	Value       *ref            `json:"value"`  // of a map
	Enum        []string        `json:"enum"`
	Min         *json.Number    `json:"min"`
	Max         *json.Number    `json:"max"`
	Pattern     string          `json:"pattern"`
	Document    bool            `json:"document"`
	EventStream bool            `json:"eventstream"`
}

func readModel(file string) (*model, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var m model
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &m, nil
}

// scalars are the types whose values have no parts. A value of one of them that
// is not restricted is written as its type, not as a shape of its own.
var scalars = []string{"blob", "boolean", "double", "float", "integer", "long", "string", "timestamp"}

// table writes the operations' answers down, and the shapes that they are made of.
func (m *model) table() (string, error) {
	var b strings.Builder
	needed := map[string]bool{}
	for _, name := range sorted(m.Operations) {
		output := m.Operations[name].Output
		if output == nil {
			continue
		}
		fmt.Fprintf(&b, "%s > %s\n", name, m.name(output))
		m.collect(output, needed)
	}
	for _, name := range sorted(needed) {
		if slices.Contains(scalars, name) || name == "any" {
			return "", fmt.Errorf("the shape %s has the name of a type", name)
		}
		line, err := m.line(m.Shapes[name])
		if err != nil {
			return "", fmt.Errorf("shape %s: %w", name, err)
		}
		fmt.Fprintf(&b, "%s %s\n", name, line)
	}
	return b.String(), nil
}

// name is how a table refers to a shape.
func (m *model) name(r *ref) string {
	return cmp.Or(m.Shapes[r.Shape].plain(), r.Shape)
}

// plain is the type of a shape of which there is no more to say; "" when there is.
func (s *shape) plain() string {
	switch {
	case s.Document || s.EventStream:
		return "any"
	case slices.Contains(scalars, s.Type) && s.restriction() == "":
		return s.Type
	}
	return ""
}

// collect notes the shapes that need a line of their own.
func (m *model) collect(r *ref, needed map[string]bool) {
	s := m.Shapes[r.Shape]
	if s.plain() != "" || needed[r.Shape] {
		return
	}
	needed[r.Shape] = true
	for _, part := range s.parts() {
		m.collect(part, needed)
	}
}

func (s *shape) parts() []*ref {
	all := slices.Collect(maps.Values(s.Members))
	for _, r := range []*ref{s.Member, s.Value} {
		if r != nil {
			all = append(all, r)
		}
	}
	return all
}

// line writes down what a shape is.
func (m *model) line(s *shape) (string, error) {
	switch s.Type {
	case "structure":
		return "{" + strings.Join(m.members(s), " ") + "}", nil
	case "list":
		return "[" + m.name(s.Member) + "]" + s.span(), nil
	case "map":
		return "<" + m.name(s.Value) + ">" + s.span(), nil
	}
	if !slices.Contains(scalars, s.Type) {
		return "", fmt.Errorf("the type %q is not known", s.Type)
	}
	return s.Type + s.restriction(), nil
}

// members writes NAME!SHAPE for what is required, in the order in which the
// model asks for it, and then NAME:SHAPE for the rest.
func (m *model) members(s *shape) []string {
	var all []string
	for _, name := range s.Required {
		all = append(all, name+"!"+m.name(s.Members[name]))
	}
	for _, name := range sorted(s.Members) {
		if !slices.Contains(s.Required, name) {
			all = append(all, name+":"+m.name(s.Members[name]))
		}
	}
	return all
}

// restriction writes down what a scalar's values are held to.
func (s *shape) restriction() string {
	text := s.span()
	if len(s.Enum) > 0 {
		return text + " =" + strings.Join(s.Enum, "|")
	}
	if s.usablePattern() {
		text += " ~" + s.Pattern
	}
	return text
}

func (s *shape) span() string {
	if s.Min == nil && s.Max == nil {
		return ""
	}
	bound := func(n *json.Number) string {
		if n == nil {
			return ""
		}
		return n.String()
	}
	return " " + bound(s.Min) + ".." + bound(s.Max)
}

// usablePattern tells whether a pattern restricts anything and can be matched
// in linear time. The few with assertions that look around are left out: they
// would refuse nothing that the rest of the model lets through by mistake.
func (s *shape) usablePattern() bool {
	switch s.Pattern {
	case "", ".*", `[\s\S]*`, `[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*`:
		return false
	}
	_, err := regexp.Compile(s.Pattern)
	return err == nil
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
