// Package errname has the names of errors that the States Language keeps for
// itself, and what of Retry and Catch matches what.
package errname

import "strings"

// The reserved names: those of the specification (Appendix A), and those that
// AWS uses besides, Runtime and DataLimitExceeded.
const (
	All                             = "States.ALL"
	HeartbeatTimeout                = "States.HeartbeatTimeout"
	Timeout                         = "States.Timeout"
	TaskFailed                      = "States.TaskFailed"
	Permissions                     = "States.Permissions"
	ResultPathMatchFailure          = "States.ResultPathMatchFailure"
	ParameterPathFailure            = "States.ParameterPathFailure"
	QueryEvaluationError            = "States.QueryEvaluationError"
	BranchFailed                    = "States.BranchFailed"
	NoChoiceMatched                 = "States.NoChoiceMatched"
	IntrinsicFailure                = "States.IntrinsicFailure"
	ExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold"
	ItemReaderFailed                = "States.ItemReaderFailed"
	ResultWriterFailed              = "States.ResultWriterFailed"
	Runtime                         = "States.Runtime"
	DataLimitExceeded               = "States.DataLimitExceeded"
)

// Reserved tells whether a name belongs to the States Language, so that no task
// may use it.
func Reserved(name string) bool { return strings.HasPrefix(name, "States.") }

// Raised is an error as Retry and Catch look at it.
type Raised struct {
	// Name may be empty: a worker can fail a task without saying why.
	Name string
	// Reported says that a task reported it, not the interpreter.
	Reported bool
	// Heartbeat marks a timeout for want of heartbeats. It is called
	// States.Timeout (recorded), and States.HeartbeatTimeout matches it too.
	Heartbeat bool
}

// Matches tells whether an entry of ErrorEquals names the error. States.Runtime
// is never matched, neither by States.ALL nor by its own name (recorded).
// States.TaskFailed matches all that a task reports, except a timeout.
func (r Raised) Matches(entry string) bool {
	if r.Name == Runtime {
		return false
	}
	switch entry {
	case All:
		return true
	case r.Name:
		return r.Name != ""
	case TaskFailed:
		return r.Reported && r.Name != Timeout
	case HeartbeatTimeout:
		return r.Heartbeat
	}
	return false
}
