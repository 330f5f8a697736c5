package hostfuncs

import (
	"encoding/binary"
	"reflect"

	"github.com/tetratelabs/wazero/api"
)

// memory is a guest's linear memory as it is at this moment. It is never kept
// past the host function that took it, nor across anything that waits.
//
// All pointers and lengths are unsigned 32-bit numbers from the guest. Sums are
// made in 64 bits, so that none of them wraps.
type memory struct {
	view []byte
	s    *session // pays for the bytes that are moved
}

// memory views a module's memory; it is empty when the module has none.
func (s *session) memory(mod api.Module) memory {
	mem := mod.Memory()
	// wazero gives a nil pointer in a non-nil interface here.
	if mem == nil || reflect.ValueOf(mem).IsNil() {
		return memory{nil, s}
	}
	view, _ := mem.Read(0, mem.Size())
	return memory{view, s}
}

// holds tells whether the n bytes at ptr are there. It moves none of them.
func (m memory) holds(ptr, n uint32) bool { return uint64(ptr)+uint64(n) <= uint64(len(m.view)) }

// span is the n bytes at ptr, to be used at once or copied. All of them are
// paid for.
func (m memory) span(ptr, n uint32) ([]byte, bool) {
	if !m.holds(ptr, n) {
		return nil, false
	}
	m.s.owed += uint64(n) / bytesPerUnit
	end := uint64(ptr) + uint64(n)
	return m.view[ptr:end:end], true
}

// head is the first bytes of the n at ptr, no more than most.
func (m memory) head(ptr, n, most uint32) ([]byte, bool) {
	if !m.holds(ptr, n) {
		return nil, false
	}
	return m.span(ptr, min(n, most))
}

// text copies the n bytes at ptr.
func (m memory) text(ptr, n uint32) (string, bool) {
	b, ok := m.span(ptr, n)
	return string(b), ok
}

func (m memory) putUint32(ptr, v uint32) bool {
	b, ok := m.span(ptr, 4)
	if ok {
		binary.LittleEndian.PutUint32(b, v)
	}
	return ok
}

func (m memory) putUint64(ptr uint32, v uint64) bool {
	b, ok := m.span(ptr, 8)
	if ok {
		binary.LittleEndian.PutUint64(b, v)
	}
	return ok
}

// fill copies as much of data as has room in the n bytes at ptr.
func (m memory) fill(ptr, n uint32, data []byte) (copied int, ok bool) {
	if !m.holds(ptr, n) {
		return 0, false
	}
	b, ok := m.span(ptr, uint32(min(uint64(n), uint64(len(data)))))
	return copy(b, data), ok
}
