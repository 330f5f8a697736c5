package hostfuncs

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tetratelabs/wazero/api"
)

// code is what a function of module wasl returns when it fails. docs/TASKS.md
// lists the codes; they never change their meaning.
type code int32

const (
	codeInvalid     code = -1 // an argument makes no sense
	codeFault       code = -2 // a pointer or length is outside of the memory
	codeNotFound    code = -3 // no such object, bucket or variable
	codeDenied      code = -4 // not granted to this module
	codeStopped     code = -5 // the host has said stop
	codeTooLarge    code = -6 // beyond a limit
	codeIO          code = -7 // the host tried and failed
	codeUnavailable code = -8 // there is no task: the module is being initialised
)

// refusal is a code with a text for the guest's author, which last_error gives.
type refusal struct {
	code code
	text string
}

func (r *refusal) Error() string { return r.text }

func refuse(c code, format string, args ...any) error {
	return &refusal{c, fmt.Sprintf(format, args...)}
}

var (
	errFault       = refuse(codeFault, "a pointer or length is outside of the memory")
	errStopped     = refuse(codeStopped, "the task was told to stop")
	errEnding      = refuse(codeStopped, "the call has come to its end, or its fuel has")
	errUnavailable = refuse(codeUnavailable, "there is no task while the module is initialised")
)

// waslFunc is a function of module wasl: a result that is not negative, or an
// error whose code the guest gets.
type waslFunc func(ctx context.Context, s *session, mod api.Module, args []uint64) (int64, error)

// waslFunctions are the task's own interface. All but last_error keep the text
// of their failure for it.
func waslFunctions() []function {
	var all []function
	for _, f := range slices.Concat(waslTask, waslStorage, waslHTTP) {
		all = append(all, function{f.name, f.params, f.results, wasl(f.call)})
	}
	return append(all, function{"last_error", "ii", "i", wasl(lastError)})
}

type waslFunction struct {
	name, params, results string
	call                  waslFunc
}

var waslTask = []waslFunction{
	{"input_len", "", "i", inputLen},
	{"input_read", "iii", "i", inputRead},
	{"output_write", "ii", "i", outputWrite},
	{"fail", "iiii", "i", fail},
	{"heartbeat", "", "i", heartbeat},
	{"log", "ii", "i", logMessage},
	{"context", "ii", "i", taskContext},
	{"env", "iiii", "i", env},
}

func wasl(f waslFunc) hostFunc {
	return func(ctx context.Context, s *session, mod api.Module, stack []uint64) {
		n, err := f(ctx, s, mod, stack)
		if err != nil {
			n = int64(s.failed(err))
		}
		stack[0] = uint64(n)
	}
}

// failed keeps an error's text and gives its code.
func (s *session) failed(err error) code {
	s.problem = err.Error()
	if r := (*refusal)(nil); errors.As(err, &r) {
		s.denied = s.denied || r.code == codeDenied
		return r.code
	}
	return codeIO
}

// inputLen gives the input's size in bytes.
func inputLen(_ context.Context, s *session, _ api.Module, _ []uint64) (int64, error) {
	return int64(len(s.input)), nil
}

// inputRead(ptr, len, offset) copies the input from an offset on and gives the
// number of bytes copied.
func inputRead(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	offset := uint64(uint32(a[2]))
	n, ok := s.memory(mod).fill(uint32(a[0]), uint32(a[1]), s.input[min(offset, uint64(len(s.input))):])
	if !ok {
		return 0, errFault
	}
	return int64(n), nil
}

// outputWrite(ptr, len) appends to the output. When that gets too large, the
// call ends here.
func outputWrite(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	data, ok := s.memory(mod).span(uint32(a[0]), uint32(a[1]))
	switch {
	case !ok:
		return 0, errFault
	case s.initializing:
		return 0, errUnavailable
	}
	s.write(data)
	return 0, nil
}

// fail(name_ptr, name_len, cause_ptr, cause_len) makes the task fail with an
// error, whatever the handler returns. The last call counts.
func fail(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	m := s.memory(mod)
	// A megabyte of either is cut before it is copied.
	name, ok := m.head(uint32(a[0]), uint32(a[1]), 8*MaxErrorChars)
	cause, ok2 := m.head(uint32(a[2]), uint32(a[3]), 4*MaxCauseChars)
	if !ok || !ok2 {
		return 0, errFault
	}
	s.reported = s.guestFailure(string(name), string(cause))
	return 0, nil
}

// heartbeat tells the host that the guest is alive, and gives 1 when the guest
// should stop.
func heartbeat(_ context.Context, s *session, _ api.Module, _ []uint64) (int64, error) {
	if s.stopped() {
		return 1, nil
	}
	if s.task.Heartbeat != nil {
		s.task.Heartbeat()
	}
	return 0, nil
}

// logMessage(ptr, len) writes one message to the task's log.
func logMessage(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	message, ok := s.memory(mod).span(uint32(a[0]), uint32(a[1]))
	if !ok {
		return 0, errFault
	}
	s.log.message(message)
	return 0, nil
}

// taskContext(ptr, len) copies the task's context, a JSON object, and gives
// its size. When that is more than len, the guest asks again with more room.
func taskContext(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	if s.initializing {
		return 0, errUnavailable
	}
	if s.context == nil {
		s.context = []byte("{}")
		if s.task.Context != nil {
			s.context = s.task.Context()
			s.spend(unitsContext * int64(len(s.context)))
		}
	}
	return s.give(mod, a[0], a[1], s.context)
}

// env(name_ptr, name_len, ptr, len) copies the value of an environment variable
// or secret and gives its size. A reactor's own environment is that of its
// snapshot, which is empty.
func env(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	name, ok := s.memory(mod).text(uint32(a[0]), uint32(a[1]))
	if !ok {
		return 0, errFault
	}
	value, found := s.grants.lookup(name)
	if !found {
		return 0, refuse(codeNotFound, "there is no variable %q", name)
	}
	return s.give(mod, a[2], a[3], []byte(value))
}

// lastError(ptr, len) copies the text of the last failure and gives its size.
func lastError(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	return s.give(mod, a[0], a[1], []byte(s.problem))
}

// give copies what fits and gives the whole size.
func (s *session) give(mod api.Module, ptr, n uint64, data []byte) (int64, error) {
	if _, ok := s.memory(mod).fill(uint32(ptr), uint32(n), data); !ok {
		return 0, errFault
	}
	return int64(len(data)), nil
}
