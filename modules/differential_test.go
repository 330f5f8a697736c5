package modules

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// observation is all that a call leaves behind.
type observation struct {
	exit   string
	output string
	fuel   uint64
	memory [sha256.Size]byte
	size   uint32
}

// observe runs a call on an instance of the module and looks at its memory.
func observe(t *testing.T, m *Module, call Call) observation {
	t.Helper()
	ctx := t.Context()
	c := m.newCall(ctx)
	defer c.end()
	i, exit, err := m.acquire(c)
	if err != nil || exit.Kind != ExitReturned {
		t.Fatalf("acquire: %+v, %v", exit, err)
	}
	callCtx, session := m.session(c, call)
	exit = m.run(callCtx, c, call)
	output, _, _ := session.End(exit)
	o := observation{exit: describe(exit), output: string(output), fuel: i.used()}
	o.memory, o.size = memorySum(i.wasm)
	if err := m.release(ctx, i, exit); err != nil {
		t.Fatal(err)
	}
	return o
}

func describe(e Exit) string { return fmt.Sprintf("kind %d, code %d, %v", e.Kind, e.Code, e.Err) }

func memorySum(m api.Module) ([sha256.Size]byte, uint32) {
	contents, _ := m.Memory().Read(0, m.Memory().Size())
	return sha256.Sum256(contents), m.Memory().Size()
}

// observeBare runs a call in wazero as it is: the original binary, no snapshot,
// no meter, wazero's own memory.
func observeBare(t *testing.T, abi ABI, binary []byte, call Call) observation {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	if err := (testHost{}).Define(ctx, r); err != nil {
		t.Fatal(err)
	}
	compiled, err := r.CompileModule(ctx, binary)
	if err != nil {
		t.Fatal(err)
	}
	ctx, _ = testHost{}.Begin(ctx, Call{}, abi)
	m, err := r.InstantiateModule(ctx, compiled, moduleConfig)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range initFunctions[abi] {
		if f := m.ExportedFunction(name); f != nil {
			if _, err := f.Call(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, session := testHost{}.Begin(ctx, call, abi)
	exit := Exit{}
	entry := "wasl_handle"
	if abi == ABICommand {
		entry = "_start"
	}
	if results, err := m.ExportedFunction(entry).Call(ctx); err != nil {
		exit = bareExit(err)
	} else if len(results) > 0 {
		exit.Code = uint32(results[0])
	}
	output, _, _ := session.End(exit)
	o := observation{exit: describe(exit), output: string(output)}
	o.memory, o.size = memorySum(m)
	return o
}

// bareExit tells how a run in bare wazero ended.
func bareExit(err error) Exit {
	if exited := (ProcExit{}); errors.As(err, &exited) {
		return Exit{Code: exited.Code}
	}
	return Exit{Kind: ExitTrap, Err: trapError(err)}
}

// longMemory wraps instructions as a module with 4 MiB of memory that holds a
// pattern.
func longMemory(body string) []byte {
	return wat.MustAssemble(`(module (memory 64) (data $seg "0123456789")
		(func (export "wasl_handle") (result i32) (local $i i32)
			(loop (i32.store (local.get $i) (i32.mul (local.get $i) (i32.const 2654435761)))
				(br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 0x400000))))
			` + body + ` (i32.const 0)))`)
}

// subtle are modules that are easily rewritten wrongly.
var subtle = map[string][]byte{
	"copy down in pieces":      longMemory(`(memory.copy (i32.const 0) (i32.const 5) (i32.const 0x300003))`),
	"copy up in pieces":        longMemory(`(memory.copy (i32.const 5) (i32.const 0) (i32.const 0x300003))`),
	"copy onto itself":         longMemory(`(memory.copy (i32.const 9) (i32.const 9) (i32.const 0x300003))`),
	"copy from beyond memory":  longMemory(`(memory.copy (i32.const 0) (i32.const 1) (i32.const 0x400000))`),
	"copy to beyond memory":    longMemory(`(memory.copy (i32.const 0x200000) (i32.const 0) (i32.const 0x200001))`),
	"copy that wraps":          longMemory(`(memory.copy (i32.const 0x200000) (i32.const 0) (i32.const -1))`),
	"fill in pieces":           longMemory(`(memory.fill (i32.const 7) (i32.const 0x1ab) (i32.const 0x300003))`),
	"fill beyond memory":       longMemory(`(memory.fill (i32.const 1) (i32.const 1) (i32.const 0x400000))`),
	"fill nothing at the end":  longMemory(`(memory.fill (i32.const 0x400000) (i32.const 1) (i32.const 0))`),
	"fill nothing beyond":      longMemory(`(memory.fill (i32.const 0x400001) (i32.const 1) (i32.const 0))`),
	"init":                     longMemory(`(memory.init $seg (i32.const 3) (i32.const 2) (i32.const 8))`),
	"init beyond the segment":  longMemory(`(memory.init $seg (i32.const 3) (i32.const 2) (i32.const 9))`),
	"init after drop":          longMemory(`(data.drop $seg) (memory.init $seg (i32.const 3) (i32.const 0) (i32.const 1))`),
	"init nothing after drop":  longMemory(`(data.drop $seg) (memory.init $seg (i32.const 0x400000) (i32.const 0) (i32.const 0))`),
	"init nothing beyond":      longMemory(`(data.drop $seg) (memory.init $seg (i32.const 0x400001) (i32.const 0) (i32.const 0))`),
	"divide by zero in a loop": longMemory(`(loop (drop (i32.div_u (i32.const 1) (i32.const 0))) (br 0))`),
	"start, data and globals": wat.MustAssemble(`(module (memory 1) (global $g (mut i64) (i64.const 5)) (data (i32.const 16) "abc")
		(func $start (i64.store (i32.const 0) (global.get $g)) (global.set $g (i64.const 6)) (i32.store8 (i32.const 17) (i32.const 0)))
		(start $start)
		(func (export "_initialize") (i64.store (i32.const 8) (global.get $g)))
		(func (export "wasl_handle") (result i32) (i64.store (i32.const 24) (global.get $g)) (i32.const 0)))`),
	"many results": wat.MustAssemble(`(module (memory 1)
		(func $three (param i32) (result i32 i64 f32) (if (local.get 0) (then (return (i32.const 1) (i64.const 2) (f32.const 3))))
			(loop $l (br_if $l (i32.const 0))) (br 0 (i32.const 4) (i64.const 5) (f32.const 6)))
		(func (export "wasl_handle") (result i32) (local $a i32) (local $b i64) (local $c f32)
			(call $three (i32.const 0)) (local.set $c) (local.set $b) (local.set $a)
			(i32.store (i32.const 0) (local.get $a)) (i64.store (i32.const 8) (local.get $b)) (f32.store (i32.const 16) (local.get $c))
			(i32.const 0)))`),
	"a loop with parameters": wat.MustAssemble(`(module (memory 1)
		(func (export "wasl_handle") (result i32) (local i32)
			(i32.const 10) (loop (param i32) (result i32) (local.set 0) (i32.store (local.get 0) (i32.const 1))
				(i32.sub (local.get 0) (i32.const 1)) (local.tee 0) (local.get 0) (br_if 0))
			(drop) (i32.const 0)))`),
	"branches over wrapped loops": wat.MustAssemble(`(module (memory 1)
		(func $f (param i32)
			(block $a (loop $b (block $c (loop $d (br_table $a $b $c $d 4 (i32.load (i32.const 0)))))
				(i32.store (i32.const 0) (i32.add (local.get 0) (i32.load (i32.const 0)))) (br $b)))
			(i32.store (i32.const 4) (i32.const 9)))
		(func (export "wasl_handle") (result i32)
			(i32.store (i32.const 0) (i32.const 2)) (call $f (i32.const 2))
			(i32.store (i32.const 0) (i32.const 2)) (call $f (i32.const -2))
			(i32.const 0)))`),
	"comparisons": comparisons(),
}

// comparisons is a module that branches on every comparison of integers, each
// with numbers of both signs.
func comparisons() []byte {
	var text strings.Builder
	text.WriteString(`(module (memory 1) (func $count (param i32) (i32.store (local.get 0) (i32.add (i32.const 1) (i32.load (local.get 0)))))`)
	at := 0
	for _, t := range []string{"i32", "i64"} {
		fmt.Fprintf(&text, "(func $compare_%s (param %s %s)\n", t, t, t)
		for _, op := range []string{"eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u", "eqz"} {
			condition := fmt.Sprintf("(%s.%s (local.get 0) (local.get 1))", t, op)
			if op == "eqz" {
				condition = fmt.Sprintf("(%s.eqz (local.get 0))", t)
			}
			for _, form := range []string{
				"(block (br_if 0 %s) (call $count (i32.const %d)))",
				"(block (if %s (then (br 1))) (call $count (i32.const %d)))",
				"(if %s (then (call $count (i32.const %d))))",
				"(if (i32.eqz %s) (then (call $count (i32.const %d))))",
			} {
				fmt.Fprintf(&text, form+"\n", condition, at)
				at += 4
			}
		}
		text.WriteString(")\n")
	}
	text.WriteString(`(func (export "wasl_handle") (result i32)`)
	for _, a := range []int{-2, -1, 0, 1, 2} {
		for _, b := range []int{-1, 0, 1} {
			for _, t := range []string{"i32", "i64"} {
				fmt.Fprintf(&text, "(call $compare_%[1]s (%[1]s.const %[2]d) (%[1]s.const %[3]d))", t, a, b)
			}
		}
	}
	text.WriteString(`(i32.const 0)))`)
	return wat.MustAssemble(text.String())
}

// Every way to run a module gives the same output and the same memory, and
// where it is metered the same fuel: in both engines, on all tiers, metered and
// not, and in bare wazero.
func TestSameEverywhere(t *testing.T) {
	cases := map[string]struct {
		binary []byte
		input  []byte
	}{
		"order":   {goGuest(t, "order"), orderInput},
		"command": {goGuest(t, "command"), []byte("hello")},
	}
	for name, binary := range kernels(t) {
		cases[name] = struct{ binary, input []byte }{binary, nil}
	}
	for _, modules := range []map[string][]byte{subtle, goLike, resumed} {
		for name, binary := range modules {
			cases[name] = struct{ binary, input []byte }{binary, nil}
		}
	}
	variants := map[string]Options{
		"pooled":                     {},
		"copy-on-write":              {NoPool: true},
		"plain":                      {NoSnapshot: true},
		"pooled, unmetered":          {NoMetering: true},
		"interpreted":                {Engine: EngineInterpreter},
		"interpreted, plain":         {Engine: EngineInterpreter, NoSnapshot: true},
		"interpreted, all unmetered": {Engine: EngineInterpreter, NoMetering: true, NoSnapshot: true},
	}
	for name, c := range cases {
		if raceDetector && !slices.Contains([]string{"many results", "start, data and globals"}, name) {
			continue // they differ in what is run and not in what runs them
		}
		t.Run(name, func(t *testing.T) {
			abi := ABIReactor
			if name == "command" {
				abi = ABICommand
			}
			want := observeBare(t, abi, c.binary, Call{Input: c.input})
			fuel := uint64(0)
			calls := map[Engine]int{EngineAuto: 2, EngineInterpreter: 1}
			for variant, opts := range variants {
				opts.Host, opts.CacheDir = testHost{}, cacheDir(t)
				if len(c.binary) < 1<<16 {
					opts.Compile, opts.CacheDir = CompileInProcess, ""
				}
				m := mustOpen(t, newStore(t, opts), c.binary, Limits{Fuel: 1 << 50})
				for range calls[opts.Engine] {
					got := observe(t, m, Call{Input: c.input})
					if !opts.NoMetering {
						if fuel == 0 {
							fuel = got.fuel
						}
						if got.fuel != fuel {
							t.Errorf("%s: %d units of fuel, elsewhere %d", variant, got.fuel, fuel)
						}
					}
					got.fuel = 0
					if got != want {
						t.Errorf("%s: %+v, in bare wazero %+v", variant, got, want)
					}
				}
			}
		})
	}
}

// After each use an instance is byte for byte what it was before.
func TestResetIsExact(t *testing.T) {
	for name, binary := range map[string][]byte{"order": goGuest(t, "order"), "sieve": kernels(t)["sieve"]} {
		t.Run(name, func(t *testing.T) {
			m := mustOpen(t, newStore(t, Options{Host: testHost{}, CacheDir: cacheDir(t)}), binary, Limits{})
			for n := range 20 {
				mustInvoke(t, m, Call{Input: append(bytes.Repeat([]byte(" "), n*1000), orderInput...)})
				i := m.pool.take()
				if i == nil {
					t.Fatal("the instance did not go back to the pool")
				}
				contents, _ := i.wasm.Memory().Read(0, i.wasm.Memory().Size())
				if !m.image.Equal(contents) {
					t.Fatalf("after call %d the memory differs from the image", n)
				}
				for k, g := range i.globals {
					if g.Get() != m.pristine[k] {
						t.Fatalf("after call %d %s is %d, want %d", n, m.layout.Globals[k], g.Get(), m.pristine[k])
					}
				}
				m.pool.put(i)
			}
		})
	}
}
