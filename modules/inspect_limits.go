package modules

import (
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/wasm"
)

// Bounds on a single function. wazero's compiler takes time and memory that
// grow with the product of a function's locals and its blocks, so the product
// is bounded too.
const (
	maxBody       = 2 << 20 // bytes
	maxLocals     = 50_000
	maxNesting    = 20_000
	maxLabels     = 200_000 // of all br_tables of a function
	maxComplexity = 50_000_000
)

// refuse applies the limits.
func (r *Report) refuse(m *wasm.Module, limits Limits) {
	refusef := func(format string, args ...any) { r.Refusals = append(r.Refusals, fmt.Sprintf(format, args...)) }
	if r.ABI == ABIUnknown {
		refusef("no entry point: it exports neither _start nor wasl_handle() -> i32, and it is no Extism plug-in")
	}
	if r.MemoryMin > limits.Memory {
		refusef("its memory starts at %d bytes, above the limit of %d", r.MemoryMin, limits.Memory)
	}
	for i, n := range r.Tables {
		if n > limits.Table {
			refusef("table %d starts at %d elements, above the limit of %d", i, n, limits.Table)
		}
	}
	for i := range m.Bodies {
		if err := checkBody(m, &m.Bodies[i]); err != nil {
			refusef("function %d: %v", i+len(m.ImportedFuncs()), err)
			break
		}
	}
}

// checkBody applies the bounds on a single function.
func checkBody(m *wasm.Module, body *wasm.Body) error {
	if len(body.Code) > maxBody {
		return &wasm.TooManyError{What: "bytes", Have: uint64(len(body.Code)), Limit: maxBody}
	}
	locals := body.NumLocals()
	if locals > maxLocals {
		return &wasm.TooManyError{What: "locals", Have: locals, Limit: maxLocals}
	}
	var in wasm.Instr
	depth, blocks, labels := 0, 1, 0
	code := wasm.NewCode(body.Code)
	for code.Next(&in) {
		switch in.Op {
		case wasm.OpBlock, wasm.OpLoop, wasm.OpIf:
			depth++
			blocks++
			if depth > maxNesting {
				return fmt.Errorf("blocks nest deeper than %d", maxNesting)
			}
		case wasm.OpEnd:
			depth--
		case wasm.OpBrIf:
			blocks++
		case wasm.OpBrTable:
			if labels += in.Labels; labels > maxLabels {
				return &wasm.TooManyError{What: "labels of br_table", Have: uint64(labels), Limit: maxLabels}
			}
		}
	}
	if err := code.Err(); err != nil {
		return err
	}
	if product := locals * uint64(blocks); product > maxComplexity {
		return fmt.Errorf("%d locals in %d blocks are more than the compiler can take", locals, blocks)
	}
	return nil
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
