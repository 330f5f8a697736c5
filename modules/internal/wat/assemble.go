package wat

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/modules/internal/wasm"
)

// Assemble turns the text of a module into a binary.
func Assemble(src string) (binary []byte, err error) {
	root, err := parse(src)
	if err != nil {
		return nil, err
	}
	if root.head() != "module" {
		return nil, fmt.Errorf("not a (module …)")
	}
	a := &assembler{m: &wasm.Module{}, names: map[string]map[string]uint32{}, count: map[string]uint32{}}
	defer func() {
		if r := recover(); r != nil {
			syntax, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			err = syntax
		}
	}()
	fields := root.list[1:]
	for _, f := range fields { // imports come first in every index space
		if f.head() == "import" {
			a.importField(f)
		}
	}
	for _, f := range fields {
		a.declare(f)
	}
	for _, f := range fields {
		a.define(f)
	}
	for i := range a.m.Data {
		a.m.HasDataCount = a.m.HasDataCount || a.m.Data[i].Mode == wasm.Passive
	}
	return wasm.Encode(a.m), nil
}

// MustAssemble is Assemble for sources that are part of the program.
func MustAssemble(src string) []byte {
	binary, err := Assemble(src)
	if err != nil {
		panic(fmt.Errorf("wat: %w\n%s", err, src))
	}
	return binary
}

// syntaxError travels from where it is found to Assemble.
type syntaxError struct{ error }

func failf(format string, args ...any) { panic(syntaxError{fmt.Errorf(format, args...)}) }

type assembler struct {
	m     *wasm.Module
	names map[string]map[string]uint32 // index space → identifier → index
	count map[string]uint32
}

// bind gives the next index of a space to an identifier, which may be absent.
func (a *assembler) bind(space string, args []node) []node {
	index := a.count[space]
	a.count[space]++
	if len(args) > 0 && !args[0].quoted && strings.HasPrefix(args[0].atom, "$") {
		if a.names[space] == nil {
			a.names[space] = map[string]uint32{}
		}
		a.names[space][args[0].atom] = index
		return args[1:]
	}
	return args
}

// index resolves a number or an identifier.
func (a *assembler) index(space, ref string) uint32 {
	if strings.HasPrefix(ref, "$") {
		index, ok := a.names[space][ref]
		if !ok {
			failf("unknown %s %s", space, ref)
		}
		return index
	}
	return uint32(integer(ref, 32))
}

func (a *assembler) typeIndex(t wasm.FuncType) uint32 {
	for i := range a.m.Types {
		if a.m.Types[i].Equal(t) {
			return uint32(i)
		}
	}
	a.m.Types = append(a.m.Types, t)
	return uint32(len(a.m.Types) - 1)
}

func (a *assembler) importField(f node) {
	im := wasm.Import{Module: f.list[1].atom, Name: f.list[2].atom}
	desc := f.list[3]
	args := a.bind(desc.head(), desc.list[1:])
	switch desc.head() {
	case "func":
		sig, _, _ := signature(args)
		im.Kind, im.Func = wasm.KindFunc, a.typeIndex(sig)
	case "memory":
		im.Kind, im.Memory = wasm.KindMemory, limits(args)
	case "table":
		im.Kind, im.Table = wasm.KindTable, tableType(args)
	case "global":
		im.Kind, im.Global = wasm.KindGlobal, globalType(args[0])
	default:
		failf("import of %q", desc.head())
	}
	a.m.Imports = append(a.m.Imports, im)
}

// declare gives a field its index and takes in all but code and references.
func (a *assembler) declare(f node) {
	space := f.head()
	switch space {
	case "func":
		args := a.exports(f, wasm.KindFunc)
		sig, _, _ := signature(args)
		a.m.Funcs = append(a.m.Funcs, a.typeIndex(sig))
	case "memory":
		l := limits(a.exports(f, wasm.KindMemory))
		a.m.Memory = &l
	case "table":
		a.m.Tables = append(a.m.Tables, tableType(a.exports(f, wasm.KindTable)))
	case "global":
		args := a.exports(f, wasm.KindGlobal)
		a.m.Globals = append(a.m.Globals, wasm.Global{GlobalType: globalType(args[0])})
	case "elem", "data":
		a.bind(space, f.list[1:])
	case "import", "export", "start":
	default:
		failf("unknown field %q", space)
	}
}

// exports takes the identifier and the inline exports off a field's arguments.
func (a *assembler) exports(f node, kind wasm.Kind) []node {
	index := a.count[f.head()]
	args := a.bind(f.head(), f.list[1:])
	for len(args) > 0 && args[0].head() == "export" {
		a.m.Exports = append(a.m.Exports, wasm.Export{Name: args[0].list[1].atom, Kind: kind, Index: index})
		args = args[1:]
	}
	return args
}

// define takes in the code and the references.
func (a *assembler) define(f node) {
	args := f.list[1:]
	if len(args) > 0 && !args[0].quoted && strings.HasPrefix(args[0].atom, "$") && f.head() != "start" {
		args = args[1:]
	}
	for len(args) > 0 && args[0].head() == "export" {
		args = args[1:]
	}
	switch f.head() {
	case "func":
		a.m.Bodies = append(a.m.Bodies, a.body(args))
	case "global":
		a.m.Globals[len(a.defined("global"))].Init = a.constant(args[1:])
	case "export":
		kinds := map[string]wasm.Kind{"func": wasm.KindFunc, "table": wasm.KindTable, "memory": wasm.KindMemory, "global": wasm.KindGlobal}
		what := args[1].head()
		a.m.Exports = append(a.m.Exports, wasm.Export{Name: args[0].atom, Kind: kinds[what], Index: a.index(what, args[1].list[1].atom)})
	case "start":
		start := a.index("func", args[0].atom)
		a.m.Start = &start
	case "elem":
		a.m.Elements = append(a.m.Elements, a.elem(args))
	case "data":
		a.m.Data = append(a.m.Data, a.data(args))
	}
}

// defined lists the globals that have their initial value already.
func (a *assembler) defined(string) []wasm.Global {
	for i := range a.m.Globals {
		if a.m.Globals[i].Init == nil {
			return a.m.Globals[:i]
		}
	}
	return a.m.Globals
}

func (a *assembler) elem(args []node) wasm.Element {
	e := wasm.Element{Type: wasm.FuncRef, Mode: wasm.Passive}
	if len(args) > 0 && args[0].atom == "declare" {
		e.Mode, args = wasm.Declarative, args[1:]
	}
	if len(args) > 0 && args[0].isList {
		e.Mode, e.Offset, args = wasm.Active, a.constant(offset(args[0])), args[1:]
	}
	if len(args) > 0 && args[0].atom == "func" {
		args = args[1:]
	}
	for _, ref := range args {
		e.Funcs = append(e.Funcs, a.index("func", ref.atom))
	}
	return e
}

func (a *assembler) data(args []node) wasm.Data {
	d := wasm.Data{Mode: wasm.Passive}
	if len(args) > 0 && args[0].isList {
		d.Mode, d.Offset, args = wasm.Active, a.constant(offset(args[0])), args[1:]
	}
	for _, text := range args {
		d.Bytes = append(d.Bytes, text.atom...)
	}
	return d
}

// offset unwraps (offset …).
func offset(n node) []node {
	if n.head() == "offset" {
		return n.list[1:]
	}
	return []node{n}
}

func (a *assembler) constant(nodes []node) []byte {
	b := &body{a: a}
	b.sequence(nodes)
	return append(b.code, 0x0b)
}

// signature reads the params and results at the head of args.
func signature(args []node) (sig wasm.FuncType, paramNames []string, rest []node) {
	for len(args) > 0 && (args[0].head() == "param" || args[0].head() == "result") {
		names, types := declarations(args[0].list[1:])
		if args[0].head() == "param" {
			sig.Params = append(sig.Params, types...)
			paramNames = append(paramNames, names...)
		} else {
			sig.Results = append(sig.Results, types...)
		}
		args = args[1:]
	}
	return sig, paramNames, args
}

// declarations reads "$name type" or "type type …".
func declarations(args []node) (names []string, types []wasm.ValueType) {
	if len(args) == 2 && strings.HasPrefix(args[0].atom, "$") {
		return []string{args[0].atom}, []wasm.ValueType{valueType(args[1].atom)}
	}
	for _, n := range args {
		names = append(names, "")
		types = append(types, valueType(n.atom))
	}
	return names, types
}

func valueType(name string) wasm.ValueType {
	for _, t := range []wasm.ValueType{wasm.I32, wasm.I64, wasm.F32, wasm.F64, wasm.V128, wasm.FuncRef, wasm.ExternRef} {
		if t.String() == name {
			return t
		}
	}
	failf("unknown type %q", name)
	return 0
}

func globalType(n node) wasm.GlobalType {
	if n.head() == "mut" {
		return wasm.GlobalType{Type: valueType(n.list[1].atom), Mutable: true}
	}
	return wasm.GlobalType{Type: valueType(n.atom)}
}

func limits(args []node) (l wasm.Limits) {
	l.Min = uint32(integer(args[0].atom, 32))
	if len(args) > 1 {
		l.HasMax, l.Max = true, uint32(integer(args[1].atom, 32))
	}
	return l
}

func tableType(args []node) wasm.Table {
	last := len(args) - 1
	return wasm.Table{Type: valueType(args[last].atom), Limits: limits(args[:last])}
}

// integer reads a number of the given width, signed or unsigned.
func integer(text string, bits int) int64 {
	text = strings.ReplaceAll(text, "_", "")
	if v, err := strconv.ParseInt(text, 0, bits); err == nil {
		return v
	}
	v, err := strconv.ParseUint(text, 0, bits)
	if err != nil {
		failf("not an integer: %q", text)
	}
	if bits == 32 {
		return int64(int32(v))
	}
	return int64(v)
}
