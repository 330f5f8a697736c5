package asl

import (
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// transition is one arrow of a block's graph.
type transition struct {
	at     *Place
	target string
}

// transitions lists where a state can go, whatever its type.
func transitions(at *Place, v jsonvalue.Value) []transition {
	var out []transition
	add := func(at *Place, v jsonvalue.Value, field string) {
		if f := v.Field(field); f.Kind() == jsonvalue.String {
			out = append(out, transition{at.Field(field), f.Text()})
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

// graph checks that all targets exist, that the block can end, and that all
// states can be reached (spec: Transitions, Parallel State, Map State). Of a
// block without an end AWS does not say which states are not reachable.
func (c *checker) graph(at *Place, block jsonvalue.Value) {
	states, here := block.Field("States"), at.Field("States")
	reached := map[string]bool{}
	var todo []string
	reach := func(t transition) {
		if _, ok := states.Get(t.target); ok && !reached[t.target] {
			reached[t.target] = true
			todo = append(todo, t.target)
		}
	}
	start := block.Field("StartAt")
	known := !c.isUnfilled(at.Field("StartAt"))
	if start.Kind() == jsonvalue.String {
		t := transition{at.Field("StartAt"), start.Text()}
		c.target(t, states)
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
			known = known && !c.isUnfilled(t.at)
			c.target(t, states)
		}
		ends = ends || mayEnd(v)
	}
	switch {
	case !known: // whatever is filled in may lead anywhere
	case !ends:
		c.whole(here, MissingEndState, "Workflow has no terminal state").
			hint(`one state must be Succeed or Fail, or have "End": true`)
	case start.Kind() == jsonvalue.String:
		c.unreachable(here, states, reached)
	}
}

// unreachable reports the states that nothing leads to.
func (c *checker) unreachable(at *Place, states jsonvalue.Value, reached map[string]bool) {
	for name := range states.Members() {
		if !reached[name] {
			c.error(at.Field(name), MissingTarget, "State \"%s\" is not reachable.", name).
				hint("no state leads here from StartAt")
		}
	}
}

// target checks that a transition leads to a state of the same block. AWS says
// 'Next' of StartAt and Default too; the location tells which it is.
func (c *checker) target(t transition, states jsonvalue.Value) {
	if _, ok := states.Get(t.target); ok {
		return
	}
	d := c.error(t.at, MissingTarget, "Missing 'Next' target: %s", t.target)
	d.hint("a transition leads to a state of the same States field")
	if near := nearestKey(t.target, states); near != "" {
		d.hint("did you mean %q?", near)
	}
}
