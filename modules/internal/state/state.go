package state

import (
	"errors"
	"fmt"

	"github.com/waslrun/wasl/modules/internal/wasm"
)

// Prefix is what the names of all exports begin with that are added here.
const Prefix = "wasl:state/"

// Start is the export of what was the module's start function.
const Start = Prefix + "start"

// maxGlobals bounds what is saved and put back for each use.
const maxGlobals = 1000

// Layout says where a rewritten module's state is.
type Layout struct {
	// Globals names the exports of the mutable globals.
	Globals []string
	// Segments are what instantiation would have written to memory, in order.
	Segments []Segment
	// HasStart says that there was a start function; it is exported as Start.
	HasStart bool
	// Hidden says why the state cannot be put back, as far as is known from
	// the binary. Empty: it can.
	Hidden string
}

// Segment is an active data segment.
type Segment struct {
	Offset uint32
	Bytes  []byte
}

// Expose rewrites a module in place. It must have passed wasm.Check.
func Expose(m *wasm.Module) (*Layout, error) {
	l := &Layout{}
	x := &exposer{m: m, layout: l, imported: uint32(len(m.ImportedFuncs()))}
	uses, err := x.survey()
	if err != nil {
		return nil, err
	}
	if uses.tables != 0 {
		l.Hidden = "it changes its tables while it runs"
	}
	x.globals()
	if err := x.segments(uses.segments); err != nil {
		return nil, err
	}
	if len(uses.dropped) > 0 {
		x.flagDrops(uses.dropped)
	}
	if m.Start != nil {
		l.HasStart = true
		m.Exports = append(m.Exports, wasm.Export{Name: Start, Kind: wasm.KindFunc, Index: *m.Start})
		m.Start = nil
	}
	if m.Memory == nil { // so that host functions always find one
		m.Memory = &wasm.Limits{HasMax: true}
	}
	return l, nil
}

type exposer struct {
	m        *wasm.Module
	layout   *Layout
	imported uint32
}

// uses is what the instructions do to the state besides memory and globals.
type uses struct {
	tables   wasm.Op         // some instruction that changes a table
	segments bool            // some instruction names a data segment
	dropped  map[uint32]bool // the data segments that are dropped somewhere
}

func (x *exposer) survey() (uses, error) {
	u := uses{dropped: map[uint32]bool{}}
	var in wasm.Instr
	for i := range x.m.Bodies {
		code := wasm.NewCode(x.m.Bodies[i].Code)
		for code.Next(&in) {
			switch in.Op {
			case wasm.OpTableSet, wasm.OpTableInit, wasm.OpTableCopy, wasm.OpTableGrow, wasm.OpTableFill:
				u.tables = in.Op
			case wasm.OpMemoryInit:
				u.segments = true
			case wasm.OpDataDrop:
				u.segments = true
				if x.m.Data[in.Arg].Mode == wasm.Passive {
					u.dropped[in.Arg] = true
				}
			}
		}
		if err := code.Err(); err != nil {
			return u, err
		}
	}
	return u, nil
}

// globals exports the mutable globals.
func (x *exposer) globals() {
	for i := range x.m.Globals {
		g := &x.m.Globals[i]
		if !g.Mutable {
			continue
		}
		switch g.Type {
		case wasm.I32, wasm.I64, wasm.F32, wasm.F64:
			x.export(uint32(i))
		default:
			x.layout.Hidden = fmt.Sprintf("it has a mutable global of type %s", g.Type)
		}
	}
	if len(x.layout.Globals) > maxGlobals {
		x.layout.Hidden = fmt.Sprintf("it has more than %d mutable globals", maxGlobals)
	}
}

func (x *exposer) export(global uint32) {
	name := fmt.Sprintf("%sglobal/%d", Prefix, global)
	x.m.Exports = append(x.m.Exports, wasm.Export{Name: name, Kind: wasm.KindGlobal, Index: global})
	x.layout.Globals = append(x.layout.Globals, name)
}

var errOffset = errors.New("a data segment whose offset is no i32 constant")

// segments takes the active data segments out. To instructions they are
// dropped, so an empty passive segment takes the place of each.
func (x *exposer) segments(named bool) error {
	for i := range x.m.Data {
		d := &x.m.Data[i]
		if d.Mode != wasm.Active {
			continue
		}
		r := wasm.NewReader(d.Offset)
		op, offset, end := r.Byte(), r.S64(), r.Byte()
		if wasm.Op(op) != wasm.OpI32Const || wasm.Op(end) != wasm.OpEnd || r.Err() != nil {
			return errOffset
		}
		x.layout.Segments = append(x.layout.Segments, Segment{Offset: uint32(offset), Bytes: d.Bytes})
		*d = wasm.Data{Mode: wasm.Passive}
	}
	if len(x.layout.Segments) > 0 && x.m.Memory == nil {
		return errors.New("data segments without a memory")
	}
	if !named {
		x.m.Data, x.m.HasDataCount = nil, false
	}
	return nil
}

// flagDrops keeps in a global, for each segment that is dropped somewhere,
// whether it has been dropped, instead of dropping it.
func (x *exposer) flagDrops(dropped map[uint32]bool) {
	flags := map[uint32]uint32{} // segment → global
	inits := map[uint32]uint32{} // segment → function that does its memory.init
	first := uint32(len(x.m.Bodies))
	sig := wasm.FuncType{Params: []wasm.ValueType{wasm.I32, wasm.I32, wasm.I32}}
	x.m.Types = append(x.m.Types, sig)
	for segment := range uint32(len(x.m.Data)) {
		if !dropped[segment] {
			continue
		}
		flag := uint32(len(x.m.Globals))
		x.m.Globals = append(x.m.Globals, wasm.Global{
			GlobalType: wasm.GlobalType{Type: wasm.I32, Mutable: true}, Init: []byte{byte(wasm.OpI32Const), 0, byte(wasm.OpEnd)},
		})
		x.export(flag)
		flags[segment] = flag
		inits[segment] = x.imported + uint32(len(x.m.Bodies))
		x.m.Funcs = append(x.m.Funcs, uint32(len(x.m.Types)-1))
		x.m.Bodies = append(x.m.Bodies, wasm.Body{Code: initCode(segment, flag)})
	}
	for i := range first {
		x.m.Bodies[i].Code = useFlags(x.m.Bodies[i].Code, flags, inits)
	}
}

// initCode is (0 to, 1 from, 2 length): memory.init, as if the segment were
// empty when the flag is set.
func initCode(segment, flag uint32) (b []byte) {
	get := func(local byte) { b = append(b, byte(wasm.OpLocalGet), local) }
	init := func() { b = append(wasm.AppendU32(append(b, 0xfc, 0x08), segment), 0) }
	b = wasm.AppendU32(append(b, byte(wasm.OpGlobalGet)), flag)
	b = append(b, byte(wasm.OpIf), 0x40)
	get(1)
	get(2)
	b = append(b, 0x72, byte(wasm.OpIf), 0x40) // i32.or: anything but nothing from 0 is out of bounds
	b = append(b, byte(wasm.OpI32Const), 0, byte(wasm.OpI32Const), 0x7f, byte(wasm.OpI32Const), 0x7f)
	init()
	b = append(b, byte(wasm.OpEnd))
	get(0)
	b = append(b, byte(wasm.OpI32Const), 0, byte(wasm.OpI32Const), 0)
	init()
	b = append(b, byte(wasm.OpReturn), byte(wasm.OpEnd))
	get(0)
	get(1)
	get(2)
	init()
	return append(b, byte(wasm.OpEnd))
}

// useFlags replaces data.drop and memory.init of flagged segments.
func useFlags(code []byte, flags, inits map[uint32]uint32) []byte {
	var out []byte
	copied := 0
	var in wasm.Instr
	for c := wasm.NewCode(code); c.Next(&in); {
		flag, ok := flags[in.Arg]
		if !ok || in.Op != wasm.OpDataDrop && in.Op != wasm.OpMemoryInit {
			continue
		}
		out = append(out, code[copied:in.Start]...)
		copied = in.End
		if in.Op == wasm.OpDataDrop {
			out = append(out, byte(wasm.OpI32Const), 1)
			out = wasm.AppendU32(append(out, byte(wasm.OpGlobalSet)), flag)
		} else {
			out = wasm.AppendU32(append(out, byte(wasm.OpCall)), inits[in.Arg])
		}
	}
	return append(out, code[copied:]...)
}
