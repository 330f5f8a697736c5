package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// What is written here is shaped for wazero's compiler. Its register allocator
// takes a block's registers from the predecessor that comes first, it puts an
// else that leads back, or far ahead, behind everything else, and it fuses a
// comparison with the branch of an if but not with that of most br_ifs.

const (
	// wrapping is how many blocks stand around a wrapped loop.
	wrapping = 3
	// mostWrapped is the most loops of a function that are wrapped. The time
	// that wazero takes to compile a function grows with the square of its
	// blocks.
	mostWrapped = 128
)

// loop opens a loop. One that is continued is wrapped: its header leaves it to
// yield, and comes back.
//
//	block                    ; what the loop leaves through
//	  loop
//	    block
//	      leave if negative
//	      loop
//	        leave if negative
//	        ...
//	      end
//	      br 2
//	    end
//	    yield
//	    br 0
//	  end
//	  unreachable
//	end
//
// A call within the loop would make the allocator store every variable of the
// loop in every round. The first test is there for the same: with two ways into
// the yield, it has variables of its own, and the loop's are not stored for it.
func (e *emitter) loop(in *wasm.Instr) {
	continued := e.next != nil && e.next.header
	wrap := continued && e.f.loops <= mostWrapped && (in.Block < 0 || len(e.w.m.Types[in.Block].Params) == 0)
	e.open = append(e.open, wrap)
	if !wrap {
		return
	}
	e.flush(in.Start)
	e.op(wasm.OpBlock)
	e.out = append(e.out, e.in.Code[in.Start+1:in.End]...)
	e.out = append(e.out, byte(wasm.OpLoop), blockVoid, byte(wasm.OpBlock), blockVoid)
	e.leaveIfNegative(0)
	e.flush(in.End)
}

// header tests the counter at the header of a loop.
func (e *emitter) header() {
	if e.open[len(e.open)-1] {
		e.leaveIfNegative(1)
		return
	}
	e.localGet(e.fuelLocal)
	e.yieldIfNegative()
}

// leaveIfNegative branches to a label if the counter is below zero.
func (e *emitter) leaveIfNegative(label byte) {
	e.localGet(e.fuelLocal)
	e.unlessNegative()
	e.out = append(e.out, byte(wasm.OpBr), label+1, byte(wasm.OpEnd))
}

// end closes a block, and what is around a loop.
func (e *emitter) end(in *wasm.Instr) {
	last := len(e.open) - 1
	if last < 0 {
		return
	}
	if e.open[last] {
		e.flush(in.End)
		e.out = append(e.out, byte(wasm.OpBr), 2, byte(wasm.OpEnd))
		e.yield()
		e.out = append(e.out, byte(wasm.OpBr), 0, byte(wasm.OpEnd), byte(wasm.OpUnreachable), byte(wasm.OpEnd))
	}
	e.open = e.open[:last]
}

// label gives the new number of a label.
func (e *emitter) label(old uint32) uint32 {
	label := old
	for i := len(e.open) - int(old); i < len(e.open); i++ {
		if e.open[i] {
			label += wrapping
		}
	}
	return label
}

// branch renumbers the labels of a branch.
func (e *emitter) branch(in *wasm.Instr) {
	e.replace(in)
	e.op(in.Op)
	if in.Op != wasm.OpBrTable {
		e.out = wasm.AppendU32(e.out, e.label(in.Arg))
		return
	}
	labels := tableLabels(e.in.Code, in)
	e.out = wasm.AppendU32(e.out, uint32(len(labels)-1))
	for _, label := range labels {
		e.out = wasm.AppendU32(e.out, e.label(label))
	}
}

// brIf makes an if of a br_if that leads back, and of one with a charge.
func (e *emitter) brIf(in *wasm.Instr) {
	target := len(e.open) - 1 - int(in.Arg)
	switch {
	case e.next != nil && e.next.edge != 0:
		e.unless(in)
		e.charge(e.next.edge)
	case target >= 0 && e.open[target]:
		e.replace(in)
		e.out = append(e.out, byte(wasm.OpIf), blockVoid)
	default:
		e.branch(in)
		return
	}
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpBr)), e.label(in.Arg)+1)
	e.op(wasm.OpEnd)
}

// branchIf negates an if whose then part leads away, and one over an eqz.
func (e *emitter) branchIf(in *wasm.Instr) {
	e.open = append(e.open, false)
	if s := e.next; s != nil && s.alone && in.Block == wasm.NoResult && (s.away || e.last.Op == i32Eqz) {
		e.unless(in)
	}
}

// unless replaces an if or br_if by an if with the condition negated, and opens
// its else.
func (e *emitter) unless(in *wasm.Instr) {
	e.replace(in)
	last := len(e.out) - 1
	switch op := e.last.Op; {
	case op == i32Eqz:
		e.out = e.out[:last]
	case op == i64Eqz:
		e.out = append(e.out[:last], byte(wasm.OpI64Const), 0, i64Ne)
	case negated(op) != 0:
		e.out[last] = byte(negated(op))
	default:
		e.out = append(e.out, i32Eqz)
	}
	e.out = append(e.out, byte(wasm.OpIf), blockVoid, byte(wasm.OpElse))
}

// negated gives the opposite of a comparison of integers; 0 for anything else.
func negated(op wasm.Op) wasm.Op {
	var eq wasm.Op
	switch {
	case op >= i32Eq && op <= i32GeU:
		eq = i32Eq
	case op >= i64Eq && op <= i64GeU:
		eq = i64Eq
	default:
		return 0
	}
	// In order: eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u.
	return eq + [...]wasm.Op{1, 0, 8, 9, 6, 7, 4, 5, 2, 3}[op-eq]
}
