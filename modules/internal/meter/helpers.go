package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// helperKind is one of the functions that are added to a module on demand.
type helperKind byte

const (
	helperCopy   helperKind = iota // memory.copy in pieces
	helperFill                     // memory.fill in pieces
	helperInit                     // memory.init in pieces
	helperGrow                     // memory.grow, charged, its refusal noted
	helperCharge                   // (length) -> length, charged
	helperThunk                    // calls an imported function, charged
)

type helper struct {
	kind  helperKind
	index uint32 // for a thunk, what it calls; for memory.init, the segment
}

// helperSet makes the helpers; they follow the module's own functions.
type helperSet struct {
	w      *rewriter
	index  map[helper]uint32
	next   uint32
	types  []uint32
	bodies []wasm.Body
}

var bulkType = wasm.FuncType{Params: []wasm.ValueType{wasm.I32, wasm.I32, wasm.I32}}

// get gives the index of a helper, which is made when first asked for.
func (s *helperSet) get(h helper) uint32 {
	if index, ok := s.index[h]; ok {
		return index
	}
	var sig wasm.FuncType
	a := &asm{w: s.w}
	switch h.kind {
	case helperCopy:
		sig = bulkType
		a.copyInPieces()
	case helperFill:
		sig = bulkType
		a.fillInPieces()
	case helperInit:
		sig = bulkType
		a.initInPieces(h.index, len(s.w.m.Data[h.index].Bytes))
	case helperGrow:
		sig = wasm.FuncType{Params: []wasm.ValueType{wasm.I32}, Results: []wasm.ValueType{wasm.I32}}
		a.grow()
	case helperCharge:
		sig = wasm.FuncType{Params: []wasm.ValueType{wasm.I32}, Results: []wasm.ValueType{wasm.I32}}
		a.chargeLength()
	case helperThunk:
		sig = s.w.m.Types[s.w.m.ImportedFuncs()[h.index]]
		a.thunk(h.index, len(sig.Params))
	}
	index := s.next
	s.next++
	s.index[h] = index
	s.types = append(s.types, s.w.typeIndex(sig))
	s.bodies = append(s.bodies, wasm.Body{Locals: a.locals, Code: append(a.out, byte(wasm.OpEnd))})
	return index
}

func (s *helperSet) thunk(index uint32) uint32 {
	return s.get(helper{kind: helperThunk, index: index})
}

// asm writes the code of a helper.
type asm struct {
	w      *rewriter
	out    []byte
	locals []wasm.LocalGroup
}

// Opcodes that only helpers use.
const (
	i32Eqz      = 0x45
	i32Eq       = 0x46
	i32LtS      = 0x48
	i32GtU      = 0x4b
	i32LeU      = 0x4d
	i32GeU      = 0x4f
	i64Eqz      = 0x50
	i64Eq       = 0x51
	i64Ne       = 0x52
	i64LtS      = 0x53
	i64GtU      = 0x56
	i64GeS      = 0x59
	i64GeU      = 0x5a
	i32Add      = 0x6a
	i32Sub      = 0x6b
	i32Or       = 0x72
	i32ShrU     = 0x76
	i64Add      = 0x7c
	i64Sub      = 0x7d
	i64Mul      = 0x7e
	i64Or       = 0x84
	i64Shl      = 0x86
	i64ExtendU  = 0xad
	selectOp    = 0x1b
	blockVoid   = 0x40
	bulkPrefix  = 0xfc
	initSuffix  = 0x08
	copySuffix  = 0x0a
	fillSuffix  = 0x0b
	opMemSize   = byte(wasm.OpMemorySize)
	pieceLength = 1 << 20
)

func (a *asm) raw(b ...byte)   { a.out = append(a.out, b...) }
func (a *asm) get(i uint32)    { a.out = wasm.AppendU32(append(a.out, byte(wasm.OpLocalGet)), i) }
func (a *asm) set(i uint32)    { a.out = wasm.AppendU32(append(a.out, byte(wasm.OpLocalSet)), i) }
func (a *asm) call(f uint32)   { a.out = wasm.AppendU32(append(a.out, byte(wasm.OpCall)), f) }
func (a *asm) i32(v int32)     { a.out = wasm.AppendS64(append(a.out, byte(wasm.OpI32Const)), int64(v)) }
func (a *asm) i64(v int64)     { a.out = wasm.AppendS64(append(a.out, byte(wasm.OpI64Const)), v) }
func (a *asm) gget(g uint32)   { a.out = wasm.AppendU32(append(a.out, byte(wasm.OpGlobalGet)), g) }
func (a *asm) gset(g uint32)   { a.out = wasm.AppendU32(append(a.out, byte(wasm.OpGlobalSet)), g) }
func (a *asm) open(op wasm.Op) { a.raw(byte(op), blockVoid) }
func (a *asm) end()            { a.raw(byte(wasm.OpEnd)) }

// settle takes the units on the stack from the counter and yields until it is
// not negative: a large charge can be more than one slice.
func (a *asm) settle(units func()) {
	a.gget(a.w.fuel)
	units()
	a.raw(i64Sub)
	a.gset(a.w.fuel)
	a.open(wasm.OpLoop)
	a.gget(a.w.fuel)
	a.i64(0)
	a.raw(i64LtS)
	a.open(wasm.OpIf)
	a.gget(a.w.fuel)
	a.call(a.w.yield())
	a.gset(a.w.fuel)
	a.raw(byte(wasm.OpBr), 1)
	a.end()
	a.end()
}

// price puts local i, a length in bytes, on the stack as units.
func (a *asm) price(i uint32) func() {
	return func() {
		a.get(i)
		a.i32(bytesPerUnit)
		a.raw(i32ShrU, i64ExtendU)
	}
}

// beyondMemory puts on the stack whether locals start + length leave memory.
func (a *asm) beyondMemory(start, length uint32) {
	a.get(start)
	a.raw(i64ExtendU)
	a.get(length)
	a.raw(i64ExtendU, i64Add, opMemSize, 0, i64ExtendU)
	a.i64(16)
	a.raw(i64Shl, i64GtU)
}

// pieceLoop opens a loop that runs while local length is not zero and sets
// local piece to the length of the next piece, charged. Before a whole piece it
// yields in any case: pages that are touched for the first time can make a piece
// take much longer than what it costs.
func (a *asm) pieceLoop(length, piece uint32) {
	a.open(wasm.OpBlock)
	a.open(wasm.OpLoop)
	a.get(length)
	a.raw(i32Eqz, byte(wasm.OpBrIf), 1)
	a.i32(pieceLength)
	a.get(length)
	a.get(length)
	a.i32(pieceLength)
	a.raw(i32GtU, selectOp)
	a.set(piece)
	a.settle(a.price(piece))
	a.get(piece)
	a.i32(pieceLength)
	a.raw(i32Eq)
	a.open(wasm.OpIf)
	a.gget(a.w.fuel)
	a.call(a.w.yield())
	a.gset(a.w.fuel)
	a.end()
}

// copyInPieces is memory.copy(0 to, 1 from, 2 length); local 3 is the piece.
// What reaches beyond memory must trap before anything is written.
func (a *asm) copyInPieces() {
	a.locals = []wasm.LocalGroup{{Count: 1, Type: wasm.I32}}
	a.beyondMemory(0, 2)
	a.open(wasm.OpIf)
	a.wholeBulk(copySuffix, 0)
	a.end()
	a.beyondMemory(1, 2)
	a.open(wasm.OpIf)
	a.wholeBulk(copySuffix, 0)
	a.end()
	a.pieceLoop(2, 3)
	a.get(0) // forwards when the target is below the source, else backwards
	a.get(1)
	a.raw(i32LeU)
	a.open(wasm.OpIf)
	a.get(0)
	a.get(1)
	a.get(3)
	a.raw(bulkPrefix, copySuffix, 0, 0)
	a.advance(0, 3, i32Add)
	a.advance(1, 3, i32Add)
	a.raw(byte(wasm.OpElse))
	for _, start := range []uint32{0, 1} {
		a.get(start)
		a.get(2)
		a.raw(i32Add)
		a.get(3)
		a.raw(i32Sub)
	}
	a.get(3)
	a.raw(bulkPrefix, copySuffix, 0, 0)
	a.end()
	a.advance(2, 3, i32Sub)
	a.raw(byte(wasm.OpBr), 0)
	a.end()
	a.end()
}

// fillInPieces is memory.fill(0 to, 1 value, 2 length); local 3 is the piece.
func (a *asm) fillInPieces() {
	a.locals = []wasm.LocalGroup{{Count: 1, Type: wasm.I32}}
	a.beyondMemory(0, 2)
	a.open(wasm.OpIf)
	a.wholeBulk(fillSuffix)
	a.end()
	a.pieceLoop(2, 3)
	a.get(0)
	a.get(1)
	a.get(3)
	a.raw(bulkPrefix, fillSuffix, 0)
	a.advance(0, 3, i32Add)
	a.advance(2, 3, i32Sub)
	a.raw(byte(wasm.OpBr), 0)
	a.end()
	a.end()
}

// initInPieces is memory.init(0 to, 1 from, 2 length) of a segment of so many
// bytes, which may have been dropped: then any piece traps. Local 3 is the piece.
func (a *asm) initInPieces(segment uint32, bytes int) {
	a.locals = []wasm.LocalGroup{{Count: 1, Type: wasm.I32}}
	whole := func() { a.raw(wasm.AppendU32([]byte{bulkPrefix, initSuffix}, segment)...); a.raw(0) }
	operands := func(length uint32) { a.get(0); a.get(1); a.get(length) }
	a.beyondMemory(0, 2)
	a.get(1)
	a.raw(i64ExtendU)
	a.get(2)
	a.raw(i64ExtendU, i64Add)
	a.i64(int64(bytes))
	a.raw(i64GtU, i32Or)
	a.get(2)
	a.raw(i32Eqz, i32Or)
	a.open(wasm.OpIf)
	operands(2)
	whole()
	a.raw(byte(wasm.OpReturn))
	a.end()
	a.pieceLoop(2, 3)
	operands(3)
	whole()
	a.advance(0, 3, i32Add)
	a.advance(1, 3, i32Add)
	a.advance(2, 3, i32Sub)
	a.raw(byte(wasm.OpBr), 0)
	a.end()
	a.end()
}

// wholeBulk is the instruction as the module had it; it traps.
func (a *asm) wholeBulk(suffix byte, more ...byte) {
	a.get(0)
	a.get(1)
	a.get(2)
	a.raw(bulkPrefix, suffix, 0)
	a.raw(more...)
}

// advance adds local by to local i, or subtracts it.
func (a *asm) advance(i, by uint32, op byte) {
	a.get(i)
	a.get(by)
	a.raw(op)
	a.set(i)
}

// grow is memory.grow(0 pages) -> pages before or -1; local 1 is the result. It
// yields, since slices are smaller where there is much memory to be touched.
func (a *asm) grow() {
	a.locals = []wasm.LocalGroup{{Count: 1, Type: wasm.I32}}
	a.get(0)
	a.raw(byte(wasm.OpMemoryGrow), 0)
	a.set(1)
	a.get(1)
	a.i32(0)
	a.raw(i32LtS)
	a.open(wasm.OpIf)
	a.i32(1)
	a.gset(a.w.refused)
	a.raw(byte(wasm.OpElse))
	a.settle(func() {
		a.get(0)
		a.raw(i64ExtendU)
		a.i64(costPage)
		a.raw(i64Mul)
	})
	a.gget(a.w.fuel)
	a.call(a.w.yield())
	a.gset(a.w.fuel)
	a.end()
	a.get(1)
}

// chargeLength is (0 length) -> length.
func (a *asm) chargeLength() {
	a.settle(a.price(0))
	a.get(0)
}

// thunk calls an imported function on behalf of a call_indirect.
func (a *asm) thunk(index uint32, params int) {
	a.settle(func() { a.i64(costHost) })
	for i := range params {
		a.get(uint32(i))
	}
	a.call(index)
	a.settle(func() { a.i64(0) })
}
