package wasm

import (
	"errors"
	"fmt"
)

// ErrTruncated is the error of a binary that ends too early.
var ErrTruncated = errors.New("unexpected end")

// Reader reads the primitive values of the binary format. The first error
// sticks: after it every method returns zero values.
type Reader struct {
	buf []byte
	pos int
	err error
}

// NewReader reads from b.
func NewReader(b []byte) *Reader { return &Reader{buf: b} }

// Err is the first error met.
func (r *Reader) Err() error { return r.err }

// Len is the number of bytes left; zero after an error.
func (r *Reader) Len() int {
	if r.err != nil {
		return 0
	}
	return len(r.buf) - r.pos
}

func (r *Reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *Reader) failf(format string, args ...any) { r.fail(fmt.Errorf(format, args...)) }

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if r.err != nil || r.pos >= len(r.buf) {
		r.fail(ErrTruncated)
		return 0
	}
	b := r.buf[r.pos]
	r.pos++
	return b
}

// Bytes reads n bytes, without copying them.
func (r *Reader) Bytes(n uint32) []byte {
	if r.err != nil || uint64(n) > uint64(len(r.buf)-r.pos) {
		r.fail(ErrTruncated)
		return nil
	}
	b := r.buf[r.pos : r.pos+int(n) : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// U32 reads an unsigned LEB128 number of at most 32 bits.
func (r *Reader) U32() uint32 {
	if r.err == nil && r.pos < len(r.buf) && r.buf[r.pos] < 0x80 {
		r.pos++
		return uint32(r.buf[r.pos-1])
	}
	var v uint32
	for shift := uint(0); shift < 35; shift += 7 {
		b := r.Byte()
		if shift == 28 && b > 0x0f {
			r.failf("integer too large")
			return 0
		}
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	r.failf("integer too long")
	return 0
}

// S64 reads a signed LEB128 number of at most 64 bits. It also reads what the
// format encodes with 32 or 33 bits.
func (r *Reader) S64() int64 {
	var v int64
	for shift := uint(0); shift < 70; shift += 7 {
		b := r.Byte()
		v |= int64(b&0x7f) << shift
		if b < 0x80 {
			if b&0x40 != 0 && shift+7 < 64 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
	r.failf("integer too long")
	return 0
}

// Name reads a length and as many bytes. Its UTF-8 is left to the engine.
func (r *Reader) Name() string { return string(r.Bytes(r.U32())) }

// Count reads the length of a vector whose elements take at least one byte
// each and of which there may be at most limit.
func (r *Reader) Count(what string, limit int) int {
	n := r.U32()
	switch {
	case r.err != nil:
		return 0
	case uint64(n) > uint64(limit):
		r.fail(&TooManyError{What: what, Have: uint64(n), Limit: uint64(limit)})
		return 0
	case uint64(n) > uint64(len(r.buf)-r.pos):
		r.failf("%d %s declared in %d bytes: %w", n, what, len(r.buf)-r.pos, ErrTruncated)
		return 0
	}
	return int(n)
}

// TooManyError says that a binary holds more of something than is allowed.
type TooManyError struct {
	What        string
	Have, Limit uint64
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("%d %s, more than the limit of %d", e.Have, e.What, e.Limit)
}

// UnsupportedError names a feature that the sandbox does not run.
type UnsupportedError struct{ Feature string }

func (e *UnsupportedError) Error() string { return e.Feature + " is not supported" }

// AppendU32 appends v as unsigned LEB128.
func AppendU32(b []byte, v uint32) []byte {
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

// AppendS64 appends v as signed LEB128. It serves i32 constants as well.
func AppendS64(b []byte, v int64) []byte {
	for {
		c := byte(v & 0x7f)
		v >>= 7
		if (v == 0 && c&0x40 == 0) || (v == -1 && c&0x40 != 0) {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}

// AppendName appends a length and the bytes of a name.
func AppendName(b []byte, name string) []byte {
	return append(AppendU32(b, uint32(len(name))), name...)
}
