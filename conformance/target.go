package conformance

import (
	"context"
	"fmt"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Target is an implementation of the language that cases are run on.
type Target interface {
	// Name says in reports what was tested.
	Name() string
	// Run carries out one case. An error of type [Skip] means that the target
	// cannot run it; any other error fails the case.
	Run(ctx context.Context, c Case) (*Outcome, error)
}

// Skip says why a target cannot run a case.
type Skip string

func (s Skip) Error() string { return string(s) }

// Outcome is what came of a case.
type Outcome struct {
	// Refused: the definition was not accepted, Message says why, and
	// Diagnostics if the target tells (nil: it does not).
	Refused     bool
	Message     string
	Diagnostics []Diagnostic

	Status       string
	Output       jsonvalue.Value
	Error, Cause *string
	// Timed: Seconds is the execution's time to the millisecond (virtual time).
	Timed   bool
	Seconds float64
	// TaskInputs are what the mocked tasks got, by state; nil: unknown.
	TaskInputs map[string][]jsonvalue.Value
	// History as GetExecutionHistory shows it; nil: not to be compared.
	History []jsonvalue.Value
}

// Diagnostic is one finding of ValidateStateMachineDefinition.
type Diagnostic struct{ Code, Location string }

// failure shows error and cause where they help to understand a difference.
func (o *Outcome) failure() string {
	if o.Error == nil {
		return ""
	}
	s := " (error " + *o.Error
	if o.Cause != nil {
		s += fmt.Sprintf(", cause %q", *o.Cause)
	}
	return s + ")"
}
