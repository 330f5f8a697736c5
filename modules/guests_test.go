package modules

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/waslrun/wasl/internal/sandboxtest"
)

// cacheDir is the tests' shared compilation cache.
func cacheDir(tb testing.TB) string {
	tb.Helper()
	dir, err := sandboxtest.CacheDir()
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}

// goGuests are the guests written in Go: directory → build mode.
var goGuests = map[string]string{"order": "c-shared", "command": "default"}

var builtGuests struct {
	sync.Mutex
	binaries map[string][]byte
}

// goGuest builds one of testdata/guests.
func goGuest(tb testing.TB, name string) []byte {
	tb.Helper()
	builtGuests.Lock()
	defer builtGuests.Unlock()
	if b, ok := builtGuests.binaries[name]; ok {
		return b
	}
	out := filepath.Join(tb.TempDir(), name+".wasm")
	cmd := exec.Command("go", "build", "-buildmode="+goGuests[name], "-trimpath", "-ldflags=-s -w", "-o", out, "./testdata/guests/"+name)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		tb.Skipf("no Go toolchain for guests: %v\n%s", err, text)
	}
	binary, err := os.ReadFile(out)
	if err != nil {
		tb.Fatal(err)
	}
	if builtGuests.binaries == nil {
		builtGuests.binaries = map[string][]byte{}
	}
	builtGuests.binaries[name] = binary
	return binary
}

var orderInput = []byte(`{"ID":"A-17","Items":[{"Name":"bolt","Price":0.25,"Quantity":400},{"Name":"nut","Price":0.1,"Quantity":400},{"Name":"gear","Price":12.5,"Quantity":2}]}`)

const orderOutput = `{"ID":"A-17/1","Total":165,"Lines":{"bolt":100,"gear":25,"nut":40}}`

func TestGoReactor(t *testing.T) {
	store := newStore(t, Options{Host: testHost{}, CacheDir: cacheDir(t)})
	m := mustOpen(t, store, goGuest(t, "order"), Limits{})
	for i := range 3 {
		r := mustInvoke(t, m, Call{Input: orderInput})
		if string(r.Output) != orderOutput {
			t.Errorf("call %d gave %s, want %s", i, r.Output, orderOutput)
		}
		if want := []Tier{TierCopyOnWrite, TierPooled, TierPooled}[i]; r.Usage.Tier != want {
			t.Errorf("call %d ran on tier %v, want %v", i, r.Usage.Tier, want)
		}
	}
}

func TestGoCommand(t *testing.T) {
	store := newStore(t, Options{Host: testHost{}, CacheDir: cacheDir(t)})
	m := mustOpen(t, store, goGuest(t, "command"), Limits{})
	for i := range 3 {
		in := fmt.Sprintf("hello %d", i)
		r := mustInvoke(t, m, Call{Input: []byte(in)})
		if !bytes.Equal(r.Output, []byte(strings.ToUpper(in))) {
			t.Errorf("%q gave %q", in, r.Output)
		}
	}
}

// BenchmarkFirstCall is a process's first call of a module that is in the cache
// on disk: inspection, rewriting, loading, initialisation, one call.
func BenchmarkFirstCall(b *testing.B) {
	for name, binary := range map[string][]byte{"order": goGuest(b, "order"), "sieve": kernels(b)["sieve"]} {
		b.Run(name, func(b *testing.B) {
			call := func() {
				store, err := NewStore(b.Context(), helped(b, Options{Host: testHost{}, CacheDir: cacheDir(b)}))
				if err != nil {
					b.Fatal(err)
				}
				mustInvoke(b, mustOpen(b, store, binary, Limits{}), Call{Input: orderInput})
				if err := store.Close(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
			call()
			b.ResetTimer()
			for b.Loop() {
				call()
			}
		})
	}
}
