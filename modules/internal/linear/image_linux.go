//go:build !(386 || arm || mips || mipsle)

package linear

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Image is the contents that memories start with and return to. Only what comes
// before the zeros at its end is kept, and mapped into memories.
type Image struct {
	fd   int
	size int
	view []byte // a read-only mapping, up to the last page that is not zero
	refs atomic.Int32
}

// NewImage copies the contents into an image. Pages of zeros take no space.
func NewImage(contents []byte) (*Image, error) {
	img := &Image{fd: -1, size: len(contents)}
	img.refs.Store(1)
	used := withoutZeros(contents)
	if used == 0 {
		return img, nil
	}
	fd, err := unix.MemfdCreate("wasl-image", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	img.fd = fd
	if err := img.fill(contents[:used]); err != nil {
		img.Close()
		return nil, err
	}
	return img, nil
}

// withoutZeros is where the last page ends that is not zero.
func withoutZeros(contents []byte) int {
	for end := len(contents); end > 0; {
		start := (end - 1) &^ (page - 1)
		if !zero(contents[start:end]) {
			return end
		}
		end = start
	}
	return 0
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

// Len is how long a memory over the image is, in bytes.
func (img *Image) Len() int { return img.size }

// Held is how much memory the image takes at most.
func (img *Image) Held() int { return len(img.view) }

// Equal tells whether a memory is what the image is.
func (img *Image) Equal(memory []byte) bool {
	return len(memory) == img.size && string(memory[:len(img.view)]) == string(img.view) && zero(memory[len(img.view):])
}

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
