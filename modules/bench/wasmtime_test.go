//go:build wasmtime

package bench

import (
	"testing"

	"github.com/waslrun/wasl/modules/bench/wasmtime"
)

// wasmtimes are the ways of running a module in wasmtime.
func wasmtimes(tb testing.TB, name string, binary, input []byte) []contender {
	tb.Helper()
	with := func(name string, opts wasmtime.Options) contender {
		r, err := wasmtime.New(binary, opts)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(r.Close)
		return contender{name, func() ([]byte, error) { return r.Run(input) }}
	}
	const keep = 4 << 20 // all that the guests use; less is slower
	return []contender{
		with(name, wasmtime.Options{}),
		with(name+"-resident", wasmtime.Options{KeepResident: keep}),
		with(name+"-resident-fuel", wasmtime.Options{KeepResident: keep, Fuel: true}),
	}
}
