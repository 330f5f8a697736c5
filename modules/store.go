package modules

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	goruntime "runtime"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
)

// Engine is how wazero runs a module.
type Engine int

// The engines.
const (
	// EngineAuto is the compiler where wazero has one for the platform, and
	// the interpreter elsewhere.
	EngineAuto Engine = iota
	// EngineCompiler compiles to machine code ahead of time.
	EngineCompiler
	// EngineInterpreter interprets; it is slower by one to two orders.
	EngineInterpreter
)

// Options configure a Store. The zero value of every field but Host is ready
// to use.
type Options struct {
	// Host is what the guests may call. Nil: nothing at all.
	Host Host
	// CacheDir keeps compiled modules between processes. It must belong to
	// this user alone, since what it holds is run as machine code. Empty: no
	// cache on disk.
	CacheDir string
	// Engine selects wazero's engine.
	Engine Engine
	// Compile says where modules are compiled, and Helper which command does
	// it: one that calls RunCompileHelper. Nil: this program, if it calls
	// RunCompileHelper itself.
	Compile CompileMode
	Helper  []string
	// CompileCPU and CompileMemory bound a compilation in a child process.
	// Zero: 30 seconds and 2 GiB.
	CompileCPU    time.Duration
	CompileMemory int64
	// NoMetering runs modules without fuel; deadlines then rest on wazero's
	// own close-on-context, which loop-free recursion evades. For comparisons
	// in tests and benchmarks only.
	NoMetering bool
	// NoPool makes a new instance for each call; NoSnapshot also runs each
	// one's own initialisation. For comparisons in tests and benchmarks.
	NoPool, NoSnapshot bool
	// MaxIdle is the most idle instances that are kept for one module.
	// Zero: 16.
	MaxIdle int
	// MemoryTotal is the most linear memory, in bytes, that all instances and
	// images may hold together. A call beyond it waits for others to end, and
	// fails with Wasm.MemoryLimit when that takes too long; a memory beyond it
	// does not grow. Zero: no bound. [SystemMemory] helps to find one.
	MemoryTotal int64

	// noTermination also leaves out close-on-context where there is no
	// metering: what benchmarks compare with.
	noTermination bool
	// noReset leaves a used instance as it is: the warm instance, without any
	// isolation, that benchmarks compare with.
	noReset bool
}

// Store holds the modules of a process: one wazero runtime, the compiled
// modules and their pools. It is safe for concurrent use.
type Store struct {
	opts    Options
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	child   *childCompiler // nil: compile in this process
	scratch string         // the cache directory, if it ends with the store

	provider provider
	slice    int64 // fuel between two yields
	budget   *budget
	yields   func() // nil but in tests: called as a yield begins and as it ends
	turns    *turns

	// ctx ends when the store closes: modules are opened in it, since one that
	// was begun for somebody is finished for the next.
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.RWMutex
	closed  bool
	modules map[moduleKey]*entry
	running sync.WaitGroup // calls and openings
}

// moduleKey identifies a module: what it is and what it may use.
type moduleKey struct {
	digest [sha256.Size]byte
	entry  string // that is named; "": found by inspection
	limits Limits
	setup  any
}

// entry is a module that is, or is being, opened.
type entry struct {
	ready  chan struct{} // closed once module or err is set
	module *Module
	err    error
	opens  int // that were not released; guarded by the store's mu
}

// NewStore makes a store and its runtime, and has the Host define its imports.
func NewStore(ctx context.Context, opts Options) (*Store, error) {
	if opts.MaxIdle == 0 {
		opts.MaxIdle = 16
	}
	s := &Store{opts: opts, modules: map[moduleKey]*entry{}, slice: fuelSlice}
	s.budget = newBudget(opts.MemoryTotal, s.evictIdle)
	s.turns = newTurns(goruntime.GOMAXPROCS(0))
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	config := wazero.NewRuntimeConfig()
	switch opts.Engine {
	case EngineCompiler:
		if !compilerSupported() { // wazero would panic
			return nil, fmt.Errorf("there is no compiler for %s/%s or for this processor: use the interpreter", goruntime.GOOS, goruntime.GOARCH)
		}
		config = wazero.NewRuntimeConfigCompiler()
	case EngineInterpreter:
		config = wazero.NewRuntimeConfigInterpreter()
		s.slice = fuelSliceInterpreter
	case EngineAuto:
	}
	config = runtimeConfig(config, opts.closeOnContext())
	config, err := s.openCache(config)
	if err != nil {
		return nil, err
	}
	s.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	s.provider = runtimeProvider{s.runtime}
	if err := defineMeter(ctx, s.runtime); err != nil {
		return nil, errors.Join(fmt.Errorf("define the meter: %w", err), s.Close(ctx))
	}
	if opts.Host != nil {
		if err := opts.Host.Define(ctx, s.runtime); err != nil {
			return nil, errors.Join(fmt.Errorf("define host modules: %w", err), s.Close(ctx))
		}
	}
	return s, nil
}

// closeOnContext tells whether wazero's own way to stop a module is needed.
func (o *Options) closeOnContext() bool { return o.NoMetering && !o.noTermination }

// openCache sets up the cache on disk and the compiler that fills it.
func (s *Store) openCache(config wazero.RuntimeConfig) (wazero.RuntimeConfig, error) {
	opts := &s.opts
	if opts.CacheDir == "" && (opts.Compile == CompileInProcess || len(opts.Helper) == 0 && !helperHooked.Load()) {
		if opts.Compile == CompileChild {
			_, err := newChildCompiler(opts)
			return config, err
		}
		return config, nil
	}
	if opts.CacheDir == "" {
		dir, err := os.MkdirTemp("", "wasl-compiled-")
		if err != nil {
			return config, fmt.Errorf("compilation cache: %w", err)
		}
		s.scratch, opts.CacheDir = dir, dir
	}
	if err := checkCacheDir(opts.CacheDir); err != nil {
		return config, err
	}
	cache, err := wazero.NewCompilationCacheWithDir(opts.CacheDir)
	if err != nil {
		return config, fmt.Errorf("compilation cache: %w", err)
	}
	s.cache = cache
	s.child, err = newChildCompiler(opts)
	return config.WithCompilationCache(cache), err
}

// checkCacheDir makes the directory if need be, and refuses one that others can
// write to: its contents are run as machine code.
func checkCacheDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("compilation cache: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("compilation cache: %w", err)
	}
	if goruntime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("compilation cache: others can write to %s (mode %#o)", dir, info.Mode().Perm())
	}
	return nil
}

// Source says where a module's binary comes from.
type Source struct {
	// Name is for messages.
	Name string
	// Bytes is the binary; when nil, Path is read.
	Bytes []byte
	Path  string
	// Digest, when set, is the expected SHA-256 of the binary in hexadecimal,
	// with or without the prefix "sha256:".
	Digest string
	// Entry names the export that calls run, for an Extism plug-in that does not
	// make it plain. Empty: inspection finds it.
	Entry string
	// Setup goes to the Host as the Task of the module's initialisation. It can
	// be compared, and modules with different ones share nothing.
	Setup any
}

// read gives the binary.
func (src *Source) read() ([]byte, error) {
	if src.Bytes != nil {
		return src.Bytes, nil
	}
	return os.ReadFile(src.Path)
}

// Open returns the module of a source under the given limits, ready to be
// invoked. Opening the same binary with the same entry, limits and setup again gives
// the same Module. A binary that cannot be run gives a *BadModuleError, and is known
// from then on. When the context ends first, the module is prepared all the same,
// for whoever opens it next.
func (s *Store) Open(ctx context.Context, src Source, limits Limits) (*Module, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.running.Done()
	binary, err := src.read()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(binary)
	if err := checkDigest(src, digest); err != nil {
		return nil, err
	}
	key := moduleKey{digest, src.Entry, limits.withDefaults(), src.Setup}
	e, mine := s.claim(key)
	if mine {
		s.running.Go(func() { s.resolve(e, src, binary, key) })
	}
	select {
	case <-e.ready:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if e.err != nil {
		return nil, e.failure(src)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.modules[key] != e { // released meanwhile, by all who had it
		return nil, ErrReleased
	}
	e.opens++
	return e.module, nil
}

// failure is the entry's error for whoever opens it under another name.
func (e *entry) failure(src Source) error {
	var bad *BadModuleError
	if errors.As(e.err, &bad) {
		return &BadModuleError{Name: src.label(), Reason: bad.Reason, Err: bad.Err}
	}
	return e.err
}

// resolve opens the module of an entry that was claimed.
func (s *Store) resolve(e *entry, src Source, binary []byte, key moduleKey) {
	e.module, e.err = s.open(s.ctx, src, binary, key)
	if e.err != nil && !errors.As(e.err, new(*BadModuleError)) {
		s.forget(key) // it was not for the binary
	}
	close(e.ready)
}

// claim finds the entry of a key, or makes it; mine says which.
func (s *Store) claim(key moduleKey) (e *entry, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e = s.modules[key]; e != nil {
		return e, false
	}
	e = &entry{ready: make(chan struct{})}
	s.modules[key] = e
	return e, true
}

func (s *Store) forget(key moduleKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.modules, key)
}

// Inspect is like the function Inspect, but also compares the imports with
// what the store's Host provides, and takes the entry that the source names. The
// digest is left to Open.
func (s *Store) Inspect(src Source, limits Limits) (Report, error) {
	binary, err := src.read()
	if err != nil {
		return Report{}, err
	}
	report, _, err := inspect(binary, src.Entry, limits.withDefaults(), s.provider, s.bounds())
	return report, err
}

// enter registers a call, unless the store is closed. The caller must call
// s.running.Done.
func (s *Store) enter() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrStoreClosed
	}
	s.running.Add(1)
	return nil
}

// Close ends the store. It waits for the calls that still run, so cancel their
// contexts first.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.cancel() // what is being prepared
	s.running.Wait()
	for _, e := range s.modules {
		if e.module != nil {
			e.module.close()
		}
	}
	err := s.runtime.Close(ctx)
	if s.cache != nil {
		err = errors.Join(err, s.cache.Close(ctx))
	}
	if s.scratch != "" {
		err = errors.Join(err, os.RemoveAll(s.scratch))
	}
	return err
}
