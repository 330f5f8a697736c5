package teststate

import (
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Request is what TestState is asked. Texts are JSON; nil ones were not given.
type Request struct {
	Definition    string
	StateName     string // "": the definition is one state
	Input         *string
	Variables     *string
	Context       *string
	RevealSecrets bool
	Mock          *Mock
	Configuration *Configuration

	// Info, Start and Seed make the context object, when none is given.
	Info   interp.Info
	Limits interp.Limits
	Start  time.Time
	Seed   uint64
	// Invoke does the work of a Task that is not mocked.
	Invoke func(*interp.ScheduleTask) interp.WorkResult
}

// Mock stands for a state's work: exactly one of Result and Error is set.
type Mock struct {
	Result     *string // JSON
	Error      *ErrorOutput
	Validation Validation
}

// ErrorOutput is a mocked error.
type ErrorOutput struct{ Error, Cause *string }

// Validation says how strictly a mocked result is held against the shape of
// the service's answer. The zero Validation is Strict.
type Validation string

// The validations.
const (
	Strict  Validation = "STRICT"  // required fields must be there, all must fit
	Present Validation = "PRESENT" // those that are there must fit
	None    Validation = "NONE"
)

// Configuration is a state's configuration; nil fields were not given.
type Configuration struct {
	RetrierRetryCount        *int64
	ErrorCausedByState       *string
	MapIterationFailureCount *int64
	MapItemReaderData        *string
}

// ErrorType is the type of the API's error.
type ErrorType string

// The types of errors.
const (
	ValidationException   ErrorType = "ValidationException"
	InvalidDefinition     ErrorType = "InvalidDefinition"
	InvalidExecutionInput ErrorType = "InvalidExecutionInput"
)

// Error is why a Request was refused.
type Error struct {
	Type    ErrorType
	Message string
}

func (e *Error) Error() string { return string(e.Type) + ": " + e.Message }

func invalid(message string) *Error { return &Error{ValidationException, message} }

// Run answers a request. A refused request gives an *Error.
func Run(r Request) (*interp.SingleResult, error) {
	if err := r.checkCombination(); err != nil {
		return nil, err
	}
	subject, err := r.subject()
	if err != nil {
		return nil, err
	}
	if err := r.checkType(subject.state); err != nil {
		return nil, err
	}
	single := interp.Single{
		Block: subject.block, State: subject.name,
		Info: r.Info, Limits: r.Limits, Start: r.Start, Seed: r.Seed,
	}
	if err := r.readDocuments(&single); err != nil {
		return nil, err
	}
	work, err := r.work(subject.state)
	if err != nil {
		return nil, err
	}
	// Work may find that the request cannot be answered.
	var refused *Error
	single.Work = func(w interp.Work) interp.WorkResult {
		result, err := work(w)
		if err != nil {
			refused = err
			return interp.WorkResult{}
		}
		return result
	}
	result, failed := interp.RunSingle(single)
	switch {
	case refused != nil:
		return nil, refused
	case failed != nil:
		return nil, &Error{InvalidDefinition, failed.Error()}
	}
	return result, nil
}

// checkCombination refuses parameters that exclude each other.
func (r *Request) checkCombination() error {
	c := r.Configuration
	switch {
	case r.Mock != nil && r.RevealSecrets:
		return invalid("TestState does not support RevealSecrets when a mock is specified.")
	case r.Mock == nil && r.Context != nil:
		return invalid("TestState does not support a Context object when a mock is not specified.")
	case r.Mock == nil && c != nil && c.MapIterationFailureCount != nil:
		return invalid("TestState does not support MapIterationFailureCount when a mock is not specified.")
	case r.Mock == nil && c != nil && c.ErrorCausedByState != nil:
		return invalid("TestState does not support ErrorCausedByState when a mock is not specified.")
	case r.Mock != nil && r.Mock.Result != nil && r.Mock.Error != nil:
		return invalid("A test mock should have only one of the following fields: [result, errorOutput].")
	}
	return nil
}

// checkType refuses states that a mock does not go with, or that need one.
func (r *Request) checkType(s asl.State) error {
	switch s.(type) {
	case *asl.Map, *asl.Parallel:
		if r.Mock == nil {
			return &Error{InvalidDefinition, "TestState API does not support Map or Parallel states. " +
				"Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"}
		}
	case *asl.Task:
	default:
		if r.Mock != nil {
			return invalid("State type '" + asl.Type(s) + "' is not supported when a mock is specified")
		}
	}
	return nil
}

// readDocuments reads the input, the variables and the other JSON texts.
func (r *Request) readDocuments(s *interp.Single) error {
	s.Input = jsonvalue.EmptyObject
	var err error
	if r.Input != nil {
		if s.Input, err = jsonvalue.Parse(*r.Input); err != nil {
			return &Error{InvalidExecutionInput, "Invalid State Machine Execution Input: '" + err.Error() + "'"}
		}
	}
	if r.Variables != nil {
		s.Variables, err = jsonvalue.Parse(*r.Variables)
		if err != nil || s.Variables.Kind() != jsonvalue.Object {
			return invalid("Invalid variables provided: the variables must be a JSON object")
		}
	}
	if r.Context != nil {
		if s.Context, err = readContext(*r.Context); err != nil {
			return err
		}
	}
	c := r.Configuration
	if c == nil {
		return nil
	}
	if c.RetrierRetryCount != nil {
		s.Retries = *c.RetrierRetryCount
	}
	if c.MapItemReaderData != nil {
		if s.ReaderItems, err = jsonvalue.Parse(*c.MapItemReaderData); err != nil {
			s.ReaderItems = jsonvalue.Value{} // CSV and the like: no items to show
		}
	}
	return nil
}
