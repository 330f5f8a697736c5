package asl

import "fmt"

// Severity tells whether a diagnostic makes a definition unusable.
type Severity string

// The severities, spelled as ValidateStateMachineDefinition answers them.
const (
	Error   Severity = "ERROR"
	Warning Severity = "WARNING"
)

// Code is the kind of a mistake, as ValidateStateMachineDefinition names it.
type Code string

// The codes that a definition alone can cause.
const (
	InvalidJSON        Code = "INVALID_JSON_DESCRIPTION"
	MissingDescription Code = "MISSING_DESCRIPTION"
	SchemaFailed       Code = "SCHEMA_VALIDATION_FAILED"
	InvalidResource    Code = "INVALID_RESOURCE"
	MissingEndState    Code = "MISSING_END_STATE"
	DuplicateStateName Code = "DUPLICATE_STATE_NAME"
	InvalidStateName   Code = "INVALID_STATE_NAME"
	DuplicateLabelName Code = "DUPLICATE_LABEL_NAME"
	InvalidLabelName   Code = "INVALID_LABEL_NAME"
	MissingTarget      Code = "MISSING_TRANSITION_TARGET"
	TooDeeplyNested    Code = "TOO_DEEPLY_NESTED"
	NoDollar           Code = "NO_DOLLAR"
	NoPath             Code = "NO_PATH"
	PassResultIsStatic Code = "PASS_RESULT_IS_STATIC"
	// InvalidJSONata and UnsupportedJSONata: an expression that is none, and one
	// that refers to what it cannot.
	InvalidJSONata     Code = "INVALID_JSONATA_EXPRESSION"
	UnsupportedJSONata Code = "UNSUPPORTED_JSONATA_EXPRESSION"
)

// Codes that AWS does not have: of warnings, and of files that it is not given.
const (
	UnknownService       Code = "UNKNOWN_SERVICE"
	UnusedTaskToken      Code = "UNUSED_TASK_TOKEN"
	UnfilledSubstitution Code = "UNFILLED_SUBSTITUTION"
	NotADefinition       Code = "NOT_A_DEFINITION"
)

// Diagnostic is one mistake in a definition, or one thing worth a warning.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Message  string
	// Location is the place as AWS writes it: /States/x/Choices[0]/Next, and /
	// for the whole definition. Empty when the text could not be read.
	Location string
	// Line and Column count from 1, columns in bytes. 0: unknown.
	Line, Column int
	// Hint says how to mend it. May be empty.
	Hint string
}

// String is the diagnostic as CreateStateMachine quotes it: CODE: TEXT at LOCATION.
func (d Diagnostic) String() string {
	if d.Location == "" {
		return fmt.Sprintf("%s: %s", d.Code, d.Message)
	}
	return fmt.Sprintf("%s: %s at %s", d.Code, d.Message, d.Location)
}

// HasErrors tells whether one of the diagnostics is an error.
func HasErrors(ds []Diagnostic) bool {
	for _, d := range ds {
		if d.Severity == Error {
			return true
		}
	}
	return false
}
