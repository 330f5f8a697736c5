package wasm_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wasm"
	"github.com/waslrun/wasl/modules/internal/wat"
)

var bounds = wasm.Bounds{
	Size: 1 << 20, Types: 1000, Imports: 1000, Functions: 1000, Tables: 10, Globals: 1000, Exports: 1000,
	Elements: 100, Items: 1000, Data: 100, Params: 100,
}

// everything has a section of each kind and a segment of each mode.
const everything = `(module
	(import "env" "f" (func $f (param i32) (result i32)))
	(memory (export "memory") 1 2)
	(table $t 2 10 funcref)
	(global $g (mut i64) (i64.const -5))
	(global $d f64 (f64.const 1.5))
	(func $h (export "h") (param $a i32) (result i32) (local $b i64) (local f32 f32)
		(block $out (loop $in (br_table $in $out (local.get $a))))
		(memory.init $passive (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $passive)
		(drop (select (i32.const 1) (i32.const 2) (i32.const 3)))
		(call_indirect (param i32) (result i32) (call $f (local.get $a)) (i32.const 0)))
	(func $start)
	(start $start)
	(elem (i32.const 0) $h $f)
	(elem $pe func $h)
	(elem declare func $f)
	(data (i32.const 8) "abc")
	(data $passive "xyz"))`

func TestRoundTrip(t *testing.T) {
	binary := wat.MustAssemble(everything)
	m, err := wasm.Decode(binary, bounds)
	if err != nil {
		t.Fatal(err)
	}
	if err := wasm.Check(m); err != nil {
		t.Fatal(err)
	}
	if got := wasm.Encode(m); !bytes.Equal(got, binary) {
		t.Errorf("encoded\n% x\nwant\n% x", got, binary)
	}
	if n := len(m.Elements); n != 3 || m.Elements[0].Mode != wasm.Active || m.Elements[1].Mode != wasm.Passive || m.Elements[2].Mode != wasm.Declarative {
		t.Errorf("elements %+v", m.Elements)
	}
	if got := m.Types[0].String(); got != "(i32) -> (i32)" {
		t.Errorf("type %s", got)
	}
}

func TestIntegers(t *testing.T) {
	for _, v := range []int64{0, 1, 63, 64, -64, -65, 1<<31 - 1, -1 << 31, 1<<63 - 1, -1 << 63} {
		r := wasm.NewReader(wasm.AppendS64(nil, v))
		if got := r.S64(); got != v || r.Err() != nil || r.Len() != 0 {
			t.Errorf("%d read back as %d, %v", v, got, r.Err())
		}
	}
	for _, v := range []uint32{0, 127, 128, 1<<32 - 1} {
		r := wasm.NewReader(wasm.AppendU32(nil, v))
		if got := r.U32(); got != v || r.Err() != nil {
			t.Errorf("%d read back as %d, %v", v, got, r.Err())
		}
	}
	for _, bad := range [][]byte{{}, {0x80}, {0x80, 0x80, 0x80, 0x80, 0x10}, {0xff, 0xff, 0xff, 0xff, 0xff, 0}} {
		if r := wasm.NewReader(bad); r.U32() != 0 || r.Err() == nil {
			t.Errorf("% x was read", bad)
		}
	}
}

func TestTooMany(t *testing.T) {
	small := bounds
	small.Functions = 1
	_, err := wasm.Decode(wat.MustAssemble(everything), small)
	var tooMany *wasm.TooManyError
	if !errors.As(err, &tooMany) || tooMany.Have != 2 || tooMany.Limit != 1 {
		t.Errorf("got %v", err)
	}
}

// seeds adds the kernels to a fuzz target's corpus.
func seeds(f *testing.F) {
	f.Add(wat.MustAssemble(everything))
	files, err := filepath.Glob("../../testdata/kernels/*.wat")
	if err != nil || len(files) == 0 {
		f.Fatalf("no kernels: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wat.MustAssemble(string(text)))
	}
}

// What Decode reads, Encode writes so that Decode reads the same again.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, binary []byte) {
		m, err := wasm.Decode(binary, bounds)
		if err != nil {
			return
		}
		_ = wasm.Check(m)
		encoded := wasm.Encode(m)
		again, err := wasm.Decode(encoded, bounds)
		if err != nil {
			t.Fatalf("read, but not again: %v", err)
		}
		if !bytes.Equal(wasm.Encode(again), encoded) {
			t.Fatalf("read\n%+v\nand again\n%+v", m, again)
		}
	})
}
