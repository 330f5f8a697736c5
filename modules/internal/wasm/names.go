package wasm

import "slices"

// maxFuncNames bounds what is kept of a module's names, in bytes.
const maxFuncNames = 4 << 20

// funcNamesSubsection is the part of the name section with names of functions.
const funcNamesSubsection = 1

// custom keeps the names of functions, from the first name section that has
// some. What is amiss in a custom section never makes a module invalid.
func (d *decoder) custom(body []byte) {
	r := NewReader(body)
	if r.Name() != "name" || d.m.FuncNames != nil {
		return
	}
	for r.Len() > 0 {
		id := r.Byte()
		names := r.Bytes(r.U32())
		if id == funcNamesSubsection && r.err == nil {
			d.m.FuncNames = names[:min(len(names), maxFuncNames)]
			return
		}
	}
}

// FindFuncNames looks up functions by their indices in a Module's FuncNames. Those
// without a name are missing in the result. The names are as they were written,
// which need not be UTF-8.
//
// It reads up to the last of the functions that are asked for, or to the first
// entry that is out of order.
func FindFuncNames(names []byte, indices []uint32) map[uint32]string {
	found := map[uint32]string{}
	if len(indices) == 0 {
		return found
	}
	last := slices.Max(indices)
	r := NewReader(names)
	r.U32() // how many there are
	for next := uint64(0); r.Len() > 0; {
		index := r.U32()
		name := r.Bytes(r.U32())
		if r.err != nil || uint64(index) < next || index > last {
			break
		}
		if slices.Contains(indices, index) {
			found[index] = string(name)
		}
		next = uint64(index) + 1
	}
	return found
}
