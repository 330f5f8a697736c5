package integration

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
)

// Set is what resources can lead to.
type Set struct {
	Home    arn.Home
	Modules interface {
		// Exists tells whether there is a module of this name.
		Exists(name string) bool
	}
	Resources Bindings
	Storage   storage.Store
	SDK       SDK // may be nil
	Now       func() time.Time
	NewID     func() string // makes UUIDs
}

// SDK answers a call of an AWS SDK.
type SDK func(ctx context.Context, service, action string, args jsonvalue.Value) (jsonvalue.Value, error)

// ServiceError is a service's refusal: an exception with its HTTP status.
type ServiceError struct {
	Code    string // such as ExecutionDoesNotExist
	Message string
	Status  int // 0: 400
}

func (e *ServiceError) Error() string { return e.Code + ": " + e.Message }

// Plan is what a task amounts to: *Function, *Call, *Child or *Answer.
type Plan interface{ plan() }

// Function is a module to be called.
type Function struct {
	Module string
	Input  []byte
	// WantsLog says that Answer needs the end of the module's log.
	WantsLog bool
	// Answer reads what the module gave. log is the end of its log, or empty.
	Answer func(r modules.Result, log []byte) Outcome
}

// Call is work to be done without a module.
type Call struct {
	Do func(ctx context.Context) Outcome
	// Waits says that it may have to wait for other tasks' work.
	Waits bool
}

// Child is an execution to be started.
type Child struct {
	MachineARN string
	Name       string // "": the engine chooses
	Input      jsonvalue.Value
	// InputText is the input as the child's description shows it.
	InputText string
	// Accepted is the service's answer to the start.
	Accepted func(arn string, started time.Time) Outcome
	// Refused is the outcome when the child cannot be started.
	Refused func(*ServiceError) Outcome
	// Done is the outcome of a child that was waited for.
	Done func(ChildInfo) Outcome
}

// Answer is an outcome that needs no work.
type Answer struct{ Outcome }

func (*Function) plan() {}
func (*Call) plan()     {}
func (*Child) plan()    {}
func (*Answer) plan()   {}

// Outcome is how a task ended: with an output, or with a failure.
type Outcome struct {
	Output  jsonvalue.Value
	Failure *Failure // nil: it succeeded
}

// Failure is a task's error. Nil texts are absent ones.
type Failure struct {
	Kind  interp.FailureKind
	Error *string
	Cause *string
	// Unusable says that the task's module is missing or cannot be used.
	Unusable bool
}

// Succeed makes an outcome of an output.
func Succeed(output jsonvalue.Value) Outcome { return Outcome{Output: output} }

// Fail makes an outcome of an error.
func Fail(name, cause string) Outcome {
	return Outcome{Failure: &Failure{Error: &name, Cause: &cause}}
}

// failed makes the outcome of a module's failure.
func failed(f *modules.Failure, cause string) Outcome {
	o := Fail(f.Error, cause)
	o.Failure.Unusable = f.Unusable
	return o
}

// Reject makes the outcome of arguments that can start no task.
func Reject(cause string) Outcome {
	return Outcome{Failure: &Failure{Kind: interp.Rejected, Cause: &cause}}
}

// Refusal says why a task's arguments can start nothing; "" when they can. It is
// the interpreter's Vetter.
func (s *Set) Refusal(t *interp.ScheduleTask) string {
	for _, field := range required(t.Resource) {
		if t.Input.Field(field).Kind() == jsonvalue.String {
			continue
		}
		if _, bound := s.Resources.Bound(t.Resource); bound {
			return ""
		}
		return fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [The field '%s' is required but was missing]", t.Input, field)
	}
	return ""
}

// required names the arguments without which an integration starts nothing.
func required(r asl.Resource) []string {
	switch service := strings.TrimPrefix(r.Service, "aws-sdk:"); {
	case r.Kind != asl.ResourceIntegration:
		return nil
	case r.Service == "lambda" && r.API == "invoke":
		return []string{"FunctionName"}
	case r.Service == "states" && r.API == "startExecution":
		return []string{"StateMachineArn"}
	case service == "s3" && needsKey[r.API]:
		return []string{"Bucket", "Key"}
	case service == "s3" && s3Operations[r.API] != nil:
		return []string{"Bucket"}
	}
	return nil
}

// Plan tells what a scheduled task amounts to.
func (s *Set) Plan(t *interp.ScheduleTask) Plan {
	if cause := s.Refusal(t); cause != "" {
		return &Answer{Reject(cause)}
	}
	if module, ok := s.Resources.Bound(t.Resource); ok {
		return s.function(module, t.Input)
	}
	switch r := t.Resource; r.Kind {
	case asl.ResourceLambda:
		if !s.Modules.Exists(r.Name) {
			return &Answer{s.noFunction(r.Name, r.Qualifier)}
		}
		return s.function(r.Name, t.Input)
	case asl.ResourceWasm:
		if !s.Modules.Exists(r.Name) {
			return &Answer{failed(&modules.Failure{Error: modules.ErrBadModule, Unusable: true}, fmt.Sprintf(
				"There is no module %q: neither a section [modules.%s] nor a file %s.wasm in the module directory.", r.Name, r.Name, r.Name))}
		}
		return s.function(r.Name, t.Input)
	case asl.ResourceActivity:
		return s.function(r.Name, t.Input)
	case asl.ResourceIntegration:
		return s.service(t)
	case asl.ResourceUnknown:
	}
	return &Answer{unbound(t.Resource)}
}

// Module names the module that does the work of a task; "" when none does.
func (s *Set) Module(t *interp.ScheduleTask) string {
	name, ok := s.Resources.Bound(t.Resource)
	switch r := t.Resource; {
	case ok:
	case r.Kind == asl.ResourceIntegration && r.Service == "lambda" && r.API == "invoke":
		_, name, _ = s.Resources.Function(t.Input.Field("FunctionName").Text())
	default:
		name = r.Name
	}
	if name == "" || !s.Modules.Exists(name) {
		return ""
	}
	return name
}

// HasModule tells whether a module does the work of a resource. Activities
// without one wait for a worker.
func (s *Set) HasModule(r asl.Resource) bool {
	_, ok := s.Resources.Bound(r)
	return ok || r.Name != "" && s.Modules.Exists(r.Name)
}

// Serves tells whether something here does the work of a resource. Of modules
// and activities it does not tell whether they exist.
func (s *Set) Serves(r asl.Resource) bool {
	if _, bound := s.Resources.Bound(r); bound {
		return true
	}
	switch r.Kind {
	case asl.ResourceLambda, asl.ResourceWasm, asl.ResourceActivity:
		return true
	case asl.ResourceIntegration:
		return s.planner(r) != nil
	case asl.ResourceUnknown:
	}
	return false
}

// service plans an integration that is not bound to a module.
func (s *Set) service(t *interp.ScheduleTask) Plan {
	if plan := s.planner(t.Resource); plan != nil {
		return plan(t)
	}
	return &Answer{unbound(t.Resource)}
}

// planner gives what plans the tasks of an integration; nil when nothing here
// does its work.
func (s *Set) planner(r asl.Resource) func(*interp.ScheduleTask) Plan {
	service, sdk := strings.CutPrefix(r.Service, "aws-sdk:")
	switch {
	case !sdk && service == "lambda" && r.API == "invoke":
		return s.invoke
	case !sdk && service == "states" && r.API == "startExecution":
		return s.startExecution
	case service == "s3" && s3Operations[r.API] != nil:
		return func(t *interp.ScheduleTask) Plan { return s.s3(t, s3Operations[r.API], sdk) }
	case sdk && service == "sfn" && s.SDK != nil:
		return func(t *interp.ScheduleTask) Plan { return s.sdk(t, service) }
	}
	return nil
}

// unbound is the outcome of a resource that leads nowhere.
func unbound(r asl.Resource) Outcome {
	return Fail(errname.TaskFailed, fmt.Sprintf(
		"Nothing here does the work of %s. %s", r.ARN, HowToBind(r)))
}

// HowToBind says what would let a module do the work of a resource.
func HowToBind(r asl.Resource) string {
	return fmt.Sprintf("Bind it to a module in the configuration: [resources] %q = \"module NAME\".", r.ARN)
}

// sdk plans a call of an AWS SDK that the embedder answers.
func (s *Set) sdk(t *interp.ScheduleTask, service string) Plan {
	return &Call{Waits: true, Do: func(ctx context.Context) Outcome {
		output, err := s.SDK(ctx, service, t.Resource.API, withText(t.Input))
		if err != nil {
			return s.sdkFailure(service, err)
		}
		return Succeed(output)
	}}
}

// textFields are members that the API takes as JSON text. A task may give them
// as JSON.
var textFields = []string{"Input", "Output", "Definition"}

// withText writes members that are to be texts as such.
func withText(args jsonvalue.Value) jsonvalue.Value {
	for _, name := range textFields {
		if v, ok := args.Get(name); ok && v.Kind() != jsonvalue.String && !v.IsNull() {
			args = args.With(name, jsonvalue.StringOf(v.String()))
		}
	}
	return args
}
