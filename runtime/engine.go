package runtime

import (
	"context"
	"log/slog"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/registry"
	"github.com/waslrun/wasl/storage"
)

// Options of an Engine. Everything but Registry has a default.
type Options struct {
	Clock   Clock  // nil: System
	Region  string // "": us-east-1
	Account string // "": 000000000000
	// Registry resolves the machines that states:startExecution names. Nil: none.
	Registry *registry.Registry
	// Storage serves the S3 integrations, item readers and result writers.
	// Nil: a fresh storage.Memory.
	Storage storage.Store
	// Modules runs tasks. Nil: no module exists.
	Modules Modules
	// Resources binds integration ARNs to the names of modules.
	Resources map[string]string
	// SDK answers aws-sdk:SERVICE:ACTION calls that the engine does not answer
	// itself (aws-sdk:sfn:*). Nil: such calls fail.
	SDK SDK
	// Workers bounds the tasks that run at once. 0: 4 for each processor, at least 16.
	Workers int
	Limits  Limits
	// Journal makes events durable before their commands are carried out. Nil: none.
	Journal Journal
	Log     *slog.Logger // nil: discard
}

// SDK answers a call of an AWS SDK: arguments and answer have the SDK's
// PascalCase names. An error of type *ServiceError becomes the task's error.
type SDK func(ctx context.Context, service, action string, args jsonvalue.Value) (jsonvalue.Value, error)

// ServiceError is a service's refusal: an exception with its HTTP status.
type ServiceError struct {
	Code    string // such as ExecutionDoesNotExist
	Message string
	Status  int // 0: 400
}

func (e *ServiceError) Error() string { return e.Code + ": " + e.Message }

// Limits bound what executions may hold. Zero fields mean unlimited, except
// where it says otherwise.
type Limits struct {
	interp.Limits
	// Closed is the number of closed executions that stay on record; the oldest
	// go first. 0: 10000.
	Closed int
	// ClosedChildren is the same for the children of one Map Run. 0: 1000.
	ClosedChildren int
}

// AWSLimits are AWS's quotas for STANDARD executions.
var AWSLimits = Limits{Limits: interp.Limits{
	Payload: 256 << 10, Events: 25_000, Variable: 256 << 10, VariableTotal: 10 << 20,
}}

// Journal is told of every event before its commands are carried out. The
// default keeps nothing.
type Journal interface {
	// Append makes the events of one Apply durable. It may wait, so that
	// several executions share one write. When it fails, the execution stops.
	Append(executionARN string, events []interp.Event) error
}

// HistorySink receives the events of an execution's history, in order, while
// it runs. Its methods are never called concurrently for one execution and must
// not wait for that execution.
type HistorySink interface {
	Record(events []history.Event)
}
