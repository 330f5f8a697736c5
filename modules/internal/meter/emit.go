package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// emitter writes the new body of one function.
type emitter struct {
	w    *rewriter
	f    *function
	in   wasm.Body
	plan plan

	out    []byte
	copied int // how much of the old code has been copied or replaced

	// local says that the counter of fuel lives in fuelLocal while the
	// function runs; otherwise fuelLocal is for passing.
	local     bool
	wrapped   bool // the code stands in a block, and an epilogue follows
	fuelLocal uint32
	// depthLocal keeps the depth counter. Storing it at the exit does not wait
	// for what the callees stored, as adding to the global would.
	depthLocal uint32
	lenLocal   uint32 // length of a bulk operation
	extra      []wasm.LocalGroup

	last wasm.Instr // the instruction before
	next *segment   // the segment that starts after this instruction
	// open says for each open block whether it is a loop that is wrapped.
	open []bool

	growsTable bool
}

func newEmitter(w *rewriter, index int) *emitter {
	e := &emitter{w: w, f: &w.funcs[index], in: w.m.Bodies[index]}
	if e.f.charged {
		e.plan = w.plan(index)
		e.local = e.f.loops > 0
	}
	e.wrapped = e.local || e.f.deep
	e.out = make([]byte, 0, len(e.in.Code)*5/4+64)
	return e
}

// body gives the new body.
func (e *emitter) body() wasm.Body {
	e.fuelLocal = e.addLocal(wasm.I64)
	if e.f.deep {
		e.depthLocal = e.addLocal(wasm.I64)
	}
	if e.f.bulk {
		e.lenLocal = e.addLocal(wasm.I32)
	}
	e.prologue()
	e.code()
	if e.wrapped {
		e.epilogue()
		e.op(wasm.OpEnd)
	}
	locals := append(append([]wasm.LocalGroup(nil), e.in.Locals...), e.extra...)
	return wasm.Body{Locals: locals, Code: e.out}
}

func (e *emitter) addLocal(t wasm.ValueType) uint32 {
	e.extra = append(e.extra, wasm.LocalGroup{Count: 1, Type: t})
	return e.f.locals + uint32(len(e.extra)) - 1
}

// prologue charges for the function's start and its frame, and opens the block
// that every way out leads through.
func (e *emitter) prologue() {
	if e.f.charged {
		e.globalGet(e.w.fuel)
		e.subtract(e.plan.segments[0].charge)
		e.localSet(e.fuelLocal)
		if !e.local {
			e.localGet(e.fuelLocal)
			e.globalSet(e.w.fuel)
		}
	}
	if e.f.deep {
		e.globalGet(e.w.depth)
		e.subtract(int64(e.f.take))
		e.localTee(e.depthLocal)
		e.globalSet(e.w.depth)
	}
	e.entryTest(e.f.tested && !e.plan.lateTest)
	if e.wrapped {
		e.op(wasm.OpBlock)
		e.blockType(e.f.results)
	}
}

// entryTest yields at the entry if the depth counter is below zero, or that of
// fuel. The yield stands in an else that goes back to the test: wazero moves
// that out of the way, and the parameters stay in their registers.
func (e *emitter) entryTest(fuel bool) {
	if !fuel && !e.f.deep {
		return
	}
	e.out = append(e.out, byte(wasm.OpLoop), blockVoid)
	if fuel {
		e.localGet(e.fuelLocal)
	}
	if e.f.deep {
		e.localGet(e.depthLocal)
	}
	if fuel && e.f.deep {
		e.out = append(e.out, i64Or)
	}
	e.unlessNegative()
	e.yield()
	e.out = append(e.out, byte(wasm.OpBr), 1, byte(wasm.OpEnd), byte(wasm.OpEnd))
}

// epilogue stores the counter and gives the frame back.
func (e *emitter) epilogue() {
	e.save()
	if e.f.deep {
		e.localGet(e.depthLocal)
		e.i64Const(int64(e.f.take))
		e.out = append(e.out, i64Add)
		e.globalSet(e.w.depth)
	}
}

// code copies the instructions, with what is put between and instead of them.
func (e *emitter) code() {
	segments := e.plan.segments
	next := 1 // the first one is charged in the prologue
	var in wasm.Instr
	for code := wasm.NewCode(e.in.Code); code.Next(&in); {
		for next < len(segments) && segments[next].pos <= in.Start {
			e.enter(&segments[next], in.Start)
			next++
		}
		e.next = nil
		if next < len(segments) && segments[next].pos == in.End {
			e.next = &segments[next]
		}
		e.instruction(&in)
		e.last = in
	}
	e.out = append(e.out, e.in.Code[e.copied:]...)
}

// enter puts what a segment starts with before offset pos.
func (e *emitter) enter(s *segment, pos int) {
	if s.header {
		e.flush(pos)
		e.header()
	}
	if s.charge != 0 {
		e.flush(pos)
		e.charge(s.charge)
	}
}

// charge takes from the counter.
func (e *emitter) charge(units int64) {
	e.get()
	e.subtract(units)
	e.set()
}

// instruction replaces an instruction that needs it.
func (e *emitter) instruction(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpBlock:
		e.open = append(e.open, false)
	case wasm.OpIf:
		e.branchIf(in)
	case wasm.OpLoop:
		e.loop(in)
	case wasm.OpEnd:
		e.end(in)
	case wasm.OpBr, wasm.OpBrTable:
		e.branch(in)
	case wasm.OpBrIf:
		e.brIf(in)
	case wasm.OpCall:
		e.call(in)
	case wasm.OpCallIndirect:
		e.flush(in.Start)
		e.save()
		e.flush(in.End)
		e.load()
	case wasm.OpReturn:
		if e.wrapped {
			e.flush(in.Start)
			e.epilogue()
		}
	case wasm.OpRefFunc:
		e.replace(in)
		e.out = wasm.AppendU32(append(e.out, byte(wasm.OpRefFunc)), e.w.reference(in.Arg))
	case wasm.OpMemoryGrow:
		e.replaceByHelper(in, helper{kind: helperGrow})
	case wasm.OpMemoryCopy, wasm.OpMemoryFill:
		e.bulk(in)
	case wasm.OpMemoryInit:
		e.memoryInit(in)
	case wasm.OpTableInit, wasm.OpTableCopy, wasm.OpTableFill:
		e.chargeLength(in)
	case wasm.OpTableGrow:
		e.growsTable = true
		e.chargeLength(in)
	}
}

func (e *emitter) call(in *wasm.Instr) {
	counted := in.Arg < e.w.imported || e.w.funcs[in.Arg-e.w.imported].touches
	e.flush(in.Start)
	if counted {
		e.save()
	}
	e.replace(in)
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpCall)), e.w.call(in.Arg))
	if !counted {
		return
	}
	if in.Arg >= e.w.imported {
		e.load()
		return
	}
	// The host may have taken its time, and fuel.
	e.globalGet(e.w.fuel)
	e.localTee(e.fuelLocal)
	e.yieldIfNegative()
}

// bulk charges memory.copy and memory.fill by length. Up to bulkInline bytes
// the instruction stays; above, a helper does it in pieces.
func (e *emitter) bulk(in *wasm.Instr) {
	const bulkInline = 4096
	kind := helperCopy
	if in.Op == wasm.OpMemoryFill {
		kind = helperFill
	}
	e.flush(in.Start)
	e.localSet(e.lenLocal)
	e.localGet(e.lenLocal)
	e.localGet(e.lenLocal)
	e.out = append(wasm.AppendS64(append(e.out, byte(wasm.OpI32Const)), bulkInline), i32GtU)
	e.op(wasm.OpIf)
	e.out = wasm.AppendS64(e.out, int64(e.w.typeIndex(bulkType)))
	e.save()
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpCall)), e.w.shift.get(helper{kind: kind}))
	e.load()
	e.op(wasm.OpElse)
	e.get()
	e.localGet(e.lenLocal)
	e.out = append(e.out, byte(wasm.OpI32Const), bytesPerUnit, i32ShrU, i64ExtendU, i64Sub)
	e.set()
	e.out = append(e.out, e.in.Code[in.Start:in.End]...)
	e.op(wasm.OpEnd)
	e.copied = in.End
}

// memoryInit charges memory.init by length; a helper does that of a long segment
// in pieces.
func (e *emitter) memoryInit(in *wasm.Instr) {
	if len(e.w.m.Data[in.Arg].Bytes) <= pieceLength {
		e.chargeLength(in)
		return
	}
	e.replaceByHelper(in, helper{kind: helperInit, index: in.Arg})
}

// chargeLength charges for the length on top of the stack.
func (e *emitter) chargeLength(in *wasm.Instr) {
	e.flush(in.Start)
	e.save()
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpCall)), e.w.shift.get(helper{kind: helperCharge}))
	e.load()
}

func (e *emitter) replaceByHelper(in *wasm.Instr, h helper) {
	e.flush(in.Start)
	e.save()
	e.replace(in)
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpCall)), e.w.shift.get(h))
	e.load()
}

// flush copies the old code up to pos.
func (e *emitter) flush(pos int) {
	e.out = append(e.out, e.in.Code[e.copied:pos]...)
	e.copied = pos
}

// replace copies the old code up to an instruction and skips that.
func (e *emitter) replace(in *wasm.Instr) {
	e.flush(in.Start)
	e.copied = in.End
}

// save writes the counter to the global before code outside of the function.
func (e *emitter) save() {
	if e.local {
		e.localGet(e.fuelLocal)
		e.globalSet(e.w.fuel)
	}
}

// load reads the counter back.
func (e *emitter) load() {
	if e.local {
		e.globalGet(e.w.fuel)
		e.localSet(e.fuelLocal)
	}
}

// yieldIfNegative tests the value on the stack and yields.
func (e *emitter) yieldIfNegative() {
	e.out = append(e.out, byte(wasm.OpI64Const), 0, i64LtS, byte(wasm.OpIf), blockVoid)
	e.yield()
	e.op(wasm.OpEnd)
}

// unlessNegative tests the value on the stack and opens an else for when it is
// negative.
func (e *emitter) unlessNegative() {
	e.out = append(e.out, byte(wasm.OpI64Const), 0, i64GeS, byte(wasm.OpIf), blockVoid, byte(wasm.OpElse))
}

// yield yields with the counter.
func (e *emitter) yield() {
	if e.f.charged {
		e.localGet(e.fuelLocal)
	} else {
		e.globalGet(e.w.fuel)
	}
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpCall)), e.w.yield())
	if e.f.charged {
		e.localSet(e.fuelLocal)
	}
	if e.f.charged && !e.local {
		e.localGet(e.fuelLocal)
	}
	if !e.local {
		e.globalSet(e.w.fuel)
	}
}

// get puts the counter on the stack.
func (e *emitter) get() {
	if e.local {
		e.localGet(e.fuelLocal)
	} else {
		e.globalGet(e.w.fuel)
	}
}

// set takes the counter from the stack.
func (e *emitter) set() {
	if e.local {
		e.localSet(e.fuelLocal)
	} else {
		e.globalSet(e.w.fuel)
	}
}

func (e *emitter) op(op wasm.Op) { e.out = append(e.out, byte(op)) }

func (e *emitter) i64Const(n int64) {
	e.out = wasm.AppendS64(append(e.out, byte(wasm.OpI64Const)), n)
}

func (e *emitter) subtract(n int64) {
	e.i64Const(n)
	e.out = append(e.out, i64Sub)
}

func (e *emitter) localGet(i uint32) {
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpLocalGet)), i)
}

func (e *emitter) localTee(i uint32) {
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpLocalTee)), i)
}

func (e *emitter) localSet(i uint32) {
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpLocalSet)), i)
}

func (e *emitter) globalGet(i uint32) {
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpGlobalGet)), i)
}

func (e *emitter) globalSet(i uint32) {
	e.out = wasm.AppendU32(append(e.out, byte(wasm.OpGlobalSet)), i)
}

// blockType writes the type of a block without parameters.
func (e *emitter) blockType(results []wasm.ValueType) {
	switch len(results) {
	case 0:
		e.out = append(e.out, 0x40)
	case 1:
		e.out = append(e.out, byte(results[0]))
	default:
		e.out = wasm.AppendS64(e.out, int64(e.w.typeIndex(wasm.FuncType{Results: results})))
	}
}
