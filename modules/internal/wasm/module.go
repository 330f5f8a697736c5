package wasm

import (
	"slices"
	"strings"
)

// ValueType is the encoding of a value type.
type ValueType byte

// The value types.
const (
	I32       ValueType = 0x7f
	I64       ValueType = 0x7e
	F32       ValueType = 0x7d
	F64       ValueType = 0x7c
	V128      ValueType = 0x7b
	FuncRef   ValueType = 0x70
	ExternRef ValueType = 0x6f
)

// Kind is what an import or an export is.
type Kind byte

// The kinds.
const (
	KindFunc Kind = iota
	KindTable
	KindMemory
	KindGlobal
)

// SectionID is the encoding of a section's identity.
type SectionID byte

// The sections.
const (
	SectionCustom SectionID = iota
	SectionType
	SectionImport
	SectionFunction
	SectionTable
	SectionMemory
	SectionGlobal
	SectionExport
	SectionStart
	SectionElement
	SectionCode
	SectionData
	SectionDataCount
)

// Module is a decoded binary. Of custom sections the names of functions are
// kept, which Encode does not write. Byte slices point into the binary that was
// decoded.
type Module struct {
	Types    []FuncType
	Imports  []Import
	Funcs    []uint32 // type indices of the functions that have a body
	Tables   []Table
	Memory   *Limits
	Globals  []Global
	Exports  []Export
	Start    *uint32
	Elements []Element
	Bodies   []Body
	Data     []Data
	// HasDataCount tells whether there was a data count section.
	HasDataCount bool
	// FuncNames is the name section's map of function names, for FindFuncNames.
	FuncNames []byte
}

// FuncType is the signature of a function.
type FuncType struct{ Params, Results []ValueType }

// Limits bound a memory (in pages of 64 KiB) or a table (in elements).
type Limits struct {
	Min, Max uint32
	HasMax   bool
}

// Table is the type of a table.
type Table struct {
	Type ValueType
	Limits
}

// GlobalType is the type of a global.
type GlobalType struct {
	Type    ValueType
	Mutable bool
}

// Global is a global with its initial value.
type Global struct {
	GlobalType
	Init []byte // constant expression, its end included
}

// Import is one import; which of the last fields holds depends on Kind.
type Import struct {
	Module, Name string
	Kind         Kind
	Func         uint32 // type index
	Table        Table
	Memory       Limits
	Global       GlobalType
}

// Export is one export.
type Export struct {
	Name  string
	Kind  Kind
	Index uint32
}

// SegmentMode is how an element or data segment is used.
type SegmentMode byte

// The modes.
const (
	Active SegmentMode = iota
	Passive
	Declarative
)

// Element is an element segment.
type Element struct {
	Mode   SegmentMode
	Table  uint32
	Offset []byte // constant expression when active
	Type   ValueType
	// Exprs says that the items are Items of constant expressions; otherwise
	// they are function indices in Funcs.
	Exprs bool
	Funcs []uint32
	Items [][]byte
}

// Data is a data segment.
type Data struct {
	Mode   SegmentMode
	Offset []byte // constant expression when active
	Bytes  []byte
}

// LocalGroup declares Count locals of one type.
type LocalGroup struct {
	Count uint32
	Type  ValueType
}

// Body is a function's body: its declared locals and its instructions, the
// final end included.
type Body struct {
	Locals []LocalGroup
	Code   []byte
}

// NumLocals counts the declared locals, without the parameters.
func (b *Body) NumLocals() uint64 {
	var n uint64
	for _, g := range b.Locals {
		n += uint64(g.Count)
	}
	return n
}

// ImportedFuncs lists the type indices of the imported functions, which come
// first in the index space of functions.
func (m *Module) ImportedFuncs() []uint32 {
	var types []uint32
	for i := range m.Imports {
		if m.Imports[i].Kind == KindFunc {
			types = append(types, m.Imports[i].Func)
		}
	}
	return types
}

// ExportOf finds an export by name.
func (m *Module) ExportOf(name string, kind Kind) (index uint32, ok bool) {
	for i := range m.Exports {
		if m.Exports[i].Name == name && m.Exports[i].Kind == kind {
			return m.Exports[i].Index, true
		}
	}
	return 0, false
}

// FuncTypeOf gives the signature of a function by its index, imports first.
func (m *Module) FuncTypeOf(index uint32) (FuncType, bool) {
	imported := m.ImportedFuncs()
	var t uint32
	switch {
	case uint64(index) < uint64(len(imported)):
		t = imported[index]
	case uint64(index)-uint64(len(imported)) < uint64(len(m.Funcs)):
		t = m.Funcs[int(index)-len(imported)]
	default:
		return FuncType{}, false
	}
	if uint64(t) >= uint64(len(m.Types)) {
		return FuncType{}, false
	}
	return m.Types[t], true
}

// Equal tells whether two signatures are the same.
func (t FuncType) Equal(o FuncType) bool {
	return slices.Equal(t.Params, o.Params) && slices.Equal(t.Results, o.Results)
}

var typeNames = map[ValueType]string{
	I32: "i32", I64: "i64", F32: "f32", F64: "f64", V128: "v128", FuncRef: "funcref", ExternRef: "externref",
}

func (t ValueType) String() string { return typeNames[t] }

// String gives a signature as "(i32, i64) -> (i32)".
func (t FuncType) String() string {
	list := func(types []ValueType) string {
		names := make([]string, len(types))
		for i, v := range types {
			names[i] = v.String()
		}
		return "(" + strings.Join(names, ", ") + ")"
	}
	return list(t.Params) + " -> " + list(t.Results)
}
