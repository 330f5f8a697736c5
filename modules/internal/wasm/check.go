package wasm

import (
	"errors"
	"fmt"
)

// Check makes sure that every index in a module names something that exists,
// and that the blocks of every body are balanced. Rewriting relies on it: what
// it adds must not be within the reach of the original code.
func Check(m *Module) error {
	c := newChecker(m)
	for i := range m.Imports {
		if m.Imports[i].Kind == KindFunc {
			c.index("type", m.Imports[i].Func, c.types)
		}
	}
	for _, t := range m.Funcs {
		c.index("type", t, c.types)
	}
	for i := range m.Globals {
		c.constant(m.Globals[i].Init)
	}
	for i := range m.Exports {
		x := &m.Exports[i]
		c.index("export", x.Index, [...]uint32{c.funcs, c.tables, c.memories, c.globals}[x.Kind])
	}
	if m.Start != nil {
		c.index("start function", *m.Start, c.funcs)
	}
	for i := range m.Elements {
		c.element(&m.Elements[i])
	}
	for i := range m.Data {
		if m.Data[i].Mode == Active {
			c.constant(m.Data[i].Offset)
		}
	}
	if c.err != nil {
		return c.err
	}
	for i := range m.Bodies {
		if err := c.body(i); err != nil {
			return fmt.Errorf("function %d: %w", i+int(c.funcs)-len(m.Bodies), err)
		}
	}
	return nil
}

// checker holds the sizes of the index spaces.
type checker struct {
	m                                             *Module
	types, funcs, tables, memories, globals, data uint32
	err                                           error
	blocks                                        []Op
}

func newChecker(m *Module) *checker {
	c := &checker{m: m, types: uint32(len(m.Types)), data: uint32(len(m.Data))}
	for i := range m.Imports {
		switch m.Imports[i].Kind {
		case KindFunc:
			c.funcs++
		case KindTable:
			c.tables++
		case KindMemory:
			c.memories++
		case KindGlobal:
			c.globals++
		}
	}
	c.funcs += uint32(len(m.Bodies))
	c.tables += uint32(len(m.Tables))
	c.globals += uint32(len(m.Globals))
	if m.Memory != nil {
		c.memories++
	}
	return c
}

func (c *checker) index(what string, have, count uint32) {
	if have >= count && c.err == nil {
		c.err = fmt.Errorf("%s %d does not exist", what, have)
	}
}

func (c *checker) element(e *Element) {
	if e.Mode == Active {
		c.index("table", e.Table, c.tables)
		c.constant(e.Offset)
	}
	for _, f := range e.Funcs {
		c.index("function", f, c.funcs)
	}
	for _, item := range e.Items {
		c.constant(item)
	}
}

// constant checks the references of a constant expression.
func (c *checker) constant(expr []byte) {
	var in Instr
	for code := NewCode(expr); code.Next(&in); {
		switch in.Op {
		case OpRefFunc:
			c.index("function", in.Arg, c.funcs)
		case OpGlobalGet:
			c.index("global", in.Arg, c.globals)
		}
	}
}

var errBlocks = errors.New("its blocks are not balanced")

// body checks one function.
func (c *checker) body(i int) error {
	locals := uint64(len(c.m.Types[c.m.Funcs[i]].Params)) + c.m.Bodies[i].NumLocals()
	if locals > 1<<31 {
		return fmt.Errorf("%d locals", locals)
	}
	c.blocks = append(c.blocks[:0], OpBlock)
	var in Instr
	code := NewCode(c.m.Bodies[i].Code)
	for code.Next(&in) {
		if len(c.blocks) == 0 {
			return errBlocks
		}
		switch in.Op {
		case OpBlock, OpLoop, OpIf:
			c.blocks = append(c.blocks, in.Op)
			if in.Block >= 0 {
				c.index("type", uint32(min(in.Block, 1<<32-1)), c.types)
			}
		case OpElse:
			if last := &c.blocks[len(c.blocks)-1]; *last == OpIf {
				*last = OpElse
			} else {
				return errBlocks
			}
		case OpEnd:
			c.blocks = c.blocks[:len(c.blocks)-1]
		default:
			c.operand(&in, uint32(locals))
		}
		if c.err != nil {
			return c.err
		}
	}
	if code.Err() == nil && len(c.blocks) > 0 {
		return errBlocks
	}
	return code.Err()
}

// operand checks the index that an instruction has as an immediate.
func (c *checker) operand(in *Instr, locals uint32) {
	switch in.Op {
	case OpBr, OpBrIf:
		c.index("label", in.Arg, uint32(len(c.blocks)))
	case OpBrTable:
		c.index("label", in.MaxLabel, uint32(len(c.blocks)))
	case OpCall, OpRefFunc:
		c.index("function", in.Arg, c.funcs)
	case OpCallIndirect:
		c.index("type", in.Arg, c.types)
	case OpLocalGet, OpLocalSet, OpLocalTee:
		c.index("local", in.Arg, locals)
	case OpGlobalGet, OpGlobalSet:
		c.index("global", in.Arg, c.globals)
	case OpMemoryInit, OpDataDrop:
		c.index("data segment", in.Arg, c.data)
	}
}
