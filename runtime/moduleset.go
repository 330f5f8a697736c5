package runtime

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
)

// ModuleSpec says where a module is and what its tasks may use and do.
type ModuleSpec struct {
	Path   string
	Digest string // SHA-256 in hexadecimal; "" is not checked
	Entry  string // the export to call; "": found by inspection
	Limits modules.Limits
	Grants hostfuncs.Grants
	// Stored bounds what a call may put into storage, in bytes. 0: the default.
	Stored int64
}

// Source is what a store opens the module from, once its file has been read.
func (s *ModuleSpec) Source(name string, binary []byte) modules.Source {
	return modules.Source{Name: name, Bytes: binary, Digest: s.Digest, Entry: s.Entry, Setup: s.Grants.Setup()}
}

// ModuleSetOptions configure a ModuleSet.
type ModuleSetOptions struct {
	Store *modules.Store
	// Storage serves the modules' grants. It should be the engine's.
	Storage storage.Store
	// Specs are the modules that are described. Any other name is looked up as
	// NAME.wasm in Folder and granted nothing.
	Specs  map[string]ModuleSpec
	Folder string
	// Log takes the guests' logs. Nil: discard.
	Log *slog.Logger
}

// ModuleSet finds modules by name and runs them in the sandbox. It implements
// Modules. A module is opened once, by its first task, by Open or by Prepare;
// whether its file changes afterwards is seen by Watch, or by the next call where
// the file could not be used.
type ModuleSet struct {
	options ModuleSetOptions
	opening sync.WaitGroup
	mu      sync.RWMutex
	held    map[string]*held
}

// openModule is a module that is ready.
type openModule struct {
	*modules.Module
	spec ModuleSpec
}

// NewModuleSet makes a set. Close it after its store.
func NewModuleSet(o ModuleSetOptions) *ModuleSet {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &ModuleSet{options: o, held: map[string]*held{}}
}

// Close waits for what is being opened, which the closing of the store has ended.
func (s *ModuleSet) Close() error {
	s.opening.Wait()
	return nil
}

// fileName is what a module may be called, since its name is part of a path.
var fileName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// Exists implements Modules.
func (s *ModuleSet) Exists(name string) bool {
	if s.get(name) != nil {
		return true
	}
	if _, ok := s.options.Specs[name]; ok {
		return true
	}
	if s.options.Folder == "" || !fileName.MatchString(name) {
		return false
	}
	info, err := os.Stat(filepath.Join(s.options.Folder, name+".wasm"))
	return err == nil && !info.IsDir()
}

func (s *ModuleSet) get(name string) *held {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.held[name]
}

// spec describes a module that exists.
func (s *ModuleSet) spec(name string) ModuleSpec {
	spec := s.options.Specs[name]
	if spec.Path == "" {
		spec.Path = filepath.Join(s.options.Folder, name+".wasm")
	}
	return spec
}

// Missing gives the modules that are described but have no file, by name, with
// the path of each.
func (s *ModuleSet) Missing() map[string]string {
	missing := map[string]string{}
	for name := range s.options.Specs {
		path := s.spec(name).Path
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			missing[name] = path
		}
	}
	return missing
}

// Concurrency implements Modules.
func (s *ModuleSet) Concurrency(name string) int { return s.options.Specs[name].Limits.Concurrency }

// Prepare implements Modules.
func (s *ModuleSet) Prepare(name string, ready func()) bool {
	h := s.of(name)
	if h == nil || h.isOpened() {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.isOpened() {
		return true
	}
	h.waiting = append(h.waiting, ready)
	return false
}

// Open makes a module ready before its first task. A binary that cannot be run
// gives a *modules.BadModuleError. When the context ends first, the opening goes
// on.
func (s *ModuleSet) Open(ctx context.Context, name string) error {
	_, err := s.open(ctx, name)
	return err
}

func (s *ModuleSet) open(ctx context.Context, name string) (*openModule, error) {
	h := s.of(name)
	if h == nil {
		return nil, &modules.BadModuleError{Name: name, Reason: "there is no such module"}
	}
	select {
	case <-h.opened:
		return h.module, h.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// of gives what is held of a module, and begins to open it when that is nothing;
// nil when there is no such module.
func (s *ModuleSet) of(name string) *held {
	h := s.get(name)
	if h != nil && (!h.isOpened() || h.err == nil || h.file.same(stateOf(s.spec(name).Path))) {
		return h
	}
	if h == nil && !s.Exists(name) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.held[name]; now != h {
		return now // somebody was faster; it may be gone again
	}
	h = &held{opened: make(chan struct{})}
	s.held[name] = h
	s.opening.Go(func() {
		s.read(name, h)
		s.tell(name, h)
	})
	return h
}

// tell calls whoever waits for an opening. What failed without a verdict is
// forgotten.
func (s *ModuleSet) tell(name string, h *held) {
	s.mu.Lock()
	waiting := h.waiting
	h.waiting = nil
	if h.err != nil && !lasts(h.err) && s.held[name] == h {
		delete(s.held, name)
	}
	s.mu.Unlock()
	for _, f := range waiting {
		f()
	}
}

// Invoke implements Modules.
func (s *ModuleSet) Invoke(ctx context.Context, name string, w Work) modules.Result {
	for {
		m, err := s.open(ctx, name)
		if err != nil {
			return s.unusable(ctx, name, w, err)
		}
		result, err := m.Invoke(ctx, modules.Call{Input: w.Input, Task: s.task(m, name, w)})
		switch {
		case errors.Is(err, modules.ErrReleased): // another has taken its place
			continue
		case err != nil:
			return s.unusable(ctx, name, w, err)
		}
		return result
	}
}

// unusable is the result of a module that could not be called. The cause is for
// whoever may see the execution, so it names the module and no path of this
// machine; the log has the rest.
func (s *ModuleSet) unusable(ctx context.Context, name string, w Work, err error) modules.Result {
	if ctx.Err() != nil {
		return modules.Result{Killed: true}
	}
	s.options.Log.Warn("a module cannot be used", append(w.attributes(name), "error", err)...)
	var bad *modules.BadModuleError
	if errors.As(err, &bad) {
		return modules.Result{Failure: bad.Failure()}
	}
	if errors.Is(err, modules.ErrMemoryTotal) {
		return modules.Result{Failure: &modules.Failure{Error: modules.ErrMemoryLimit, Cause: err.Error()}}
	}
	reason := "the host failed to run it; its log says why"
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		reason = "its file cannot be read: " + file.Err.Error()
	}
	bad = &modules.BadModuleError{Name: name, Reason: reason}
	return modules.Result{Failure: bad.Failure()}
}

// task says what the call may do.
func (s *ModuleSet) task(m *openModule, name string, w Work) *hostfuncs.Task {
	limits := m.Limits()
	return &hostfuncs.Task{
		Grants:    &m.spec.Grants,
		Storage:   s.options.Storage,
		Context:   func() []byte { return []byte(w.Context.String()) },
		Heartbeat: w.Heartbeat,
		Stop:      w.Stop,
		Log:       s.logger(name, w),
		Seed:      w.Task,
		Limits:    hostfuncs.Limits{Output: limits.Output, Log: limits.Log, Stored: m.spec.Stored},
	}
}

// logger passes a guest's log on; nil when nobody reads it.
func (s *ModuleSet) logger(name string, w Work) func(hostfuncs.LogLine) {
	log := s.options.Log
	enabled := log.Enabled(context.Background(), slog.LevelInfo)
	if w.Log == nil && !enabled {
		return nil
	}
	return func(l hostfuncs.LogLine) {
		if w.Log != nil {
			w.Log(l.Text)
		}
		if enabled {
			log.Info(l.Text, append(w.attributes(name), "stream", string(l.Stream))...)
		}
	}
}
