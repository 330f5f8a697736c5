package modules

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules/internal/wasm"
	"github.com/waslrun/wasl/modules/internal/wat"
)

// bomb makes a module whose handler has the given locals and code.
func bomb(locals []wasm.LocalGroup, code ...[]byte) []byte {
	body := slices.Concat(code...)
	return wasm.Encode(&wasm.Module{
		Types:   []wasm.FuncType{{Results: []wasm.ValueType{wasm.I32}}},
		Funcs:   []uint32{0},
		Exports: []wasm.Export{{Name: "wasl_handle", Kind: wasm.KindFunc, Index: 0}},
		Memory:  &wasm.Limits{Min: 1},
		Bodies:  []wasm.Body{{Locals: locals, Code: append(body, byte(wasm.OpI32Const), 0, byte(wasm.OpEnd))}},
	})
}

func repeat(n int, code ...byte) []byte { return bytes.Repeat(code, n) }

// brTable is a br_table with n labels, all of them of the block it stands in.
func brTable(n int) []byte {
	code := []byte{byte(wasm.OpBlock), 0x40, byte(wasm.OpI32Const), 0, byte(wasm.OpBrTable)}
	code = wasm.AppendU32(code, uint32(n))
	return append(append(code, make([]byte, n+1)...), byte(wasm.OpEnd))
}

func nested(n int) []byte {
	return append(repeat(n, byte(wasm.OpBlock), 0x40), repeat(n, byte(wasm.OpEnd))...)
}

// manyFunctions is a module with n functions besides its handler.
func manyFunctions(n int) []byte {
	m, err := wasm.Decode(bomb(nil), binaryBounds)
	if err != nil {
		panic(err)
	}
	for range n {
		m.Funcs = append(m.Funcs, 0)
		m.Bodies = append(m.Bodies, wasm.Body{Code: []byte{byte(wasm.OpI32Const), 0, byte(wasm.OpEnd)}})
	}
	return wasm.Encode(m)
}

var (
	oneIf    = []byte{byte(wasm.OpI32Const), 0, byte(wasm.OpIf), 0x40, byte(wasm.OpEnd)}
	oneStore = []byte{byte(wasm.OpI32Const), 0, byte(wasm.OpI32Const), 0, 0x36, 2, 0}
)

// Rows 7 to 12, 16, 29 and 30: what is refused before any compiler sees it.
func TestInspectRefuses(t *testing.T) {
	i32 := func(n uint32) []wasm.LocalGroup { return []wasm.LocalGroup{{Count: n, Type: wasm.I32}} }
	good := handler("")
	tests := []struct {
		name   string
		binary []byte
		reason string
	}{
		{"empty", []byte{}, "not a WebAssembly binary"},
		{"text", []byte("#!/bin/sh\necho hello"), "not a WebAssembly binary"},
		{"a component", []byte("\x00asm\x0d\x00\x01\x00"), "build a core module instead"},
		{"an unknown version", []byte("\x00asm\x02\x00\x00\x00"), "unknown version"},
		{"no entry point", wat.MustAssemble(`(module (func (export "main")))`), "no entry point"},
		{"an entry point of another type", wat.MustAssemble(`(module (func (export "wasl_handle")))`), "no entry point"},
		{"memory of 4 GiB", wat.MustAssemble(`(module (memory 65536) (func (export "_start")))`), "its memory starts at 4294967296 bytes"},
		{"a huge table", wat.MustAssemble(`(module (table 100000000 funcref) (func (export "_start")))`), "table 0 starts at 100000000 elements"},
		{"twenty tables", wat.MustAssemble(`(module ` + strings.Repeat(`(table 10000000 funcref)`, 20) + ` (func (export "_start")))`), "20 tables"},
		{"4 billion locals", bomb(i32(4_000_000_000)), "4000000000 locals"},
		{"134 million locals in groups", bomb(slices.Repeat(i32(1<<20), 128)), "134217728 locals"},
		{"locals by blocks", bomb(i32(50_000), repeat(2000, byte(wasm.OpBlock), 0x40, byte(wasm.OpEnd))), "more than the compiler can take"},
		{"br_table of 500,000", bomb(nil, brTable(500_000)), "labels of br_table"},
		{"200,000 nested blocks", bomb(nil, nested(200_000)), "blocks nest deeper"},
		{"300,000 functions", manyFunctions(300_000), "functions, more than the limit"},
		{"40,000 ifs", bomb(nil, bytes.Repeat(oneIf, 40_000)), "blocks, more than the limit"},
		{"a body of 4 MiB", bomb(nil, bytes.Repeat(oneStore, 600_000)), "bytes, more than the limit"},
		{"shared memory", []byte("\x00asm\x01\x00\x00\x00\x05\x04\x01\x03\x01\x02"), "a shared memory (threads) is not supported"},
		{"atomic wait", bomb(nil, []byte{0xfe, 0x01, 0x02, 0x00}), "an atomic instruction (threads) is not supported"},
		{"a tail call", bomb(nil, []byte{0x12, 0}), "a tail call is not supported"},
		{"exceptions", bomb(nil, []byte{0x06, 0x40, 0x0b}), "exception handling is not supported"},
		{"64-bit memory", []byte("\x00asm\x01\x00\x00\x00\x05\x03\x01\x04\x01"), "a 64-bit memory is not supported"},
		{"two memories", []byte("\x00asm\x01\x00\x00\x00\x05\x05\x02\x00\x01\x00\x01"), "2 memories"},
		{"imported memory", wat.MustAssemble(`(module (import "env" "memory" (memory 1)) (func (export "_start")))`), "must define its memory itself"},
		{"imported global", wat.MustAssemble(`(module (import "env" "g" (global i32)) (func (export "_start")))`), "the host provides no globals"},
		{"unknown import module", wat.MustAssemble(`(module (import "env" "f" (func)) (func (export "_start")))`), "env.f: the host has no such module"},
		{"unknown import", wat.MustAssemble(`(module (import "wasl" "f" (func)) (func (export "_start")))`), "wasl.f: the host has no such function"},
		{"import of another type", wat.MustAssemble(`(module (import "wasl" "input_len" (func (result i64))) (func (export "_start")))`), "imported as () -> (i64), the host's is () -> (i32)"},
		{"the sandbox's own import", wat.MustAssemble(`(module (import "wasl:meter" "yield" (func (param i64) (result i64))) (func (export "_start")))`), "keeps this name for itself"},
		{"the sandbox's own export", wat.MustAssemble(`(module (global (export "wasl:fuel") (mut i64) (i64.const 0)) (func (export "_start")))`), "a name that the sandbox keeps"},
		{"a local beyond the last", handler(`(local.set 0 (i64.const 9))`), "local 0 does not exist"},
		{"a global beyond the last", handler(`(global.set 0 (i64.const 9))`), "global 0 does not exist"},
		{"a function beyond the last", handler(`(call 1)`), "function 1 does not exist"},
		{"a label beyond the function", handler(`(br 1)`), "label 1 does not exist"},
		{"code after the end", bomb(nil, []byte{byte(wasm.OpI32Const), 0, byte(wasm.OpEnd)}), "not balanced"},
		{"truncated", good[:len(good)-3], "unexpected end"},
		{"a section twice", append(slices.Clone(good), 5, 3, 1, 0, 1), "out of order or repeated"},
	}
	store := newStore(t, Options{Host: testHost{}})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bounded(t, 64<<20, func() {
				report, err := store.Inspect(Source{Bytes: test.binary}, Limits{})
				if err == nil || !strings.Contains(err.Error(), test.reason) {
					t.Errorf("Inspect: %v, want %q", err, test.reason)
				}
				if len(report.Refusals) == 0 {
					t.Error("the report has no refusals")
				}
				_, err = store.Open(t.Context(), Source{Name: "hostile", Bytes: test.binary}, Limits{})
				wantBadModule(t, err, test.reason)
			})
		})
	}
}

// Row 12: what the inspection lets pass does not cost this process more than
// its limits, whatever the compiler makes of it.
func TestCompileBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds of compilation")
	}
	bombs := map[string][]byte{
		"br_table":       bomb(nil, brTable(49_000)),
		"nested blocks":  bomb(nil, nested(9_900)),
		"ifs":            bomb(nil, bytes.Repeat(oneIf, 19_000)),
		"functions":      manyFunctions(99_000),
		"one long body":  bomb(nil, bytes.Repeat(oneStore, 149_000)),
		"locals, blocks": bomb([]wasm.LocalGroup{{Count: 1_000, Type: wasm.I64}}, bytes.Repeat(oneIf, 9_000)),
	}
	for name, binary := range bombs {
		if raceDetector && name != "ifs" {
			continue // they are about the host's memory, which it is no measure of
		}
		t.Run(name, func(t *testing.T) {
			bounded(t, 256<<20, func() {
				store, err := NewStore(t.Context(), helped(t, Options{Compile: CompileChild, CompileCPU: 2 * time.Second, CompileMemory: 1 << 30}))
				if err != nil {
					t.Fatal(err)
				}
				defer store.Close(context.Background())
				m, err := store.Open(t.Context(), Source{Name: name, Bytes: binary}, Limits{})
				if err != nil {
					if !errors.As(err, new(*BadModuleError)) {
						t.Errorf("Open: %v", err)
					}
					t.Logf("refused: %v", err)
					return
				}
				mustInvoke(t, m, Call{})
			})
		})
	}
}

// Row 29: bytes flipped in a good module, or cut off, do no harm.
func TestDamagedModules(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	store := newStore(t, Options{Host: testHost{}})
	for name, good := range kernels(t) {
		for range 60 {
			damaged := slices.Clone(good)
			for range 1 + rng.IntN(3) {
				damaged[8+rng.IntN(len(damaged)-8)] = byte(rng.Uint32())
			}
			if rng.IntN(4) == 0 {
				damaged = damaged[:rng.IntN(len(damaged))]
			}
			m, err := store.Open(t.Context(), Source{Name: name, Bytes: damaged}, Limits{Fuel: 1_000_000, Memory: 16 << 20})
			if err != nil {
				if !errors.As(err, new(*BadModuleError)) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if _, err := m.Invoke(t.Context(), Call{}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Row 35: a module whose digest is another one is not opened.
func TestDigest(t *testing.T) {
	store := newStore(t, Options{})
	binary := handler("")
	for digest, reason := range map[string]string{
		strings.Repeat("ab", 32): "digest mismatch",
		"sha256:beef":            "not a SHA-256",
	} {
		_, err := store.Open(t.Context(), Source{Bytes: binary, Digest: digest}, Limits{})
		wantBadModule(t, err, reason)
	}
}
