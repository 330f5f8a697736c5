package meter

import (
	"slices"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wasm"
	"github.com/waslrun/wasl/modules/internal/wat"
)

// Jumps to a dispatch become branches to the block they go to the end of, if
// that is still open.
func TestShortenJumps(t *testing.T) {
	tests := []struct {
		name, body string
		labels     []uint32 // of the br instructions, in order
	}{
		{"forward", goFunction(`(local.set 0 (i32.const 2)) (br 2)`), []uint32{1}},
		{"forward, from within an if", goFunction(`(if (local.get 1) (then (local.set 0 (i32.const 2)) (br 3)))`), []uint32{2}},
		{"to the end of the block itself", goFunction(`(local.set 0 (i32.const 1)) (br 2)`), []uint32{0}},
		{"back", goFunction(`(local.set 0 (i32.const 0)) (br 2)`), []uint32{2}},
		{"beyond the table, to its default", goFunction(`(local.set 0 (i32.const 99)) (br 2)`), []uint32{1}},
		{"below zero, to the default", goFunction(`(local.set 0 (i32.const -1)) (br 2)`), []uint32{1}},
		{"no number", goFunction(`(local.set 0 (local.get 1)) (br 2)`), []uint32{2}},
		{"another local", goFunction(`(local.set 1 (i32.const 2)) (br 2)`), []uint32{2}},
		{"an instruction between", goFunction(`(local.set 0 (i32.const 2)) (nop) (br 2)`), []uint32{2}},
		{"another block", goFunction(`(local.set 0 (i32.const 2)) (br 1)`), []uint32{1}},
		{"a block in the place of a closed one", goFunction(`(block (local.set 0 (i32.const 0)) (br 3))`), []uint32{3}},
		{"a loop that starts otherwise", `(loop (nop) (block (block (br_table 0 1 (local.get 0)))
			(local.set 0 (i32.const 1)) (br 1)))`, []uint32{1}},
		{"labels of more than a byte", nest(200, `(loop (block (block (br_table 0 1 (local.get 0))) `+
			nest(140, `(local.set 0 (i32.const 1)) (br 141)`)+`))`), []uint32{140}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := decode(t, `(module (func (param i32) (local i32) `+test.body+`))`)
			before := slices.Clone(m.Bodies[0].Code)
			original := m.Bodies[0].Code
			shortenJumps(&m.Bodies[0])
			if got := branches(m.Bodies[0].Code); !slices.Equal(got, test.labels) {
				t.Errorf("labels %v, want %v", got, test.labels)
			}
			if !slices.Equal(original, before) {
				t.Error("the binary itself was written to")
			}
		})
	}
}

// goFunction is the code of a function as Go's compiler writes it, with three
// places to jump to; the instructions come after the first.
func goFunction(body string) string {
	return `(loop (block (block (block (br_table 0 1 2 (local.get 0))) ` + body + `) (nop)) (nop))`
}

func nest(n int, body string) string {
	for range n {
		body = "(block " + body + ")"
	}
	return body
}

func decode(t *testing.T, text string) *wasm.Module {
	t.Helper()
	binary, err := wat.Assemble(text)
	if err != nil {
		t.Fatal(err)
	}
	m, err := wasm.Decode(binary, wasm.Bounds{
		Size: 1 << 20, Types: 100, Imports: 10, Functions: 1000, Tables: 1, Globals: 10, Exports: 10, Elements: 10, Items: 1000, Data: 10, Params: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// branches gives the labels of the br instructions.
func branches(body []byte) (labels []uint32) {
	var in wasm.Instr
	for code := wasm.NewCode(body); code.Next(&in); {
		if in.Op == wasm.OpBr {
			labels = append(labels, in.Arg)
		}
	}
	return labels
}
