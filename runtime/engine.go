package runtime

import (
	"context"
	"log/slog"
	goruntime "runtime"
	"sync"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/internal/uuid"
	"github.com/waslrun/wasl/runtime/integration"
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
	// Workers bounds the tasks that run at once. 0: DefaultWorkers.
	Workers int
	Limits  Limits
	// Journal makes events durable before their commands are carried out. Nil: none.
	Journal Journal
	// Usage is told what each call of a module cost. Nil: nobody is.
	Usage UsageSink
	// Observer is told of executions that start and end. Nil: nobody is.
	Observer ExecutionObserver
	Log      *slog.Logger // nil: discard
}

// SDK answers a call of an AWS SDK: service is sfn, action such as
// startExecution, and arguments and answer have the SDK's PascalCase names. An
// error of type *ServiceError becomes the task's error.
type SDK = integration.SDK

// ServiceError is a service's refusal: an exception with its HTTP status.
type ServiceError = integration.ServiceError

// Limits bound what executions may hold. Zero fields mean unlimited, except
// where it says otherwise.
type Limits struct {
	interp.Limits
	// Closed is the number of closed executions that stay on record; the oldest
	// go first. 0: 10000.
	Closed int
	// ClosedChildren is the same for the children of one Map Run. 0: 1000.
	ClosedChildren int
	// ClosedSize is how many bytes of memory all closed executions on record may
	// hold; the oldest go first. 0: 128 MiB.
	ClosedSize int64
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

// ExecutionObserver is told when an execution starts and when it has ended, the
// children of Map Runs among them. An end comes after its start. Many goroutines
// call it, and wait for it.
type ExecutionObserver interface {
	ExecutionStarted(ExecutionInfo)
	ExecutionEnded(ExecutionInfo)
}

// HistorySink receives the events of an execution's history, in order, while
// it runs. Its methods are never called concurrently for one execution and must
// not wait for that execution.
type HistorySink interface {
	Record(events []history.Event)
}

// Engine runs executions. It is safe for concurrent use.
type Engine struct {
	options Options
	// ctx ends when the engine closes.
	ctx    context.Context
	cancel context.CancelFunc

	drivers      *pool // apply events
	gate         *gate // for those whose queries take long
	driving      party // all executions
	workers      *pool // do tasks
	parties      parties
	alarms       alarms
	integrations *integration.Set
	activities   *Activities
	tokens       *Tokens
	mapRuns      *MapRuns
	// loops are the goroutines of Map Runs and of calls that may wait.
	loops sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	started uint64 // executions so far
	records records
}

// New makes an engine. Close it when it is no longer needed.
func New(o Options) *Engine {
	o = o.withDefaults()
	e := &Engine{options: o}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	drivers := goruntime.GOMAXPROCS(0)
	if o.Journal != nil {
		drivers *= journalWaiters
	}
	e.drivers, e.workers = newPool(drivers), newPool(o.Workers)
	e.gate = newGate()
	e.alarms.clock = o.Clock
	e.parties.byName = map[string]*party{}
	e.records.byARN = map[string]*Execution{}
	e.records.byMachine = map[string]*shelf{}
	e.records.definitions = map[*interp.Program]int{}
	e.activities = newActivities(e)
	e.tokens = newTokens()
	e.mapRuns = newMapRuns(e)
	e.integrations = &integration.Set{
		Home: e.home(), Modules: o.Modules, Resources: o.Resources,
		Storage: o.Storage, SDK: o.SDK, Now: o.Clock.Now, NewID: uuid.New,
	}
	return e
}

// Serves tells whether something here does the work of a resource: a module, an
// integration, a worker of an activity. Whether that module exists, and whether
// that worker comes, it does not tell.
func (e *Engine) Serves(r asl.Resource) bool { return e.integrations.Serves(r) }

// journalWaiters is the number of executions a processor that may wait for the
// journal at once.
const journalWaiters = 64

// DefaultWorkers is how many tasks an engine runs at once when it is not told:
// at least as many as AWS runs iterations of an inline Map.
func DefaultWorkers() int { return max(40, 4*goruntime.GOMAXPROCS(0)) }

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = System
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Account == "" {
		o.Account = "000000000000"
	}
	if o.Storage == nil {
		o.Storage = storage.NewMemory()
	}
	if o.Modules == nil {
		o.Modules = noModules{}
	}
	if o.Workers == 0 {
		o.Workers = DefaultWorkers()
	}
	if o.Limits.Closed == 0 {
		o.Limits.Closed = 10_000
	}
	if o.Limits.ClosedChildren == 0 {
		o.Limits.ClosedChildren = 1000
	}
	if o.Limits.ClosedSize == 0 {
		o.Limits.ClosedSize = 128 << 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// parties are those that share the workers: each module, and what the host does
// by itself.
type parties struct {
	mu     sync.Mutex
	byName map[string]*party
}

// party is the one of a module that exists, or the host's for "".
func (e *Engine) party(module string) *party {
	e.parties.mu.Lock()
	defer e.parties.mu.Unlock()
	p := e.parties.byName[module]
	if p == nil {
		p = &party{}
		if module != "" {
			p.limit = e.options.Modules.Concurrency(module)
		}
		e.parties.byName[module] = p
	}
	return p
}

// Close ends what runs and waits for every goroutine of the engine. Executions
// that have not ended stay as they are. Modules that run, those among them that
// were told to stop just before, have a grace to clean up; then they are killed.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.gate.shut()
	e.drivers.close()
	// The machine's clock, because a virtual one may stand still by now.
	stop := System.AfterFunc(grace, e.cancel)
	e.workers.close()
	stop()
	e.cancel()
	e.alarms.close()
	e.loops.Wait() // last: the others start them
	return nil
}

// Activities gives the engine's activities.
func (e *Engine) Activities() *Activities { return e.activities }

// Tokens gives the tasks that an answer by token can end.
func (e *Engine) Tokens() *Tokens { return e.tokens }

// MapRuns gives the engine's Map Runs.
func (e *Engine) MapRuns() *MapRuns { return e.mapRuns }
