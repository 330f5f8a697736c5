package modules

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/waslrun/wasl/modules/internal/linear"
	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/state"
)

// instance is one wazero instance of a module. One call uses it at a time.
type instance struct {
	module *Module
	wasm   api.Module
	memory *linear.Memory
	entry  api.Function // the module's entry point; nil if there is none
	stack  [1]uint64    // the entry point's result

	running api.Function // what is being called

	globals              []api.MutableGlobal // as in the module's layout
	fuel, depth, refused api.MutableGlobal   // nil when not metered
	account              account
	tier                 Tier

	held    int64 // of the store's budget
	starved bool  // the memory did not grow since the store's budget is used up
	stint   stint
}

var moduleConfig = wazero.NewModuleConfig().WithName("").WithStartFunctions()

// newInstance instantiates a module over an image of its memory, or over an
// empty memory when image is nil. It does not run any of the guest's code.
func (m *Module) newInstance(ctx context.Context, image *linear.Image) (*instance, error) {
	need := int64(m.report.MemoryMin)
	if image != nil {
		need = int64(image.Len())
	}
	if err := m.store.budget.wait(ctx, need); err != nil {
		return nil, err
	}
	i := &instance{module: m, tier: TierCopyOnWrite, held: need}
	if err := i.instantiate(ctx, image); err != nil {
		m.store.budget.give(i.held)
		return nil, err
	}
	i.bind()
	if image == nil {
		i.tier = TierPlain
		return i, nil
	}
	if missing := uint32(image.Len()>>16) - i.wasm.Memory().Size()>>16; missing > 0 {
		if _, ok := i.wasm.Memory().Grow(missing); !ok {
			return nil, errors.Join(errors.New("the memory does not take its image"), i.close(ctx))
		}
	}
	i.restoreGlobals()
	return i, nil
}

// instantiate makes the engine's instance and its memory.
func (i *instance) instantiate(ctx context.Context, image *linear.Image) error {
	memory, err := linear.New(image, i.module.limits.Memory)
	if err != nil {
		return err
	}
	memory.Take = i.hold
	allocator := experimental.MemoryAllocatorFunc(func(_, _ uint64) experimental.LinearMemory { return memory })
	w, err := i.module.store.runtime.InstantiateModule(experimental.WithMemoryAllocator(ctx, allocator), i.module.compiled, moduleConfig)
	if err != nil {
		memory.Free()
		return err
	}
	i.wasm, i.memory = w, memory
	return nil
}

// bind resolves what calls need.
func (i *instance) bind() {
	global := func(name string) api.MutableGlobal {
		g, _ := i.wasm.ExportedGlobal(name).(api.MutableGlobal)
		return g
	}
	for _, name := range i.module.layout.Globals {
		i.globals = append(i.globals, global(name))
	}
	i.fuel, i.depth, i.refused = global(meter.Fuel), global(meter.Depth), global(meter.Refused)
	i.entry = i.wasm.ExportedFunction(i.module.report.Entry)
}

func (i *instance) restoreGlobals() {
	for k, g := range i.globals {
		g.Set(i.module.pristine[k])
	}
}

// reset puts the pristine image back. It fails when the instance cannot be
// used again.
func (i *instance) reset() error {
	if i.memory.Grown() {
		i.memory.Shrink()
		if _, ok := i.wasm.Memory().Grow(1); !ok {
			return errors.New("the memory is as long as its module allows")
		}
	}
	if err := i.memory.Reset(); err != nil {
		return err
	}
	i.restoreGlobals()
	i.trimStack()
	i.tier = TierPooled
	return nil
}

func (i *instance) close(ctx context.Context) error {
	err := i.wasm.Close(context.WithoutCancel(ctx))
	i.memory.Free()
	i.module.store.budget.give(i.held)
	i.held = 0
	return err
}

// initialise does what the engine does in instantiating, and then runs the
// guest's own initialisation.
func (i *instance) initialise(ctx context.Context) Exit {
	if exit := i.writeSegments(ctx); exit.Kind != ExitReturned {
		return exit
	}
	functions := initFunctions[i.module.report.ABI]
	if i.module.layout.HasStart {
		functions = append([]string{state.Start}, functions...)
	}
	for _, name := range functions {
		f := i.wasm.ExportedFunction(name)
		if f == nil || len(f.Definition().ParamTypes()) > 0 || len(f.Definition().ResultTypes()) > 0 {
			continue
		}
		if exit := i.call(ctx, f); exit.Kind != ExitReturned {
			return exit
		} else if exit.Code != 0 {
			return Exit{Kind: ExitTrap, Err: fmt.Errorf("%s exited with code %d", name, exit.Code)}
		}
	}
	return Exit{Kind: ExitReturned}
}

// writeSegments writes the active data segments. They can be many, and each
// touch pages for the first time: so it is done a piece at a time.
func (i *instance) writeSegments(ctx context.Context) Exit {
	const piece = 1 << 20
	memory := i.wasm.Memory()
	for _, s := range i.module.layout.Segments {
		if uint64(s.Offset)+uint64(len(s.Bytes)) > uint64(memory.Size()) {
			return Exit{Kind: ExitTrap, Err: errors.New("a data segment reaches beyond memory")}
		}
		for offset, rest := s.Offset, s.Bytes; len(rest) > 0; {
			if ctx.Err() != nil {
				return Exit{Kind: ExitKilled, Err: causeOf(ctx)}
			}
			n := min(len(rest), piece)
			memory.Write(offset, rest[:n])
			offset, rest = offset+uint32(n), rest[n:]
		}
	}
	return Exit{}
}

// initFunctions are the exports that run before the snapshot is taken.
var initFunctions = map[ABI][]string{
	ABIReactor: {"_initialize", "wasl_warmup"},
	ABIExtism:  {"_initialize", "__wasm_call_ctors", "wasl_warmup"},
}

// begin fills the counters for a call.
func (i *instance) begin(c *callContext, fuel uint64) {
	i.stint = stint{share: &i.module.share}
	if i.fuel != nil {
		left := time.Until(c.deadline)
		i.account = account{limit: int64(min(fuel, 1<<60)), left: left, leftAtTurn: left}
		i.account.granted = min(i.account.limit, i.slice())
		i.fuel.Set(uint64(i.account.granted))
		i.depth.Set(uint64(i.module.limits.Stack))
		i.refused.Set(0)
	}
	i.memory.Refused, i.starved = false, false
}

// call runs a function that takes nothing and gives at most one value.
func (i *instance) call(ctx context.Context, f api.Function) Exit {
	i.stack[0], i.running = 0, f
	err := f.CallWithStack(ctx, i.stack[:])
	i.module.store.turns.end(&i.stint)
	if err != nil {
		return i.exit(ctx, err)
	}
	return Exit{Kind: ExitReturned, Code: uint32(i.stack[0])}
}

// exit tells from the engine's error how a run ended.
func (i *instance) exit(ctx context.Context, err error) Exit {
	var proc ProcExit
	var stopped *stop
	switch {
	case errors.As(err, &proc):
		if proc.Code != 0 && i.module.report.ABI != ABICommand && i.growRefused() {
			return Exit{Kind: ExitMemory, Err: i.memoryError()}
		}
		return Exit{Kind: ExitReturned, Code: proc.Code}
	case errors.As(err, &stopped):
		exit := Exit{Kind: stopped.kind, Err: stopped.err}
		if exit.Kind == ExitTrap {
			exit.Frames = i.module.origin.frames(err)
		}
		return exit
	case strings.Contains(err.Error(), errStack.Error()): // wazero's own
		return Exit{Kind: ExitTrap, Err: errStack, Frames: i.module.origin.frames(err)}
	case i.growRefused():
		return Exit{Kind: ExitMemory, Err: i.memoryError()}
	case i.fuel == nil && ctx.Err() != nil:
		return Exit{Kind: ExitKilled, Err: causeOf(ctx)}
	default:
		return Exit{Kind: ExitTrap, Err: trapError(err), Frames: i.module.origin.frames(err)}
	}
}

func (i *instance) growRefused() bool {
	return i.memory.Refused || i.refused != nil && i.refused.Get() != 0
}

func (i *instance) memoryError() error {
	if i.starved {
		return fmt.Errorf("the module needed more memory, and %w", ErrMemoryTotal)
	}
	most := i.module.limits.Memory
	if declared := i.module.report.MemoryMax; declared > 0 {
		most = min(most, declared)
	}
	return fmt.Errorf("the module needed more than %d bytes of memory", most)
}

// trap is a trap with the engine's text reduced to what is the same in every
// engine.
type trap struct {
	text string
	err  error
}

func (t *trap) Error() string { return t.text }
func (t *trap) Unwrap() error { return t.err }

func trapError(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return &trap{strings.TrimPrefix(text, "wasm error: "), err}
}
