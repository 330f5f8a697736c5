package asl

import "github.com/waslrun/wasl/asl/jsonvalue"

// CheckState parses and validates a definition that is one state alone, as
// TestState takes it. The machine it gives has this state only, under the given
// name; where the state's transitions lead is not checked. Locations are the
// state's own: /Next.
func CheckState(name string, text []byte, opts ...Option) (*StateMachine, []Diagnostic) {
	m, ds := Parse("", text)
	if m == nil {
		return nil, ds
	}
	state, src := m.Source.Document, m.Source
	wrapped := jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "StartAt", Value: jsonvalue.StringOf(name)},
		jsonvalue.Member{Key: "States", Value: jsonvalue.ObjectOf(jsonvalue.Member{Key: name, Value: state})},
	)
	c := newChecker(src, JSONPath, opts)
	c.duplicates()
	c.state(root, state, scope{language: JSONPath, express: c.express})
	return build(&Source{Name: src.Name, Text: src.Text, Document: wrapped}), c.sorted()
}
