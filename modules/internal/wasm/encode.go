package wasm

// Encode writes a module as a binary.
func Encode(m *Module) []byte {
	size := 1 << 12
	for i := range m.Bodies {
		size += len(m.Bodies[i].Code) + 16
	}
	for i := range m.Data {
		size += len(m.Data[i].Bytes) + 16
	}
	e := &encoder{out: make([]byte, 0, size)}
	e.out = append(append(e.out, magic...), version1...)
	section(e, SectionType, m.Types, appendFuncType)
	section(e, SectionImport, m.Imports, appendImport)
	section(e, SectionFunction, m.Funcs, AppendU32)
	section(e, SectionTable, m.Tables, appendTable)
	if m.Memory != nil {
		section(e, SectionMemory, []Limits{*m.Memory}, appendLimits)
	}
	section(e, SectionGlobal, m.Globals, func(b []byte, g Global) []byte {
		return append(appendGlobalType(b, g.GlobalType), g.Init...)
	})
	section(e, SectionExport, m.Exports, func(b []byte, x Export) []byte {
		return AppendU32(append(AppendName(b, x.Name), byte(x.Kind)), x.Index)
	})
	if m.Start != nil {
		e.section(SectionStart, AppendU32(nil, *m.Start))
	}
	section(e, SectionElement, m.Elements, appendElement)
	if m.HasDataCount {
		e.section(SectionDataCount, AppendU32(nil, uint32(len(m.Data))))
	}
	section(e, SectionCode, m.Bodies, appendBody)
	section(e, SectionData, m.Data, appendData)
	return e.out
}

type encoder struct{ out, scratch []byte }

func (e *encoder) section(id SectionID, body []byte) {
	e.out = AppendU32(append(e.out, byte(id)), uint32(len(body)))
	e.out = append(e.out, body...)
}

// section writes a vector as a section, unless it is empty.
func section[T any](e *encoder, id SectionID, items []T, add func([]byte, T) []byte) {
	if len(items) == 0 {
		return
	}
	e.scratch = AppendU32(e.scratch[:0], uint32(len(items)))
	for _, item := range items {
		e.scratch = add(e.scratch, item)
	}
	e.section(id, e.scratch)
}

func appendFuncType(b []byte, t FuncType) []byte {
	return appendTypes(appendTypes(append(b, 0x60), t.Params), t.Results)
}

func appendTypes(b []byte, types []ValueType) []byte {
	b = AppendU32(b, uint32(len(types)))
	for _, t := range types {
		b = append(b, byte(t))
	}
	return b
}

func appendImport(b []byte, im Import) []byte {
	b = append(AppendName(AppendName(b, im.Module), im.Name), byte(im.Kind))
	switch im.Kind {
	case KindFunc:
		b = AppendU32(b, im.Func)
	case KindTable:
		b = appendTable(b, im.Table)
	case KindMemory:
		b = appendLimits(b, im.Memory)
	case KindGlobal:
		b = appendGlobalType(b, im.Global)
	}
	return b
}

func appendTable(b []byte, t Table) []byte { return appendLimits(append(b, byte(t.Type)), t.Limits) }

func appendLimits(b []byte, l Limits) []byte {
	if !l.HasMax {
		return AppendU32(append(b, 0), l.Min)
	}
	return AppendU32(AppendU32(append(b, 1), l.Min), l.Max)
}

func appendGlobalType(b []byte, t GlobalType) []byte {
	mutable := byte(0)
	if t.Mutable {
		mutable = 1
	}
	return append(b, byte(t.Type), mutable)
}

func appendElement(b []byte, e Element) []byte {
	flag := uint32(0)
	switch {
	case e.Mode == Passive:
		flag = 1
	case e.Mode == Declarative:
		flag = 3
	case e.Table != 0 || e.Type != FuncRef:
		flag = 2
	}
	if e.Exprs {
		flag |= 4
	}
	b = AppendU32(b, flag)
	if e.Mode == Active {
		if flag&2 != 0 {
			b = AppendU32(b, e.Table)
		}
		b = append(b, e.Offset...)
	}
	if flag&3 != 0 {
		if e.Exprs {
			b = append(b, byte(e.Type))
		} else {
			b = append(b, 0)
		}
	}
	if e.Exprs {
		b = AppendU32(b, uint32(len(e.Items)))
		for _, item := range e.Items {
			b = append(b, item...)
		}
		return b
	}
	b = AppendU32(b, uint32(len(e.Funcs)))
	for _, f := range e.Funcs {
		b = AppendU32(b, f)
	}
	return b
}

func appendBody(b []byte, body Body) []byte {
	head := AppendU32(nil, uint32(len(body.Locals)))
	for _, g := range body.Locals {
		head = append(AppendU32(head, g.Count), byte(g.Type))
	}
	b = AppendU32(b, uint32(len(head)+len(body.Code)))
	return append(append(b, head...), body.Code...)
}

func appendData(b []byte, d Data) []byte {
	if d.Mode == Passive {
		b = append(b, 1)
	} else {
		b = append(append(b, 0), d.Offset...)
	}
	return append(AppendU32(b, uint32(len(d.Bytes))), d.Bytes...)
}
