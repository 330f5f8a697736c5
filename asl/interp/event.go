package interp

import (
	"time"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// ID names a command of one execution. IDs count from 1 in the order in which
// the commands were issued.
type ID uint64

// Event is something that happened outside of the interpreter. Events are the
// only way in which time, chance and answers reach an execution: the same
// events always give the same steps.
type Event interface {
	// Time is when it happened.
	Time() time.Time
	event()
}

// At is the time of an event.
type At time.Time

// Time implements Event.
func (a At) Time() time.Time { return time.Time(a) }

func (At) event() {}

// Started begins an execution. It comes first and once.
type Started struct {
	At
	Execution Info
	Input     jsonvalue.Value
	// Seed feeds everything random: jitter, States.UUID, $random, task tokens.
	Seed uint64
	// Limits that the execution runs under; zero fields mean unlimited.
	Limits Limits
}

// Info is what an execution knows of itself; the context object shows it.
type Info struct {
	ARN         string
	Name        string
	RoleARN     string
	MachineARN  string
	MachineName string
	// AliasARN and VersionARN are what the execution was started through; may be empty.
	AliasARN   string
	VersionARN string
	Express    bool
	// Synchronous executions (StartSyncExecution) have no RedriveCount in $$.
	Synchronous bool
	Region      string
	// MapRunARN is set in a child execution of a Distributed Map.
	MapRunARN string
	// MapItem is $$.Map of a child execution of a Distributed Map; else absent.
	MapItem jsonvalue.Value
}

// Limits are the quotas of an execution, in bytes, events and characters.
type Limits struct {
	// Expressions bound what the queries of one state may do and hold; zero
	// fields mean the default.
	Expressions bounds.Limits

	Payload       int   // 262144 on AWS
	Events        int64 // 25000 on AWS for STANDARD
	Variable      int   // one variable, and one Assign: 262144
	VariableTotal int   // 10 MiB
}

// Interrupted comes first in a batch whose Apply was broken off: see
// [Step.Interrupted]. It makes an Apply of the batch end where that one did.
type Interrupted struct {
	At
	Work int64
}

// TaskAccepted says that a task of an activity can be done: there is the
// activity. It need not come when TaskStarted follows at once.
type TaskAccepted struct {
	At
	Task ID
}

// Continue lets an execution go on whose last Step said More.
type Continue struct{ At }

// TaskStarted: a worker began with the task.
type TaskStarted struct {
	At
	Task   ID
	Worker string // of an activity; may be empty
}

// TaskSubmitted: a service accepted the task (.sync, .waitForTaskToken).
type TaskSubmitted struct {
	At
	Task   ID
	Output jsonvalue.Value
}

// TaskSucceeded ends a task.
type TaskSucceeded struct {
	At
	Task   ID
	Output jsonvalue.Value
}

// FailureKind says which history event a failed task leaves.
type FailureKind uint8

// The ways in which a task fails.
const (
	// Failed: the work itself failed (…Failed).
	Failed FailureKind = iota
	// Rejected: the arguments can start no task. The state fails with
	// States.Runtime and the given cause; no …Failed event.
	Rejected
)

// TaskFailed ends a task with an error. Nil means that there is none of it.
type TaskFailed struct {
	At
	Task  ID
	Kind  FailureKind
	Error *string
	Cause *string
}

// TaskTimedOut ends a task whose timeout or heartbeat ran out.
type TaskTimedOut struct {
	At
	Task      ID
	Heartbeat bool
}

// TimerFired: the time of a StartTimer has come.
type TimerFired struct {
	At
	Timer ID
}

// MapRunStarted: the Map Run of a StartMapRun exists.
type MapRunStarted struct {
	At
	Run       ID
	MapRunARN string
}

// MapRunSucceeded ends a Map Run; Output is the Map state's result.
type MapRunSucceeded struct {
	At
	Run    ID
	Output jsonvalue.Value
}

// MapRunFailed ends a Map Run with an error (States.ItemReaderFailed,
// States.ExceedToleratedFailureThreshold, …). The causes of States.Runtime and
// States.QueryEvaluationError get the sentence that names the Map state, if they
// lack it.
type MapRunFailed struct {
	At
	Run   ID
	Error string
	Cause string
}

// Stopped ends the execution from outside (StopExecution). Empty texts are left
// out of the history.
type Stopped struct {
	At
	Error string
	Cause string
}
