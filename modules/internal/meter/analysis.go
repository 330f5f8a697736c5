package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// function is what the analysis knows of a function with a body.
type function struct {
	params  []wasm.ValueType
	results []wasm.ValueType
	locals  uint32 // parameters included

	// From the first walk.
	callees  []uint32 // local functions called, once for each call
	own      uint64   // cost of all instructions
	loops    bool     // has a loop that is continued
	host     bool     // calls an imported function
	indirect bool     // has a call_indirect
	bulk     bool     // has an instruction that is charged by length
	frame    uint64   // estimated bytes of a machine frame

	// From the call graph.
	visit visit
	leaf  bool // calls no function that takes fuel itself
	// free is the total cost if the callers pay it; noValue otherwise.
	free uint64
	// height is the stack that the function and all below it can use, if no
	// recursion can be below it; noValue otherwise.
	height uint64
}

type visit byte

const (
	unvisited visit = iota
	visiting
	visited
)

const noValue = ^uint64(0)

// shallow is the most stack that a call may use without being accounted for.
const shallow = 16 << 10

// charged tells whether the function takes its fuel itself.
func (f *function) charged() bool { return f.free == noValue }

// deep tells whether the function takes its frame from the depth counter.
func (f *function) deep() bool { return f.height == noValue }

// analyse fills in the facts of one function.
func (w *rewriter) analyse(index int) (function, error) {
	body := &w.m.Bodies[index]
	sig := w.m.Types[w.m.Funcs[index]]
	f := function{params: sig.Params, results: sig.Results, own: body.NumLocals() / 8}
	f.locals = uint32(len(sig.Params)) + uint32(body.NumLocals())
	var loops loopFinder
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
// locals and what its code keeps across calls. It rather overestimates.
func frameSize(f *function, body *wasm.Body) uint64 {
	return 64 + 8*uint64(f.locals) + uint64(len(body.Code))/8
}

// loopFinder finds out whether any loop is ever continued.
type loopFinder struct {
	open  []bool // for each open block: is it a loop
	loops int    // how many of them are
	found bool
}

func (l *loopFinder) step(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpBlock, wasm.OpIf:
		l.open = append(l.open, false)
	case wasm.OpLoop:
		l.open = append(l.open, true)
		l.loops++
	case wasm.OpEnd:
		if last := len(l.open) - 1; last >= 0 {
			if l.open[last] {
				l.loops--
			}
			l.open = l.open[:last]
		}
	case wasm.OpBr, wasm.OpBrIf:
		if i := len(l.open) - 1 - int(in.Arg); i >= 0 && l.open[i] {
			l.found = true
		}
	case wasm.OpBrTable: // its labels are not looked at one by one here
		l.found = l.found || l.loops > 0
	}
}

// resolve finds out, callees first, which functions their callers pay for and
// how much stack a call can use.
func (w *rewriter) resolve(index uint32) {
	f := &w.funcs[index]
	f.visit = visiting
	free, height := f.own, uint64(0)
	f.leaf = !f.indirect
	if f.loops || f.host || f.indirect || f.bulk {
		free = noValue
	}
	if f.indirect {
		height = noValue
	}
	for _, c := range f.callees {
		callee := &w.funcs[c]
		if callee.visit == unvisited {
			w.resolve(c)
		}
		if callee.visit == visiting { // a recursion
			free, height, f.leaf = noValue, noValue, false
			continue
		}
		f.leaf = f.leaf && !callee.charged()
		if callee.free == noValue || free == noValue || free+callee.free > callerPays {
			free = noValue
		} else {
			free += callee.free
		}
		if callee.height == noValue || height == noValue {
			height = noValue
		} else {
			height = max(height, callee.height)
		}
	}
	if free > callerPays {
		free = noValue
	}
	if height != noValue {
		if height += f.frame; height > shallow {
			height = noValue
		}
	}
	f.free, f.height, f.visit = free, height, visited
}
