package wasl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

// Handler is a registered handler. Nothing needs to be done with it; it is a
// result so that a package variable can register: var _ = wasl.Handle(…).
type Handler struct {
	run  func(ctx context.Context, input []byte) ([]byte, error)
	warm func()
}

var registered *Handler

// Handle makes f the task's handler. In is decoded from the task's input and
// Out is encoded to its output with encoding/json; a json.RawMessage is taken
// as it is. Call it once, in a package variable or an init function: the main
// function of a reactor never runs.
func Handle[In, Out any](f func(ctx context.Context, in In) (Out, error)) *Handler {
	h := &Handler{
		run: func(ctx context.Context, input []byte) ([]byte, error) {
			var in In
			if err := decode(input, &in); err != nil {
				return nil, &Error{Name: "InvalidInput", Cause: err.Error()}
			}
			out, err := f(ctx, in)
			if err != nil {
				return nil, err
			}
			return encode(out)
		},
		warm: func() {
			// encoding/json builds its tables for a type when it first sees it.
			var out Out
			_, _ = encode(out)
			text, err := encode(sample[In]())
			if err == nil {
				var in In
				_ = decode(text, &in)
			}
		},
	}
	register(h)
	return h
}

func decode(input []byte, in any) error {
	switch p := in.(type) {
	case *json.RawMessage:
		*p = input
		return nil
	default:
		if len(input) == 0 {
			return nil
		}
		return json.Unmarshal(input, in)
	}
}

func encode(out any) ([]byte, error) {
	if raw, ok := out.(json.RawMessage); ok {
		return raw, nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the output is no web page
	if err := e.Encode(out); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Warmup registers f to run once before the snapshot is made from which every
// task starts: to fill tables and caches. It has no input and may touch nothing
// outside. A command runs it too, before its handler. The result is only there
// so that a package variable can register.
func Warmup(f func()) struct{} {
	warmups = append(warmups, f)
	return struct{}{}
}

var warmups []func()

func warmUp() {
	for _, f := range warmups {
		f()
	}
}

// prime has the handler and Go itself do early what they do once, for the
// snapshot.
func prime() {
	takeBlocks()
	if registered != nil {
		// A type's own methods may not expect what the sample holds.
		defer func() { _ = recover() }()
		registered.warm()
	}
}

// Error is a task's error by its name in the States Language, which Retry and
// Catch match. The names that begin with "States." are not for tasks.
type Error struct {
	Name  string // at most 256 characters
	Cause string // at most 32768 characters
}

func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// describe gives a failure its name and cause. An empty name becomes
// States.TaskFailed.
func describe(err error) (name, cause string) {
	var named *Error
	switch {
	case errors.As(err, &named):
		return named.Name, named.Cause
	case errors.Is(err, ErrDenied):
		return "Wasm.Denied", err.Error()
	}
	return "", err.Error()
}

// cancelTask cancels the running handler's context.
var cancelTask context.CancelCauseFunc = func(error) {}

// run runs the handler under a context that ends when the host says stop. A
// panic of the handler is an error named Panic, and its stack goes to the log.
func run(input []byte) (output []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Error{Name: "Panic", Cause: fmt.Sprint(r)}
			_, _ = os.Stderr.Write(debug.Stack())
		}
	}()
	if registered == nil {
		return nil, errors.New("no handler: wasl.Handle was not called while the module was initialised")
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	cancelTask = cancel
	return registered.run(ctx, input)
}

// Heartbeat tells the host that the task is alive. It gives an error that is
// [ErrStopped] once the task is no longer wanted; the handler should then clean
// up and return. The handler's context is cancelled at the same time.
func Heartbeat(ctx context.Context) error {
	if heartbeat() == 1 {
		cancelTask(ErrStopped)
		return ErrStopped
	}
	return context.Cause(ctx)
}

// Log writes a line to the task's log.
func Log(message string) { logMessage(message) }

// Env gives the value of an environment variable or a secret that was granted
// to the task. (A reactor's os.Getenv sees the environment of its snapshot,
// which is empty.)
func Env(name string) (value string, found bool) {
	b, err := sized("env", 256, func(buf []byte) int64 { return int64(env(name, buf)) })
	return string(b), err == nil
}
