package wasm

import "fmt"

// Op is an instruction: its opcode, or 0xfc00 or 0xfd00 plus the second number
// for the instructions with a prefix.
type Op uint16

// The instructions that the sandbox treats in a way of their own.
const (
	OpUnreachable  Op = 0x00
	OpNop          Op = 0x01
	OpBlock        Op = 0x02
	OpLoop         Op = 0x03
	OpIf           Op = 0x04
	OpElse         Op = 0x05
	OpEnd          Op = 0x0b
	OpBr           Op = 0x0c
	OpBrIf         Op = 0x0d
	OpBrTable      Op = 0x0e
	OpReturn       Op = 0x0f
	OpCall         Op = 0x10
	OpCallIndirect Op = 0x11
	OpDrop         Op = 0x1a
	OpLocalGet     Op = 0x20
	OpLocalSet     Op = 0x21
	OpLocalTee     Op = 0x22
	OpGlobalGet    Op = 0x23
	OpGlobalSet    Op = 0x24
	OpTableGet     Op = 0x25
	OpTableSet     Op = 0x26
	OpMemorySize   Op = 0x3f
	OpMemoryGrow   Op = 0x40
	OpI32Const     Op = 0x41
	OpI64Const     Op = 0x42
	OpF32Const     Op = 0x43
	OpF64Const     Op = 0x44
	OpRefNull      Op = 0xd0
	OpRefFunc      Op = 0xd2
	OpMemoryInit   Op = 0xfc08
	OpDataDrop     Op = 0xfc09
	OpMemoryCopy   Op = 0xfc0a
	OpMemoryFill   Op = 0xfc0b
	OpTableInit    Op = 0xfc0c
	OpElemDrop     Op = 0xfc0d
	OpTableCopy    Op = 0xfc0e
	OpTableGrow    Op = 0xfc0f
	OpTableSize    Op = 0xfc10
	OpTableFill    Op = 0xfc11
)

// Instr is one instruction of a Code.
type Instr struct {
	Op         Op
	Start, End int // its place in the code
	// Arg is the first immediate that is an index: of a label, function,
	// local, global, segment, table (the type for call_indirect).
	Arg uint32
	// Block is the type of a block: negative for one of the short forms
	// (-64 is no result), else the index of a function type.
	Block int64
	// Labels is the number of labels of a br_table, its default included, and
	// MaxLabel the greatest of them.
	Labels   int
	MaxLabel uint32
}

// NoResult is the Block of a block without results.
const NoResult = -64

// Code walks the instructions of a body.
type Code struct{ r Reader }

// NewCode walks code, which ends with the function's own end.
func NewCode(code []byte) *Code { return &Code{Reader{buf: code}} }

// Err is the error that stopped Next.
func (c *Code) Err() error { return c.r.err }

// Next reads the next instruction; false at the end or after an error.
func (c *Code) Next(in *Instr) bool {
	r := &c.r
	if r.err != nil || r.pos >= len(r.buf) {
		return false
	}
	in.Start = r.pos
	op := r.Byte()
	in.Op = Op(op)
	switch forms[op] {
	case formNone:
	case formIndex:
		in.Arg = r.U32()
	case formTwoIndices:
		in.Arg = r.U32()
		r.U32()
	case formBlock:
		in.Block = r.S64()
	case formBrTable:
		c.brTable(in)
	case formMemArg:
		c.memArg()
	case formSigned:
		r.S64()
	case formFour:
		r.Bytes(4)
	case formEight:
		r.Bytes(8)
	case formByte:
		r.Byte()
	case formSelect:
		for n := r.Count("types of a select", 1<<10); n > 0; n-- {
			valueType(r)
		}
	case formPrefixFC:
		c.prefixFC(in)
	case formPrefixFD:
		c.prefixFD(in)
	case formUnsupported:
		r.fail(unsupportedOp(op))
	}
	in.End = r.pos
	return r.err == nil
}

func (c *Code) brTable(in *Instr) {
	r := &c.r
	n := r.Count("labels of a br_table", len(r.buf))
	in.Labels, in.MaxLabel = n+1, 0
	for range n + 1 {
		in.MaxLabel = max(in.MaxLabel, r.U32())
	}
}

func (c *Code) memArg() {
	if align := c.r.U32(); align&0x40 != 0 {
		c.r.fail(&UnsupportedError{"more than one memory"})
	}
	c.r.U32()
}

func (c *Code) prefixFC(in *Instr) {
	sub := c.r.U32()
	if sub > 0x11 {
		c.r.failf("instruction 0xfc %d", sub)
		return
	}
	in.Op = 0xfc00 | Op(sub)
	switch in.Op {
	case OpMemoryInit, OpMemoryCopy, OpTableInit, OpTableCopy:
		in.Arg = c.r.U32()
		c.r.U32()
	case OpDataDrop, OpMemoryFill, OpElemDrop, OpTableGrow, OpTableSize, OpTableFill:
		in.Arg = c.r.U32()
	}
}

func (c *Code) prefixFD(in *Instr) {
	sub := c.r.U32()
	if sub > 0xff {
		c.r.fail(&UnsupportedError{"relaxed SIMD"})
		return
	}
	in.Op = 0xfd00 | Op(sub)
	switch {
	case sub <= 11, sub == 92, sub == 93:
		c.memArg()
	case sub == 12, sub == 13:
		c.r.Bytes(16)
	case sub >= 21 && sub <= 34:
		c.r.Byte()
	case sub >= 84 && sub <= 91:
		c.memArg()
		c.r.Byte()
	}
}

// form is how the immediates of an instruction are written.
type form byte

const (
	formUnsupported form = iota
	formNone
	formIndex
	formTwoIndices
	formBlock
	formBrTable
	formMemArg
	formSigned
	formFour
	formEight
	formByte
	formSelect
	formPrefixFC
	formPrefixFD
)

// forms gives the form of each opcode.
var forms = func() (f [256]form) {
	set := func(k form, from, to int) {
		for op := from; op <= to; op++ {
			f[op] = k
		}
	}
	set(formNone, 0x00, 0x01)
	set(formBlock, 0x02, 0x04)
	set(formNone, 0x05, 0x05)
	set(formNone, 0x0b, 0x0b)
	set(formIndex, 0x0c, 0x0d)
	set(formBrTable, 0x0e, 0x0e)
	set(formNone, 0x0f, 0x0f)
	set(formIndex, 0x10, 0x10)
	set(formTwoIndices, 0x11, 0x11)
	set(formNone, 0x1a, 0x1b)
	set(formSelect, 0x1c, 0x1c)
	set(formIndex, 0x20, 0x26)
	set(formMemArg, 0x28, 0x3e)
	set(formIndex, 0x3f, 0x40)
	set(formSigned, 0x41, 0x42)
	set(formFour, 0x43, 0x43)
	set(formEight, 0x44, 0x44)
	set(formNone, 0x45, 0xc4)
	set(formByte, 0xd0, 0xd0)
	set(formNone, 0xd1, 0xd1)
	set(formIndex, 0xd2, 0xd2)
	set(formPrefixFC, 0xfc, 0xfc)
	set(formPrefixFD, 0xfd, 0xfd)
	return f
}()

func unsupportedOp(op byte) error {
	switch op {
	case 0xfe:
		return &UnsupportedError{"an atomic instruction (threads)"}
	case 0x12, 0x13:
		return &UnsupportedError{"a tail call"}
	case 0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f:
		return &UnsupportedError{"exception handling"}
	case 0x14, 0x15, 0xd3, 0xd4, 0xd5, 0xd6:
		return &UnsupportedError{"typed function references"}
	case 0xfb:
		return &UnsupportedError{"garbage collection"}
	default:
		return fmt.Errorf("unknown instruction %#x", op)
	}
}
