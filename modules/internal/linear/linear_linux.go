package linear

import (
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// CopyOnWrite tells whether a memory over an image costs what is written to it
// and not what it holds.
const CopyOnWrite = true

var page = os.Getpagesize()

// Image is the contents that memories start with and return to.
type Image struct {
	fd   int
	view []byte // a read-only mapping of it
	refs atomic.Int32
}

// NewImage copies the contents into an image. Pages of zeros take no space.
func NewImage(contents []byte) (*Image, error) {
	img := &Image{fd: -1}
	img.refs.Store(1)
	if len(contents) == 0 {
		return img, nil
	}
	fd, err := unix.MemfdCreate("wasl-image", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	img.fd = fd
	if err := img.fill(contents); err != nil {
		img.Close()
		return nil, err
	}
	return img, nil
}

func (img *Image) fill(contents []byte) error {
	if err := unix.Ftruncate(img.fd, int64(len(contents))); err != nil {
		return fmt.Errorf("ftruncate: %w", err)
	}
	for start := 0; start < len(contents); start += page {
		chunk := contents[start:min(start+page, len(contents))]
		if zero(chunk) {
			continue
		}
		if _, err := unix.Pwrite(img.fd, chunk, int64(start)); err != nil {
			return fmt.Errorf("pwrite: %w", err)
		}
	}
	const seals = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE | unix.F_SEAL_SEAL
	if _, err := unix.FcntlInt(uintptr(img.fd), unix.F_ADD_SEALS, seals); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	view, err := unix.Mmap(img.fd, 0, len(contents), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("mmap: %w", err)
	}
	img.view = view
	return nil
}

func zero(b []byte) bool {
	for len(b) >= 8 {
		if *(*uint64)(unsafe.Pointer(&b[0])) != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// Bytes is the image's contents; it must not be used after Close.
func (img *Image) Bytes() []byte { return img.view }

// Close lets the image go, once the last memory over it is freed.
func (img *Image) Close() {
	if img.refs.Add(-1) > 0 {
		return
	}
	if img.view != nil {
		_ = unix.Munmap(img.view)
		img.view = nil
	}
	if img.fd >= 0 {
		_ = unix.Close(img.fd)
		img.fd = -1
	}
}

// Memory is one linear memory. It implements experimental.LinearMemory.
type Memory struct {
	image *Image // nil: starts empty
	space []byte // the reserved addresses
	open  int    // how much of them is accessible
	size  int    // how long the guest's memory is: at most open

	shrinking bool

	// Refused is set when the memory was asked to grow beyond its limit.
	Refused bool

	scanner scanner
	watch   watch
}

// New reserves a memory of at most limit bytes, with the contents of an image,
// which may be nil.
func New(image *Image, limit uint64) (*Memory, error) {
	m := &Memory{}
	limit = (limit + uint64(page) - 1) &^ (uint64(page) - 1)
	if image != nil {
		limit = max(limit, uint64(len(image.view)))
	}
	if limit > 0 {
		space, err := unix.Mmap(-1, 0, int(limit), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
		if err != nil {
			return nil, fmt.Errorf("reserve %d bytes of memory: %w", limit, err)
		}
		m.space = space
	}
	if image != nil {
		if err := m.mapImage(image); err != nil {
			m.Free()
			return nil, err
		}
	}
	return m, nil
}

// mapImage lays the image over the beginning of the reserved space.
func (m *Memory) mapImage(image *Image) error {
	image.refs.Add(1)
	m.image = image
	n := len(image.view)
	if n == 0 {
		return nil
	}
	at := unsafe.Pointer(&m.space[0])
	_, err := unix.MmapPtr(image.fd, 0, at, uintptr(n), unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_PRIVATE|unix.MAP_FIXED|unix.MAP_NORESERVE)
	if err != nil {
		return fmt.Errorf("map image: %w", err)
	}
	m.open, m.size = n, n
	return nil
}

// Reallocate makes the memory at least size bytes long, without moving it. It
// gives nil when that is above the limit. After Shrink it gives the image's
// length instead.
func (m *Memory) Reallocate(size uint64) []byte {
	if m.shrinking {
		m.shrinking = false
		m.size = len(m.image.view)
		return m.view()
	}
	if size > uint64(len(m.space)) {
		m.Refused = true
		return nil
	}
	if n := int(size); n > m.open {
		end := min((n+page-1)&^(page-1), len(m.space))
		if err := unix.Mprotect(m.space[m.open:end], unix.PROT_READ|unix.PROT_WRITE); err != nil {
			m.Refused = true
			return nil
		}
		m.open = end
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

// Grown tells whether the memory is longer than its image.
func (m *Memory) Grown() bool { return m.image != nil && m.size > len(m.image.view) }

// Shrink has the next Reallocate make a memory that has grown as long as its
// image again. wazero has no call for that, but it takes whatever it is given
// when it asks for growth.
func (m *Memory) Shrink() { m.shrinking = true }

// Free gives the memory back. Whoever still holds a slice of it must not touch
// it any more.
func (m *Memory) Free() {
	m.Unwatch()
	if m.space != nil {
		_ = unix.Munmap(m.space)
		m.space, m.open, m.size = nil, 0, 0
	}
	if m.image != nil {
		m.image.Close()
		m.image = nil
	}
}

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
	if m.image == nil || m.size != len(m.image.view) {
		return errGrown
	}
	if m.open == 0 {
		return nil
	}
	return m.scanner.restore(m.space[:m.open], m.image.view, quiet)
}
