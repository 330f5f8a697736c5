package bench

import (
	"fmt"
	"testing"

	"github.com/waslrun/wasl/modules"
)

// BenchmarkMetering compares compute kernels with and without fuel: metered in
// a pooled instance, plain in one instance of bare wazero.
func BenchmarkMetering(b *testing.B) {
	store := newStore(b, modules.Options{})
	for _, k := range []struct{ module, function string }{
		{"c/kernels.wasm", "qsort"},
		{"c/kernels.wasm", "sieve"},
		{"c/kernels.wasm", "matmul"},
		{"c/kernels.wasm", "fib"},
		{"c/kernels.wasm", "lcg"},
		{"c/kernels.wasm", "memcpy"},
		{"loop.wasm", "goloop"},
	} {
		b.Run(k.function, func(b *testing.B) {
			metered := ours(b, open(b, store, k.module), k.function, nil, modules.TierPooled)
			c := compare(b, nil, metered, plain(b, guest(b, k.module), k.function))
			ratio := 1 / c.ratio(1)
			b.ReportMetric(ratio, "metered/plain")
			metering.add(1, k.function, duration(c.median(0)), duration(c.median(1)), fmt.Sprintf("%.2fx", ratio))
		})
	}
}

// plain calls a function of one instance over and over.
func plain(b *testing.B, binary []byte, function string) contender {
	w := newBare(b, binary, nil)
	m, err := w.runtime.InstantiateModule(b.Context(), w.compiled, unnamed.WithStartFunctions("_initialize"))
	if err != nil {
		b.Fatal(err)
	}
	f := m.ExportedFunction(function)
	var stack [1]uint64
	return contender{"plain", func() ([]byte, error) { return nil, f.CallWithStack(b.Context(), stack[:]) }}
}
