package modules

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// builtGuest is a guest whose binary stands beside its source.
type builtGuest struct {
	dir     string
	version []string // the command whose output tells the compiler's version
	pinned  string   // what is found there for the version that built it
	build   []string
}

var (
	cGuest = builtGuest{
		dir: "testdata/guests/c", version: []string{"clang", "--version"}, pinned: "clang version 14.",
		build: []string{"clang", "--target=wasm32", "-O2", "-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all", "-o", "OUT", "sum.c"},
	}
	asGuest = builtGuest{
		dir: "testdata/guests/as", version: []string{"asc", "--version"}, pinned: "0.28.20",
		build: []string{"asc", "sum.ts", "-O3", "--runtime", "incremental", "--use", "abort=", "-o", "OUT"},
	}
)

func (g builtGuest) binary(tb testing.TB) []byte {
	tb.Helper()
	binary, err := os.ReadFile(filepath.Join(g.dir, "sum.wasm"))
	if err != nil {
		tb.Fatal(err)
	}
	return binary
}

// numbers is an input for the guests that add up.
func numbers(n int) []byte {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "%d, ", i*37-500)
	}
	return []byte("[" + strings.TrimSuffix(text.String(), ", ") + "]")
}

func TestBuiltGuests(t *testing.T) {
	store := newStore(t, Options{Host: testHost{}})
	for _, g := range []builtGuest{cGuest, asGuest} {
		t.Run(g.dir, func(t *testing.T) {
			m := mustOpen(t, store, g.binary(t), Limits{})
			for _, n := range []int{1, 3, 100} {
				sum := 0
				for i := range n {
					sum += i*37 - 500
				}
				want := fmt.Sprintf(`{"sum":%d,"count":%d}`, sum, n)
				for range 2 {
					if r := mustInvoke(t, m, Call{Input: numbers(n)}); string(r.Output) != want {
						t.Errorf("%d numbers gave %s, want %s", n, r.Output, want)
					}
				}
			}
		})
	}
}

// The binaries that stand beside their source are what the source gives.
func TestBuiltGuestsMatchSource(t *testing.T) {
	for _, g := range []builtGuest{cGuest, asGuest} {
		t.Run(g.dir, func(t *testing.T) {
			version, err := exec.Command(g.version[0], g.version[1:]...).Output()
			if err != nil || !strings.Contains(string(version), g.pinned) {
				t.Skipf("needs %s %s", g.build[0], g.pinned)
			}
			if _, err := exec.LookPath("wasm-opt"); err == nil && g.build[0] == "clang" {
				t.Skip("clang has what it links go through the wasm-opt that it finds; sum.wasm did not")
			}
			out := filepath.Join(t.TempDir(), "sum.wasm")
			args := strings.Fields(strings.ReplaceAll(strings.Join(g.build[1:], " "), "OUT", out))
			cmd := exec.Command(g.build[0], args...)
			cmd.Dir = g.dir
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			built, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(built, g.binary(t)) {
				t.Error("sum.wasm is not what the source gives; build it again")
			}
		})
	}
}
