package asl

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Parse reads a definition, JSON or YAML, into a syntax tree.
//
// The format follows from the name (.json, .yaml, .yml) and, where that says
// nothing, from the text: JSON starts with {. Parse fails, with no machine and
// one error, only when the text is not JSON or YAML or not an object. Every
// other mistake leaves a zero field in the tree and is [Validate]'s business.
func Parse(name string, text []byte) (*StateMachine, []Diagnostic) {
	plain, err := jsonvalue.TextOf(text)
	if err != nil {
		return nil, []Diagnostic{{
			Severity: Error, Code: InvalidJSON, Message: "The definition cannot be read: " + err.Error(), Line: 1, Column: 1,
		}}
	}
	src := &Source{Name: name, Text: plain}
	if strings.TrimSpace(src.Text) == "" {
		return nil, []Diagnostic{{
			Severity: Error, Code: MissingDescription, Message: "The definition is empty", Line: 1, Column: 1,
		}}
	}
	read := readJSON
	if isYAML(name, src.Text) {
		read = readYAML
	}
	if d := read(src); d != nil {
		return nil, []Diagnostic{*d}
	}
	if src.Document.Kind() != jsonvalue.Object {
		return nil, []Diagnostic{{
			Severity: Error, Code: InvalidJSON, Line: 1, Column: 1,
			Message: fmt.Sprintf("A state machine must be a JSON object, but this is %s", article(src.Document.Kind())),
			Hint:    `a definition starts with { "StartAt": …, "States": { … } }`,
		}}
	}
	return build(src), nil
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
		d := &Diagnostic{Severity: Error, Code: InvalidJSON, Message: err.Error()}
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
