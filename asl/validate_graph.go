package asl

import (
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// transition is one arrow of a block's graph.
type transition struct {
	at     *Place
	field  string
	target string
}

// transitions lists where a state can go, whatever its type.
func transitions(at *Place, v jsonvalue.Value) []transition {
	var out []transition
	add := func(at *Place, v jsonvalue.Value, field string) {
		if f := v.Field(field); f.Kind() == jsonvalue.String {
			out = append(out, transition{at.Field(field), field, f.Text()})
		}
	}
	switch typ := text(v, "Type"); typ {
	case "Choice":
		for i, rule := range elements(v, "Choices") {
			add(at.Field("Choices").Index(i), rule, "Next")
		}
		add(at, v, "Default")
		return out
	case "Succeed", "Fail":
		return nil
	default:
		add(at, v, "Next")
		for i, catcher := range elements(v, "Catch") {
			add(at.Field("Catch").Index(i), catcher, "Next")
		}
	}
	return out
}

// mayEnd tells whether a block ends after this state. A state that lacks both
// Next and End is reported as such: what was meant is unknown.
func mayEnd(v jsonvalue.Value) bool {
	switch text(v, "Type") {
	case "Succeed", "Fail":
		return true
	case "Choice":
		return false
	}
	_, goesOn := v.Get("Next")
	return !goesOn || v.Field("End").Bool()
}

// graph checks that all targets exist, that all states can be reached, and that
// the block can end (spec: Transitions, Parallel State, Map State).
func (c *checker) graph(at *Place, block jsonvalue.Value) {
	states, here := block.Field("States"), at.Field("States")
	reached := map[string]bool{}
	var todo []string
	complete := true // all targets exist
	reach := func(t transition) {
		if _, ok := states.Get(t.target); ok && !reached[t.target] {
			reached[t.target] = true
			todo = append(todo, t.target)
		}
	}
	start := block.Field("StartAt")
	if start.Kind() == jsonvalue.String {
		t := transition{at.Field("StartAt"), "StartAt", start.Text()}
		complete = c.target(t, states)
		reach(t)
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, t := range transitions(here.Field(name), states.Field(name)) {
			reach(t)
		}
	}
	ends := false
	for name, v := range states.Members() {
		for _, t := range transitions(here.Field(name), v) {
			complete = c.target(t, states) && complete
		}
		if len(reached) > 0 && !reached[name] {
			c.error(here.Field(name), MissingTarget, "State \"%s\" is not reachable", name).
				hint("no state leads here from StartAt")
		}
		ends = ends || mayEnd(v)
	}
	if complete && !ends {
		c.error(here, MissingEndState, "There is no terminal state").
			hint(`one state must be Succeed or Fail, or have "End": true`)
	}
}

// target checks that a transition leads to a state of the same block.
func (c *checker) target(t transition, states jsonvalue.Value) bool {
	if _, ok := states.Get(t.target); ok {
		return true
	}
	d := c.error(t.at, MissingTarget, "Missing '%s' target: %s", t.field, t.target)
	d.hint("a transition leads to a state of the same States field")
	if near := nearestKey(t.target, states); near != "" {
		d.hint("did you mean %q?", near)
	}
	return false
}
