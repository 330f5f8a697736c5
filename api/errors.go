package api

import "fmt"

// Error is an error of the API, with AWS's name for it. Over HTTP it is status
// 400 with a body of __type and message.
type Error struct {
	Type    string // StateMachineDoesNotExist, ValidationException …
	Message string
	// Reason is the reason member that ValidationException has; mostly empty.
	Reason string
}

func (e *Error) Error() string { return e.Type + ": " + e.Message }

// fail makes an *Error.
func fail(kind, format string, args ...any) *Error {
	return &Error{Type: kind, Message: fmt.Sprintf(format, args...)}
}

// invalid is a ValidationException.
func invalid(format string, args ...any) *Error {
	return fail("ValidationException", format, args...)
}

func noStateMachine(arn string) *Error {
	return fail("StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", arn)
}

func noExecution(arn string) *Error {
	return fail("ExecutionDoesNotExist", "Execution Does Not Exist: '%s'", arn)
}

func noActivity(arn string) *Error {
	return fail("ActivityDoesNotExist", "Activity Does Not Exist: '%s'", arn)
}

func noResource() *Error {
	return fail("ResourceNotFound", "Request references a resource that does not exist.")
}

func wrongMachineType() *Error {
	return fail("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
}

func invalidToken() *Error {
	return fail("InvalidToken", "Invalid Token: 'Invalid token'")
}
