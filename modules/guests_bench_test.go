package modules

import (
	"context"
	"runtime/debug"
	"testing"

	"github.com/tetratelabs/wazero"
)

// benchGuests are the guests of the benchmarks with their inputs.
func benchGuests(b *testing.B) map[string]struct{ binary, input []byte } {
	return map[string]struct{ binary, input []byte }{
		"go":             {goGuest(b, "order"), orderInput},
		"c":              {cGuest.binary(b), numbers(20)},
		"assemblyscript": {asGuest.binary(b), numbers(20)},
	}
}

// BenchmarkGuests calls a guest that takes and gives JSON, on each tier, and
// for comparison on a warm instance that is not isolated at all, and on a new
// instance in bare wazero for each call.
func BenchmarkGuests(b *testing.B) {
	modes := []struct {
		name string
		opts Options
	}{
		{"pooled", Options{}},
		{"pooled-unmetered", Options{NoMetering: true, noTermination: true}},
		{"warm-not-isolated", Options{noReset: true}},
		{"warm-not-isolated-unmetered", Options{noReset: true, NoMetering: true, noTermination: true}},
		{"copy-on-write", Options{NoPool: true}},
		{"plain", Options{NoSnapshot: true}},
	}
	for guest, g := range benchGuests(b) {
		for _, mode := range modes {
			b.Run(guest+"/"+mode.name, func(b *testing.B) {
				opts := mode.opts
				opts.Host, opts.CacheDir = testHost{}, cacheDir(b)
				m := mustOpen(b, newStore(b, opts), g.binary, Limits{})
				mustInvoke(b, m, Call{Input: g.input})
				b.ReportAllocs()
				for b.Loop() {
					mustInvoke(b, m, Call{Input: g.input})
				}
			})
		}
		b.Run(guest+"/naive", func(b *testing.B) { benchmarkNaive(b, g.binary, g.input) })
	}
}

// benchmarkNaive is wazero used as its documentation has it: compiled once, a
// new instance for each call, closed after it.
func benchmarkNaive(b *testing.B, binary, input []byte) {
	ctx := context.Background()
	cache, err := wazero.NewCompilationCacheWithDir(cacheDir(b))
	if err != nil {
		b.Fatal(err)
	}
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(cache))
	defer r.Close(ctx)
	if err := (testHost{}).Define(ctx, r); err != nil {
		b.Fatal(err)
	}
	compiled, err := r.CompileModule(ctx, binary)
	if err != nil {
		b.Fatal(err)
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize")
	b.ReportAllocs()
	for b.Loop() {
		ctx, session := testHost{}.Begin(ctx, Call{Input: input}, ABIReactor)
		m, err := r.InstantiateModule(ctx, compiled, config)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.ExportedFunction("wasl_handle").Call(ctx); err != nil {
			b.Fatal(err)
		}
		if output, _, _ := session.End(Exit{}); len(output) == 0 {
			b.Fatal("no output")
		}
		if err := m.Close(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIdle measures what an idle pooled instance keeps resident.
func BenchmarkIdle(b *testing.B) {
	const instances = 64
	for guest, g := range benchGuests(b) {
		b.Run(guest, func(b *testing.B) {
			m := mustOpen(b, newStore(b, Options{Host: testHost{}, CacheDir: cacheDir(b), MaxIdle: instances}), g.binary, Limits{})
			mustInvoke(b, m, Call{Input: g.input})
			for b.Loop() {
				before := settledResident()
				var used []*callContext
				for range instances {
					c := m.newCall(b.Context())
					if _, _, err := m.acquire(c); err != nil {
						b.Fatal(err)
					}
					used = append(used, c)
				}
				for _, c := range used {
					ctx, _ := m.session(c, Call{Input: g.input})
					if err := m.release(ctx, c.instance, m.run(ctx, c, Call{})); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(settledResident()-before)/float64(instances-1)/1024, "KiB/instance")
				for _, i := range m.pool.drain() {
					_ = i.close(b.Context())
				}
				m.pool.max = instances
			}
		})
	}
}

// settledResident is the process's own memory once the collector is done. Pages
// of images that are mapped and unwritten are shared by all instances.
func settledResident() uint64 {
	debug.FreeOSMemory()
	return procStatus("RssAnon")
}
