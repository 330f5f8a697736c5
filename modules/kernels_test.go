package modules

import (
	"context"
	"embed"
	"path"
	"strings"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wat"
)

//go:embed testdata/kernels/*.wat
var kernelFiles embed.FS

// kernels gives the compute kernels by name.
func kernels(tb testing.TB) map[string][]byte {
	tb.Helper()
	files, err := kernelFiles.ReadDir("testdata/kernels")
	if err != nil {
		tb.Fatal(err)
	}
	binaries := map[string][]byte{}
	for _, f := range files {
		text, err := kernelFiles.ReadFile(path.Join("testdata/kernels", f.Name()))
		if err != nil {
			tb.Fatal(err)
		}
		binary, err := wat.Assemble(string(text))
		if err != nil {
			tb.Fatalf("%s: %v", f.Name(), err)
		}
		binaries[strings.TrimSuffix(f.Name(), ".wat")] = binary
	}
	return binaries
}

// newStore makes a store that ends with the test.
func newStore(tb testing.TB, opts Options) *Store {
	tb.Helper()
	store, err := NewStore(tb.Context(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := store.Close(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	return store
}

// mustOpen opens a module that is good.
func mustOpen(tb testing.TB, store *Store, binary []byte, limits Limits) *Module {
	tb.Helper()
	m, err := store.Open(tb.Context(), Source{Name: tb.Name(), Bytes: binary}, limits)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// mustInvoke calls a module that succeeds.
func mustInvoke(tb testing.TB, m *Module, call Call) Result {
	tb.Helper()
	r, err := m.Invoke(tb.Context(), call)
	if err != nil {
		tb.Fatal(err)
	}
	if r.Failure != nil || r.Killed {
		tb.Fatalf("killed %v, failure %+v", r.Killed, r.Failure)
	}
	return r
}

// BenchmarkKernels compares compute kernels with and without metering.
func BenchmarkKernels(b *testing.B) {
	for name, binary := range kernels(b) {
		for _, mode := range []string{"plain", "metered"} {
			b.Run(name+"/"+mode, func(b *testing.B) {
				m := mustOpen(b, newStore(b, Options{NoMetering: mode == "plain", noTermination: true}), binary, Limits{})
				b.ResetTimer()
				var r Result
				for b.Loop() {
					r = mustInvoke(b, m, Call{})
				}
				b.ReportMetric(float64(r.Usage.Fuel), "fuel/op")
			})
		}
	}
}
