package hostfuncs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/modules"
)

// Bounds of a failure, as in AWS's SendTaskFailure.
const (
	MaxErrorChars = 256
	MaxCauseChars = 32768
)

// End implements modules.Session.
func (s *session) End(exit modules.Exit) ([]byte, *modules.Failure, modules.HostUsage) {
	s.log.end()
	s.fds.end()
	s.usage.OutputBytes = int64(s.output.Len())
	s.usage.LogBytes = s.log.total
	output, failure := s.outcome(exit)
	return output, s.masked(failure), s.usage
}

// masked is a failure without the task's secrets, as in the log: failures end up
// in histories.
func (s *session) masked(f *modules.Failure) *modules.Failure {
	if f == nil || s.log.mask == nil {
		return f
	}
	return &modules.Failure{Error: s.log.mask.Replace(f.Error), Cause: s.log.mask.Replace(f.Cause)}
}

// outcome settles a call: what the host decided comes first, then what the
// guest reported, then how it ended.
func (s *session) outcome(exit modules.Exit) ([]byte, *modules.Failure) {
	switch {
	case s.verdict != nil:
		return nil, s.verdict
	case exit.Kind == modules.ExitTrap:
		return nil, s.trapped(exit)
	case exit.Kind != modules.ExitReturned:
		return nil, nil
	case s.reported != nil:
		return nil, s.reported
	case exit.Code != 0:
		return nil, s.exited(exit.Code)
	}
	return finish(s.output.Bytes())
}

// finish takes a guest's output for the task's result.
func finish(output []byte) ([]byte, *modules.Failure) {
	if len(bytes.TrimLeft(output, " \t\r\n")) == 0 {
		return []byte("null"), nil
	}
	if err := checkJSON(output); err != nil {
		return nil, &modules.Failure{Error: modules.ErrInvalidOutput, Cause: "the output is not JSON: " + err.Error()}
	}
	return output, nil
}

// trapped names the failure of a guest that trapped: the one that it reported
// before, or a trap that shows what it last wrote, which is where languages
// put their panic messages, and then where it trapped. Nil leaves it to the
// sandbox.
func (s *session) trapped(exit modules.Exit) *modules.Failure {
	if s.reported != nil {
		return s.reported
	}
	text, panicked := s.stderr.panicText()
	if !panicked {
		text = s.stderr.excerpt()
	}
	if text == "" {
		return nil
	}
	if exit.Err != nil {
		text += "\n" + exit.Trap()
	}
	return newFailure(modules.ErrTrap, text)
}

// exited names the failure of a guest that ended with an exit code: what the
// last line of its stderr says, or else the text of its panic, or else the code.
func (s *session) exited(code uint32) *modules.Failure {
	if f := s.failureFromLine(s.stderr.lastLine()); f != nil {
		return f
	}
	what := "exit code"
	if s.abi != modules.ABICommand {
		what = "the handler returned"
	}
	cause := fmt.Sprintf("%s %d", what, code)
	if text, panicked := s.stderr.panicText(); panicked {
		cause = text + "\n" + cause
	} else if text := s.stderr.excerpt(); text != "" {
		cause += "\n" + text
	}
	return newFailure("", cause)
}

// failureFromLine reads {"Error", "Cause"} or Lambda's {"errorType",
// "errorMessage"}; of the latter the cause is the whole text, as it was sent.
func (s *session) failureFromLine(line []byte) *modules.Failure {
	if len(line) == 0 || line[0] != '{' || checkJSON(line) != nil {
		return nil
	}
	// Members are matched exactly; encoding/json would fold their case.
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		return nil
	}
	if name, ok := text(members["Error"]); ok {
		cause, isText := text(members["Cause"])
		if !isText {
			cause = string(members["Cause"])
		}
		return s.guestFailure(name, cause)
	}
	if name, ok := text(members["errorType"]); ok {
		if s.reserved(name) {
			return newFailure("", string(line)) // the name is in it
		}
		return newFailure(name, string(line))
	}
	return nil
}

// text decodes a JSON string.
func text(raw json.RawMessage) (string, bool) {
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

// reserved tells whether a guest may not use a name: those of the language, and
// those with which the sandbox says what it found. That it was denied something a
// guest may pass on, in a call in which that is true.
func (s *session) reserved(name string) bool {
	if name == modules.ErrDenied {
		return !s.denied
	}
	return errname.Reserved(name) || strings.HasPrefix(name, modules.ErrorPrefix)
}

// guestFailure is a failure whose name the guest chose. A name that it may not
// use ends up in the cause.
func (s *session) guestFailure(name, cause string) *modules.Failure {
	switch {
	case s.reserved(name):
		return newFailure("", "the task reported "+name+", a reserved name: "+cause)
	case utf8.RuneCountInString(name) > MaxErrorChars:
		return newFailure("", "the task reported an error name that is too long, "+cut(name, 64)+"…: "+cause)
	}
	return newFailure(name, cause)
}

// newFailure makes a failure that keeps to the bounds. An empty name is
// States.TaskFailed.
func newFailure(name, cause string) *modules.Failure {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if strings.TrimSpace(name) == "" {
		name = errname.TaskFailed
	}
	return &modules.Failure{
		Error: cut(name, MaxErrorChars),
		Cause: cut(strings.ToValidUTF8(cause, "\uFFFD"), MaxCauseChars),
	}
}

// cut shortens a text to a number of characters.
func cut(s string, chars int) string {
	if len(s) <= chars {
		return s
	}
	for i := range s {
		if chars == 0 {
			return s[:i]
		}
		chars--
	}
	return s
}

func tooLarge(limit int64) modules.Failure {
	return modules.Failure{Error: modules.ErrOutputTooLarge, Cause: fmt.Sprintf("the output is larger than %d bytes", limit)}
}
