package modules

import (
	"context"
	"embed"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/internal/sandboxtest"
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

// helped has modules compiled by a program without the race detector.
func helped(tb testing.TB, opts Options) Options {
	tb.Helper()
	if opts.Helper != nil || opts.Compile == CompileInProcess || opts.Engine == EngineInterpreter {
		return opts
	}
	helper, err := sandboxtest.Helper()
	if err != nil { // then this program compiles, slowly
		tb.Log(err)
	}
	opts.Helper = helper
	return opts
}

// newStore makes a store that ends with the test.
func newStore(tb testing.TB, opts Options) *Store {
	tb.Helper()
	store, err := NewStore(tb.Context(), helped(tb, opts))
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

// BenchmarkKernels compares compute kernels with and without metering, in
// sandboxes that are the same otherwise: what it takes to reset their memory is
// in both. They run in turn, and the ratio is the median over the turns.
func BenchmarkKernels(b *testing.B) {
	const turn = 10 * time.Millisecond
	for name, binary := range kernels(b) {
		b.Run(name, func(b *testing.B) {
			plain := mustOpen(b, newStore(b, Options{NoMetering: true, noTermination: true}), binary, Limits{})
			metered := mustOpen(b, newStore(b, Options{noTermination: true}), binary, Limits{})
			run := func(m *Module) (perCall time.Duration) {
				calls, begin := 0, time.Now()
				for time.Since(begin) < turn {
					mustInvoke(b, m, Call{})
					calls++
				}
				return time.Since(begin) / time.Duration(calls)
			}
			run(plain)
			run(metered)
			fuel := mustInvoke(b, metered, Call{}).Usage.Fuel
			var ratios []float64
			for b.Loop() {
				without := run(plain)
				ratios = append(ratios, float64(run(metered))/float64(without))
			}
			slices.Sort(ratios)
			b.ReportMetric(0, "ns/op") // a turn's time says nothing
			b.ReportMetric(ratios[len(ratios)/2], "metered/plain")
			b.ReportMetric(float64(fuel), "fuel/op")
		})
	}
}
