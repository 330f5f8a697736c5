package meter

import (
	"fmt"
	"strings"

	"github.com/waslrun/wasl/modules/internal/wasm"
)

// Names of what a metered module imports and exports. No module may use the
// prefix for itself.
const (
	Prefix = "wasl:"

	// Module and Yield name the import yield(fuel i64) -> i64, which gets the
	// counter, below zero as a rule, and gives its new value. The module calls
	// it too when the depth counter is below zero, before it touches another MiB
	// of memory, and after its memory has grown.
	Module = Prefix + "meter"
	Yield  = "yield"

	// Fuel is the exported global with the counter of fuel, an i64.
	Fuel = Prefix + "fuel"
	// Depth is the exported global with the bytes of stack left, an i64.
	Depth = Prefix + "depth"
	// Refused is the exported global that turns from 0 to 1, an i32, when a
	// memory.grow is refused.
	Refused = Prefix + "refused"
)

// Version is part of the key of whatever is kept of rewritten modules. It
// changes whenever the rewriting does.
const Version = "3"

// Config says what the rewritten module may do.
type Config struct {
	// Table is the most elements that a table may grow to.
	Table uint32
	// Unmerged charges each segment of code where it starts. It costs more and
	// gives the same fuel: tests compare the two.
	Unmerged bool
}

// rewriter holds what belongs to the whole module.
type rewriter struct {
	m        *wasm.Module
	imported uint32 // number of imported functions before rewriting
	funcs    []function
	shift    helperSet
	unmerged bool

	fuel, depth, refused uint32 // indices of the globals
}

// Apply rewrites a module in place.
func Apply(m *wasm.Module, config Config) error {
	w := &rewriter{m: m, imported: uint32(len(m.ImportedFuncs())), unmerged: config.Unmerged}
	w.funcs = make([]function, len(m.Bodies))
	for i := range w.funcs {
		shortenJumps(&m.Bodies[i])
		f, err := w.analyse(i)
		if err != nil {
			return fmt.Errorf("function %d: %w", i+int(w.imported), err)
		}
		w.funcs[i] = f
	}
	for i := range w.funcs {
		if w.funcs[i].visit == unvisited {
			w.resolve(uint32(i))
		}
	}
	w.addGlobals()
	w.addYield()
	w.shift = helperSet{w: w, index: map[helper]uint32{}, next: w.imported + 1 + uint32(len(m.Bodies))}
	bodies := make([]wasm.Body, len(m.Bodies), len(m.Bodies)+16)
	grows := false
	for i := range bodies {
		e := newEmitter(w, i)
		bodies[i] = e.body()
		grows = grows || e.growsTable
	}
	if grows {
		clampTables(m, config.Table)
	}
	w.renumberReferences()
	m.Bodies = append(bodies, w.shift.bodies...)
	m.Funcs = append(m.Funcs, w.shift.types...)
	return nil
}

// addGlobals adds the counters and exports them.
func (w *rewriter) addGlobals() {
	add := func(name string, t wasm.ValueType, init []byte) uint32 {
		index := uint32(len(w.m.Globals))
		for i := range w.m.Imports {
			if w.m.Imports[i].Kind == wasm.KindGlobal {
				index++
			}
		}
		w.m.Globals = append(w.m.Globals, wasm.Global{GlobalType: wasm.GlobalType{Type: t, Mutable: true}, Init: init})
		w.m.Exports = append(w.m.Exports, wasm.Export{Name: name, Kind: wasm.KindGlobal, Index: index})
		return index
	}
	w.fuel = add(Fuel, wasm.I64, []byte{0x42, 0, 0x0b})
	w.depth = add(Depth, wasm.I64, []byte{0x42, 0, 0x0b})
	w.refused = add(Refused, wasm.I32, []byte{0x41, 0, 0x0b})
}

// addYield adds the import, as the last imported function: the functions with
// a body all move up by one.
func (w *rewriter) addYield() {
	sig := wasm.FuncType{Params: []wasm.ValueType{wasm.I64}, Results: []wasm.ValueType{wasm.I64}}
	w.m.Imports = append(w.m.Imports, wasm.Import{Module: Module, Name: Yield, Func: w.typeIndex(sig)})
}

// yield is the index of the imported function.
func (w *rewriter) yield() uint32 { return w.imported }

// typeIndex finds a signature or adds it.
func (w *rewriter) typeIndex(sig wasm.FuncType) uint32 {
	for i := len(w.m.Types) - 1; i >= 0 && i >= len(w.m.Types)-64; i-- {
		if w.m.Types[i].Equal(sig) {
			return uint32(i)
		}
	}
	w.m.Types = append(w.m.Types, sig)
	return uint32(len(w.m.Types) - 1)
}

// call gives the new index of a function that is called directly.
func (w *rewriter) call(index uint32) uint32 {
	if index < w.imported {
		return index
	}
	return index + 1
}

// Original gives the index that a rewritten module's function had before, in a
// module with so many imported functions and so many with a body. It is false for
// what was added.
func Original(index, imported, bodies uint32) (uint32, bool) {
	switch {
	case index < imported:
		return index, true
	case index > imported && index-imported <= bodies:
		return index - 1, true
	}
	return 0, false
}

// reference gives the new index of a function whose reference is taken. For an
// imported one that is a function that charges for the call.
func (w *rewriter) reference(index uint32) uint32 {
	if index < w.imported {
		return w.shift.thunk(index)
	}
	return index + 1
}

// renumberReferences adapts everything outside of bodies that names functions.
func (w *rewriter) renumberReferences() {
	for i := range w.m.Exports {
		if x := &w.m.Exports[i]; x.Kind == wasm.KindFunc {
			x.Index = w.call(x.Index)
		}
	}
	if w.m.Start != nil {
		start := w.call(*w.m.Start)
		w.m.Start = &start
	}
	for i := range w.m.Elements {
		e := &w.m.Elements[i]
		for k, f := range e.Funcs {
			e.Funcs[k] = w.reference(f)
		}
		for k := range e.Items {
			e.Items[k] = w.constant(e.Items[k])
		}
	}
	for i := range w.m.Globals {
		w.m.Globals[i].Init = w.constant(w.m.Globals[i].Init)
	}
}

// constant adapts a constant expression that is a ref.func.
func (w *rewriter) constant(expr []byte) []byte {
	if len(expr) == 0 || wasm.Op(expr[0]) != wasm.OpRefFunc {
		return expr
	}
	index := wasm.NewReader(expr[1:]).U32()
	return append(wasm.AppendU32([]byte{byte(wasm.OpRefFunc)}, w.reference(index)), byte(wasm.OpEnd))
}

// clampTables bounds what tables can grow to.
func clampTables(m *wasm.Module, limit uint32) {
	for i := range m.Tables {
		t := &m.Tables[i]
		if !t.HasMax || t.Max > limit {
			t.HasMax, t.Max = true, max(limit, t.Min)
		}
	}
}

// Uses tells whether a name is one that metered modules keep for themselves.
func Uses(name string) bool { return strings.HasPrefix(name, Prefix) }
