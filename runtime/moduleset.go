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
	Limits modules.Limits
	Grants hostfuncs.Grants
	// Stored bounds what a call may put into storage, in bytes. 0: the default.
	Stored int64
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
// Modules. A module is opened once, by its first task or by Open; a file that
// changes afterwards is not read again.
type ModuleSet struct {
	options ModuleSetOptions
	mu      sync.RWMutex
	opened  map[string]*openModule
}

// openModule is a module that is ready.
type openModule struct {
	*modules.Module
	spec ModuleSpec
}

// NewModuleSet makes a set.
func NewModuleSet(o ModuleSetOptions) *ModuleSet {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &ModuleSet{options: o, opened: map[string]*openModule{}}
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

func (s *ModuleSet) get(name string) *openModule {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.opened[name]
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

// Open makes a module ready before its first task. A binary that cannot be run
// gives a *modules.BadModuleError.
func (s *ModuleSet) Open(ctx context.Context, name string) error {
	_, err := s.open(ctx, name)
	return err
}

func (s *ModuleSet) open(ctx context.Context, name string) (*openModule, error) {
	if m := s.get(name); m != nil {
		return m, nil
	}
	if !s.Exists(name) {
		return nil, &modules.BadModuleError{Name: name, Reason: "there is no such module"}
	}
	spec := s.spec(name)
	if files := spec.Grants.Files; files != nil {
		if err := files.Load(); err != nil {
			return nil, err
		}
	}
	m, err := s.options.Store.Open(ctx, modules.Source{Name: name, Path: spec.Path, Digest: spec.Digest, Setup: spec.Grants.Setup()}, spec.Limits)
	if err != nil {
		return nil, err
	}
	opened := &openModule{m, spec}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened[name] = opened
	return opened, nil
}

// Invoke implements Modules.
func (s *ModuleSet) Invoke(ctx context.Context, name string, w Work) modules.Result {
	m, err := s.open(ctx, name)
	if err != nil {
		if ctx.Err() == nil {
			s.options.Log.Warn("a module cannot be used", append(w.attributes(name), "error", err)...)
		}
		return unusable(ctx, name, err)
	}
	result, err := m.Invoke(ctx, modules.Call{Input: w.Input, Task: s.task(m, name, w)})
	if err != nil {
		s.options.Log.Error("the sandbox failed", append(w.attributes(name), "error", err)...)
		return unusable(ctx, name, err)
	}
	return result
}

// unusable is the result of a module that could not be called. The cause is for
// whoever may see the execution, so it names the module and no path of this
// machine; the log has the rest.
func unusable(ctx context.Context, name string, err error) modules.Result {
	if ctx.Err() != nil {
		return modules.Result{Killed: true}
	}
	var bad *modules.BadModuleError
	if errors.As(err, &bad) {
		return modules.Result{Failure: bad.Failure()}
	}
	if errors.Is(err, modules.ErrMemoryTotal) {
		return modules.Result{Failure: &modules.Failure{Error: modules.ErrMemoryLimit, Cause: err.Error()}}
	}
	return modules.Result{Failure: &modules.Failure{Error: modules.ErrBadModule, Cause: "module " + name + ": " + withoutPath(err)}}
}

// withoutPath is an error's text without the file that the system names in it.
func withoutPath(err error) string {
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		return "its file cannot be read: " + file.Err.Error()
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return "a file of its cannot be made: " + link.Err.Error()
	}
	return err.Error()
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
