package runtime

import "errors"

// The errors of an Engine that callers act on; they are wrapped with the ARN,
// name or token in question.
var (
	ErrExecutionDoesNotExist  = errors.New("execution does not exist")
	ErrExecutionAlreadyExists = errors.New("execution already exists")
	ErrActivityDoesNotExist   = errors.New("activity does not exist")
	ErrMapRunDoesNotExist     = errors.New("map run does not exist")
	// ErrTypeNotSupported: EXPRESS executions cannot be described, stopped or listed.
	ErrTypeNotSupported = errors.New("not supported for this type of state machine")
	// ErrInvalidPage: the next-page token is none that the engine gave.
	ErrInvalidPage = errors.New("invalid next-page token")
	// ErrInvalidToken: the task token is malformed or was never given.
	ErrInvalidToken = errors.New("invalid task token")
	// ErrTaskTimedOut: the task of this token is over.
	ErrTaskTimedOut = errors.New("task timed out")
	// ErrClosed: the engine was closed.
	ErrClosed = errors.New("engine closed")
)
