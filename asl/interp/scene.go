package interp

import (
	"time"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// scene is what the queries of a state can see while it runs.
type scene struct {
	// input is "$" in JSONPath and $states.input in JSONata.
	input jsonvalue.Value
	// result and errorOutput are $states.result and $states.errorOutput; absent
	// where they are not defined.
	result      jsonvalue.Value
	errorOutput jsonvalue.Value
	vars        *scope
	random      random
	now         time.Time
	account     *bounds.Account
	// item is $$.Map.Item of a Map whose ItemSelector is evaluated.
	item *mapItem

	execution *Execution
	frame     *frame
	// object is the context object, once somebody asked for it.
	object jsonvalue.Value
}

// mapItem is an item of a Map, as $$.Map.Item shows it.
type mapItem struct {
	index int64
	Item
}

// see gives the scene of a frame. There is one scene an execution: it holds
// until the next call.
func (x *Execution) see(f *frame, input jsonvalue.Value) *scene {
	x.scene = scene{
		input: input, vars: &f.scope, random: x.random, now: x.now, account: x.account,
		execution: x, frame: f,
	}
	return &x.scene
}

// build counts the work of a template of so many parts.
func (s *scene) build(parts int) {
	if err := s.account.Spend(parts); err != nil {
		interruptedBy(err)
	}
}

// context gives the context object ($$ and $states.context).
func (s *scene) context() jsonvalue.Value {
	if !s.object.IsValid() {
		s.object = s.execution.contextOf(s.frame, s.item)
	}
	return s.object
}

// states gives $states of JSONata; context says whether its context is needed.
func (s *scene) states(context bool) jsonvalue.Value {
	b := jsonvalue.NewObject(4)
	b.Set("input", s.input)
	if context {
		b.Set("context", s.context())
	}
	if s.result.IsValid() {
		b.Set("result", s.result)
	}
	if s.errorOutput.IsValid() {
		b.Set("errorOutput", s.errorOutput)
	}
	return b.Value()
}
