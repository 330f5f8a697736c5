package api

import (
	"fmt"
	"unicode/utf8"
)

// Error is an error of the API, with AWS's name for it. Over HTTP it is status
// 400 with a body of __type and message.
type Error struct {
	Type    string // StateMachineDoesNotExist, ValidationException …
	Message string
	// Reason is the reason member that ValidationException has; mostly empty.
	Reason string
}

func (e *Error) Error() string { return e.Type + ": " + e.Message }

const (
	// maxMessage bounds the message of an error, in bytes: it goes into logs and
	// onto terminals.
	maxMessage = 12 << 10
	// maxShown bounds what a message shows of one value, in bytes. AWS shows
	// values of up to 3,097 characters whole (recorded: page tokens that are one
	// too long).
	maxShown = 4 << 10
)

// fail makes an *Error.
func fail(kind, format string, args ...any) *Error {
	return &Error{Type: kind, Message: cut(fmt.Sprintf(format, args...), maxMessage)}
}

// cut shortens a text to a number of bytes and shows that it did.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const more = "…"
	end := limit - len(more)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + more
}

// invalid is a ValidationException.
func invalid(format string, args ...any) *Error {
	return fail("ValidationException", format, args...)
}

// unknownOperation and noTarget say more than AWS, which leaves the message empty.
func unknownOperation(action string) *Error {
	return fail("UnknownOperationException", "The operation '%s' is not one that this server knows", cut(action, maxShown))
}

func noTarget(target string) *Error {
	if target == "" {
		return fail("UnknownOperationException", "The header X-Amz-Target is missing: it names the operation as %sOPERATION", targetPrefix)
	}
	return fail("UnknownOperationException", "The header X-Amz-Target is '%s', which names no operation of Step Functions: those are %sOPERATION",
		cut(target, maxShown), targetPrefix)
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
