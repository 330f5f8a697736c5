package runtime_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/storage"
)

// The bodies of three guests: instructions of wasl_handle. Function 0 is the
// import heartbeat() -> i32.
var (
	// quick returns 0.
	quick = []byte{0x41, 0x00, 0x0b} // i32.const 0; end
	// tidy asks the host until that says stop, then returns 7.
	tidy = []byte{
		0x03, 0x40, // loop
		0x10, 0x00, // call heartbeat
		0x45,       // i32.eqz
		0x0d, 0x00, // br_if the loop
		0x0b,       // end
		0x41, 0x07, // i32.const 7
		0x0b, // end
	}
	// deaf runs on for ever.
	deaf = []byte{
		0x03, 0x40, // loop
		0x0c, 0x00, // br the loop
		0x0b, // end
		0x00, // unreachable
		0x0b, // end
	}
)

// guest makes a module of a body.
func guest(body []byte) []byte {
	section := func(id byte, content ...byte) []byte {
		return append([]byte{id, byte(len(content))}, content...)
	}
	name := func(s string) []byte { return append([]byte{byte(len(s))}, s...) }
	out := []byte("\x00asm\x01\x00\x00\x00")
	out = append(out, section(1, 1, 0x60, 0, 1, 0x7f)...) // one type: () -> i32
	imports := append([]byte{1}, name("wasl")...)
	imports = append(append(imports, name("heartbeat")...), 0, 0)
	out = append(out, section(2, imports...)...)
	out = append(out, section(3, 1, 0)...)    // one function of that type
	out = append(out, section(5, 1, 0, 1)...) // a page of memory
	exports := append([]byte{2}, name("memory")...)
	exports = append(append(append(exports, 2, 0), name("wasl_handle")...), 0, 1)
	out = append(out, section(7, exports...)...)
	code := append([]byte{1, byte(len(body) + 1), 0}, body...)
	return append(out, section(10, code...)...)
}

// watched notes how each call of a module ended.
type watched struct {
	runtime.Modules
	ended chan ending
	// busy is told of each call once its guest has been heard of.
	busy *sync.WaitGroup
}

func (w *watched) Invoke(ctx context.Context, name string, work runtime.Work) modules.Result {
	if name == "failing" {
		w.busy.Wait()
		return modules.Result{Failure: &modules.Failure{Error: "E", Cause: "c"}}
	}
	w.busy.Done()
	r := w.Modules.Invoke(ctx, name, work)
	w.ended <- ending{name, r}
	return r
}

type ending struct {
	name string
	modules.Result
}

func (w *watched) Exists(name string) bool { return name == "failing" || w.Modules.Exists(name) }

// newModuleSet makes modules of guests' bodies.
func newModuleSet(t testing.TB, bodies map[string][]byte) *runtime.ModuleSet {
	t.Helper()
	return newLoggingModuleSet(t, bodies, nil)
}

func newLoggingModuleSet(t testing.TB, bodies map[string][]byte, log *slog.Logger) *runtime.ModuleSet {
	t.Helper()
	folder := t.TempDir()
	for name, body := range bodies {
		if err := os.WriteFile(filepath.Join(folder, name+".wasm"), guest(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store, err := modules.NewStore(t.Context(), modules.Options{
		Host: hostfuncs.New(hostfuncs.Options{}), Compile: modules.CompileInProcess,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return runtime.NewModuleSet(runtime.ModuleSetOptions{Store: store, Storage: storage.NewMemory(), Folder: folder, Log: log})
}

func TestCallsAreLoggedWithTheirCost(t *testing.T) {
	var w strings.Builder
	log := slog.New(slog.NewTextHandler(&w, &slog.HandlerOptions{Level: slog.LevelDebug}))
	b := newBench(t, runtime.Options{Log: log, Modules: newLoggingModuleSet(t, map[string][]byte{"quick": quick}, log)})
	b.run(task("wasm:quick", ""), `{}`)
	want := regexp.MustCompile(`level=DEBUG msg="task done" execution=\S+ state=T attempt=0 module=quick task=\S+/T#1 wall=\S+ fuel=\d+ memory=65536 output=\d+ log=0 tier=\S+\n$`)
	if !want.MatchString(w.String()) {
		t.Error(w.String())
	}
}

func TestModulesRunInTheSandbox(t *testing.T) {
	b := newBench(t, runtime.Options{Modules: newModuleSet(t, map[string][]byte{"quick": quick, "tidy": tidy})})
	if got := b.run(task("wasm:quick", ""), `{}`); got != "null" {
		t.Error(got)
	}
	if got := b.run(task("wasm:../quick", ""), `{}`); got[:22] != "FAILED Wasm.BadModule " {
		t.Error(got)
	}
	if got := b.run(task(functionARN+"none", ""), `{}`); got[:40] != "FAILED Lambda.ResourceNotFoundException " {
		t.Error(got)
	}
	if got := b.run(task("wasm:tidy", `,"TimeoutSeconds":1`), `{}`); got != "FAILED States.Timeout" {
		t.Error(got)
	}
}

// A branch fails; the modules that the other branches are running learn it, or
// are killed.
func TestRunningModulesOfSiblingsAreStopped(t *testing.T) {
	w := &watched{
		Modules: newModuleSet(t, map[string][]byte{"tidy": tidy, "deaf": deaf}),
		ended:   make(chan ending, 2), busy: &sync.WaitGroup{},
	}
	w.busy.Add(2)
	b := newBench(t, runtime.Options{Modules: w})
	branch := func(m string) string { return strings.ReplaceAll(task("wasm:"+m, ""), `"T"`, `"`+m+`"`) }
	got := b.run(fmt.Sprintf(`{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[%s,%s,%s],"End":true}}}`,
		branch("failing"), branch("tidy"), branch("deaf")), `{}`)
	if got != "FAILED E c" {
		t.Error(got)
	}
	for range 2 {
		end := <-w.ended
		if killed := end.name == "deaf"; end.Killed != killed {
			t.Errorf("%s ended with %+v", end.name, end.Result)
		}
	}
}

// A cause is for whoever may see the execution, a path for whoever owns the
// machine: that is in the log.
func TestCausesShowNoPathOfTheHost(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "folder.wasm"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("round.wasm", filepath.Join(folder, "round.wasm")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	var log strings.Builder
	store, err := modules.NewStore(context.Background(), modules.Options{Engine: modules.EngineInterpreter})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(context.Background())
	specs := map[string]runtime.ModuleSpec{}
	for _, name := range []string{"gone", "folder", "round"} {
		specs[name] = runtime.ModuleSpec{Path: filepath.Join(folder, name+".wasm")}
	}
	set := runtime.NewModuleSet(runtime.ModuleSetOptions{Store: store, Specs: specs, Log: slog.New(slog.NewTextHandler(&log, nil))})
	for name := range specs {
		r := set.Invoke(context.Background(), name, runtime.Work{})
		if r.Failure == nil || r.Failure.Error != modules.ErrBadModule || !strings.HasPrefix(r.Failure.Cause, "module "+name+": its file cannot be read: ") {
			t.Errorf("%s fails with %v", name, r.Failure)
		} else if strings.Contains(r.Failure.Cause, folder) {
			t.Errorf("the cause shows a path: %s", r.Failure.Cause)
		}
		if !strings.Contains(log.String(), filepath.Join(folder, name+".wasm")) {
			t.Errorf("the log does not say which file it is:\n%s", log.String())
		}
	}
}
