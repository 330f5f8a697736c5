package modules

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Module is a binary that is ready to be invoked. It is safe for concurrent
// use; its life ends with its Store's.
type Module struct {
	store    *Store
	name     string
	limits   Limits
	report   Report
	compiled wazero.CompiledModule
}

// Report is what inspection found.
func (m *Module) Report() Report { return m.report }

// Limits are the limits in force, defaults filled in.
func (m *Module) Limits() Limits { return m.limits }

// Invoke runs the module once, in an instance of its own. The error is not nil
// only when the host itself failed; whatever the guest does is in the Result.
func (m *Module) Invoke(ctx context.Context, call Call) (Result, error) {
	begin := time.Now()
	ctx, cancel := context.WithTimeoutCause(ctx, m.limits.Wall, errWall)
	defer cancel()
	callCtx, session := ctx, Session(noSession{})
	if m.store.opts.Host != nil {
		callCtx, session = m.store.opts.Host.Begin(ctx, call, m.report.ABI)
	}
	instance, exit := m.run(callCtx, call)
	output, failure, hostUsage := session.End(exit)
	result := Result{Output: output, Failure: failure}
	result.Usage = Usage{Wall: time.Since(begin), Tier: TierPlain, HostUsage: hostUsage}
	if instance != nil {
		if memory := instance.Memory(); m.report.HasMemory {
			result.Usage.MemoryPeak = uint64(memory.Size())
		}
		if err := instance.Close(context.WithoutCancel(ctx)); err != nil {
			return Result{}, fmt.Errorf("close instance: %w", err)
		}
	}
	m.settle(ctx, &result, exit)
	return result, nil
}

// run instantiates the module and calls its entry point.
func (m *Module) run(ctx context.Context, call Call) (api.Module, Exit) {
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	instance, err := m.store.runtime.InstantiateModule(ctx, m.compiled, config)
	if err != nil {
		return nil, exitOf(ctx, err)
	}
	for _, name := range []string{"_initialize", "wasl_warmup"} {
		if m.report.ABI == ABICommand {
			break
		}
		if f := instance.ExportedFunction(name); f != nil {
			if _, err := f.Call(ctx); err != nil {
				return instance, exitOf(ctx, err)
			}
		}
	}
	entry := m.report.Entry
	if call.Function != "" {
		entry = call.Function
	}
	f := instance.ExportedFunction(entry)
	if f == nil {
		return instance, Exit{Kind: ExitTrap, Err: fmt.Errorf("the module exports no function %q", entry)}
	}
	results, err := f.Call(ctx)
	if err != nil {
		return instance, exitOf(ctx, err)
	}
	exit := Exit{Kind: ExitReturned}
	if len(results) > 0 {
		exit.Code = uint32(results[0])
	}
	return instance, exit
}

// settle gives a result its failure when the Session gave none.
func (m *Module) settle(ctx context.Context, result *Result, exit Exit) {
	if exit.Kind == ExitReturned {
		return
	}
	result.Output = nil
	if exit.Kind == ExitKilled {
		result.Killed = true
		if errors.Is(context.Cause(ctx), errWall) && result.Failure == nil {
			result.Failure = &Failure{ErrTimeout, fmt.Sprintf("the module ran longer than its limit of %s", m.limits.Wall)}
		}
	}
	if result.Failure == nil && exit.Kind != ExitKilled {
		result.Failure = exit.failure()
	}
}

var errWall = errors.New("the module's limit of wall time")

// exitOf tells from the engine's error how a run ended.
func exitOf(ctx context.Context, err error) Exit {
	var proc ProcExit
	switch {
	case errors.As(err, &proc):
		return Exit{Kind: ExitReturned, Code: proc.Code}
	case ctx.Err() != nil:
		return Exit{Kind: ExitKilled, Err: context.Cause(ctx)}
	default:
		return Exit{Kind: ExitTrap, Err: err}
	}
}

// failure is the sandbox's own error for an exit that is not a return.
func (e Exit) failure() *Failure {
	switch e.Kind {
	case ExitTrap:
		return &Failure{ErrTrap, e.Err.Error()}
	case ExitFuel:
		return &Failure{ErrOutOfFuel, e.Err.Error()}
	case ExitMemory:
		return &Failure{ErrMemoryLimit, e.Err.Error()}
	case ExitReturned, ExitKilled:
	}
	return nil
}

// noSession stands in where there is no Host.
type noSession struct{}

func (noSession) End(Exit) ([]byte, *Failure, HostUsage) { return nil, nil, HostUsage{} }
