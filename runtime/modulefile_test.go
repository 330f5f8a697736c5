package runtime_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
)

// fileBench is a set of modules whose files a test changes.
type fileBench struct {
	*runtime.ModuleSet
	t   *testing.T
	dir string
	log *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newFileBench(t *testing.T, specs map[string]runtime.ModuleSpec) *fileBench {
	store, err := modules.NewStore(t.Context(), modules.Options{Host: hostfuncs.New(hostfuncs.Options{}), Engine: modules.EngineInterpreter})
	if err != nil {
		t.Fatal(err)
	}
	b := &fileBench{t: t, dir: t.TempDir(), log: &lockedBuffer{}}
	b.ModuleSet = runtime.NewModuleSet(runtime.ModuleSetOptions{
		Store: store, Specs: specs, Folder: b.dir, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	t.Cleanup(func() {
		_ = store.Close(context.Background())
		_ = b.Close()
	})
	return b
}

// answering is a guest that returns a code, which is in the cause of its failure.
func answering(code byte) []byte { return guest([]byte{0x41, code, 0x0b}) }

// write puts a file into its place, whole.
func (b *fileBench) write(name string, binary []byte) {
	b.t.Helper()
	made := filepath.Join(b.dir, "made")
	if err := os.WriteFile(made, binary, 0o600); err != nil {
		b.t.Fatal(err)
	}
	if err := os.Rename(made, filepath.Join(b.dir, name+".wasm")); err != nil {
		b.t.Fatal(err)
	}
}

// call gives what a call says.
func (b *fileBench) call(name string) string {
	r := b.Invoke(b.t.Context(), name, runtime.Work{})
	if r.Failure == nil {
		return string(r.Output)
	}
	return r.Failure.Error + ": " + r.Failure.Cause
}

func (b *fileBench) want(name, want string) {
	b.t.Helper()
	if got := b.call(name); !strings.Contains(got, want) {
		b.t.Errorf("got %s, want %s", got, want)
	}
}

// look is one look of Watch's, all that comes of it included.
func (b *fileBench) look() { b.Look() }

func TestAChangedFileIsNoticed(t *testing.T) {
	b := newFileBench(t, nil)
	b.write("m", answering(1))
	b.want("m", "returned 1")
	b.look()
	b.write("m", answering(2))
	b.want("m", "returned 1") // nobody has looked
	b.look()
	b.want("m", "returned 2")
	if log := b.log.String(); !strings.Contains(log, "file has changed") || !strings.Contains(log, "module=m") || strings.Count(log, "changed") != 1 {
		t.Errorf("the log says %s", log)
	}
	// The same bytes once more are nothing new.
	b.write("m", answering(2))
	b.look()
	b.want("m", "returned 2")
	if n := strings.Count(b.log.String(), "changed"); n != 1 {
		t.Errorf("the log tells of %d changes", n)
	}
}

func TestACallFinishesWithTheOldFile(t *testing.T) {
	b := newFileBench(t, nil)
	b.write("m", guest(tidy))
	begun, stop := make(chan struct{}), make(chan struct{})
	var once sync.Once
	ended := make(chan modules.Result, 1)
	go func() {
		ended <- b.Invoke(context.Background(), "m", runtime.Work{Stop: stop, Heartbeat: func() { once.Do(func() { close(begun) }) }})
	}()
	<-begun
	b.write("m", answering(2))
	b.look()
	b.want("m", "returned 2")
	close(stop)
	if r := <-ended; r.Failure == nil || !strings.Contains(r.Failure.Cause, "returned 7") {
		t.Errorf("the call of the old one ended with %+v", r)
	}
}

func TestAFileThatIsGoneIsMissing(t *testing.T) {
	dir := t.TempDir()
	b := newFileBench(t, map[string]runtime.ModuleSpec{"described": {Path: filepath.Join(dir, "x.wasm")}})
	if err := os.WriteFile(filepath.Join(dir, "x.wasm"), answering(3), 0o600); err != nil {
		t.Fatal(err)
	}
	b.write("m", answering(1))
	b.want("m", "returned 1")
	b.want("described", "returned 3")
	for _, path := range []string{filepath.Join(b.dir, "m.wasm"), filepath.Join(dir, "x.wasm")} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	b.look()
	if b.Exists("m") {
		t.Error("m is there")
	}
	b.want("m", "Wasm.BadModule: module m: there is no such module")
	b.want("described", "Wasm.BadModule: module described: its file cannot be read: no such file")
	if log := b.log.String(); strings.Count(log, "is gone") != 2 {
		t.Errorf("the log says %s", log)
	}
	b.write("m", answering(2))
	b.want("m", "returned 2")
}

// A pinned module is what the configuration says, whatever becomes of its file.
func TestAChangedFileMustHaveItsDigest(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.wasm")
	write := func(binary []byte) {
		if err := os.WriteFile(path, binary, 0o600); err != nil {
			t.Fatal(err)
		}
		// Not all file systems tell times apart that are so close.
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Duration(len(binary))*time.Hour+time.Duration(binary[len(binary)-2])*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	b := newFileBench(t, map[string]runtime.ModuleSpec{"m": {Path: path, Digest: digestOf(answering(1))}})
	write(answering(1))
	b.want("m", "returned 1")
	write(answering(2))
	b.look()
	b.want("m", "returned 1") // perhaps somebody is still writing
	b.look()
	b.want("m", "Wasm.BadModule: module m: digest mismatch")
	if log := b.log.String(); !strings.Contains(log, "cannot be used") || !strings.Contains(log, "digest mismatch") {
		t.Errorf("the log says %s", log)
	}
	write(answering(1))
	b.want("m", "returned 1") // an unusable one is looked at by each call
}

// While a file is being written the old one serves.
func TestAHalfWrittenFileIsNotUsed(t *testing.T) {
	b := newFileBench(t, nil)
	b.write("m", answering(1))
	b.want("m", "returned 1")
	whole := answering(2)
	for n := 10; n < len(whole); n += 20 {
		b.write("m", whole[:n])
		b.look()
		b.want("m", "returned 1")
	}
	b.write("m", whole)
	b.look()
	b.want("m", "returned 2")
	b.write("m", []byte("not a module"))
	b.look()
	b.look()
	b.want("m", "Wasm.BadModule")
	b.write("m", answering(3))
	b.look()
	b.want("m", "returned 3")
}

// Causes are for whoever may call the API: a file's path is for the log.
func TestCausesShowNoPaths(t *testing.T) {
	b := newFileBench(t, map[string]runtime.ModuleSpec{"gone": {Path: filepath.Join(t.TempDir(), "elsewhere", "gone.wasm")}})
	if err := os.Symlink("loop.wasm", filepath.Join(b.dir, "loop.wasm")); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(filepath.Join(b.dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"gone", "loop"} {
		got := b.call(name)
		if strings.Contains(got, string(filepath.Separator)) || !strings.HasPrefix(got, "Wasm.BadModule: module "+name) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if !strings.Contains(b.log.String(), filepath.Join("elsewhere", "gone.wasm")) {
		t.Errorf("the log says %s", b.log)
	}
}

// What was replaced is given back to the store.
func TestReplacedModulesAreReleased(t *testing.T) {
	b := newFileBench(t, nil)
	b.write("m", answering(1))
	b.want("m", "returned 1")
	old := b.Opened("m")
	b.write("m", answering(2))
	b.look()
	b.want("m", "returned 2")
	if _, err := old.Invoke(t.Context(), modules.Call{}); !errors.Is(err, modules.ErrReleased) {
		t.Errorf("the old one answers %v", err)
	}
}

func digestOf(binary []byte) string { return fmt.Sprintf("%x", sha256.Sum256(binary)) }
