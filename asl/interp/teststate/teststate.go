package teststate

import (
	"strings"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Request is what TestState is asked. Texts are JSON; nil ones were not given.
type Request struct {
	Definition    string
	Reading       []asl.Option // how the definition is read
	StateName     string       // "": the definition is one state
	Input         *string
	Variables     *string
	Context       *string
	RevealSecrets bool
	Mock          *Mock
	Configuration *Configuration

	// Info, Start and Seed make the context object, when none is given. A Task
	// without a mock needs Info.RoleARN.
	Info   interp.Info
	Limits interp.Limits
	Start  time.Time
	Seed   uint64
	// Invoke does the work of a Task that is not mocked. It may be nil when
	// there is a mock.
	Invoke func(*interp.ScheduleTask) interp.WorkResult
	// Read reads the data of Configuration.MapItemReaderData as the ItemReader
	// reads its source.
	Read func(reader *interp.ReaderPlan, data string) ([]jsonvalue.Value, error)
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
	if err := r.checkMock(); err != nil {
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
	if err := r.readDocuments(&single, subject.state); err != nil {
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

// checkType refuses states that a mock does not go with, or that need one.
func (r *Request) checkType(s asl.State) error {
	switch s := s.(type) {
	case *asl.Map:
		return r.checkChildren([]asl.Block{s.Processor})
	case *asl.Parallel:
		return r.checkChildren(s.Branches)
	case *asl.Task:
		return r.checkTask(s)
	case *asl.Pass, *asl.Choice, *asl.Wait, *asl.Succeed, *asl.Fail:
	}
	if r.Mock != nil {
		return invalid("State type '" + asl.Type(s) + "' is not supported when a mock is specified")
	}
	return nil
}

// checkChildren checks a request about a state with states inside of it. The
// text for one without a mock is AWS's, from before there were mocks (recorded).
func (r *Request) checkChildren(blocks []asl.Block) error {
	if r.Mock == nil {
		return unsupported("Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]")
	}
	if c := r.Configuration; c != nil && c.ErrorCausedByState != nil {
		for i := range blocks {
			if find(&blocks[i], *c.ErrorCausedByState) != nil {
				return nil
			}
		}
		return stateNotFound()
	}
	return nil
}

// checkTask refuses to do what TestState does only with a mock (the API's
// description: activities, and tasks that wait for a job or a task token), and
// to do anything without a role.
func (r *Request) checkTask(s *asl.Task) error {
	switch {
	case r.Mock != nil:
		return nil
	case s.Resource.Kind == asl.ResourceActivity:
		return unsupported("Activity tasks when a mock is not specified.")
	case s.Resource.Pattern != asl.RequestResponse:
		return unsupported("the '" + strings.TrimPrefix(s.Resource.Action, s.Resource.API) + "' service integration pattern when a mock is not specified.")
	case r.Info.RoleARN == "":
		return invalid("RoleArn must be specified when testing a Task state")
	}
	return nil
}

func unsupported(what string) error {
	return &Error{InvalidDefinition, "TestState API does not support " + what}
}

// readDocuments reads the input, the variables and the other JSON texts.
func (r *Request) readDocuments(s *interp.Single, state asl.State) error {
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
		if s.Context, err = readContext(*r.Context, state); err != nil {
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
	if c.MapItemReaderData != nil && r.Read != nil {
		s.ReadItems = func(p *interp.ReaderPlan) ([]jsonvalue.Value, error) { return r.Read(p, *c.MapItemReaderData) }
	}
	return nil
}
