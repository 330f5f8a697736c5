package runtime

import (
	"context"
	"errors"
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

var errPending = errors.New("runtime: being written")

// Engine runs executions.
type Engine struct{ options Options }

// New makes an engine.
func New(o Options) *Engine { return &Engine{o} }

// Execution is an execution that was started.
type Execution struct{ arn string }

// ARN is the execution's ARN.
func (x *Execution) ARN() string { return x.arn }

// Info tells how the execution stands.
func (x *Execution) Info() ExecutionInfo { return ExecutionInfo{} }

// Wait waits for the execution's end.
func (x *Execution) Wait(ctx context.Context) (ExecutionInfo, error) {
	return ExecutionInfo{}, errPending
}

// Start starts an execution; it runs on when ctx ends.
func (e *Engine) Start(ctx context.Context, r StartRequest) (*Execution, error) {
	return nil, errPending
}

// StartSync starts an execution and waits for its end; when ctx ends first, it is stopped.
func (e *Engine) StartSync(ctx context.Context, r StartRequest) (ExecutionInfo, error) {
	return ExecutionInfo{}, errPending
}

// Stop ends an execution as ABORTED and gives the time of it.
func (e *Engine) Stop(arn, errorName, cause string) (time.Time, error) {
	return time.Time{}, errPending
}

// Describe tells how an execution stands.
func (e *Engine) Describe(arn string) (ExecutionInfo, error) { return ExecutionInfo{}, errPending }

// List lists executions, the most recent first.
func (e *Engine) List(r ListRequest) (ExecutionPage, error) { return ExecutionPage{}, errPending }

// History gives a page of an execution's history.
func (e *Engine) History(r HistoryRequest) (HistoryPage, error) { return HistoryPage{}, errPending }

// Close stops everything and waits for it.
func (e *Engine) Close() error { return errPending }

// Activities gives the engine's activities.
func (e *Engine) Activities() *Activities { return nil }

// Tokens gives the tasks that wait for an answer by token.
func (e *Engine) Tokens() *Tokens { return nil }

// MapRuns gives the engine's Map Runs.
func (e *Engine) MapRuns() *MapRuns { return nil }

// Activities holds activities and the tasks that wait for a worker.
type Activities struct{}

// Activity is an activity.
type Activity struct {
	ARN     string
	Name    string
	Created time.Time
}

// ActivityTask is a task that a worker took. An empty Token means that there was none.
type ActivityTask struct {
	Token string
	Input string
}

// Create makes an activity, or gives the one of this name.
func (a *Activities) Create(name string) Activity { return Activity{} }

// Describe gives an activity.
func (a *Activities) Describe(arn string) (Activity, error) { return Activity{}, errPending }

// List gives all activities in the order of their creation.
func (a *Activities) List() []Activity { return nil }

// Delete removes an activity.
func (a *Activities) Delete(arn string) {}

// GetTask waits up to a minute for a task of the activity.
func (a *Activities) GetTask(ctx context.Context, arn, worker string) (ActivityTask, error) {
	return ActivityTask{}, errPending
}

// Tokens holds the tasks that are waiting for an answer by token.
type Tokens struct{}

// Succeed ends the task of a token with its output.
func (t *Tokens) Succeed(token string, output jsonvalue.Value) error { return errPending }

// Fail ends the task of a token with an error.
func (t *Tokens) Fail(token string, errorName, cause *string) error { return errPending }

// Heartbeat tells that the task of a token is alive.
func (t *Tokens) Heartbeat(token string) error { return errPending }

// MapRuns holds the Map Runs of Distributed Map states.
type MapRuns struct{}

// MapRunStatus is how a Map Run stands, with AWS's names.
type MapRunStatus string

// The statuses of a Map Run.
const (
	MapRunRunning   MapRunStatus = "RUNNING"
	MapRunSucceeded MapRunStatus = "SUCCEEDED"
	MapRunFailed    MapRunStatus = "FAILED"
	MapRunAborted   MapRunStatus = "ABORTED"
)

// Counts count a Map Run's items or child executions.
type Counts struct {
	Pending, Running, Succeeded, Failed, TimedOut, Aborted, Total, ResultsWritten int64
	FailuresNotRedrivable, PendingRedrive                                         int64
}

// MapRunSettings are what UpdateMapRun can change while a run goes on.
type MapRunSettings struct {
	MaxConcurrency      int64
	ToleratedCount      int64
	ToleratedPercentage float64
}

// MapRunInfo is what is known of a Map Run. It is a copy.
type MapRunInfo struct {
	ARN          string
	ExecutionARN string
	MachineARN   string // of the children: …:stateMachine:MACHINE/LABEL
	Status       MapRunStatus
	Started      time.Time
	Stopped      time.Time // zero while it runs
	MapRunSettings
	Items        Counts
	Executions   Counts
	RedriveCount int
}

// MapRunChange changes a run's settings; nil fields stay.
type MapRunChange struct {
	MaxConcurrency      *int64
	ToleratedCount      *int64
	ToleratedPercentage *float64
}

// Describe gives a Map Run.
func (m *MapRuns) Describe(arn string) (MapRunInfo, error) { return MapRunInfo{}, errPending }

// List gives the Map Runs of an execution, the most recent first.
func (m *MapRuns) List(executionARN string) []MapRunInfo { return nil }

// Update changes a run's settings.
func (m *MapRuns) Update(arn string, c MapRunChange) error { return errPending }
