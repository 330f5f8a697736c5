package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// function is what the analysis knows of a function with a body.
type function struct {
	params  []wasm.ValueType
	results []wasm.ValueType
	locals  uint32 // parameters included

	// From its own code.
	callees  []uint32 // local functions called, once for each call
	own      uint64   // cost of all instructions
	loops    int      // loops that are continued
	host     bool     // calls an imported function
	indirect bool     // has a call_indirect
	bulk     bool     // has an instruction that is charged by length
	frame    uint64   // estimated bytes of a machine frame

	calls
}

// analyse fills in the facts of one function.
func (w *rewriter) analyse(index int) (function, error) {
	body := &w.m.Bodies[index]
	sig := w.m.Types[w.m.Funcs[index]]
	f := function{params: sig.Params, results: sig.Results, own: body.NumLocals() / 8}
	f.locals = uint32(len(sig.Params)) + uint32(body.NumLocals())
	loops := loopFinder{code: body.Code}
	var in wasm.Instr
	code := wasm.NewCode(body.Code)
	for code.Next(&in) {
		f.own += costOf(in.Op)
		loops.step(&in)
		switch in.Op {
		case wasm.OpCall:
			if in.Arg < w.imported {
				f.host = true
				f.own += costHost
			} else {
				f.callees = append(f.callees, in.Arg-w.imported)
			}
		case wasm.OpCallIndirect:
			f.indirect = true
		case wasm.OpMemoryGrow, wasm.OpMemoryInit, wasm.OpMemoryCopy, wasm.OpMemoryFill,
			wasm.OpTableInit, wasm.OpTableCopy, wasm.OpTableGrow, wasm.OpTableFill:
			f.bulk = true
		}
	}
	f.loops = loops.found
	f.frame = frameSize(&f, body)
	return f, code.Err()
}

// frameSize estimates the frame that wazero's compiler gives a function: its
// locals and what its code keeps across calls. It rather overestimates small
// functions; a large one with loops can have several times as much.
func frameSize(f *function, body *wasm.Body) uint64 {
	return 64 + 8*uint64(f.locals) + uint64(len(body.Code))/8
}

// loopFinder counts the loops that are continued.
type loopFinder struct {
	code  []byte
	open  []openLoop
	found int
}

// openLoop is an open block: is it a loop, and is that continued.
type openLoop struct{ loop, continued bool }

func (l *loopFinder) step(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpBlock, wasm.OpIf:
		l.open = append(l.open, openLoop{})
	case wasm.OpLoop:
		l.open = append(l.open, openLoop{loop: true})
	case wasm.OpEnd:
		if last := len(l.open) - 1; last >= 0 {
			l.open = l.open[:last]
		}
	case wasm.OpBr, wasm.OpBrIf:
		l.branch(in.Arg)
	case wasm.OpBrTable:
		for _, label := range tableLabels(l.code, in) {
			l.branch(label)
		}
	}
}

func (l *loopFinder) branch(label uint32) {
	if i := len(l.open) - 1 - int(label); i >= 0 && l.open[i].loop && !l.open[i].continued {
		l.open[i].continued = true
		l.found++
	}
}
