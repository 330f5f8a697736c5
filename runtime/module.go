package runtime

import (
	"context"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
)

// Modules runs modules by name.
type Modules interface {
	// Exists tells whether there is a module of this name, without loading it.
	Exists(name string) bool
	// Concurrency is how many calls of a module there may be at once; 0: any number.
	Concurrency(name string) int
	// Prepare makes a module ready, which may take long: it is compiled. It is
	// true when a call would not have to wait for that, because the module is
	// ready or is known to be unusable. Otherwise ready is called, once, when it
	// is so.
	Prepare(name string, ready func()) bool
	// Invoke calls a module. A module that cannot be used gives a Failure.
	Invoke(ctx context.Context, name string, w Work) modules.Result
}

// Work is what one task brings to a module.
type Work struct {
	Input []byte
	// Context is the context object that the task's state saw.
	Context jsonvalue.Value
	// Task identifies the task in logs: EXECUTION/STATE#ID, another ID for each
	// iteration and attempt. It also seeds the guest's random numbers.
	Task string
	// Execution is the ARN, State the state's name and Attempt, from 0, counts its
	// retries: for logs too.
	Execution, State string
	Attempt          int
	// Heartbeat is called when the guest says that it is alive.
	Heartbeat func()
	// Log takes each line of the guest's log. May be nil.
	Log func(line string)
	// Stop is closed when the task is no longer wanted; the context ends a
	// grace later.
	Stop <-chan struct{}
}

// attributes are what each line of a log about the work has.
func (w *Work) attributes(module string) []any {
	return []any{"execution", w.Execution, "state", w.State, "attempt", w.Attempt, "module", module, "task", w.Task}
}

// noModules is what an engine without modules has.
type noModules struct{}

func (noModules) Exists(string) bool { return false }

func (noModules) Concurrency(string) int { return 0 }

func (noModules) Prepare(string, func()) bool { return true }

func (noModules) Invoke(_ context.Context, name string, _ Work) modules.Result {
	return modules.Result{Failure: &modules.Failure{Error: modules.ErrBadModule, Cause: "there is no module " + name, Unusable: true}}
}

// logTailSize is how much of a log LogType Tail answers with, as Lambda does.
const logTailSize = 4 << 10

// logTail keeps the end of a log.
type logTail struct{ data []byte }

func (l *logTail) add(line string) {
	l.data = append(append(l.data, line...), '\n')
	if over := len(l.data) - logTailSize; over > 0 {
		l.data = append(l.data[:0], l.data[over:]...)
	}
}

func (l *logTail) text() []byte { return l.data }
