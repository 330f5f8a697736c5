package runtime

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/uuid"
	"github.com/waslrun/wasl/runtime/registry"
)

// Start starts an execution. It runs on when the context ends. Starting a
// STANDARD execution again, under the same name and with the same input, while
// it runs gives the one that runs.
func (e *Engine) Start(_ context.Context, r StartRequest) (*Execution, error) {
	return e.start(r, nil)
}

// StartSync starts an execution and waits for its end. When the context ends
// first, the execution is stopped and the context's error returned.
func (e *Engine) StartSync(ctx context.Context, r StartRequest) (ExecutionInfo, error) {
	r.Synchronous = true
	x, err := e.start(r, nil)
	if err != nil {
		return ExecutionInfo{}, err
	}
	info, err := x.Wait(ctx)
	if err != nil {
		x.stopAs("", "")
	}
	return info, err
}

// start makes an execution and its first event. parent is the Map Run that it
// is a child of, or nil.
func (e *Engine) start(r StartRequest, parent *mapRun) (*Execution, error) {
	if !r.Input.IsValid() {
		r.Input = jsonvalue.EmptyObject
	}
	if r.InputText == "" && parent == nil {
		r.InputText = r.Input.String()
	}
	if r.Name == "" {
		r.Name = uuid.New()
	}
	x := &Execution{
		engine: e, request: r, machine: r.Machine, parent: parent,
		arn:     e.executionARN(r.Machine, r.Name),
		started: e.options.Clock.Now(),
		core:    interp.New(r.Machine.Definition),
		status:  interp.Running, done: make(chan struct{}),
	}
	x.drive.party = &e.driving
	x.core.Govern(x.goOn)
	x.core.Vet(e.integrations.Refusal)
	x.open()
	running, err := e.admit(x)
	if err != nil || running != nil {
		return running, err
	}
	if o := e.options.Observer; o != nil {
		o.ExecutionStarted(x.Info())
	}
	x.post(func(at interp.At) interp.Event { return x.firstEvent(at) })
	return x, nil
}

func (x *Execution) firstEvent(at interp.At) interp.Event {
	limits := x.engine.options.Limits.Limits
	if x.machine.Type == registry.Express {
		limits.Events = 0
	}
	started := interp.Started{
		At: at, Input: x.request.Input, Seed: seed(), Limits: limits,
		Execution: interp.Info{
			ARN: x.arn, Name: x.request.Name, RoleARN: x.machine.RoleARN,
			MachineARN: x.machine.ARN, MachineName: x.machine.Name,
			Express:     x.machine.Type == registry.Express,
			Synchronous: x.request.Synchronous, Region: x.engine.options.Region,
			AliasARN: x.machine.AliasARN, VersionARN: x.machine.VersionARN,
		},
	}
	if x.parent != nil {
		started.Execution.MapRunARN = x.parent.arn
	}
	return started
}

// executionARN gives the ARN of an execution of this name.
func (e *Engine) executionARN(m *registry.Machine, name string) string {
	if m.Type == registry.Express {
		return e.home().Express(m.Path(), name, uuid.New())
	}
	return e.home().Execution(m.Path(), name)
}

// home is where the engine's resources are.
func (e *Engine) home() arn.Home {
	return arn.Home{Region: e.options.Region, Account: e.options.Account}
}

// Stop ends an execution as ABORTED and gives the time of it. One that has
// ended stays as it is. Empty texts are left out of the history.
func (e *Engine) Stop(arn, errorName, cause string) (time.Time, error) {
	x, err := e.find(arn)
	if err != nil {
		return time.Time{}, err
	}
	x.stopAs(errorName, cause)
	err = x.wait(e.ctx)
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.stopped, err
}

// stopAs asks the execution to end as ABORTED.
func (x *Execution) stopAs(errorName, cause string) {
	x.post(func(at interp.At) interp.Event {
		return interp.Stopped{At: at, Error: errorName, Cause: cause}
	})
}

// seed draws what an execution's own generator starts from.
func seed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}
