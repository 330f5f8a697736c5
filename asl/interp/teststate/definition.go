package teststate

import (
	"strings"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// lone is what AWS calls a state whose definition gives it no name.
const lone = "StateName"

// subject is the state to be tested.
type subject struct {
	name  string
	state asl.State
	block *asl.Block // that it stands in
}

// subject finds the state in the definition.
func (r *Request) subject() (*subject, error) {
	text, name := r.Definition, r.StateName
	if name == "" {
		name = lone
		// What is no object is no machine either: Check says what is wrong with it.
		if definition, err := jsonvalue.Parse(text); err == nil && definition.Kind() == jsonvalue.Object {
			text = wrap(definition).String()
		}
	}
	machine, problems := asl.Check("definition.json", []byte(text), r.Reading...)
	if asl.HasErrors(problems) {
		return nil, &Error{InvalidDefinition, describe(problems, r.StateName == "")}
	}
	s := find(&machine.Block, name)
	if s == nil {
		return nil, stateNotFound()
	}
	return s, nil
}

func stateNotFound() error { return invalid("State not found in definition") }

// wrap makes a machine around a state. The states that it leads to only have
// to be there.
func wrap(state jsonvalue.Value) jsonvalue.Value {
	states := jsonvalue.NewObject(4)
	states.Set(lone, state)
	end := jsonvalue.ObjectOf(jsonvalue.Member{Key: "Type", Value: jsonvalue.StringOf("Succeed")})
	for _, name := range targets(state) {
		if _, ok := states.Get(name); !ok {
			states.Set(name, end)
		}
	}
	return jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "StartAt", Value: jsonvalue.StringOf(lone)},
		jsonvalue.Member{Key: "States", Value: states.Value()},
	)
}

// targets gives the names of the states that a state leads to.
func targets(state jsonvalue.Value) []string {
	var names []string
	add := func(v jsonvalue.Value) {
		if v.Kind() == jsonvalue.String {
			names = append(names, v.Text())
		}
	}
	add(state.Field("Next"))
	add(state.Field("Default"))
	for _, key := range []string{"Choices", "Catch"} {
		for _, e := range state.Field(key).Elems() {
			add(e.Field("Next"))
		}
	}
	return names
}

// find looks for a state in a block and the blocks inside of it.
func find(b *asl.Block, name string) *subject {
	if s := b.State(name); s != nil {
		return &subject{name: name, state: s, block: b}
	}
	for _, s := range b.States {
		var inner []*asl.Block
		switch s := s.(type) {
		case *asl.Map:
			inner = append(inner, &s.Processor)
		case *asl.Parallel:
			for i := range s.Branches {
				inner = append(inner, &s.Branches[i])
			}
		}
		for _, b := range inner {
			if found := find(b, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// describe writes the mistakes of a definition as AWS quotes them. A lone
// state's are located in the state itself.
func describe(problems []asl.Diagnostic, alone bool) string {
	var texts []string
	for _, d := range problems {
		if d.Severity != asl.Error {
			continue
		}
		text := d.String()
		if alone {
			text = strings.Replace(text, " at /States/"+lone, " at ", 1)
			if strings.HasSuffix(text, " at ") {
				text += "/"
			}
		}
		texts = append(texts, text)
	}
	return "Invalid State Machine Definition: '" + strings.Join(texts, ", ") + "'"
}
