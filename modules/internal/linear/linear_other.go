//go:build !linux

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

// Bytes is the image's contents.
func (img *Image) Bytes() []byte { return img.contents }

// Close lets the image go.
func (img *Image) Close() {}

// Memory is one linear memory. It implements experimental.LinearMemory.
type Memory struct {
	image *Image // nil: starts empty
	buf   []byte
	limit uint64

	// Refused is set when the memory was asked to grow beyond its limit.
	Refused bool
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
// not copy each time.
func (m *Memory) Reallocate(size uint64) []byte {
	if size > m.limit {
		m.Refused = true
		return nil
	}
	if size > uint64(cap(m.buf)) {
		grown := make([]byte, size, min(m.limit, max(size, 2*uint64(cap(m.buf)))))
		copy(grown, m.buf)
		m.buf = grown
	}
	if size > uint64(len(m.buf)) {
		m.buf = m.buf[:size]
	}
	return m.buf[:size:size]
}

// Free gives the memory back.
func (m *Memory) Free() { m.buf, m.image = nil, nil }

// Watch has nothing to do here: Reset copies the whole image.
func (m *Memory) Watch() {}

// Unwatch ends what Watch began.
func (m *Memory) Unwatch() {}

// Reset puts the image back. The memory must not have grown.
func (m *Memory) Reset() error {
	if m.image == nil || len(m.buf) != len(m.image.contents) {
		return errGrown
	}
	copy(m.buf, m.image.contents)
	return nil
}
