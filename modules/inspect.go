package modules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/wasm"
)

// Report is what inspection finds in a binary, without compiling it.
type Report struct {
	ABI ABI
	// Entry is the export that a call runs. Empty when the ABI leaves it open
	// and the module does not make it plain.
	Entry string
	// Size is the binary's length in bytes.
	Size int
	// Functions counts the functions that have a body.
	Functions int
	Imports   []ImportReport
	Exports   []string
	HasMemory bool
	// MemoryMin and MemoryMax are the memory's declared bounds in bytes;
	// MemoryMax is 0 where none is declared.
	MemoryMin, MemoryMax uint64
	// Tables are the declared minimum sizes of the tables, in elements.
	Tables []uint32
	// Tier is the best tier that instances of this module can have, and
	// TierReason says why it is not the best of all.
	Tier       Tier
	TierReason string
	// Refusals say why the module will not be run. Empty: it will be.
	Refusals []string
}

// ImportReport is one import of a module.
type ImportReport struct {
	Module, Name string
	// Signature is the type in the text format, for a function.
	Signature string
	// Problem says why the import cannot be satisfied. Empty: it can, or what
	// the host provides is not known.
	Problem string
}

// binaryBounds are the most of each thing that a binary may hold. They are
// far above what compilers produce and below what makes wazero's decoder or
// compiler expensive.
var binaryBounds = wasm.Bounds{
	Size:      64 << 20,
	Types:     20_000,
	Imports:   1_000,
	Functions: 100_000,
	Tables:    16,
	Globals:   10_000,
	Exports:   20_000,
	Elements:  20_000,
	Items:     1 << 17,
	Data:      50_000,
	Params:    256,
}

// Inspect examines a binary under the given limits without compiling it. The
// error is not nil when the module would be refused; the Report is filled as
// far as the binary could be read, in any case.
func Inspect(binary []byte, limits Limits) (Report, error) {
	report, _, err := inspect(binary, "", limits.withDefaults(), nil, &childBounds)
	return report, err
}

// inspect examines a binary. named is the entry that the configuration names, or
// empty.
func inspect(binary []byte, named string, limits Limits, provided provider, bounds *codeBounds) (Report, *wasm.Module, error) {
	report := Report{Size: len(binary)}
	m, err := wasm.Decode(binary, binaryBounds)
	if err != nil {
		if errors.Is(err, wasm.ErrComponent) {
			report.ABI = ABIComponent
			err = fmt.Errorf("%w; build a core module instead: a WASI preview 1 command or a reactor that exports wasl_handle", err)
		}
		report.Refusals = []string{err.Error()}
		return report, nil, err
	}
	if err := wasm.Check(m); err != nil {
		report.Refusals = []string{err.Error()}
		return report, nil, err
	}
	report.describe(m)
	report.findEntry(m, named)
	report.refuse(m, limits, bounds)
	report.checkImports(m, provided)
	if len(report.Refusals) > 0 {
		return report, nil, errors.New(strings.Join(report.Refusals, "; "))
	}
	return report, m, nil
}

// describe fills in what needs no judgement.
func (r *Report) describe(m *wasm.Module) {
	r.Functions = len(m.Bodies)
	for i := range m.Exports {
		r.Exports = append(r.Exports, m.Exports[i].Name)
	}
	if m.Memory != nil {
		r.HasMemory = true
		r.MemoryMin = uint64(m.Memory.Min) << 16
		if m.Memory.HasMax {
			r.MemoryMax = uint64(m.Memory.Max) << 16
		}
	}
	for i := range m.Tables {
		r.Tables = append(r.Tables, m.Tables[i].Min)
	}
	for i := range m.Exports {
		if meter.Uses(m.Exports[i].Name) {
			r.Refusals = append(r.Refusals, fmt.Sprintf("the export %q has a name that the sandbox keeps for itself", m.Exports[i].Name))
		}
	}
}

// findEntry fills in the ABI and the entry, and refuses a module whose entry
// cannot be told or cannot be the one that is named.
func (r *Report) findEntry(m *wasm.Module, named string) {
	r.ABI, r.Entry = findABI(m)
	refusef := func(format string, args ...any) { r.Refusals = append(r.Refusals, fmt.Sprintf(format, args...)) }
	switch {
	case r.ABI == ABIExtism && named != "":
		r.Entry = ""
		if have, ok := exportedFunc(m, named); !ok {
			refusef("its entry is to be %.100q, which it does not export as a function; it exports %s", named, exportedFuncs(m))
		} else if !have.Equal(signatureI32) {
			refusef("its entry is to be %.100q, which is %s and has to be %s; it exports %s", named, have, signatureI32, exportedFuncs(m))
		} else {
			r.Entry = named
		}
	case r.ABI == ABIExtism && r.Entry == "":
		refusef("its entry cannot be told: a plug-in exports it as wasl_handle, handle, run or call, or as its only function without parameters that gives an i32. "+
			`Name it with entry = "NAME" in the module's section of the configuration; it exports %s`, exportedFuncs(m))
	case named != "" && r.Entry != "" && named != r.Entry: // without any entry it is refused anyhow
		refusef("its entry is to be %.100q, but only that of an Extism plug-in can be chosen, and this module's is %s: take the key entry out", named, r.Entry)
	}
}

// exportedFuncs lists the functions that a module exports, for a message.
func exportedFuncs(m *wasm.Module) string {
	var names []string
	for i := range m.Exports {
		if x := &m.Exports[i]; x.Kind == wasm.KindFunc {
			if len(names) == maxListed {
				names = append(names, "…")
				break
			}
			names = append(names, fmt.Sprintf("%.100q", x.Name))
		}
	}
	if len(names) == 0 {
		return "no function"
	}
	return strings.Join(names, ", ")
}

// maxListed is how many names a message lists.
const maxListed = 30

// The signatures of entry points.
var (
	signatureVoid = wasm.FuncType{}
	signatureI32  = wasm.FuncType{Results: []wasm.ValueType{wasm.I32}}
)

// findABI matches a module's exports and imports with the ABIs.
func findABI(m *wasm.Module) (ABI, string) {
	for i := range m.Imports {
		if strings.HasPrefix(m.Imports[i].Module, "extism:host/") {
			return ABIExtism, extismEntry(m)
		}
	}
	// A command built on an SDK exports the reactor's function too, which is of
	// no use before _start has run.
	if exportsFunc(m, "_start", signatureVoid) {
		return ABICommand, "_start"
	}
	if exportsFunc(m, "wasl_handle", signatureI32) {
		return ABIReactor, "wasl_handle"
	}
	return ABIUnknown, ""
}

// extismEntry finds the function to call in a plug-in: one of the usual names,
// or the only export that can be meant.
func extismEntry(m *wasm.Module) string {
	for _, name := range []string{"wasl_handle", "handle", "run", "call"} {
		if exportsFunc(m, name, signatureI32) {
			return name
		}
	}
	entry := ""
	for i := range m.Exports {
		name := m.Exports[i].Name
		if strings.HasPrefix(name, "_") || strings.HasPrefix(name, "asyncify_") || !exportsFunc(m, name, signatureI32) {
			continue
		}
		if entry != "" {
			return ""
		}
		entry = name
	}
	return entry
}

func exportsFunc(m *wasm.Module, name string, want wasm.FuncType) bool {
	have, ok := exportedFunc(m, name)
	return ok && have.Equal(want)
}

// exportedFunc gives the type of a function that a module exports.
func exportedFunc(m *wasm.Module, name string) (wasm.FuncType, bool) {
	index, ok := m.ExportOf(name, wasm.KindFunc)
	if !ok {
		return wasm.FuncType{}, false
	}
	return m.FuncTypeOf(index)
}
