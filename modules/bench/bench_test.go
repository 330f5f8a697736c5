package bench

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/waslrun/wasl/modules"
)

const (
	orderWant = `{"customer":"c-17","lines":[{"sku":"apple","amount":5.4},{"sku":"bread","amount":6.4},` +
		`{"sku":"cheese","amount":7.85},{"sku":"dates","amount":12.3},{"sku":"eggs","amount":3.3},` +
		`{"sku":"flour","amount":4.6},{"sku":"grapes","amount":5.9},{"sku":"honey","amount":6.4}],` +
		`"discount":5.22,"total":46.93}`
	smallWant = `{"customer":"c-17","lines":[{"sku":"apple","amount":5.4}],"discount":0,"total":5.4}`
	tallyWant = `{"numbers":16,"sum":61.43,"strings":56}`
)

func gives(want string) func([]byte) error {
	return func(out []byte) error {
		if string(out) != want {
			return fmt.Errorf("gave %s\nwant %s", out, want)
		}
		return nil
	}
}

// BenchmarkGo is the Go guest: encoding/json in, encoding/json out.
func BenchmarkGo(b *testing.B) { benchmarkOrder(b, "Go, `order`", "input.json", orderWant) }

// BenchmarkGoSmall is the Go guest with the smallest of orders.
func BenchmarkGoSmall(b *testing.B) {
	benchmarkOrder(b, "Go, `order` of one item", "small.json", smallWant)
}

func benchmarkOrder(b *testing.B, label, file, want string) {
	input, binary := readInput(b, file), guest(b, "order.wasm")
	w := newBare(b, binary, input)
	command := newBare(b, guest(b, "order-command.wasm"), input)
	c := compare(b, gives(want),
		ours(b, open(b, newStore(b, modules.Options{}), "order.wasm"), "", input, modules.TierPooled),
		w.warm(b), w.naive(b), command.command(b),
		process(b, filepath.Join(built, "order-native"), input),
	)
	addIsolation(label, c)
	addPeers(label, c)
}

// BenchmarkC is the C guest.
func BenchmarkC(b *testing.B) { benchmarkTally(b, "C, `tally`", "c/tally.wasm") }

// BenchmarkAssemblyScript is the AssemblyScript guest.
func BenchmarkAssemblyScript(b *testing.B) {
	benchmarkTally(b, "AssemblyScript, `tally`", "as/tally.wasm")
}

func benchmarkTally(b *testing.B, label, name string) {
	input, binary := orderInput(b), guest(b, name)
	w := newBare(b, binary, input)
	c := compare(b, gives(tallyWant), append([]contender{
		ours(b, open(b, newStore(b, modules.Options{}), name), "", input, modules.TierPooled),
		w.warm(b), w.naive(b),
	}, wasmtimes(b, "wasmtime", binary, input)...)...)
	addIsolation(label, c)
	addPeers(label, c)
}

// BenchmarkExtism is an Extism plug-in that echoes its input.
func BenchmarkExtism(b *testing.B) {
	input, binary := orderInput(b), guest(b, "c/echo.wasm")
	c := compare(b, gives(string(input)),
		ours(b, open(b, newStore(b, modules.Options{}), "c/echo.wasm"), "echo", input, modules.TierPooled),
		extismFresh(b, binary, "echo", input), extismWarm(b, binary, "echo", input),
	)
	addPeers("Extism, `echo`", c)
}

// BenchmarkWasmtime is the Go guest in wasmtime, as it is and initialised ahead
// of time by Wizer.
func BenchmarkWasmtime(b *testing.B) {
	input := orderInput(b)
	contenders := []contender{
		ours(b, open(b, newStore(b, modules.Options{}), "order.wasm"), "", input, modules.TierPooled),
	}
	contenders = append(contenders, wasmtimes(b, "wasmtime", guest(b, "order.wasm"), input)...)
	if len(contenders) == 1 {
		b.Skip("needs the tag wasmtime")
	}
	contenders = append(contenders, wasmtimes(b, "wizer+wasmtime", guest(b, "order-wizer.wasm"), input)...)
	addPeers("Go, `order`", compare(b, gives(orderWant), contenders...))
}
