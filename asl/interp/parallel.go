package interp

import (
	"fmt"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// parallelState is the plan of a Parallel state.
type parallelState struct {
	common
	branches  []*block
	arguments template // Parameters or Arguments; nil: the input as it is
}

func compileParallel(l *linker, s *asl.Parallel) (state, error) {
	c, err := compileCommon(l, parallelKind, &s.Common)
	if err != nil {
		return nil, err
	}
	p := &parallelState{common: c}
	p.linkNext(l, &s.Common)
	if p.arguments, err = p.compileArguments(s.Parameters, s.Arguments); err != nil {
		return nil, err
	}
	for i := range s.Branches {
		b, err := compileBlock(&s.Branches[i])
		if err != nil {
			return nil, fmt.Errorf("branch %d: %w", i, err)
		}
		p.branches = append(p.branches, b)
	}
	p.handling, err = p.compileHandling(l, &s.Handling)
	return p, err
}

func (p *parallelState) begin(x *Execution, f *frame) *failure {
	s, err := p.look(x, f)
	if err != nil {
		return err
	}
	input := s.input
	if p.arguments != nil {
		if input, err = p.arguments.eval(s); err != nil {
			return err
		}
	}
	if x.inspector.stopsBefore() {
		return nil
	}
	x.record(f, history.ParallelStateStarted, nil)
	g := &group{owner: f, left: len(p.branches), results: make([]jsonvalue.Value, len(p.branches))}
	if g.left == 0 {
		f.value = jsonvalue.EmptyArray
		x.wake(f, finish)
		return nil
	}
	f.children = g
	for i, b := range p.branches {
		x.spawn(g, i, f.cursor, b, input)
	}
	return nil
}

func (p *parallelState) finish(x *Execution, f *frame) *failure {
	x.emit(f.cursor, history.ParallelStateSucceeded, nil)
	return p.concludeResult(x, f)
}
