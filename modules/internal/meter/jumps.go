package meter

import (
	"slices"

	"github.com/waslrun/wasl/modules/internal/wasm"
)

// shortenJumps lets jumps within a Go function lead at once to where they go.
//
// Go's compiler puts a function's body into a loop that begins with a br_table,
// its dispatch, so that a goroutine can be resumed anywhere. A jump within the
// function sets the number of its target and goes to the loop's start. Where
// the target is the end of a block that is still open, as for any jump forward,
// a branch to that block does the same: it is not a turn of a loop, meets no
// test of the counter, and is spared the br_table.
func shortenJumps(body *wasm.Body) {
	j := jumper{code: body.Code}
	var in wasm.Instr
	for code := wasm.NewCode(body.Code); code.Next(&in); {
		j.step(&in)
	}
	if j.patched != nil {
		body.Code = j.patched
	}
}

// jumper walks a function's code.
type jumper struct {
	code    []byte
	patched []byte // a copy, once there is something to change
	open    []opened
	last    [2]wasm.Instr // the two instructions before, the last one first
}

// opened is an open block.
type opened struct {
	start    int       // its place in the code
	dispatch *dispatch // of a loop that starts with one
}

func (j *jumper) step(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpLoop:
		j.open = append(j.open, opened{start: in.Start, dispatch: findDispatch(j.code, in)})
	case wasm.OpBlock, wasm.OpIf:
		j.open = append(j.open, opened{start: in.Start})
	case wasm.OpEnd:
		if last := len(j.open) - 1; last >= 0 {
			j.open = j.open[:last]
		}
	case wasm.OpBr:
		j.jump(in)
	}
	j.last[1], j.last[0] = j.last[0], *in
}

// jump shortens a branch to a dispatch.
func (j *jumper) jump(br *wasm.Instr) {
	loop := len(j.open) - 1 - int(br.Arg)
	if loop < 0 || j.open[loop].dispatch == nil {
		return
	}
	d := j.open[loop].dispatch
	block, ok := d.target(j.code, &j.last)
	target := loop + 1 + block
	if !ok || target >= len(j.open) || j.open[target].start != d.blocks[block] {
		return // a closed block would make it a jump back
	}
	if j.patched == nil {
		j.patched = slices.Clone(j.code)
	}
	putPadded(j.patched[br.Start+1:br.End], uint32(len(j.open)-1-target))
}

// putPadded writes a number in as many bytes as there are, which must suffice.
func putPadded(to []byte, n uint32) {
	for i := range to {
		to[i] = byte(n)&0x7f | 0x80
		n >>= 7
	}
	to[len(to)-1] &^= 0x80
}

// dispatch is the br_table at the start of a loop.
type dispatch struct {
	local  uint32 // what it is over
	labels []uint32
	blocks []int // where the blocks between loop and br_table start, outermost first
}

// findDispatch looks for the dispatch of a loop.
func findDispatch(body []byte, loop *wasm.Instr) *dispatch {
	if loop.Block != wasm.NoResult {
		return nil
	}
	d := &dispatch{}
	rest := body[loop.End:]
	code := wasm.NewCode(rest)
	var in wasm.Instr
	ok := code.Next(&in)
	for ; ok && in.Op == wasm.OpBlock && in.Block == wasm.NoResult; ok = code.Next(&in) {
		d.blocks = append(d.blocks, loop.End+in.Start)
	}
	if !ok || in.Op != wasm.OpLocalGet {
		return nil
	}
	d.local = in.Arg
	if !code.Next(&in) || in.Op != wasm.OpBrTable {
		return nil
	}
	d.labels = tableLabels(rest, &in)
	return d
}

// target gives which of its blocks a jump to the dispatch goes to the end of, if
// the two instructions before the jump say so, the last one first.
func (d *dispatch) target(code []byte, last *[2]wasm.Instr) (block int, ok bool) {
	set, number := &last[0], &last[1]
	if set.Op != wasm.OpLocalSet || set.Arg != d.local || number.Op != wasm.OpI32Const {
		return 0, false
	}
	n := uint32(wasm.NewReader(code[number.Start+1:]).S64())
	label := d.labels[min(n, uint32(len(d.labels)-1))]
	block = len(d.blocks) - 1 - int(label)
	return block, block >= 0
}

// tableLabels gives the labels of a br_table, its default last.
func tableLabels(code []byte, in *wasm.Instr) []uint32 {
	r := wasm.NewReader(code[in.Start+1 : in.End])
	labels := make([]uint32, r.U32()+1)
	for i := range labels {
		labels[i] = r.U32()
	}
	return labels
}
