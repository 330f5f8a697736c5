package modules

import (
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/wasm"
)

// codeBounds are what a compiler can be asked to take. wazero's compiler takes
// time that grows with the square of the blocks of a function, and memory that
// grows with a function's length by a factor of hundreds.
type codeBounds struct {
	size       int    // bytes of the binary
	body       int    // bytes of a function
	locals     uint64 // of a function
	nesting    int    // of blocks
	blocks     uint64 // of a function: blocks, loops, ifs and conditional branches
	labels     int    // of all br_tables of a function
	product    uint64 // locals by blocks, of a function
	complexity uint64 // the sum over all functions of the square of their blocks
}

var (
	// childBounds hold where the compiler runs in a process that has limits of
	// its own. A guest in Go has up to 1,000 blocks and 30 KiB in a function,
	// and a complexity of ten million.
	childBounds = codeBounds{
		size: 64 << 20, body: 1 << 20, locals: 50_000, nesting: 10_000, blocks: 20_000, labels: 50_000,
		product: 20_000_000, complexity: 2_000_000_000,
	}
	// inProcessBounds are all that stands before a compiler in this process:
	// about five seconds of work.
	inProcessBounds = codeBounds{
		size: 16 << 20, body: 256 << 10, locals: 10_000, nesting: 4_000, blocks: 8_000, labels: 10_000,
		product: 10_000_000, complexity: 100_000_000,
	}
)

// refuse applies the limits.
func (r *Report) refuse(m *wasm.Module, limits Limits, bounds *codeBounds) {
	refusef := func(format string, args ...any) { r.Refusals = append(r.Refusals, fmt.Sprintf(format, args...)) }
	if r.ABI == ABIUnknown {
		refusef("no entry point: it exports neither _start nor wasl_handle() -> i32, and it is no Extism plug-in; " +
			"export a function wasl_handle that returns an i32, or build a command, with a main function")
	}
	if r.MemoryMin > limits.Memory {
		refusef("its memory starts at %d bytes, above the limit of %d", r.MemoryMin, limits.Memory)
	}
	for i, n := range r.Tables {
		if n > limits.Table {
			refusef("table %d starts at %d elements, above the limit of %d", i, n, limits.Table)
		}
	}
	if r.Size > bounds.size {
		refusef("%v", &wasm.TooManyError{What: "bytes", Have: uint64(r.Size), Limit: uint64(bounds.size)})
	}
	complexity := uint64(0)
	for i := range m.Bodies {
		blocks, err := bounds.check(&m.Bodies[i])
		if err != nil {
			refusef("function %d: %v", i+len(m.ImportedFuncs()), err)
			return
		}
		complexity += blocks * blocks
	}
	if complexity > bounds.complexity {
		refusef("its functions are too complex to compile: %d, the limit is %d", complexity, bounds.complexity)
	}
}

// check applies the bounds on a single function and counts its blocks.
func (b *codeBounds) check(body *wasm.Body) (blocks uint64, err error) {
	tooMany := func(what string, have, limit uint64) error {
		return &wasm.TooManyError{What: what, Have: have, Limit: limit}
	}
	locals := body.NumLocals()
	switch {
	case len(body.Code) > b.body:
		return 0, tooMany("bytes", uint64(len(body.Code)), uint64(b.body))
	case locals > b.locals:
		return 0, tooMany("locals", locals, b.locals)
	}
	var in wasm.Instr
	depth, labels := 0, 0
	code := wasm.NewCode(body.Code)
	for code.Next(&in) {
		switch in.Op {
		case wasm.OpBlock, wasm.OpLoop, wasm.OpIf:
			depth++
			blocks++
			if depth > b.nesting {
				return 0, fmt.Errorf("blocks nest deeper than %d", b.nesting)
			}
		case wasm.OpEnd:
			depth--
		case wasm.OpBrIf:
			blocks++
		case wasm.OpBrTable:
			if labels += in.Labels; labels > b.labels {
				return 0, tooMany("labels of br_table", uint64(labels), uint64(b.labels))
			}
		}
	}
	switch {
	case code.Err() != nil:
		return 0, code.Err()
	case blocks > b.blocks:
		return 0, tooMany("blocks", blocks, b.blocks)
	case locals*(blocks+1) > b.product:
		return 0, fmt.Errorf("%d locals in %d blocks are more than the compiler can take", locals, blocks)
	}
	return blocks, nil
}

// provider tells what the host provides.
type provider interface {
	// lookup gives a function's signature; hasModule tells whether the host
	// defines the module at all.
	lookup(module, name string) (sig wasm.FuncType, ok, hasModule bool)
}

// runtimeProvider looks into a wazero runtime's host modules.
type runtimeProvider struct{ wazero.Runtime }

func (p runtimeProvider) lookup(module, name string) (wasm.FuncType, bool, bool) {
	host := p.Module(module)
	if host == nil {
		return wasm.FuncType{}, false, false
	}
	def, ok := host.ExportedFunctionDefinitions()[name]
	if !ok {
		return wasm.FuncType{}, false, true
	}
	convert := func(types []api.ValueType) (out []wasm.ValueType) {
		for _, t := range types {
			out = append(out, wasm.ValueType(t))
		}
		return out
	}
	return wasm.FuncType{Params: convert(def.ParamTypes()), Results: convert(def.ResultTypes())}, true, true
}

// checkImports lists the imports and compares them with what is provided.
func (r *Report) checkImports(m *wasm.Module, provided provider) {
	var problems []string
	for i := range m.Imports {
		im := &m.Imports[i]
		report := ImportReport{Module: im.Module, Name: im.Name}
		switch im.Kind {
		case wasm.KindFunc:
			report.Problem = checkImport(m, im, provided, &report.Signature)
		case wasm.KindMemory:
			report.Problem = "a module must define its memory itself"
		case wasm.KindTable:
			report.Problem = "a module must define its tables itself"
		case wasm.KindGlobal:
			report.Problem = "the host provides no globals"
		}
		if report.Problem != "" {
			problems = append(problems, fmt.Sprintf("%s.%s: %s", im.Module, im.Name, report.Problem))
		}
		r.Imports = append(r.Imports, report)
	}
	if len(problems) > 0 {
		r.Refusals = append(r.Refusals, "imports that cannot be satisfied: "+strings.Join(problems, ", "))
	}
}

func checkImport(m *wasm.Module, im *wasm.Import, provided provider, signature *string) string {
	if int(im.Func) >= len(m.Types) {
		return "its type does not exist"
	}
	want := m.Types[im.Func]
	*signature = want.String()
	if meter.Uses(im.Module) {
		return "the sandbox keeps this name for itself"
	}
	if provided == nil {
		return ""
	}
	have, ok, hasModule := provided.lookup(im.Module, im.Name)
	switch {
	case !hasModule:
		return "the host has no such module"
	case !ok:
		return "the host has no such function"
	case !have.Equal(want):
		return fmt.Sprintf("imported as %s, the host's is %s", want, have)
	}
	return ""
}
