package asl

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/waslrun/wasl/asl/jackson"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Parse reads a definition, JSON or YAML, into a syntax tree.
//
// The format follows from the name (.json, .yaml, .yml) and, where that says
// nothing, from the text: JSON starts with {. Parse fails, with no machine and
// one error, only when the text is not JSON or YAML, not an object, or a template
// that a definition stands in. Every other mistake leaves a zero field in the
// tree and is [Validate]'s business.
func Parse(name string, text []byte, opts ...Option) (*StateMachine, []Diagnostic) {
	o := optionsOf(opts)
	src := &Source{Name: name, original: o.original}
	if d := read(src, text, o); d != nil {
		d.Severity = Error
		if d.Line > 0 && o.original != nil {
			d.Line, d.Column = o.original(d.Line, d.Column)
		}
		return nil, []Diagnostic{*d}
	}
	return build(src), nil
}

// read fills a Source from its text. What it gives is why that cannot be done.
func read(src *Source, text []byte, o options) *Diagnostic {
	plain, err := jsonvalue.TextOf(text)
	if err != nil {
		return &Diagnostic{Code: InvalidJSON, Message: "The definition cannot be read: " + err.Error(), Line: 1, Column: 1}
	}
	src.Text = plain
	if strings.TrimSpace(src.Text) == "" {
		return &Diagnostic{Code: MissingDescription, Message: "The definition is empty", Line: 1, Column: 1}
	}
	d := readText(src, o)
	if d == nil && src.Document.Kind() != jsonvalue.Object {
		d = &Diagnostic{
			Code: InvalidJSON, Line: 1, Column: 1,
			Message: fmt.Sprintf("A state machine must be a JSON object, but this is %s", article(src.Document.Kind())),
			Hint:    `a definition starts with { "StartAt": …, "States": { … } }`,
		}
	}
	return d
}

// readText reads JSON or YAML.
func readText(src *Source, o options) *Diagnostic {
	if o.jsonOnly {
		d := readJSON(src)
		if wrong := jackson.Check(src.Text); d != nil && wrong != nil {
			d.Message, d.Location = wrong.Message, wrong.Location()
		}
		return d
	}
	if isTerraform(src.Name, src.Text) {
		return templateMistake("a Terraform configuration")
	}
	var d *Diagnostic
	if isYAML(src.Name, src.Text) {
		d = readYAML(src, o.tags)
	} else if d = readJSON(src); d == nil {
		d = jsonTemplate(src)
	}
	if d != nil && d.Code == InvalidJSON {
		d.nameUnfilled(src.Text)
	}
	return d
}

// jsonTemplate refuses a template that was written as JSON.
func jsonTemplate(src *Source) *Diagnostic {
	what := templateOf(src.Text, func(key string) (string, bool) {
		v, ok := src.Document.Get(key)
		if v.Kind() != jsonvalue.String {
			return "", ok
		}
		return v.Text(), ok
	})
	if what == "" {
		return nil
	}
	return templateMistake(what)
}

// isYAML decides the format of a definition.
func isYAML(name, text string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		return false
	case ".yaml", ".yml":
		return true
	}
	trimmed := strings.TrimLeft(text, " \t\r\n")
	return trimmed != "" && !strings.ContainsRune(`{["`, rune(trimmed[0]))
}

// readJSON fills a Source from JSON text.
func readJSON(src *Source) *Diagnostic {
	doc, tracked, err := jsonvalue.ParseTracked(src.Text)
	if err != nil {
		d := &Diagnostic{Code: InvalidJSON, Message: err.Error(), Line: 1, Column: 1}
		var syntax *jsonvalue.SyntaxError
		if errors.As(err, &syntax) {
			d.Message, d.Line, d.Column = "Not JSON: "+syntax.Msg, syntax.Line, syntax.Column
		}
		return d
	}
	lines := newLineIndex(src.Text)
	src.Document = doc
	src.positions = jsonPosition{tracked.Root, lines}
	for _, d := range tracked.Duplicates {
		line, column := lines.position(d.KeyOffset)
		src.duplicates = append(src.duplicates, duplicate{placeOf(d), line, column})
	}
	return nil
}

// jsonPosition is a position in JSON text.
type jsonPosition struct {
	spot  *jsonvalue.Spot
	lines lineIndex
}

func (p jsonPosition) lineColumn() (line, column int) {
	if p.spot.KeyOffset >= 0 {
		return p.lines.position(p.spot.KeyOffset)
	}
	return p.lines.position(p.spot.Offset)
}

func (p jsonPosition) member(key string) position { return p.of(p.spot.Member(key)) }
func (p jsonPosition) elem(i int) position        { return p.of(p.spot.Elem(i)) }

func (p jsonPosition) of(s *jsonvalue.Spot) position {
	if s == nil {
		return nil
	}
	return jsonPosition{s, p.lines}
}

// placeOf gives the place of a spot.
func placeOf(s *jsonvalue.Spot) *Place {
	switch {
	case s.Parent == nil:
		return nil
	case s.KeyOffset < 0:
		return placeOf(s.Parent).Index(s.Index)
	}
	return placeOf(s.Parent).Field(s.Key)
}

// article names a kind in a sentence.
func article(k jsonvalue.Kind) string {
	switch k {
	case jsonvalue.Array, jsonvalue.Object:
		return "an " + k.String()
	case jsonvalue.Null:
		return "null"
	case jsonvalue.Bool, jsonvalue.Number, jsonvalue.String, jsonvalue.Invalid:
	}
	return "a " + k.String()
}
