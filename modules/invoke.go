package modules

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/tetratelabs/wazero"

	"github.com/waslrun/wasl/modules/internal/linear"
	"github.com/waslrun/wasl/modules/internal/state"
)

// Module is a binary that is ready to be invoked. It is safe for concurrent
// use; its life ends with its Store's, or with Release.
type Module struct {
	store    *Store
	key      moduleKey
	name     string
	limits   Limits
	setup    any // for the Host, when the module is initialised
	report   Report
	layout   *state.Layout
	compiled wazero.CompiledModule
	origin   origin

	image    *linear.Image // nil: every instance runs its own initialisation
	pristine []uint64      // the globals that go with the image
	pool     pool
	slots    chan struct{} // nil: any number of calls at once
	use      use
	share    share
}

// Report is what inspection found.
func (m *Module) Report() Report { return m.report }

// Digest is the SHA-256 of the module's binary, in hexadecimal.
func (m *Module) Digest() string { return hex.EncodeToString(m.key.digest[:]) }

// Limits are the limits in force, defaults filled in.
func (m *Module) Limits() Limits { return m.limits }

// Invoke runs the module once, in an instance of its own. The error is not nil
// only when the host itself failed; whatever the guest does is in the Result.
func (m *Module) Invoke(ctx context.Context, call Call) (Result, error) {
	if err := m.store.enter(); err != nil {
		return Result{}, err
	}
	defer m.store.running.Done()
	defer m.use.end(m.close)
	if !m.use.begin() {
		return Result{}, ErrReleased
	}
	if m.slots != nil {
		select {
		case m.slots <- struct{}{}:
			defer func() { <-m.slots }()
		case <-ctx.Done():
			return Result{Killed: true}, nil
		}
	}
	begin := time.Now()
	m.store.turns.begin(&m.share, begin)
	c := m.newCall(ctx)
	defer c.end()
	i, exit, err := m.acquire(c)
	switch {
	case errors.Is(err, ErrMemoryTotal):
		return Result{Failure: &Failure{Error: ErrMemoryLimit, Cause: err.Error()}}, nil
	case err != nil && c.Err() != nil:
		result := Result{}
		m.settle(c, &result, Exit{Kind: ExitKilled, Err: causeOf(c)})
		return result, nil
	case err != nil:
		return Result{}, err
	}
	released := false
	defer func() {
		if !released { // the host panicked
			i.memory.Unwatch()
		}
	}()
	hostCtx, session := m.session(c, call)
	if exit.Kind == ExitReturned {
		exit = m.run(hostCtx, c, call)
	}
	output, failure, hostUsage := session.End(exit)
	result := Result{Output: output, Failure: failure, Usage: Usage{
		Fuel: i.used(), MemoryPeak: uint64(i.wasm.Memory().Size()), Tier: i.tier, HostUsage: hostUsage,
	}}
	released = true // from here on it may be another call's
	if err := m.release(ctx, i, exit); err != nil {
		return Result{}, err
	}
	m.settle(c, &result, exit)
	result.Usage.Wall = time.Since(begin)
	return result, nil
}

// session begins a call at the host.
func (m *Module) session(ctx context.Context, call Call) (context.Context, Session) {
	if host := m.store.opts.Host; host != nil {
		return host.Begin(ctx, call, m.report.ABI)
	}
	return ctx, noSession{}
}

// run calls the entry point.
func (m *Module) run(ctx context.Context, c *callContext, call Call) Exit {
	i := c.instance
	f := i.entry
	if call.Function != "" {
		f = i.wasm.ExportedFunction(call.Function)
	}
	if f == nil || len(f.Definition().ParamTypes()) > 0 || len(f.Definition().ResultTypes()) > 1 {
		name := call.Function
		if name == "" {
			name = m.report.Entry
		}
		return Exit{Kind: ExitTrap, Err: fmt.Errorf("the module has no entry point %q", name)}
	}
	i.begin(c, m.fuel(ctx, call))
	i.memory.Watch()
	return i.call(ctx, f)
}

// fuel is the most that a call may use.
func (m *Module) fuel(ctx context.Context, call Call) uint64 {
	fuel := m.limits.Fuel
	if call.Fuel > 0 {
		fuel = min(fuel, call.Fuel)
	}
	if rate := m.limits.FuelPerSecond; rate > 0 {
		if deadline, ok := ctx.Deadline(); ok {
			fuel = min(fuel, uint64(max(0, time.Until(deadline).Seconds())*float64(rate)))
		}
	}
	return fuel
}

// acquire gives a call its pristine instance. The exit is not ExitReturned when
// the instance's own initialisation failed.
func (m *Module) acquire(c *callContext) (*instance, Exit, error) {
	if i := m.pool.take(); i != nil {
		if err := i.wake(c); err != nil {
			return nil, Exit{}, err
		}
		c.instance = i
		return i, Exit{}, nil
	}
	i, err := m.newInstance(c, m.image)
	if err != nil {
		return nil, Exit{}, err
	}
	c.instance = i
	if m.image != nil {
		return i, Exit{}, nil
	}
	return i, m.initialise(c), nil
}

// initialise runs an instance's initialisation, in a session of its own that
// has no task and so no capabilities.
func (m *Module) initialise(c *callContext) Exit {
	ctx, session := m.session(c, Call{Task: m.setup})
	c.instance.begin(c, m.limits.Fuel)
	exit := c.instance.initialise(ctx)
	if _, failure, _ := session.End(exit); failure != nil && exit.Kind == ExitTrap {
		exit.Err, exit.Frames = errors.New(failure.Cause), nil // with what the guest wrote to stderr
	}
	return exit
}

// release returns an instance to the pool, or closes it.
func (m *Module) release(ctx context.Context, i *instance, exit Exit) error {
	if m.store.opts.noReset {
		i.memory.Unwatch()
	}
	reusable := exit.Kind == ExitReturned && m.image != nil && !m.store.opts.NoPool && !i.wasm.IsClosed()
	if reusable && (m.store.opts.noReset || i.reset() == nil) {
		if i.rest(); m.pool.put(i) {
			return nil
		}
	}
	if err := i.close(ctx); err != nil {
		return fmt.Errorf("close instance: %w", err)
	}
	return nil
}

// snapshot initialises a first instance and keeps its state as the image of
// all others, where a module's state can be put back. The exit is not
// ExitReturned when the initialisation failed.
func (m *Module) snapshot(ctx context.Context) (Exit, error) {
	c := m.newCall(ctx)
	defer c.end()
	i, err := m.newInstance(c, nil)
	if err != nil {
		return Exit{}, err
	}
	c.instance = i
	exit := m.initialise(c)
	if exit.Kind == ExitReturned && m.layout.Hidden == "" && !m.store.opts.NoSnapshot {
		err = m.takeImage(i)
	}
	return exit, errors.Join(err, i.close(ctx))
}

func (m *Module) takeImage(i *instance) error {
	memory := i.wasm.Memory()
	contents, _ := memory.Read(0, memory.Size())
	image, err := linear.NewImage(contents)
	if err != nil {
		return err
	}
	if held := int64(image.Held()); !m.store.budget.take(held) {
		image.Close()
		return m.store.budget.refusal(held)
	}
	m.image = image
	for _, g := range i.globals {
		m.pristine = append(m.pristine, g.Get())
	}
	return nil
}

// close lets go of all that the module holds. No call runs, or begins.
func (m *Module) close() {
	ctx := context.Background()
	for _, i := range m.pool.drain() {
		_ = i.close(ctx)
	}
	if m.image != nil {
		m.store.budget.give(int64(m.image.Held()))
		m.image.Close()
	}
	_ = m.compiled.Close(ctx)
}

// settle gives a result its failure when the Session gave none.
func (m *Module) settle(c *callContext, result *Result, exit Exit) {
	if exit.Kind == ExitReturned {
		return
	}
	result.Output = nil
	if exit.Kind == ExitKilled {
		if errors.Is(exit.Err, errWall) {
			if result.Failure == nil {
				result.Failure = &Failure{Error: ErrTimeout, Cause: fmt.Sprintf("the module ran longer than its limit of %s", m.limits.Wall)}
			}
			return
		}
		result.Killed = true
	}
	if result.Failure == nil && exit.Kind != ExitKilled {
		result.Failure = exit.failure()
	}
}

// failure is the sandbox's own error for an exit that is not a return.
func (e Exit) failure() *Failure {
	switch e.Kind {
	case ExitTrap:
		return &Failure{Error: ErrTrap, Cause: e.Trap()}
	case ExitFuel:
		return &Failure{Error: ErrOutOfFuel, Cause: e.Err.Error()}
	case ExitMemory:
		return &Failure{Error: ErrMemoryLimit, Cause: e.Err.Error()}
	case ExitReturned, ExitKilled:
	}
	return nil
}

// noSession stands in where there is no Host.
type noSession struct{}

func (noSession) End(Exit) ([]byte, *Failure, HostUsage) { return nil, nil, HostUsage{} }
