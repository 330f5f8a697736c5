//go:build !linux || 386 || arm || mips || mipsle

package linear

// CopyOnWrite tells whether a memory over an image costs what is written to it
// and not what it holds.
const CopyOnWrite = false

// Image is the contents that memories start with and return to.
type Image struct{ contents []byte }

// NewImage copies the contents into an image.
func NewImage(contents []byte) (*Image, error) {
	return &Image{contents: append([]byte(nil), contents...)}, nil
}

// Len is how long a memory over the image is, in bytes.
func (img *Image) Len() int { return len(img.contents) }

// Held is how much memory the image takes at most.
func (img *Image) Held() int { return len(img.contents) }

// Equal tells whether a memory is what the image is.
func (img *Image) Equal(memory []byte) bool { return string(img.contents) == string(memory) }

// Close lets the image go.
func (img *Image) Close() {}

// Memory is one linear memory. It implements experimental.LinearMemory.
type Memory struct {
	image *Image // nil: starts empty
	buf   []byte // from its length to its capacity there are zeros
	limit uint64

	shrinking bool

	// Refused is set when the memory was asked to grow beyond its limit.
	Refused bool
	// Take, when set, is asked before the memory becomes as long as it says. Its
	// refusal is like that of the limit.
	Take func(size int) bool
}

// New makes a memory of at most limit bytes, with the contents of an image,
// which may be nil.
func New(image *Image, limit uint64) (*Memory, error) {
	m := &Memory{image: image, limit: limit}
	if image != nil {
		m.limit = max(limit, uint64(len(image.contents)))
		m.buf = append(m.buf, image.contents...)
	}
	return m, nil
}

// Reallocate makes the memory at least size bytes long. It gives nil when that
// is above the limit. Growth is by doubling, so that growing page by page does
// not copy each time. After Shrink it gives the image's length instead.
func (m *Memory) Reallocate(size uint64) []byte {
	if m.shrinking {
		m.shrinking = false
		n := len(m.image.contents)
		clear(m.buf[n:])
		m.buf = m.buf[:n]
		return m.buf[:n:n]
	}
	if size > m.limit || m.Take != nil && !m.Take(int(size)) {
		m.Refused = true
		return nil
	}
	if size > uint64(cap(m.buf)) {
		grown := make([]byte, size, min(m.limit, max(size, 2*uint64(cap(m.buf)))))
		copyInPieces(grown, m.buf)
		m.buf = grown
	}
	if size > uint64(len(m.buf)) {
		m.buf = m.buf[:size]
	}
	return m.buf[:size:size]
}

// Len is how long the guest's memory is, in bytes.
func (m *Memory) Len() int { return len(m.buf) }

// Grown tells whether the memory is longer than its image.
func (m *Memory) Grown() bool { return m.image != nil && len(m.buf) > len(m.image.contents) }

// Shrink has the next Reallocate make a memory that has grown as long as its
// image again.
func (m *Memory) Shrink() { m.shrinking = true }

// Free gives the memory back.
func (m *Memory) Free() { m.buf, m.image = nil, nil }

// Watch has nothing to do here: Reset copies the whole image.
func (m *Memory) Watch() {}

// Unwatch ends what Watch began.
func (m *Memory) Unwatch() {}

// Reset puts the image back. The memory must be as long: see Shrink.
func (m *Memory) Reset() error {
	if m.image == nil || len(m.buf) != len(m.image.contents) {
		return errGrown
	}
	copyInPieces(m.buf, m.image.contents)
	return nil
}

// copyInPieces copies so that Go's collector need not wait for the end of it.
func copyInPieces(to, from []byte) {
	const piece = 1 << 20
	for len(from) > 0 {
		n := copy(to, from[:min(len(from), piece)])
		to, from = to[n:], from[n:]
	}
}

// Kept is how much of it a memory keeps over a reset.
func (m *Memory) Kept() int { return cap(m.buf) }

// Fresh is how much of the memory may never have been written to, in bytes.
func (m *Memory) Fresh() int { return len(m.buf) }

// Advance has nothing to do here.
func (m *Memory) Advance() {}
