package interp

import (
	"fmt"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
)

// Program is a state machine, compiled. It is immutable and shared by every
// execution of the machine.
type Program struct {
	root    *block
	timeout time.Duration // of an execution; 0: none
	source  *asl.StateMachine
	// processor is the Distributed Map whose item processor the program is; nil
	// for a machine.
	processor *asl.Map
}

// Machine gives the definition that the program was compiled from. It is nil
// for the item processor of a Distributed Map.
func (p *Program) Machine() *asl.StateMachine { return p.source }

// Text gives the text of the definition, or "" for the item processor of a
// Distributed Map, which is a part of another.
func (p *Program) Text() string {
	if p.source == nil {
		return ""
	}
	return p.source.Source.Text
}

// Definition gives the definition as JSON or YAML text: of a Distributed Map's
// item processor, its part of the other.
func (p *Program) Definition() string {
	if p.processor != nil {
		return p.processor.Written.String()
	}
	return p.Text()
}

// VariableReferences is [asl.VariableReferences] of the definition.
func (p *Program) VariableReferences() map[string][]string {
	if p.processor != nil {
		return asl.ProcessorReferences(p.processor)
	}
	return asl.VariableReferences(p.source)
}

// block is a set of states that one frame walks through.
type block struct{ start state }

// state is the plan of one state: everything that its fields say, compiled.
// begin and finish run inside [Execution.Apply]; a failure that they give is
// handled by the state's Retry and Catch.
type state interface {
	base() *common
	// begin does the state's work, or starts it and leaves the frame blocked.
	begin(x *Execution, f *frame) *failure
	// finish ends the state after work that begin started: the frame's value
	// is the work's result.
	finish(x *Execution, f *frame) *failure
}

// kind names what differs in the history from one state type to the other.
type kind struct {
	entered, exited history.Type
	aborted         history.Type // "" when AWS records no abort of the type
	failed          history.Type // of Parallel and Map; else ""
}

var (
	passKind     = &kind{entered: history.PassStateEntered, exited: history.PassStateExited}
	choiceKind   = &kind{entered: history.ChoiceStateEntered, exited: history.ChoiceStateExited}
	succeedKind  = &kind{entered: history.SucceedStateEntered, exited: history.SucceedStateExited}
	failKind     = &kind{entered: history.FailStateEntered}
	waitKind     = &kind{entered: history.WaitStateEntered, exited: history.WaitStateExited, aborted: history.WaitStateAborted}
	taskKind     = &kind{entered: history.TaskStateEntered, exited: history.TaskStateExited, aborted: history.TaskStateAborted}
	parallelKind = &kind{
		entered: history.ParallelStateEntered, exited: history.ParallelStateExited,
		aborted: history.ParallelStateAborted, failed: history.ParallelStateFailed,
	}
	mapKind = &kind{
		entered: history.MapStateEntered, exited: history.MapStateExited,
		aborted: history.MapStateAborted, failed: history.MapStateFailed,
	}
)

// Compile compiles a definition that asl.Validate found no errors in. An error
// names the state and the field.
func Compile(m *asl.StateMachine) (*Program, error) {
	root, err := compileBlock(&m.Block)
	if err != nil {
		return nil, err
	}
	return &Program{root: root, timeout: seconds(m.TimeoutSeconds), source: m}, nil
}

// seconds makes a duration of whole seconds, as long as durations can be.
func seconds(n int64) time.Duration {
	const longest = int64(1<<63-1) / int64(time.Second)
	return time.Duration(min(n, longest)) * time.Second
}

// compileBlock compiles the states of a block that frames walk through.
func compileBlock(b *asl.Block) (*block, error) {
	l, err := compileStates(b)
	if err != nil {
		return nil, err
	}
	start := l.states[b.StartAt]
	if start == nil {
		return nil, fmt.Errorf("StartAt names no state: %q", b.StartAt)
	}
	return &block{start: start}, nil
}

// compileStates compiles all states of a block and links them to each other.
func compileStates(b *asl.Block) (*linker, error) {
	l := &linker{states: make(map[string]state, len(b.States))}
	for _, s := range b.States {
		plan, err := compileState(l, s)
		if err != nil {
			return nil, fmt.Errorf("state %q: %w", s.Base().Name, err)
		}
		l.states[s.Base().Name] = plan
	}
	for _, link := range l.links {
		if *link.to = l.states[link.name]; *link.to == nil {
			return nil, fmt.Errorf("%s names no state: %q", link.field, link.name)
		}
	}
	return l, nil
}

// linker resolves the names of states once all of a block's are compiled.
type linker struct {
	states map[string]state
	links  []link
}

type link struct {
	field, name string
	to          *state
}

// link makes to point to the state of a name. No name leaves it nil.
func (l *linker) link(field, name string, to *state) {
	if name != "" {
		l.links = append(l.links, link{field, name, to})
	}
}

// compileState compiles one state by its type.
func compileState(l *linker, s asl.State) (state, error) {
	switch s := s.(type) {
	case *asl.Pass:
		return compilePass(l, s)
	case *asl.Task:
		return compileTask(l, s)
	case *asl.Choice:
		return compileChoice(l, s)
	case *asl.Wait:
		return compileWait(l, s)
	case *asl.Succeed:
		return compileSucceed(l, s)
	case *asl.Fail:
		return compileFail(l, s)
	case *asl.Parallel:
		return compileParallel(l, s)
	case *asl.Map:
		return compileMap(l, s)
	}
	return nil, fmt.Errorf("unknown type of state %T", s)
}
