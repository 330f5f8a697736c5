package hostfuncs

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
)

// Options configure a Host.
type Options struct {
	// Clock is what guests wait on, and what they read when granted. Nil: the
	// system's.
	Clock Clock
}

// New makes a Host.
func New(opts Options) *Host {
	if opts.Clock == nil {
		opts.Clock = systemClock{}
	}
	return &Host{clock: opts.Clock}
}

// Host implements modules.Host. It holds nothing of any call.
type Host struct{ clock Clock }

var _ modules.Host = (*Host)(nil)

// importModule is a module that guests import functions from.
type importModule struct {
	name      string
	functions []function
}

func importModules() []importModule {
	return []importModule{
		{"wasi_snapshot_preview1", wasiFunctions()},
		{"wasl", waslFunctions()},
		{"extism:host/env", extismFunctions()},
		{"env", envFunctions()},
	}
}

// Modules are the names of the import modules that a Host defines.
func Modules() (names []string) {
	for _, m := range importModules() {
		names = append(names, m.name)
	}
	return names
}

// Define implements modules.Host.
func (h *Host) Define(ctx context.Context, r wazero.Runtime) error {
	for _, m := range importModules() {
		b := r.NewHostModuleBuilder(m.name)
		for _, f := range m.functions {
			b.NewFunctionBuilder().
				WithGoModuleFunction(h.bind(m.name+"."+f.name, f.call), valueTypes(f.params), valueTypes(f.results)).
				Export(f.name)
		}
		if _, err := b.Instantiate(ctx); err != nil {
			return fmt.Errorf("host module %s: %w", m.name, err)
		}
	}
	return nil
}

// function is one import that guests can have.
type function struct {
	name string
	// params and results have a letter for each value: i is an i32, I an i64, f an
	// f32, F an f64.
	params, results string
	call            hostFunc
}

// hostFunc carries out a guest's call. It finds the arguments in stack and
// leaves its result in stack[0].
type hostFunc func(ctx context.Context, s *session, mod api.Module, stack []uint64)

var valueType = map[byte]api.ValueType{
	'i': api.ValueTypeI32, 'I': api.ValueTypeI64, 'f': api.ValueTypeF32, 'F': api.ValueTypeF64,
}

func valueTypes(letters string) []api.ValueType {
	types := make([]api.ValueType, len(letters))
	for i := range letters {
		types[i] = valueType[letters[i]]
	}
	return types
}

// bind finds the session of each call, contains the panics of f and charges what
// it costs.
func (h *Host) bind(name string, f hostFunc) api.GoModuleFunc {
	price := fixedPrices[name]
	return func(ctx context.Context, mod api.Module, stack []uint64) {
		s := sessionOf(ctx)
		if s == nil {
			s = h.initialization()
		}
		s.usage.HostCalls++
		s.owed += price
		defer s.leave(ctx, name)
		f(ctx, s, mod, stack)
	}
}

// leave charges what a host function has cost, and turns its panic into the
// failure of this task. The panics that end a guest on purpose pass.
func (s *session) leave(ctx context.Context, name string) {
	s.settle(ctx)
	r := recover()
	if r == nil {
		return
	}
	if exit, ok := r.(modules.ProcExit); ok {
		panic(exit)
	}
	s.log.notice(fmt.Sprintf("host function %s panicked: %v\n%s", name, r, debug.Stack()))
	s.abort(modules.Failure{Error: errname.TaskFailed, Cause: fmt.Sprintf("the host function %s failed: %v", name, r)})
}

// abort ends the guest at once with a failure of the host's choosing.
func (s *session) abort(f modules.Failure) {
	s.verdict = &f
	panic(modules.ProcExit{Code: abortCode})
}

// abortCode is the exit code of a guest that the host ended. Nobody sees it:
// the session's verdict comes first.
const abortCode = 0xff

// Begin implements modules.Host. A call with neither a Task nor an input is a
// module's own initialisation, which has no capabilities but those of a Setup.
func (h *Host) Begin(ctx context.Context, call modules.Call, abi modules.ABI) (context.Context, modules.Session) {
	var s *session
	switch task := call.Task.(type) {
	case *Task:
		s = newSession(h, task, abi, call.Input)
	case Setup:
		s = h.initialization()
		s.arguments = task.arguments()
		if task.files != nil {
			s.began = time.Now()
			s.fds.begin(task.files.Initial())
		}
	default:
		if call.Input != nil {
			s = newSession(h, &noTask, abi, call.Input)
		} else {
			s = h.initialization()
		}
	}
	return &sessionContext{ctx, s}, s
}

// Setup is what a module sees while it is initialised, of what its calls will
// see. It goes into modules.Source.Setup, so that modules that see different
// things share no snapshot.
type Setup struct {
	files *files.Set
	args  string // each with a NUL at its end, so that Setups can be compared
}

// Setup gives the Setup that goes with grants; nil when they show nothing.
func (g *Grants) Setup() any {
	if g.Files == nil && len(g.Args) == 0 {
		return nil
	}
	setup := Setup{files: g.Files}
	for _, arg := range g.Args {
		setup.args += arg + "\x00"
	}
	return setup
}

func (s Setup) arguments() []string {
	all := strings.Split(s.args, "\x00")
	return all[:len(all)-1]
}

// initialization is the session of code that runs outside of any call.
func (h *Host) initialization() *session {
	s := newSession(h, &noTask, modules.ABIUnknown, nil)
	s.initializing = true
	return s
}

// noTask is what a call without a Task may do.
var noTask Task

type sessionKey struct{}

// sessionContext carries a session without the search through the context's
// parents that context.WithValue would cost each host call.
type sessionContext struct {
	context.Context
	session *session
}

func (c *sessionContext) Value(key any) any {
	if key == (sessionKey{}) {
		return c.session
	}
	return c.Context.Value(key)
}

func sessionOf(ctx context.Context) *session {
	if c, ok := ctx.(*sessionContext); ok {
		return c.session
	}
	s, _ := ctx.Value(sessionKey{}).(*session)
	return s
}

// epoch is what the fixed clock shows when the Task names no time.
var epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
