package interp

import (
	"context"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Step is what one Apply led to.
type Step struct {
	// Commands are to be carried out, in order, once the events that led to
	// them are safe.
	Commands []Command
	// History holds the history events that were produced, in order.
	History []history.Event
	// More says that the execution could go on: apply Continue.
	More bool
	// Interrupted says that the Apply was broken off (see [Execution.Govern]),
	// and after how much work; else it is 0. All that the execution takes then is
	// its end: Stopped, or TimerFired for the timer that Ends it.
	Interrupted int64
}

// Command is something that the interpreter wants done: *ScheduleTask,
// *CancelTask, *StartTimer, *CancelTimer, *StartMapRun, *CancelMapRun, *Finish.
type Command interface{ command() }

// ScheduleTask wants a piece of work done. The executor alone watches over
// Timeout and Heartbeat and answers with exactly one of TaskSucceeded,
// TaskFailed, TaskTimedOut, after TaskStarted.
type ScheduleTask struct {
	ID       ID
	State    string // the Task state's name
	Resource asl.Resource
	// Input is the effective input: Parameters or Arguments applied.
	Input jsonvalue.Value
	// Timeout and Heartbeat are zero when the state sets none.
	Timeout   time.Duration
	Heartbeat time.Duration
	// RoleARN is Credentials.RoleArn; may be empty.
	RoleARN string
	// Token is $$.Task.Token, made for every task.
	Token string
	// Attempt counts from 0.
	Attempt int
	// Context is the context object that the state saw.
	Context jsonvalue.Value
}

// CancelTask says that nobody waits for a task any more: its state timed out,
// a sibling branch failed, or the execution ended.
type CancelTask struct{ ID ID }

// StartTimer wants a TimerFired at a time.
type StartTimer struct {
	ID ID
	At time.Time
	// Ends marks the timer of the machine's TimeoutSeconds.
	Ends bool
}

// CancelTimer says that a timer is no longer needed.
type CancelTimer struct{ ID ID }

// StartMapRun wants a Distributed Map run: items read, one child execution an
// item (or batch), results written. The executor answers MapRunStarted and
// then exactly one of MapRunSucceeded and MapRunFailed.
type StartMapRun struct {
	ID    ID
	State string
	// Plan has all that the run needs, evaluated; see MapPlan.
	Plan *MapPlan
}

// CancelMapRun says that nobody waits for a Map Run any more.
type CancelMapRun struct{ ID ID }

// Finish ends the execution. It is the last command, once.
type Finish struct {
	At     time.Time // of a timeout: when the time was over
	Status Status
	Output jsonvalue.Value // when Succeeded
	Error  *string         // when failed or aborted, if there is one
	Cause  *string
	Origin *Origin // unless succeeded; nil when it is not known
}

// Status is how an execution stands, with AWS's names.
type Status string

// The statuses of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	FailedRun Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

func (*ScheduleTask) command() {}
func (*CancelTask) command()   {}
func (*StartTimer) command()   {}
func (*CancelTimer) command()  {}
func (*StartMapRun) command()  {}
func (*CancelMapRun) command() {}
func (*Finish) command()       {}

// MapPlan is a Distributed Map state with its quantities evaluated. The
// executor reads items, asks Item for each child's input, and runs Program.
type MapPlan struct {
	// Program is the item processor as a program of its own.
	Program *Program
	Express bool
	Label   string // "" when the definition gives none
	// Items are the items when there is no Reader; the executor otherwise reads them.
	Items  jsonvalue.Value
	Reader *ReaderPlan
	// MaxConcurrency 0 means the default.
	MaxConcurrency      int64
	ToleratedCount      int64   // -1: not given
	ToleratedPercentage float64 // -1: not given
	Batcher             *BatcherPlan
	Writer              *WriterPlan
	// Item makes the input of one child from an item, whose index it has
	// (ItemSelector). Safe for concurrent use. Errors are of type *ItemError.
	// The error is the context's cause when it ends first.
	Item func(ctx context.Context, index int64, item Item) (jsonvalue.Value, error)
}

// Item is an item of a Map.
type Item struct {
	Value jsonvalue.Value
	// Key is the member's name when the items are an object's members; else absent.
	Key jsonvalue.Value
	// Source is where a reader has it from: S3://BUCKET/KEY. "": the state's input.
	Source string
}

// ReaderPlan is an ItemReader, evaluated.
type ReaderPlan struct {
	Resource asl.Resource
	Input    jsonvalue.Value // Parameters or Arguments: Bucket, Key, Prefix …
	Config   jsonvalue.Value // ReaderConfig as written
	// MaxItems 0 means no limit. A negative one fails the run, with CauseMaxItems.
	MaxItems int64
}

// CauseMaxItems is what AWS says, inside the run, of a negative MaxItems (recorded).
const CauseMaxItems = "field MaxItems must be positive"

// BatcherPlan is an ItemBatcher, evaluated.
type BatcherPlan struct {
	Input    jsonvalue.Value // absent when BatchInput is not given
	MaxItems int64           // 0: no limit
	MaxBytes int64           // 0: no limit
}

// WriterPlan is a ResultWriter, evaluated.
type WriterPlan struct {
	Resource *asl.Resource // nil: results stay in the state's output
	Input    jsonvalue.Value
	Config   jsonvalue.Value
}
