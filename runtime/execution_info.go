package runtime

import (
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/registry"
)

// StartRequest describes an execution to be started.
type StartRequest struct {
	Machine *registry.Machine
	Name    string // "": a random UUID
	Input   jsonvalue.Value
	// InputText is the input as the caller wrote it; "": Input's compact text.
	InputText   string
	TraceHeader string
	// Sink receives the history while the execution runs. May be nil.
	Sink HistorySink
	// ChildFailed is told of each child of the execution's Map Runs, and of theirs,
	// that ended otherwise than SUCCEEDED, tolerated or not. It is called by the
	// goroutines of the runs, which wait for it. May be nil.
	ChildFailed func(ChildFailure)
	// DiscardHistory keeps no history on record (the Sink still gets it).
	DiscardHistory bool
	// Synchronous is what StartSync sets.
	Synchronous bool
	// Items is what a Map Run sets: how many of its items the input has.
	Items int64
}

// ChildFailure is a child of a Map Run that failed.
type ChildFailure struct {
	MapRunARN string
	State     string // the Map state's name
	Index     int64  // of the child in its run, from 0: the item's, or the batch's
	Batch     bool   // it has a batch of items
	Child     ExecutionInfo
}

// ExecutionInfo is what is known of an execution. It is a copy.
type ExecutionInfo struct {
	ARN     string
	Name    string
	Machine *registry.Machine // with VersionARN and AliasARN of the start
	Status  interp.Status
	Started time.Time
	Stopped time.Time // zero while it runs
	// InputText is the input as the caller wrote it.
	InputText string
	Input     jsonvalue.Value
	Output    jsonvalue.Value // absent unless it succeeded
	Error     *string
	Cause     *string
	Origin    *interp.Origin // where the failure arose; nil when it is not known
	// Unusable says that it failed with Wasm.BadModule, and that a task's module
	// is in fact missing or unusable.
	Unusable     bool
	TraceHeader  string
	MapRunARN    string // of a child of a Distributed Map
	Items        int64  // that such a child works on
	RedriveCount int
	// Events is the number of history events so far.
	Events int64
}

// ListRequest selects executions.
type ListRequest struct {
	MachineARN string // of a machine, a version or an alias
	MapRunARN  string // instead of MachineARN
	Status     interp.Status
	Page
}

// Page is a part of a list.
type Page struct {
	Max   int    // 0: 100
	Token string // "": the first page
}

// ExecutionPage is a page of executions, the most recent first.
type ExecutionPage struct {
	Executions []ExecutionInfo
	Next       string // "": the last page
}

// HistoryRequest selects history events.
type HistoryRequest struct {
	ARN     string
	Reverse bool
	Page
}

// HistoryPage is a page of a history. When its payloads are large it has fewer
// events than were asked for.
type HistoryPage struct {
	Events []history.Event
	Next   string // "": the last page
}
