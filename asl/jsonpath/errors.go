package jsonpath

import "fmt"

// SyntaxError says why a text is no Path.
type SyntaxError struct {
	// Pos is where in the text the trouble was noticed, in bytes from 0.
	Pos int
	// Msg is Jayway's message; positions in it count UTF-16 units from the
	// start of the JSONPath proper (after the first dollar sign of "$$").
	Msg string
}

func (e *SyntaxError) Error() string { return e.Msg }

// Kind tells apart why an evaluation failed.
type Kind uint8

// The kinds of evaluation errors.
const (
	// PathNotFound: the document lacks what a definite path names.
	PathNotFound Kind = iota + 1
	// InvalidPath: the path cannot be applied to this kind of value.
	InvalidPath
	// FunctionFailed: a path function such as sum() got nothing to work on.
	FunctionFailed
	// NotSettable: a Reference Path leads through a value that cannot hold it.
	NotSettable
	// LimitExceeded: the evaluation would take more work or memory than its
	// account allows.
	LimitExceeded
)

// String names the kind.
func (k Kind) String() string {
	switch k {
	case PathNotFound:
		return "path not found"
	case InvalidPath:
		return "invalid path"
	case FunctionFailed:
		return "function failed"
	case NotSettable:
		return "not settable"
	case LimitExceeded:
		return "limit exceeded"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Error is a failed evaluation.
type Error struct {
	Kind Kind
	// Msg is Jayway's message, which AWS quotes in causes.
	Msg string
}

func (e *Error) Error() string { return e.Msg }

func failed(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Msg: fmt.Sprintf(format, args...)}
}
