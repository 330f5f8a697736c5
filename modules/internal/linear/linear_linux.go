//go:build !(386 || arm || mips || mipsle)

package linear

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// CopyOnWrite tells whether a memory over an image costs what is written to it
// and not what it holds.
const CopyOnWrite = true

var page = os.Getpagesize()

// Memory is one linear memory. It implements experimental.LinearMemory.
type Memory struct {
	image *Image // nil: starts empty
	space []byte // the addresses set aside for it, within reserved
	open  int    // how much of them is accessible
	size  int    // how long the guest's memory is: at most open

	reserved []byte
	ahead    ahead

	shrinking bool

	// Refused is set when the memory was asked to grow beyond its limit.
	Refused bool
	// Take, when set, is asked before the memory becomes as long as it says. Its
	// refusal is like that of the limit.
	Take func(size int) bool

	scanner scanner
	watch   watch
}

// New reserves a memory of at most limit bytes, with the contents of an image,
// which may be nil.
func New(image *Image, limit uint64) (*Memory, error) {
	m := &Memory{}
	if image != nil {
		limit = max(limit, uint64(image.size))
	}
	if err := m.reserve(int(limit)); err != nil {
		return nil, err
	}
	if image != nil {
		if err := m.mapImage(image); err != nil {
			m.Free()
			return nil, err
		}
	}
	return m, nil
}

// reserve sets addresses aside. They begin where a huge page can.
func (m *Memory) reserve(limit int) error {
	if limit = roundUp(limit, page); limit == 0 {
		return nil
	}
	slack := 0
	if limit > smallest {
		slack = hugePage
	}
	at, err := unix.MmapPtr(-1, 0, nil, uintptr(limit+slack), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
	if err != nil {
		return fmt.Errorf("reserve %d bytes of memory: %w", limit, err)
	}
	m.reserved = unsafe.Slice((*byte)(at), limit+slack)
	begin := 0
	if slack > 0 {
		begin = roundUp(int(uintptr(at)), hugePage) - int(uintptr(at))
	}
	m.space = m.reserved[begin : begin+limit : begin+limit]
	return nil
}

// roundUp rounds up to a multiple of a power of two.
func roundUp(n, to int) int { return (n + to - 1) &^ (to - 1) }

// mapImage lays the image over the beginning of the reserved space.
func (m *Memory) mapImage(image *Image) error {
	image.refs.Add(1)
	m.image = image
	if n := len(image.view); n > 0 {
		_, err := unix.MmapPtr(image.fd, 0, unsafe.Pointer(&m.space[0]), uintptr(n), unix.PROT_READ|unix.PROT_WRITE,
			unix.MAP_PRIVATE|unix.MAP_FIXED|unix.MAP_NORESERVE)
		if err != nil {
			return fmt.Errorf("map image: %w", err)
		}
		m.open = roundUp(n, page)
	}
	if err := m.openTo(image.size); err != nil {
		return fmt.Errorf("map image: %w", err)
	}
	m.size = image.size
	return nil
}

// openTo makes addresses accessible.
func (m *Memory) openTo(size int) error {
	end := min(roundUp(size, page), len(m.space))
	if end <= m.open {
		return nil
	}
	if err := unix.Mprotect(m.space[m.open:end], unix.PROT_READ|unix.PROT_WRITE); err != nil {
		return err
	}
	m.ahead.follow(m.space, m.open, end)
	m.open = end
	return nil
}

// Reallocate makes the memory at least size bytes long, without moving it. It
// gives nil when that is above the limit. After Shrink it gives the image's
// length instead.
func (m *Memory) Reallocate(size uint64) []byte {
	if m.shrinking {
		m.shrinking = false
		m.size = m.image.size
		return m.view()
	}
	if size > uint64(len(m.space)) || m.Take != nil && !m.Take(int(size)) || m.openTo(int(size)) != nil {
		m.Refused = true
		return nil
	}
	m.size = max(m.size, int(size))
	return m.view()
}

// view is the guest's memory.
func (m *Memory) view() []byte {
	if m.size == 0 {
		return []byte{}
	}
	return m.space[:m.size:m.size]
}

// Len is how long the guest's memory is, in bytes.
func (m *Memory) Len() int { return m.size }

// Grown tells whether the memory is longer than its image.
func (m *Memory) Grown() bool { return m.image != nil && m.size > m.image.size }

// Shrink has the next Reallocate make a memory that has grown as long as its
// image again. wazero has no call for that, but it takes whatever it is given
// when it asks for growth.
func (m *Memory) Shrink() { m.shrinking = true }

// Free gives the memory back. Whoever still holds a slice of it must not touch
// it any more.
func (m *Memory) Free() {
	m.Unwatch()
	if m.reserved != nil {
		_ = drop(m.space[:m.open]) // so that others can map in between
		_ = unix.MunmapPtr(unsafe.Pointer(&m.reserved[0]), uintptr(len(m.reserved)))
		m.reserved, m.space, m.open, m.size = nil, nil, 0, 0
	}
	if m.image != nil {
		m.image.Close()
		m.image = nil
	}
}

// Kept is how much of it a memory keeps mapped for itself over a reset, at most.
func (m *Memory) Kept() int { return min(m.size, keepPages*page) }

// Fresh is how much of the memory may never have been written to, in bytes: the
// guest can have so much mapped in a few instructions.
func (m *Memory) Fresh() int { return m.size - m.ahead.filled }

// Advance has the system map memory before the guest touches it, if the guest
// fills it from below: some MiB at a time, in huge pages where it can. Whoever
// runs a guest calls it when that seems to be touching new pages.
func (m *Memory) Advance() { m.ahead.advance(m.space[:m.open]) }

// worthWatching is the size from which on two questions for the thread's page
// faults are cheaper than one look at every page.
const worthWatching = 1 << 20

// Watch begins a use of the memory that Reset or Free ends, and that may be a
// short one: until then the calling goroutine keeps to its thread and nobody
// else writes to the memory, so that Reset can tell from the thread's page
// faults whether there is anything new to be found. A use without Watch is
// reset as well, only slower.
func (m *Memory) Watch() {
	if m.open >= worthWatching && m.scanner.known {
		m.watch.begin()
	}
}

// Unwatch ends what Watch began, before Reset: the goroutine may change its
// thread again. A use that takes long, or waits, does better without.
func (m *Memory) Unwatch() { m.watch.end() }

// Reset puts the image back, and zeros where the memory once was longer. It
// must be as long as its image: see Shrink.
func (m *Memory) Reset() error {
	quiet := m.watch.end()
	if m.image == nil || m.size != m.image.size {
		return errGrown
	}
	if m.open == 0 {
		return nil
	}
	low := m.ahead.low(m.open)
	if !quiet && low < m.open {
		if err := m.ahead.rewind(m.space[:m.open]); err != nil {
			return err
		}
	}
	return m.scanner.restore(m.space[:low], m.image.view, quiet)
}
