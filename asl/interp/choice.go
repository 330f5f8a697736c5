package interp

import (
	"fmt"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// choiceState is the plan of a Choice state. Its common.next is the Default.
type choiceState struct {
	common
	rules []choiceRule
}

// choiceRule is one element of Choices.
type choiceRule struct {
	condition condition
	next      state
	output    template // JSONata; nil: the input as it is
	assign    *assignment
}

func compileChoice(l *linker, s *asl.Choice) (state, error) {
	c, err := compileCommon(l, choiceKind, &s.Common)
	if err != nil {
		return nil, err
	}
	p := &choiceState{common: c, rules: make([]choiceRule, len(s.Rules))}
	l.link("Default of "+s.Name, s.Default, &p.next)
	for i, source := range s.Rules {
		r := &p.rules[i]
		at := fmt.Sprintf("Choices[%d]", i)
		if r.condition, err = compileCondition(at, source.Condition); err != nil {
			return nil, err
		}
		if r.output, err = p.compileTemplate(at+"/Output", source.Output); err != nil {
			return nil, err
		}
		if r.assign, err = p.compileAssign(at+"/Assign", source.Assign); err != nil {
			return nil, err
		}
		l.link("Next of "+at+" of "+s.Name, source.Next, &r.next)
	}
	return p, nil
}

func (p *choiceState) begin(x *Execution, f *frame) *failure {
	s, err := p.look(x, f)
	if err != nil {
		return err
	}
	for i := range p.rules {
		r := &p.rules[i]
		holds, err := r.condition.holds(s)
		if err != nil {
			return err
		}
		if holds {
			return p.choose(x, f, s, r)
		}
	}
	if p.next == nil {
		return failed(errname.NoChoiceMatched, "Failed to transition out of the state. The state's choices do not match the input and it has no Default.")
	}
	return p.conclude(x, f, s, s.input, nil, p.next)
}

// choose leaves the state by a rule: the rule's Output and Assign count, not
// the state's.
func (p *choiceState) choose(x *Execution, f *frame, s *scene, r *choiceRule) *failure {
	output := s.input
	var err *failure
	switch {
	case r.output != nil:
		output, err = r.output.eval(s)
	case !p.jsonata:
		output, err = p.outputPath.from(s)
	}
	if err != nil {
		return err
	}
	vars, err := r.assign.eval(s)
	if err != nil {
		return err
	}
	return x.leave(f, output, vars, r.next)
}

func (p *choiceState) finish(*Execution, *frame) *failure { return nil }

// condition is a compiled Condition.
type condition interface {
	holds(s *scene) (bool, *failure)
}

func compileCondition(at string, c asl.Condition) (condition, error) {
	switch c := c.(type) {
	case *asl.And:
		rules, err := compileConditions(at, c.Rules)
		return allOf(rules), err
	case *asl.Or:
		rules, err := compileConditions(at, c.Rules)
		return anyOf(rules), err
	case *asl.Not:
		rule, err := compileCondition(at, c.Rule)
		return not{rule}, err
	case *asl.Comparison:
		return compileComparison(at, c)
	case *asl.Expression:
		if c.Expr == "" {
			return constant(c.Literal.Bool()), nil
		}
		e, err := compileExpression(at+"/Condition", c.Expr)
		return &query{e}, err
	}
	return nil, fmt.Errorf("%s: no condition", at)
}

func compileConditions(at string, cs []asl.Condition) ([]condition, error) {
	plans := make([]condition, len(cs))
	for i, c := range cs {
		var err error
		if plans[i], err = compileCondition(at, c); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// allOf holds when all of its conditions hold.
type allOf []condition

func (a allOf) holds(s *scene) (bool, *failure) {
	for _, c := range a {
		if ok, err := c.holds(s); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// anyOf holds when one of its conditions holds.
type anyOf []condition

func (a anyOf) holds(s *scene) (bool, *failure) {
	for _, c := range a {
		if ok, err := c.holds(s); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// not holds when its condition does not.
type not struct{ condition }

func (n not) holds(s *scene) (bool, *failure) {
	ok, err := n.condition.holds(s)
	return !ok && err == nil, err
}

// constant is a literal Condition.
type constant bool

func (c constant) holds(*scene) (bool, *failure) { return bool(c), nil }

// query is a JSONata Condition.
type query struct{ expression *expression }

func (q *query) holds(s *scene) (bool, *failure) {
	v, err := q.expression.eval(s)
	if err != nil {
		return false, err
	}
	if v.Kind() != jsonvalue.Bool {
		return false, q.expression.unexpected("boolean", v)
	}
	return v.Bool(), nil
}
