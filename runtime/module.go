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
	// Invoke calls a module. A module that cannot be used gives a Failure.
	Invoke(ctx context.Context, name string, w Work) modules.Result
}

// Work is what one task brings to a module.
type Work struct {
	Input []byte
	// Context is the context object that the task's state saw.
	Context jsonvalue.Value
	// Task identifies the task in logs: EXECUTION/STATE#ATTEMPT.
	Task string
	// Heartbeat is called when the guest says that it is alive.
	Heartbeat func()
	// Stop is closed when the task is no longer wanted; the context ends a
	// grace later.
	Stop <-chan struct{}
}
