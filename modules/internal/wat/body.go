package wat

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/modules/internal/wasm"
)

// body assembles one function.
type body struct {
	a      *assembler
	locals map[string]uint32
	labels []string // innermost last
	code   []byte
}

func (a *assembler) body(args []node) wasm.Body {
	_, params, args := signature(args)
	b := &body{a: a, locals: map[string]uint32{}}
	for i, name := range params {
		if name != "" {
			b.locals[name] = uint32(i)
		}
	}
	var out wasm.Body
	next := uint32(len(params))
	for len(args) > 0 && args[0].head() == "local" {
		names, types := declarations(args[0].list[1:])
		for i, t := range types {
			if names[i] != "" {
				b.locals[names[i]] = next
			}
			next++
			out.Locals = append(out.Locals, wasm.LocalGroup{Count: 1, Type: t})
		}
		args = args[1:]
	}
	b.sequence(args)
	out.Code = append(b.code, 0x0b)
	return out
}

// sequence assembles instructions, flat and folded ones mixed.
func (b *body) sequence(nodes []node) {
	for len(nodes) > 0 {
		n := nodes[0]
		if n.isList {
			b.folded(n)
			nodes = nodes[1:]
			continue
		}
		nodes = b.instruction(n.atom, nodes[1:])
	}
}

// folded assembles (op immediates operands…).
func (b *body) folded(n node) {
	op, args := n.head(), n.list[1:]
	switch op {
	case "block", "loop":
		args = b.instruction(op, args)
		b.sequence(args)
		b.instruction("end", nil)
		return
	case "if":
		b.foldedIf(args)
		return
	}
	// Immediates are the atoms before the first list; operands follow.
	split := 0
	for split < len(args) && !isOperand(args[split]) {
		split++
	}
	for _, operand := range args[split:] {
		b.folded(operand)
	}
	b.instruction(op, args[:split])
}

func isOperand(n node) bool {
	switch n.head() {
	case "", "param", "result", "type":
		return false
	default:
		return true
	}
}

func (b *body) foldedIf(args []node) {
	rest := args
	for len(rest) > 0 && !isOperand(rest[0]) {
		rest = rest[1:]
	}
	immediates := args[:len(args)-len(rest)]
	for len(rest) > 0 && rest[0].head() != "then" {
		b.folded(rest[0])
		rest = rest[1:]
	}
	b.instruction("if", immediates)
	b.sequence(rest[0].list[1:])
	if len(rest) > 1 {
		b.instruction("else", nil)
		b.sequence(rest[1].list[1:])
	}
	b.instruction("end", nil)
}

// instruction assembles one instruction and gives what follows its immediates.
func (b *body) instruction(op string, args []node) []node {
	code, ok := opcodes[op]
	if !ok {
		failf("unknown instruction %q", op)
	}
	b.code = append(b.code, code...)
	switch {
	case op == "block" || op == "loop" || op == "if":
		return b.block(args)
	case op == "end":
		if len(b.labels) > 0 {
			b.labels = b.labels[:len(b.labels)-1]
		}
		return args
	case op == "br" || op == "br_if":
		b.u32(b.label(args[0].atom))
		return args[1:]
	case op == "br_table":
		return b.brTable(args)
	case op == "call_indirect":
		sig, _, rest := signature(args)
		b.u32(b.a.typeIndex(sig))
		b.u32(0)
		return rest
	case isMemoryAccess(op):
		return b.memArg(op, args)
	case strings.HasSuffix(op, ".const"):
		b.constant(op, args[0].atom)
		return args[1:]
	default:
		return b.indices(op, args)
	}
}

func (b *body) u32(v uint32) { b.code = wasm.AppendU32(b.code, v) }

func (b *body) block(args []node) []node {
	label := ""
	if len(args) > 0 && strings.HasPrefix(args[0].atom, "$") {
		label, args = args[0].atom, args[1:]
	}
	b.labels = append(b.labels, label)
	sig, _, rest := signature(args)
	switch {
	case len(sig.Params) == 0 && len(sig.Results) == 0:
		b.code = append(b.code, 0x40)
	case len(sig.Params) == 0 && len(sig.Results) == 1:
		b.code = append(b.code, byte(sig.Results[0]))
	default:
		b.code = wasm.AppendS64(b.code, int64(b.a.typeIndex(sig)))
	}
	return rest
}

func (b *body) label(ref string) uint32 {
	for i := len(b.labels) - 1; i >= 0; i-- {
		if b.labels[i] == ref && ref != "" {
			return uint32(len(b.labels) - 1 - i)
		}
	}
	return uint32(integer(ref, 32))
}

func (b *body) brTable(args []node) []node {
	n := 0
	for n < len(args) && !args[n].isList && (strings.HasPrefix(args[n].atom, "$") || isNumber(args[n].atom)) {
		n++
	}
	b.u32(uint32(n - 1))
	for _, arg := range args[:n] {
		b.u32(b.label(arg.atom))
	}
	return args[n:]
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 0, 32)
	return err == nil
}

func (b *body) memArg(op string, args []node) []node {
	align, offset := naturalAlign(op), uint32(0)
	for len(args) > 0 {
		if v, ok := strings.CutPrefix(args[0].atom, "offset="); ok {
			offset = uint32(integer(v, 32))
		} else if _, ok := strings.CutPrefix(args[0].atom, "align="); !ok {
			break
		}
		args = args[1:]
	}
	b.u32(align)
	b.u32(offset)
	return args
}

func (b *body) constant(op, text string) {
	switch op {
	case "i32.const":
		b.code = wasm.AppendS64(b.code, integer(text, 32))
	case "i64.const":
		b.code = wasm.AppendS64(b.code, integer(text, 64))
	case "f32.const":
		v, _ := strconv.ParseFloat(text, 32)
		b.code = binary.LittleEndian.AppendUint32(b.code, math.Float32bits(float32(v)))
	case "f64.const":
		v, _ := strconv.ParseFloat(text, 64)
		b.code = binary.LittleEndian.AppendUint64(b.code, math.Float64bits(v))
	}
}

// spaces gives the index spaces of an instruction's immediates. A number is
// written as it is.
var spaces = map[string][]string{
	"call": {"func"}, "ref.func": {"func"},
	"local.get": {"local"}, "local.set": {"local"}, "local.tee": {"local"},
	"global.get": {"global"}, "global.set": {"global"},
	"table.get": {"table?"}, "table.set": {"table?"}, "table.grow": {"table?"}, "table.size": {"table?"}, "table.fill": {"table?"},
	"memory.size": {"zero"}, "memory.grow": {"zero"}, "memory.fill": {"zero"}, "memory.copy": {"zero", "zero"},
	"memory.init": {"data", "zero"}, "data.drop": {"data"},
	"table.init": {"elem", "zero"}, "elem.drop": {"elem"}, "table.copy": {"zero", "zero"},
	"ref.null": {"heap"},
}

func (b *body) indices(op string, args []node) []node {
	for _, space := range spaces[op] {
		switch space {
		case "zero":
			b.u32(0)
			continue
		case "table?":
			if len(args) == 0 || args[0].isList || !strings.HasPrefix(args[0].atom, "$") && !isNumber(args[0].atom) {
				b.u32(0)
				continue
			}
			b.u32(b.a.index("table", args[0].atom))
		case "heap":
			b.code = append(b.code, byte(valueType(strings.TrimSuffix(args[0].atom, "ref")+"ref")))
		case "local":
			if index, ok := b.locals[args[0].atom]; ok {
				b.u32(index)
			} else {
				b.u32(uint32(integer(args[0].atom, 32)))
			}
		default:
			b.u32(b.a.index(space, args[0].atom))
		}
		args = args[1:]
	}
	return args
}
