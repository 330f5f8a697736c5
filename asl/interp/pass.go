package interp

import (
	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// passState is the plan of a Pass state.
type passState struct {
	common
	result     jsonvalue.Value // literal, keys that end in .$ included; absent: none
	parameters template
	resultPath *placement
}

func compilePass(l *linker, s *asl.Pass) (state, error) {
	c, err := compileCommon(l, passKind, &s.Common)
	if err != nil {
		return nil, err
	}
	p := &passState{common: c, result: s.Result}
	p.linkNext(l, &s.Common)
	if p.parameters, err = p.compileTemplate("Parameters", s.Parameters); err != nil {
		return nil, err
	}
	p.resultPath, err = compilePlacement("ResultPath", s.ResultPath)
	return p, err
}

func (p *passState) begin(x *Execution, f *frame) *failure {
	s, err := p.look(x, f)
	if err != nil {
		return err
	}
	result := s.input
	if p.parameters != nil {
		if result, err = p.parameters.eval(s); err != nil {
			return err
		}
	}
	if !p.jsonata {
		x.inspector.afterArguments(&p.common, result)
	}
	if p.result.IsValid() {
		result = p.result
		x.inspector.literalResult(result)
	}
	if !p.jsonata {
		s.input = result
	}
	return p.conclude(x, f, s, result, p.resultPath, p.next)
}

func (p *passState) finish(*Execution, *frame) *failure { return nil }

// succeedState is the plan of a Succeed state.
type succeedState struct{ common }

func compileSucceed(l *linker, s *asl.Succeed) (state, error) {
	c, err := compileCommon(l, succeedKind, &s.Common)
	return &succeedState{c}, err
}

func (p *succeedState) begin(x *Execution, f *frame) *failure {
	s, err := p.look(x, f)
	if err != nil {
		return err
	}
	return p.conclude(x, f, s, s.input, nil, nil)
}

func (p *succeedState) finish(*Execution, *frame) *failure { return nil }
