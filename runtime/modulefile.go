package runtime

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/waslrun/wasl/modules"
)

// held is what a ModuleSet has of a module: it is being opened, it is ready, or
// it is known to be unusable. The store's verdict on a file holds until that
// changes.
type held struct {
	opened chan struct{} // closed when the next three are set
	module *openModule
	err    error
	file   fileState // as it was when it was read

	// The set's mu guards these.
	waiting   []func()  // to be called when it is opened
	replacing bool      // what the file has become is being opened
	refused   fileState // what it had become and could not be used
}

// isOpened tells whether the opening is over, however it went.
func (h *held) isOpened() bool {
	select {
	case <-h.opened:
		return true
	default:
		return false
	}
}

// fileState tells whether a file is the one that it was, without reading it.
type fileState struct{ info fs.FileInfo } // nil: it is not there

func stateOf(path string) fileState {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{}
	}
	return fileState{info}
}

func (f fileState) same(o fileState) bool {
	if f.info == nil || o.info == nil {
		return f.info == nil && o.info == nil
	}
	return os.SameFile(f.info, o.info) && f.info.Size() == o.info.Size() && f.info.ModTime().Equal(o.info.ModTime())
}

// read opens the module of a name as its file is now.
func (s *ModuleSet) read(name string, h *held) {
	defer close(h.opened)
	begin := time.Now()
	spec := s.spec(name)
	h.file = stateOf(spec.Path)
	binary, err := os.ReadFile(spec.Path)
	if err != nil {
		h.err = fmt.Errorf("module %s: %w", name, err)
		return
	}
	if files := spec.Grants.Files; files != nil {
		if h.err = files.Load(); h.err != nil {
			return
		}
	}
	limits := spec.Limits
	limits.Concurrency = 0 // the engine sees to it, and its workers do not wait
	// The store ends what it prepares when it closes.
	m, err := s.options.Store.Open(context.Background(), spec.Source(name, binary), limits)
	if err != nil {
		h.err = err
		return
	}
	h.module = &openModule{m, spec}
	if took := time.Since(begin); took > noteworthy {
		s.options.Log.Info("module prepared", "module", name, "took", took.Round(time.Millisecond))
	}
}

// noteworthy is what preparing a module takes when it was compiled.
const noteworthy = time.Second

// lasts tells whether an error is the store's verdict on a file.
func lasts(err error) bool { return errors.As(err, new(*modules.BadModuleError)) }

// Watch looks at the files of the modules that are open, every so often, until
// the context ends. One that has changed is opened anew, and takes the place of
// the old one when it is ready; calls that run then finish with the old one. A
// file that cannot be used counts when it has not changed again by the next look,
// since it may be half written.
func (s *ModuleSet) Watch(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.look()
		case <-ctx.Done():
			return
		}
	}
}

// look compares the files with what they were.
func (s *ModuleSet) look() {
	for name, h := range s.all() {
		path := s.spec(name).Path
		now := stateOf(path)
		switch {
		case now.same(h.file):
		case now.info == nil:
			s.options.Log.Warn("a module's file is gone", "module", name, "path", path)
			s.put(name, h, nil)
		default:
			s.replace(name, h, now)
		}
	}
}

// all gives what has been opened and is not being replaced.
func (s *ModuleSet) all() map[string]*held {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make(map[string]*held, len(s.held))
	for name, h := range s.held {
		if h.isOpened() && !h.replacing {
			all[name] = h
		}
	}
	return all
}

// replace opens what a module's file has become, in the background.
func (s *ModuleSet) replace(name string, old *held, now fileState) {
	s.mu.Lock()
	old.replacing = true
	again := old.refused.info != nil && old.refused.same(now)
	s.mu.Unlock()
	s.opening.Go(func() {
		h := &held{opened: make(chan struct{})}
		s.read(name, h)
		settled := old.err != nil || again && h.file.same(now)
		switch {
		case h.err == nil:
			if old.err != nil || h.module.Module != old.module.Module {
				s.options.Log.Info("a module's file has changed: new calls run the new one", "module", name, "digest", h.module.Digest())
			}
			s.put(name, old, h)
		case settled && lasts(h.err):
			s.options.Log.Warn("a module's file has changed and cannot be used", "module", name, "error", h.err)
			s.put(name, old, h)
		case settled:
			s.put(name, old, nil)
		default:
			s.mu.Lock()
			old.replacing, old.refused = false, h.file
			s.mu.Unlock()
		}
	})
}

// put sets h, or nothing, in the place of old, which is over.
func (s *ModuleSet) put(name string, old, h *held) {
	s.mu.Lock()
	current := s.held[name] == old
	switch {
	case !current: // what was found was about one that is gone
		old = h
	case h == nil:
		delete(s.held, name)
	default:
		s.held[name] = h
	}
	s.mu.Unlock()
	if old != nil && old.module != nil {
		old.module.Release()
	}
}
