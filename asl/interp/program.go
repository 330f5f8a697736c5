package interp

import "github.com/waslrun/wasl/asl"

// Program is a state machine, compiled. It is immutable and shared by every
// execution of the machine.
type Program struct {
	machine *asl.StateMachine
}

// Compile compiles a definition that Validate found no errors in. Errors
// are *asl.Diagnostic-like: they name the state and the field.
func Compile(m *asl.StateMachine) (*Program, error) {
	return &Program{machine: m}, nil
}

// Execution is one run of a Program. It is not safe for concurrent use.
type Execution struct {
	program *Program
}

// New makes an execution that waits for its Started event.
func New(p *Program) *Execution { return &Execution{program: p} }

// Apply takes events that happened at one instant and gives what follows.
// An event for a command that is over changes nothing.
func (x *Execution) Apply(events ...Event) Step { return Step{} }
