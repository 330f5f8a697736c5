package modules

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/waslrun/wasl/modules/internal/wasm"
	"github.com/waslrun/wasl/modules/internal/wat"
)

// program writes a random module that is valid: three functions over a page of
// memory, with structured control flow, calls of each other, direct and by
// table, and bulk instructions.
type program struct {
	next  func(n int) int // a number below n
	text  strings.Builder
	depth int // open blocks, the function's own not counted
	fuel  int // statements left
}

func randomProgram(next func(int) int) string {
	p := &program{next: next, fuel: 60}
	p.text.WriteString(`(module (memory 1) (table 3 funcref) (elem (i32.const 0) $f0 $f1 $f2)
		(global $g (mut i32) (i32.const 7)) (data $seg "0123456789abcdef")` + "\n")
	for i := range 3 {
		fmt.Fprintf(&p.text, "(func $f%d (param i32) (result i32) (local i32 i32)\n", i)
		p.statements(1 + p.next(6))
		p.expression(2)
		p.text.WriteString(")\n")
	}
	p.text.WriteString(`(func (export "wasl_handle") (result i32) (drop (call $f0 (i32.const 5))) (i32.const 0)))`)
	return p.text.String()
}

func (p *program) write(format string, args ...any) { fmt.Fprintf(&p.text, format, args...) }

func (p *program) statements(n int) {
	for range n {
		if p.fuel--; p.fuel < 0 {
			return
		}
		p.statement()
	}
}

func (p *program) statement() {
	switch p.next(12) {
	case 0, 1:
		p.write("(local.set %d ", p.next(3))
		p.expression(3)
		p.write(")\n")
	case 2:
		p.write("(i32.store offset=%d ", p.next(100))
		p.expression(2)
		p.expression(2)
		p.write(")\n")
	case 3:
		p.write("(global.set $g ")
		p.expression(2)
		p.write(")\n")
	case 4, 5:
		p.block([]string{"block", "loop"}[p.next(2)])
	case 6:
		p.write("(if ")
		p.expression(2)
		p.depth++
		p.write("(then\n")
		p.statements(1 + p.next(3))
		p.write(") (else\n")
		p.statements(p.next(3))
		p.write("))\n")
		p.depth--
	case 7:
		if p.depth > 0 {
			p.write("(br_if %d ", p.next(p.depth))
			p.expression(2)
			p.write(")\n")
		}
	case 8:
		if p.depth > 0 {
			p.write("(br_table %d %d %d ", p.next(p.depth), p.next(p.depth), p.next(p.depth))
			p.expression(2)
			p.write(")\n")
		}
	case 9:
		p.bulk()
	case 10:
		p.write("(drop (memory.grow (i32.and (i32.const 1) ")
		p.expression(1)
		p.write(")))\n")
	case 11:
		p.write("(if ")
		p.expression(1)
		p.write("(then (return ")
		p.expression(1)
		p.write(")))\n")
	}
}

func (p *program) block(kind string) {
	p.write("(%s\n", kind)
	p.depth++
	p.statements(1 + p.next(4))
	p.depth--
	p.write(")\n")
}

func (p *program) bulk() {
	op := []string{"memory.copy", "memory.fill", "memory.init $seg"}[p.next(3)]
	p.write("(%s (i32.and (i32.const 0x7fff) ", op)
	p.expression(1)
	p.write(") (i32.and (i32.const 15) ")
	p.expression(1)
	p.write(") (i32.and (i32.const %d) ", []int{0, 0x3fff, 0xffff}[p.next(3)])
	p.expression(1)
	p.write("))\n")
}

func (p *program) expression(depth int) {
	if depth == 0 {
		p.write("(i32.const %d)", p.next(40)-8)
		return
	}
	switch p.next(9) {
	case 0, 1:
		p.write("(local.get %d)", p.next(3))
	case 2:
		p.write("(global.get $g)")
	case 3:
		p.write("(i32.const %d)", p.next(1<<16))
	case 4:
		p.write("(i32.load offset=%d (i32.and (i32.const 0xffff) ", p.next(50))
		p.expression(depth - 1)
		p.write("))")
	case 5:
		p.write("(call $f%d ", p.next(3))
		p.expression(depth - 1)
		p.write(")")
	case 6:
		p.write("(call_indirect (param i32) (result i32) ")
		p.expression(depth - 1)
		p.write("(i32.and (i32.const 3) ")
		p.expression(depth - 1)
		p.write("))")
	default:
		p.write("(%s ", []string{"i32.add", "i32.sub", "i32.mul", "i32.xor", "i32.lt_s", "i32.div_u", "i32.rotl"}[p.next(7)])
		p.expression(depth - 1)
		p.expression(depth - 1)
		p.write(")")
	}
}

// sameOptions are the ways that a program is run in.
var sameOptions = []Options{
	{Engine: EngineCompiler, Compile: CompileInProcess},
	{Engine: EngineInterpreter},
	{Engine: EngineInterpreter, NoSnapshot: true},
	{Engine: EngineCompiler, Compile: CompileInProcess, NoMetering: true},
}

// sameStores are a store for each of the ways. Making them takes longer than a
// program does.
func sameStores(tb testing.TB) (stores []*Store) {
	for _, opts := range sameOptions {
		stores = append(stores, newStore(tb, opts))
	}
	return stores
}

// same runs a program in both engines, and unmetered when its fuel sufficed,
// and compares everything.
func same(t *testing.T, stores []*Store, text string) {
	t.Helper()
	binary, err := wat.Assemble(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	// So little stack that wazero's interpreter does not run out of its 2,000
	// frames first.
	limits := Limits{Fuel: 300_000, Memory: 3 << 16, Stack: 64 << 10}
	var first observation
	for i, store := range stores {
		opts := sameOptions[i]
		if opts.NoMetering && (strings.Contains(first.exit, "units of fuel") || strings.Contains(first.exit, "stack overflow")) {
			continue
		}
		m, err := store.Open(t.Context(), Source{Bytes: binary}, limits)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		got := observe(t, m, Call{})
		store.mu.Lock()
		clear(store.modules) // it is closed here, not with the store
		store.mu.Unlock()
		m.close()
		if i == 0 {
			first = got
		}
		if opts.NoMetering {
			got.fuel = first.fuel
		}
		if got != first {
			t.Fatalf("%+v gave %+v, the first %+v\n%s", opts, got, first, text)
		}
	}
}

func TestRandomPrograms(t *testing.T) {
	rng, stores := rand.New(rand.NewPCG(7, 11)), sameStores(t)
	for range 150 {
		same(t, stores, randomProgram(rng.IntN))
	}
}

// FuzzSame looks for a program that the engines, or metering, run differently.
func FuzzSame(f *testing.F) {
	f.Add([]byte("a seed to make choices with, of some length"))
	stores := sameStores(f)
	f.Fuzz(func(t *testing.T, choices []byte) {
		if len(choices) > 4096 {
			return
		}
		same(t, stores, randomProgram(chooser(choices)))
	})
}

// chooser makes choices with bytes, zero when there are no more.
func chooser(choices []byte) func(n int) int {
	pos := 0
	return func(n int) int {
		if pos+1 >= len(choices) {
			return 0
		}
		pos += 2
		return (int(choices[pos-2])<<8 | int(choices[pos-1])) % n
	}
}

// FuzzRewrite looks for a module that is valid before it is rewritten and not
// after.
func FuzzRewrite(f *testing.F) {
	for _, binary := range kernels(f) {
		f.Add(binary)
	}
	for _, modules := range []map[string][]byte{endless, goLike, subtle} {
		for _, binary := range modules {
			f.Add(binary)
		}
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		f.Add(wat.MustAssemble(randomProgram(rng.IntN)))
	}
	f.Fuzz(func(t *testing.T, binary []byte) {
		_, m, err := inspect(binary, "", DefaultLimits, nil, &inProcessBounds)
		if err != nil {
			return
		}
		rewritten, err := rewrite(m, DefaultLimits, true)
		if err != nil {
			return
		}
		ctx := context.Background()
		r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
		defer r.Close(ctx)
		if _, err := r.CompileModule(ctx, binary); err != nil {
			return
		}
		if _, err := r.CompileModule(ctx, rewritten.binary); err != nil {
			t.Fatalf("valid before, but after: %v", err)
		}
		if _, err := wasm.Decode(rewritten.binary, binaryBounds); err != nil {
			t.Fatalf("cannot be read again: %v", err)
		}
	})
}
