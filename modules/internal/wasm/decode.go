package wasm

import (
	"bytes"
	"errors"
	"fmt"
)

// Bounds are the most of each thing that Decode accepts.
type Bounds struct {
	Size      int // bytes of the binary
	Types     int
	Imports   int
	Functions int
	Tables    int
	Globals   int
	Exports   int
	Elements  int // element segments
	Items     int // items of all element segments together
	Data      int // data segments
	Params    int // parameters or results of one function
}

var (
	magic     = []byte("\x00asm")
	version1  = []byte{1, 0, 0, 0}
	component = []byte{0x0d, 0, 1, 0}
)

// Errors that tell what a binary is not.
var (
	ErrNotWasm   = errors.New("not a WebAssembly binary (no \\0asm header)")
	ErrComponent = errors.New("a component (component model), not a core module")
)

// sectionOrder gives each section's place in the file.
var sectionOrder = map[SectionID]int{
	SectionType: 1, SectionImport: 2, SectionFunction: 3, SectionTable: 4, SectionMemory: 5, SectionGlobal: 6,
	SectionExport: 7, SectionStart: 8, SectionElement: 9, SectionDataCount: 10, SectionCode: 11, SectionData: 12,
}

// decoder holds what the sections share.
type decoder struct {
	m         *Module
	bounds    Bounds
	items     int
	dataCount int
}

// Decode takes a binary apart.
func Decode(binary []byte, bounds Bounds) (*Module, error) {
	switch {
	case len(binary) > bounds.Size:
		return nil, &TooManyError{"bytes", uint64(len(binary)), uint64(bounds.Size)}
	case len(binary) < 8 || !bytes.HasPrefix(binary, magic):
		return nil, fmt.Errorf("%w; %s", ErrNotWasm, advice(binary))
	case bytes.Equal(binary[4:8], component):
		return nil, ErrComponent
	case !bytes.Equal(binary[4:8], version1):
		return nil, fmt.Errorf("unknown version % x", binary[4:8])
	}
	d := &decoder{m: &Module{}, bounds: bounds, dataCount: -1}
	r := &Reader{buf: binary, pos: 8}
	last := 0
	for r.Len() > 0 {
		id := SectionID(r.Byte())
		body := r.Bytes(r.U32())
		if r.err != nil {
			return nil, fmt.Errorf("section %d: %w", id, r.err)
		}
		if id == SectionCustom {
			d.custom(body)
			continue
		}
		place, known := sectionOrder[id]
		if !known {
			if id == 13 {
				return nil, &UnsupportedError{"exception handling (a tag section)"}
			}
			return nil, fmt.Errorf("unknown section %d", id)
		}
		if place <= last {
			return nil, fmt.Errorf("section %d is out of order or repeated", id)
		}
		last = place
		if err := d.section(id, body); err != nil {
			return nil, fmt.Errorf("section %d: %w", id, err)
		}
	}
	return d.m, d.check()
}

func (d *decoder) section(id SectionID, body []byte) error {
	r := NewReader(body)
	switch id {
	case SectionType:
		d.types(r)
	case SectionImport:
		d.imports(r)
	case SectionFunction:
		d.m.Funcs = make([]uint32, r.Count("functions", d.bounds.Functions))
		for i := range d.m.Funcs {
			d.m.Funcs[i] = r.U32()
		}
	case SectionTable:
		for n := r.Count("tables", d.bounds.Tables); n > 0 && r.err == nil; n-- {
			d.m.Tables = append(d.m.Tables, tableType(r))
		}
	case SectionMemory:
		if r.Count("memories", 1) == 1 {
			l := memoryLimits(r)
			d.m.Memory = &l
		}
	case SectionGlobal:
		for n := r.Count("globals", d.bounds.Globals); n > 0 && r.err == nil; n-- {
			d.m.Globals = append(d.m.Globals, Global{globalType(r), constExpr(r)})
		}
	case SectionExport:
		d.exports(r)
	case SectionStart:
		start := r.U32()
		d.m.Start = &start
	case SectionElement:
		for n := r.Count("element segments", d.bounds.Elements); n > 0 && r.err == nil; n-- {
			d.m.Elements = append(d.m.Elements, d.element(r))
		}
	case SectionDataCount:
		d.dataCount = int(r.U32())
		d.m.HasDataCount = true
	case SectionCode:
		d.code(r)
	case SectionData:
		for n := r.Count("data segments", d.bounds.Data); n > 0 && r.err == nil; n-- {
			d.m.Data = append(d.m.Data, d.data(r))
		}
	case SectionCustom:
	}
	if r.err == nil && r.Len() > 0 {
		r.failf("%d bytes too many", r.Len())
	}
	return r.err
}

// check compares the sections with each other.
func (d *decoder) check() error {
	if len(d.m.Funcs) != len(d.m.Bodies) {
		return fmt.Errorf("%d functions are declared, %d have a body", len(d.m.Funcs), len(d.m.Bodies))
	}
	if d.dataCount >= 0 && d.dataCount != len(d.m.Data) {
		return fmt.Errorf("the data count is %d, there are %d data segments", d.dataCount, len(d.m.Data))
	}
	return nil
}

func (d *decoder) types(r *Reader) {
	d.m.Types = make([]FuncType, 0, r.Count("types", d.bounds.Types))
	for range cap(d.m.Types) {
		if form := r.Byte(); form != 0x60 {
			if r.err == nil && form >= 0x4e && form <= 0x5f {
				r.fail(&UnsupportedError{"garbage collection (a type that is not a function)"})
			}
			r.failf("type form %#x", form)
			return
		}
		d.m.Types = append(d.m.Types, FuncType{d.valueTypes(r), d.valueTypes(r)})
	}
}

func (d *decoder) valueTypes(r *Reader) []ValueType {
	n := r.Count("parameters or results", d.bounds.Params)
	if n == 0 {
		return nil
	}
	types := make([]ValueType, n)
	for i := range types {
		types[i] = valueType(r)
	}
	return types
}

func (d *decoder) imports(r *Reader) {
	for n := r.Count("imports", d.bounds.Imports); n > 0 && r.err == nil; n-- {
		im := Import{Module: r.Name(), Name: r.Name(), Kind: Kind(r.Byte())}
		switch im.Kind {
		case KindFunc:
			im.Func = r.U32()
		case KindTable:
			im.Table = tableType(r)
		case KindMemory:
			im.Memory = memoryLimits(r)
		case KindGlobal:
			im.Global = globalType(r)
		default:
			r.failf("import kind %d", im.Kind)
		}
		d.m.Imports = append(d.m.Imports, im)
	}
}

func (d *decoder) exports(r *Reader) {
	for n := r.Count("exports", d.bounds.Exports); n > 0 && r.err == nil; n-- {
		ex := Export{Name: r.Name(), Kind: Kind(r.Byte()), Index: r.U32()}
		if ex.Kind > KindGlobal {
			r.failf("export kind %d", ex.Kind)
		}
		d.m.Exports = append(d.m.Exports, ex)
	}
}

// element reads an element segment; the flag's bits are: 0 not active,
// 1 explicit table or declarative, 2 items are expressions.
func (d *decoder) element(r *Reader) Element {
	flag := r.U32()
	if flag > 7 {
		r.failf("element segment of kind %d", flag)
	}
	e := Element{Type: FuncRef, Exprs: flag&4 != 0}
	if flag&1 == 0 {
		if flag&2 != 0 {
			e.Table = r.U32()
		}
		e.Offset = constExpr(r)
	} else {
		e.Mode = Passive
		if flag&2 != 0 {
			e.Mode = Declarative
		}
	}
	if flag&3 != 0 {
		if t := r.Byte(); e.Exprs {
			e.Type = ValueType(t)
		} else if t != 0 {
			r.failf("element kind %d", t)
		}
	}
	n := r.Count("items of an element segment", d.bounds.Items)
	if d.items += n; d.items > d.bounds.Items {
		r.fail(&TooManyError{"items of element segments", uint64(d.items), uint64(d.bounds.Items)})
	}
	for ; n > 0 && r.err == nil; n-- {
		if e.Exprs {
			e.Items = append(e.Items, constExpr(r))
		} else {
			e.Funcs = append(e.Funcs, r.U32())
		}
	}
	return e
}

func (d *decoder) data(r *Reader) Data {
	var s Data
	switch flag := r.U32(); flag {
	case 0:
		s.Offset = constExpr(r)
	case 1:
		s.Mode = Passive
	case 2:
		if index := r.U32(); index != 0 {
			r.fail(&UnsupportedError{"more than one memory"})
		}
		s.Offset = constExpr(r)
	default:
		r.failf("data segment of kind %d", flag)
	}
	s.Bytes = r.Bytes(r.U32())
	return s
}

func (d *decoder) code(r *Reader) {
	d.m.Bodies = make([]Body, 0, r.Count("function bodies", d.bounds.Functions))
	for i := range cap(d.m.Bodies) {
		body := NewReader(r.Bytes(r.U32()))
		if r.err != nil {
			return
		}
		var b Body
		for n := body.Count("groups of locals", len(body.buf)); n > 0 && body.err == nil; n-- {
			b.Locals = append(b.Locals, LocalGroup{body.U32(), valueType(body)})
		}
		b.Code = body.buf[body.pos:]
		if body.err != nil {
			r.failf("function body %d: %w", i, body.err)
			return
		}
		d.m.Bodies = append(d.m.Bodies, b)
	}
}

func valueType(r *Reader) ValueType {
	t := ValueType(r.Byte())
	switch t {
	case I32, I64, F32, F64, V128, FuncRef, ExternRef:
	case 0x69:
		r.fail(&UnsupportedError{"exception handling (exnref)"})
	case 0x63, 0x64:
		r.fail(&UnsupportedError{"typed function references"})
	default:
		r.failf("value type %#x", byte(t))
	}
	return t
}

func globalType(r *Reader) GlobalType {
	t := GlobalType{Type: valueType(r)}
	switch mutable := r.Byte(); mutable {
	case 0:
	case 1:
		t.Mutable = true
	default:
		r.failf("mutability %d", mutable)
	}
	return t
}

func tableType(r *Reader) Table {
	t := Table{Type: valueType(r)}
	if t.Type != FuncRef && t.Type != ExternRef {
		r.failf("table of type %#x", byte(t.Type))
	}
	t.Limits = limits(r, "table")
	return t
}

func memoryLimits(r *Reader) Limits { return limits(r, "memory") }

func limits(r *Reader, what string) (l Limits) {
	switch flag := r.Byte(); flag {
	case 0, 1:
		l.HasMax = flag == 1
	case 2, 3:
		r.fail(&UnsupportedError{"a shared " + what + " (threads)"})
	case 4, 5, 6, 7:
		r.fail(&UnsupportedError{"a 64-bit " + what})
	default:
		r.failf("limits of kind %d", flag)
	}
	l.Min = r.U32()
	if l.HasMax {
		l.Max = r.U32()
		if l.Max < l.Min {
			r.failf("%s with minimum %d above maximum %d", what, l.Min, l.Max)
		}
	}
	return l
}

// constExpr reads a constant expression up to and including its end.
func constExpr(r *Reader) []byte {
	start := r.pos
	for r.err == nil {
		switch op := r.Byte(); op {
		case 0x0b:
			if r.err == nil {
				return r.buf[start:r.pos:r.pos]
			}
		case 0x41, 0x42:
			r.S64()
		case 0x43:
			r.Bytes(4)
		case 0x44:
			r.Bytes(8)
		case 0x23, 0xd2:
			r.U32()
		case 0xd0:
			r.Byte()
		case 0xfd:
			if sub := r.U32(); sub != 12 {
				r.failf("vector instruction %d in a constant expression", sub)
			}
			r.Bytes(16)
		case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e:
			r.fail(&UnsupportedError{"an extended constant expression"})
		default:
			r.failf("instruction %#x in a constant expression", op)
		}
	}
	return nil
}
