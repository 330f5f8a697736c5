package interp

import (
	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// common is what the plans of all state types have.
type common struct {
	kind    *kind
	name    string
	jsonata bool
	// next is nil when the state ends its block.
	next       state
	inputPath  *selector
	outputPath *selector
	output     template // JSONata; nil: none
	assign     *assignment
	// handling is nil for types without Retry and Catch.
	handling *handling
}

func (c *common) base() *common { return c }

// compileCommon compiles what every type has and links the next state.
func compileCommon(l *linker, k *kind, s *asl.Common) (common, error) {
	c := common{kind: k, name: s.Name, jsonata: s.QueryLanguage == asl.JSONata}
	var err error
	if c.inputPath, err = compileSelector("InputPath", s.InputPath); err != nil {
		return c, err
	}
	if c.outputPath, err = compileSelector("OutputPath", s.OutputPath); err != nil {
		return c, err
	}
	if c.output, err = c.compileTemplate("Output", s.Output); err != nil {
		return c, err
	}
	c.assign, err = c.compileAssign("Assign", s.Assign)
	return c, err
}

// linkNext links the state that follows; End leaves none.
func (c *common) linkNext(l *linker, s *asl.Common) {
	if !s.End {
		l.link("Next of "+s.Name, s.Next, &c.next)
	}
}

// look gives what the state's queries see: its raw input in JSONata, its
// effective input in JSONPath, which look also computes.
func (c *common) look(x *Execution, f *frame) (*scene, *failure) {
	s := x.see(f, f.input)
	if c.jsonata {
		return s, nil
	}
	var err *failure
	if f.effective, err = c.inputPath.from(s); err != nil {
		return nil, err
	}
	s.input = f.effective
	x.inspector.afterInputPath(c, f.effective)
	return s, nil
}

// conclude makes a state's output and variables from its result, and leaves
// the state. In JSONPath, resultPath puts the result into the raw input, and
// "$" of Assign is the scene's input: the result, or for Choice and Wait the
// effective input.
func (c *common) conclude(x *Execution, f *frame, s *scene, result jsonvalue.Value, resultPath *placement, to state) *failure {
	output := result
	var err *failure
	if c.jsonata {
		if c.output != nil {
			if output, err = c.output.eval(s); err != nil {
				return err
			}
		}
	} else {
		x.inspector.afterResultSelector(c, result)
		if output, err = resultPath.put(f.input, result); err != nil {
			return err
		}
		x.inspector.afterResultPath(c, output)
		outer := *s
		outer.input = output
		if output, err = c.outputPath.from(&outer); err != nil {
			return err
		}
	}
	vars, err := c.assign.eval(s)
	if err != nil {
		return err
	}
	return x.leave(f, output, vars, to)
}

// leave records that a state was left and sends its frame on. to is nil at
// the end of a block.
func (x *Execution) leave(f *frame, output jsonvalue.Value, vars []history.Variable, to state) *failure {
	c := f.plan.base()
	if x.limits.Payload > 0 && output.EncodedLen() > x.limits.Payload {
		return tooLarge(c.name)
	}
	if err := x.assign(f, vars); err != nil {
		return err
	}
	if x.inspector.leaves(f, output, to) {
		return nil
	}
	x.record(f, c.kind.exited, &history.StateExited{Name: c.name, Output: output, Assigned: vars})
	if to == nil {
		x.frameSucceeded(f, output)
		return nil
	}
	f.move(to, output)
	return nil
}

// tooLarge is the failure of a result that is over the payload limit.
func tooLarge(what string) *failure {
	return &failure{name: text(errname.DataLimitExceeded), cause: text("The state/task '" + what +
		"' returned a result with a size exceeding the maximum number of bytes service limit.")}
}
