package modules

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// A module that was released by all who opened it takes no more calls, and its
// memory goes with the last that runs. The same binary can be opened again.
func TestRelease(t *testing.T) {
	host := &startedHost{started: make(chan struct{}, 8)}
	store := newStore(t, Options{Host: host})
	m := mustOpen(t, store, endless["loop"], Limits{Fuel: 1 << 60})
	if mustOpen(t, store, endless["loop"], Limits{Fuel: 1 << 60}) != m {
		t.Fatal("the same binary is another module")
	}
	<-host.started // the initialisation
	ctx, cancel := context.WithCancel(t.Context())
	var calls sync.WaitGroup
	for range 2 {
		calls.Go(func() {
			if r, err := m.Invoke(ctx, Call{}); err != nil || !r.Killed {
				t.Errorf("%+v, %v", r, err)
			}
		})
		<-host.started
	}
	m.Release()
	if !m.use.begin() {
		t.Error("it is retired although it is open once more")
	}
	m.use.end(nil)
	m.Release()
	if _, err := m.Invoke(ctx, Call{}); !errors.Is(err, ErrReleased) {
		t.Errorf("a call of a released module gives %v", err)
	}
	if again := mustOpen(t, store, endless["loop"], Limits{Fuel: 1 << 60}); again == m {
		t.Error("a released module is opened again")
	}
	if m.image == nil || m.pool.max == 0 {
		t.Error("its image went while calls run")
	}
	cancel()
	calls.Wait()
	if len(m.pool.idle) > 0 || m.pool.max != 0 {
		t.Error("it keeps instances")
	}
}

// A binary that cannot be run is known from its first opening on, under any name.
func TestARefusalIsKept(t *testing.T) {
	host := &startedHost{started: make(chan struct{}, 8)}
	store := newStore(t, Options{Host: host})
	for _, name := range []string{"first", "second"} {
		_, err := store.Open(t.Context(), Source{Name: name, Bytes: refusing}, Limits{})
		var bad *BadModuleError
		if !errors.As(err, &bad) || bad.Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(host.started); n != 1 {
		t.Errorf("it was initialised %d times", n)
	}
}

// One who does not wait for the end leaves the opening to the next.
func TestAnOpeningIsFinishedForTheNext(t *testing.T) {
	host := &startedHost{started: make(chan struct{}, 8)}
	store := newStore(t, Options{Host: host})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.Open(gone, Source{Bytes: endless["loop"]}, Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	mustOpen(t, store, endless["loop"], Limits{})
	if n := len(host.started); n != 1 {
		t.Errorf("it was initialised %d times", n)
	}
}

// refusing is a module whose initialisation traps.
var refusing = wat.MustAssemble(`(module (func $start unreachable) (start $start)
	(func (export "wasl_handle") (result i32) (i32.const 0)))`)

// A refusal by the compiler is kept beside the compiled code, for other processes
// too; one that may be due to the machine is not.
func TestTheCompilersRefusalIsKeptOnDisk(t *testing.T) {
	if !compilerSupported() {
		t.Skip("there is no compiler")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	// Only the compiler looks at types.
	mistyped := wat.MustAssemble(`(module (func (export "wasl_handle") (result i32) (i64.const 1)))`)
	open := func() error {
		_, err := newStore(t, Options{CacheDir: dir}).Open(t.Context(), Source{Name: "m", Bytes: mistyped}, Limits{})
		return err
	}
	first := open()
	var bad *BadModuleError
	if !errors.As(first, &bad) {
		t.Fatal(first)
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "compiled-*", "*-refused-*"))
	if len(kept) != 1 {
		t.Fatalf("%d refusals are kept", len(kept))
	}
	if err := os.WriteFile(kept[0], []byte("so it was said"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := open(); again == nil || again.Error() != "module m: so it was said" {
		t.Errorf("first %v, then %v", first, again)
	}
}

// A plug-in whose entry cannot be told is refused from the start, with what it
// exports; what Binaryen's asyncify adds is no entry. The entry that is named is
// the one, if it can be called.
func TestAPluginsEntry(t *testing.T) {
	const (
		greet = `(func (export "greet") (result i32) (i32.const 0)) `
		count = `(func (export "count") (result i32) (i32.const 0)) `
		run   = `(func (export "run") (result i32) (i32.const 0)) `
		other = `(func (export "f") (param i32) (result i32) (i32.const 0)) `
	)
	for _, x := range []struct{ exports, named, entry, refusal string }{
		{greet, "", "greet", ""},
		{greet + run, "", "run", ""},
		{greet + `(func (export "asyncify_get_state") (result i32) (i32.const 0))`, "", "greet", ""},
		{greet + count, "", "", `Name it with entry = "NAME" in the module's section of the configuration; it exports "greet", "count"`},
		{other, "", "", `it exports "f"`},
		{``, "", "", "it exports no function"},

		{greet + count, "count", "count", ""},
		{greet + run, "greet", "greet", ""},
		{greet + run, "Greet", "", `its entry is to be "Greet", which it does not export as a function; it exports "greet", "run"`},
		{greet + `(memory (export "m") 1)`, "m", "", `its entry is to be "m", which it does not export as a function; it exports "greet"`},
		{greet + other, "f", "", `its entry is to be "f", which is (i32) -> (i32) and has to be () -> (i32); it exports "greet", "f"`},
		{``, "run", "", "it exports no function"},
	} {
		binary := wat.MustAssemble(`(module (import "extism:host/env" "input_length" (func (result i64))) ` + x.exports + ")")
		report, _, err := inspect(binary, x.named, DefaultLimits, nil, &childBounds)
		if report.Entry != x.entry || (err == nil) != (x.refusal == "") || err != nil && !strings.Contains(err.Error(), x.refusal) {
			t.Errorf("%s, named %q: the entry is %q, %v", x.exports, x.named, report.Entry, err)
		}
	}
}

// The entry of a command and of a reactor is what it is.
func TestOnlyAPluginsEntryIsChosen(t *testing.T) {
	const (
		handle  = `(func (export "wasl_handle") (result i32) (i32.const 0)) (func (export "other") (result i32) (i32.const 0))`
		command = `(func (export "_start")) `
	)
	for _, x := range []struct{ exports, named, refusal string }{
		{handle, "wasl_handle", ""},
		{handle, "other", `its entry is to be "other", but only that of an Extism plug-in can be chosen, and this module's is wasl_handle: take the key entry out`},
		{command + handle, "_start", ""},
		{command + handle, "wasl_handle", `its entry is to be "wasl_handle", but only that of an Extism plug-in can be chosen, and this module's is _start`},
		{`(func (export "other") (result i32) (i32.const 0))`, "other", "no entry point: "},
	} {
		_, _, err := inspect(wat.MustAssemble("(module "+x.exports+")"), x.named, DefaultLimits, nil, &childBounds)
		if (err == nil) != (x.refusal == "") || err != nil && !strings.HasPrefix(err.Error(), x.refusal) {
			t.Errorf("%s, named %q: %v", x.exports, x.named, err)
		}
	}
}

// pluginHost is a testHost with a function that makes its guests Extism plug-ins.
type pluginHost struct{ testHost }

func (h pluginHost) Define(ctx context.Context, r wazero.Runtime) error {
	_, err := r.NewHostModuleBuilder("extism:host/env").NewFunctionBuilder().
		WithFunc(func() uint64 { return 0 }).Export("input_length").Instantiate(ctx)
	return errors.Join(err, h.testHost.Define(ctx, r))
}

// One binary whose entry is named in two ways makes two modules, and what is kept
// on disk of one does not serve the other.
func TestTheNamedEntryIsCalled(t *testing.T) {
	binary := wat.MustAssemble(`(module (import "extism:host/env" "input_length" (func (result i64)))
		(import "wasl" "output_write" (func $write (param i32 i32) (result i32)))
		(memory 1) (data (i32.const 0) "12")
		(func (export "one") (result i32) (call $write (i32.const 0) (i32.const 1)))
		(func (export "two") (result i32) (call $write (i32.const 1) (i32.const 1))))`)
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second store finds what the first one kept
		store := newStore(t, Options{Host: pluginHost{}, CacheDir: dir})
		for entry, want := range map[string]string{"one": "1", "two": "2"} {
			m, err := store.Open(t.Context(), Source{Name: "m", Bytes: binary, Entry: entry}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // a new instance, and one of the pool
				result, err := m.Invoke(t.Context(), Call{})
				if err != nil || result.Failure != nil || string(result.Output) != want {
					t.Errorf("%s gives %q, %v, %v", entry, result.Output, result.Failure, err)
				}
			}
		}
		for _, entry := range []string{"", "three"} {
			var bad *BadModuleError
			if _, err := store.Open(t.Context(), Source{Name: "m", Bytes: binary, Entry: entry}, Limits{}); !errors.As(err, &bad) {
				t.Errorf("with the entry %q: %v", entry, err)
			}
		}
	}
}
