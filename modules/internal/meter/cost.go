package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// Costs in units of fuel. A unit is about one simple instruction; compiled code
// runs one to four of them in a nanosecond.
const (
	costCall     = 4
	costIndirect = 24  // what is called may be a function that is not charged by itself
	costHost     = 100 // a call of an imported function
	costDivide   = 4
	costBrTable  = 3
	costBulk     = 8 // a bulk instruction, besides its length

	// bytesPerUnit (as a shift) is the price of copying and filling.
	bytesPerUnit = 4
	// costPage is the price of a new page of memory: 64 KiB to be zeroed.
	costPage = 1 << (16 - bytesPerUnit)
)

// costOf is the fixed price of an instruction, calls of local functions by
// themselves included, what they run not.
func costOf(op wasm.Op) uint64 {
	switch op {
	case wasm.OpNop, wasm.OpBlock, wasm.OpLoop, wasm.OpElse, wasm.OpEnd:
		return 0
	case wasm.OpCall:
		return costCall
	case wasm.OpCallIndirect:
		return costIndirect
	case wasm.OpBrTable:
		return costBrTable
	case wasm.OpMemoryGrow, wasm.OpMemoryInit, wasm.OpMemoryCopy, wasm.OpMemoryFill,
		wasm.OpTableInit, wasm.OpTableCopy, wasm.OpTableGrow, wasm.OpTableFill:
		return costBulk
	case 0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82, 0x91, 0x95, 0x9f, 0xa3: // div, rem, sqrt
		return costDivide
	default:
		return 1
	}
}
