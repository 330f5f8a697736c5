package bench

import (
	"context"
	"fmt"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/wasm"
)

// BenchmarkMetering compares compute kernels with and without fuel, both in one
// instance of bare wazero; and with what a task of ours costs that does the
// same, which puts the memory back besides.
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
			c := compare(b, nil,
				kernel(b, "metered", metered(b, guest(b, k.module)), k.function),
				kernel(b, "plain", guest(b, k.module), k.function),
				ours(b, open(b, store, k.module), k.function, nil, modules.TierPooled),
			)
			ratio := 1 / c.ratio(1)
			b.ReportMetric(ratio, "metered/plain")
			metering.add(1, k.function, duration(c.median(0)), duration(c.median(1)), fmt.Sprintf("%.2fx", ratio), duration(c.median(2)))
		})
	}
}

// metered is a binary with fuel, as the product rewrites it.
func metered(tb testing.TB, binary []byte) []byte {
	tb.Helper()
	const any = 1 << 26 // the guests are our own
	m, err := wasm.Decode(binary, wasm.Bounds{
		Size: any, Types: any, Imports: any, Functions: any, Tables: any, Globals: any,
		Exports: any, Elements: any, Items: any, Data: any, Params: any,
	})
	if err == nil {
		err = meter.Apply(m, meter.Config{Table: 1 << 16})
	}
	if err != nil {
		tb.Fatal(err)
	}
	return wasm.Encode(m)
}

// kernel calls a function of one instance over and over.
func kernel(b *testing.B, name string, binary []byte, function string) contender {
	w := newBare(b, binary, nil)
	defineYield(b, w.runtime)
	m, err := w.runtime.InstantiateModule(b.Context(), w.compiled, unnamed.WithStartFunctions())
	if err != nil {
		b.Fatal(err)
	}
	if depth, ok := m.ExportedGlobal(meter.Depth).(api.MutableGlobal); ok {
		depth.Set(1 << 20)
	}
	if start := m.ExportedFunction("_initialize"); start != nil {
		if _, err := start.Call(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	f := m.ExportedFunction(function)
	var stack [1]uint64
	return contender{name, func() ([]byte, error) { return nil, f.CallWithStack(b.Context(), stack[:]) }}
}

// defineYield defines what metered modules import: each time there is as much
// fuel as the product gives at once.
func defineYield(tb testing.TB, r wazero.Runtime) {
	i64 := []api.ValueType{api.ValueTypeI64}
	more := api.GoModuleFunc(func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = 1 << 20 })
	_, err := r.NewHostModuleBuilder(meter.Module).NewFunctionBuilder().
		WithGoModuleFunction(more, i64, i64).Export(meter.Yield).Instantiate(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
}
