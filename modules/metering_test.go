package modules

import (
	"context"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/wasm"
	"github.com/waslrun/wasl/modules/internal/wat"
)

// metered is a run of a metered module in wazero, with slices of its own.
type metered struct {
	fuel   int64 // used
	lowest int64 // value of the counter when the module yielded
	deep   bool  // the depth counter was below zero
	err    error
}

// runMetered runs a module's handler for at most a million units.
func runMetered(t *testing.T, binary []byte, config meter.Config) metered {
	t.Helper()
	const limit, slice = 1_000_000, 1_000
	m, err := wasm.Decode(binary, binaryBounds)
	if err != nil {
		t.Fatal(err)
	}
	if err := meter.Apply(m, config); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	r := wazero.NewRuntime(ctx)
	defer r.Close(context.Background())
	if err := (testHost{}).Define(ctx, r); err != nil {
		t.Fatal(err)
	}
	var run metered
	granted := int64(slice)
	yield := func(ctx context.Context, m api.Module, stack []uint64) {
		counter := int64(stack[0])
		run.lowest = min(run.lowest, counter)
		fuel := m.ExportedGlobal(meter.Fuel).(api.MutableGlobal)
		stored := granted - int64(fuel.Get())
		used := granted - counter
		run.deep = int64(m.ExportedGlobal(meter.Depth).Get()) < 0
		if used > limit || run.deep {
			panic("stopped")
		}
		granted = used + slice
		fuel.Set(uint64(granted - stored))
		stack[0] = slice
	}
	i64 := []api.ValueType{api.ValueTypeI64}
	if _, err := r.NewHostModuleBuilder(meter.Module).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(yield), i64, i64).Export(meter.Yield).Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	i, err := r.InstantiateWithConfig(ctx, wasm.Encode(m), wazero.NewModuleConfig().WithStartFunctions())
	if err != nil {
		return metered{err: err} // the start function trapped
	}
	fuel := i.ExportedGlobal(meter.Fuel).(api.MutableGlobal)
	fuel.Set(slice)
	i.ExportedGlobal(meter.Depth).(api.MutableGlobal).Set(1 << 20)
	ctx, _ = testHost{}.Begin(ctx, Call{}, ABIReactor)
	_, run.err = i.ExportedFunction("wasl_handle").Call(ctx)
	run.fuel = granted - int64(fuel.Get())
	return run
}

// switchAtStart finds functions that may be taken for Go's: a switch over the
// parameter comes first. They are charged for the first case.
var switchAtStart = regexp.MustCompile(`\(br_table [\d ]+\(local\.get 0\)`)

// What is charged ahead adds up to what the segments cost, whichever way a run
// takes.
func TestFuelIsTheSumOfTheSegments(t *testing.T) {
	cases := map[string][]byte{}
	for name, binary := range kernels(t) {
		cases[name] = binary
	}
	for name, binary := range subtle {
		cases[name] = binary
	}
	for name, binary := range goLike {
		cases[name] = binary
	}
	rng := rand.New(rand.NewPCG(17, 19))
	for len(cases) < 300 {
		if text := randomProgram(rng.IntN); !switchAtStart.MatchString(text) {
			cases[text] = wat.MustAssemble(text)
		}
	}
	ended := 0
	for name, binary := range cases {
		merged := runMetered(t, binary, meter.Config{Table: 100})
		unmerged := runMetered(t, binary, meter.Config{Table: 100, Unmerged: true})
		if merged.err != nil || unmerged.err != nil {
			continue // what is charged ahead of a trap is lost
		}
		ended++
		if merged.fuel != unmerged.fuel {
			t.Errorf("%d units, the segments sum up to %d:\n%s", merged.fuel, unmerged.fuel, name)
		}
	}
	if ended < 50 {
		t.Errorf("only %d of %d programs came to their ends", ended, len(cases))
	}
}

// A resumed Go function is not charged much too little or too much.
func TestFuelOfResumedFunction(t *testing.T) {
	for name, binary := range resumed {
		merged := runMetered(t, binary, meter.Config{})
		unmerged := runMetered(t, binary, meter.Config{Unmerged: true})
		if merged.err != nil || unmerged.err != nil {
			t.Fatalf("%s: %v, %v", name, merged.err, unmerged.err)
		}
		if more := merged.fuel - unmerged.fuel; more < -128 || more > 1000 {
			t.Errorf("%s: %d units, the segments sum up to %d", name, merged.fuel, unmerged.fuel)
		}
	}
}

// Whatever a module does, the counter does not fall far below zero before it
// yields.
func TestYieldsAreNear(t *testing.T) {
	const work = `(local.set 0 (i32.add (local.get 0) (i32.const 1)))` // 4 units
	long := strings.Repeat(work, 2_200)
	cases := map[string]string{
		"calls of a long function": `(func $f (local i32) ` + strings.Repeat(`(call $g)`, 200) + `) (func $g (local i32) ` + long + `)`,
		"calls of calls":           `(func $f ` + strings.Repeat(`(call $g)`, 200) + `) (func $g ` + strings.Repeat(`(call $h)`, 8) + `) (func $h (local i32) ` + strings.Repeat(work, 250) + `)`,
		"by way of a small one":    `(func $f ` + strings.Repeat(`(call $g)`, 200) + `) (func $g (call $h)) (func $h (local i32) ` + long + `)`,
		"a loop with calls":        `(func $f (loop (call $g) (br 0))) (func $g (local i32) ` + long + `)`,
		"a loop with branches": `(func $f (local i32) (loop (if (i32.and (local.get 0) (i32.const 1)) (then ` + long + `))
			(local.set 0 (i32.add (local.get 0) (i32.const 1))) (br 0)))`,
		"recursion": `(func $f (call $g) (call $g)) (func $g (local i32) ` + strings.Repeat(work, 100) + ` (call $f))`,
	}
	binaries := map[string][]byte{"exponential calls": exponentialCalls()}
	for name, text := range cases {
		binaries[name] = wat.MustAssemble(`(module (func (export "wasl_handle") (result i32) (call $f) (i32.const 0)) ` + text + `)`)
	}
	for name, binary := range binaries {
		run := runMetered(t, binary, meter.Config{})
		if run.lowest == 0 {
			t.Errorf("%s: it did not yield", name)
		}
		if run.lowest < -25_000 {
			t.Errorf("%s: the counter was %d", name, run.lowest)
		}
	}
}

// Every recursion takes from the depth counter.
func TestRecursionTakesDepth(t *testing.T) {
	const table = `(table 1 funcref) (elem (i32.const 0) $f)`
	for name, text := range map[string]string{
		"direct":                         `(func $f (call $f))`,
		"by way of another":              `(func $f (call $g)) (func $g (call $f))`,
		"by way of many":                 `(func $f (call $g)) (func $g (call $h)) (func $h (call $i)) (func $i (call $g))`,
		"on one way of two":              `(func $f (call $g) (call $h)) (func $g) (func $h (call $f))`,
		"in a loop":                      `(func $f (loop (call $f) (br 0)))`,
		"by table":                       table + `(func $f (call_indirect (i32.const 0)))`,
		"by table, by way of another":    table + `(func $f (call $g)) (func $g (call_indirect (i32.const 0)))`,
		"by table, with a loop":          table + `(func $f (loop (call_indirect (i32.const 0)) (br 0)))`,
		"by table, not of the same type": `(table 1 funcref) (elem (i32.const 0) $g) (func $f (call $h)) (func $h (call_indirect (param i32) (i32.const 1) (i32.const 0))) (func $g (param i32) (call $f))`,
	} {
		run := runMetered(t, wat.MustAssemble(`(module (func (export "wasl_handle") (result i32) (call $f) (i32.const 0)) `+text+`)`), meter.Config{Table: 1})
		if !run.deep {
			t.Errorf("%s: ended by %v", name, run.err)
		}
	}
}

// FuzzFuel looks for a way through a program on which what is charged ahead is
// not settled.
func FuzzFuel(f *testing.F) {
	f.Add([]byte("a seed to make choices with, of some length"))
	f.Fuzz(func(t *testing.T, choices []byte) {
		text := randomProgram(chooser(choices))
		if len(choices) > 4096 || switchAtStart.MatchString(text) {
			return
		}
		binary, err := wat.Assemble(text)
		if err != nil {
			t.Fatal(err)
		}
		merged := runMetered(t, binary, meter.Config{Table: 100})
		unmerged := runMetered(t, binary, meter.Config{Table: 100, Unmerged: true})
		if merged.err == nil && unmerged.err == nil && merged.fuel != unmerged.fuel {
			t.Errorf("%d units, the segments sum up to %d:\n%s", merged.fuel, unmerged.fuel, text)
		}
	})
}
