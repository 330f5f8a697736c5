//go:build !(386 || arm || mips || mipsle)

package linear

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// keepPages is how many pages of a memory stay resident over a reset. They are
// overwritten with the image, which saves the next use their page faults; what
// was written beyond is given back to the system.
const keepPages = 112

// scanner finds the pages of a private mapping that were written to.
type scanner struct {
	regions []region
	entries []uint64

	// kept are the ranges of private pages that the last reset left resident.
	// While no page has become private since, which known and a [watch] tell,
	// nothing else can differ from the image.
	kept  []span
	known bool
}

// span is a range of a memory, in bytes.
type span struct{ start, end int }

// region and scanArgs are struct page_region and struct pm_scan_arg of
// linux/fs.h.
type region struct{ start, end, categories uint64 }

type scanArgs struct {
	size, flags, start, end, walkEnd, vec, vecLen, maxPages        uint64
	categoryInverted, categoryMask, categoryAnyOfMask, returnMasks uint64
}

const (
	ioctlPagemapScan = 0xc0606610
	pageIsFile       = 1 << 2
	pageIsPresent    = 1 << 3
	pageIsSwapped    = 1 << 4
	pageIsZero       = 1 << 5
)

// pagemap is /proc/self/pagemap, or -1. It stays open for the process's life.
var pagemap = sync.OnceValue(func() int {
	fd, err := unix.Open("/proc/self/pagemap", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	return fd
})

// method is the best way of resetting found so far; it only gets worse.
var method atomic.Int32

const (
	methodScan int32 = iota
	methodRead
	methodDrop
)

// restore makes memory equal to the image, of which it is a private mapping, and
// zeroes what is beyond. When it is quiet, no page was written to since the last
// time but those kept.
func (s *scanner) restore(memory, image []byte, quiet bool) error {
	if len(memory) == 0 {
		return nil
	}
	if quiet && s.known {
		for _, k := range s.kept {
			put(memory, image, k)
		}
		return nil
	}
	s.known = false
	if pagemap() < 0 {
		method.Store(methodDrop)
	}
	if method.Load() == methodScan {
		if s.find(memory, image, s.scan) == nil {
			return nil
		}
		method.CompareAndSwap(methodScan, methodRead)
	}
	if method.Load() == methodRead {
		if s.find(memory, image, s.read) == nil {
			return nil
		}
		method.CompareAndSwap(methodRead, methodDrop)
	}
	return drop(memory)
}

// find restores the private pages that a method finds, and knows them then.
func (s *scanner) find(memory, image []byte, by func(memory, image []byte) error) error {
	s.kept = s.kept[:0]
	err := by(memory, image)
	s.known = err == nil
	return err
}

// put makes a range of memory what the image has there: nothing but zeros, from
// its end on.
func put(memory, image []byte, s span) {
	n := copy(memory[s.start:s.end], image[min(s.start, len(image)):])
	clear(memory[s.start+n : s.end])
}

// scan asks the kernel for the ranges of private pages: present or swapped,
// and neither the file's nor the page of zeros that reading maps.
func (s *scanner) scan(memory, image []byte) error {
	if s.regions == nil {
		s.regions = make([]region, 128)
	}
	base := uint64(uintptr(unsafe.Pointer(&memory[0])))
	args := scanArgs{
		size: uint64(unsafe.Sizeof(scanArgs{})), start: base, end: base + uint64(len(memory)),
		vec: uint64(uintptr(unsafe.Pointer(&s.regions[0]))), vecLen: uint64(len(s.regions)),
		categoryInverted: pageIsFile | pageIsZero, categoryMask: pageIsFile | pageIsZero, categoryAnyOfMask: pageIsPresent | pageIsSwapped,
		returnMasks: pageIsPresent,
	}
	left := allowance{keepPages, mostDrops}
	for args.start < args.end {
		n, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(pagemap()), ioctlPagemapScan, uintptr(unsafe.Pointer(&args)))
		if errno != 0 {
			return os.NewSyscallError("PAGEMAP_SCAN", errno)
		}
		for _, r := range s.regions[:n] {
			last, err := s.restoreRange(memory, image, span{int(r.start - base), int(r.end - base)}, &left)
			if last || err != nil {
				return err
			}
		}
		if args.walkEnd <= args.start {
			return fmt.Errorf("PAGEMAP_SCAN stopped at %#x", args.walkEnd)
		}
		args.start = args.walkEnd
	}
	return nil
}

// mostDrops is how many ranges are given back one by one; then all the rest is.
const mostDrops = 32

// restoreRange restores one range of pages. Of those, as many stay resident as
// are left to be kept. It tells whether that was the last, since all beyond has
// been given back.
func (s *scanner) restoreRange(memory, image []byte, r span, left *allowance) (last bool, err error) {
	keep := span{r.start, min(r.end, r.start+left.pages*page)}
	if keep.start < keep.end {
		put(memory, image, keep)
		left.pages -= (keep.end - keep.start) / page
		s.kept = append(s.kept, keep)
	}
	if keep.end == r.end {
		return false, nil
	}
	if left.drops--; left.drops > 0 {
		return false, drop(memory[keep.end:r.end])
	}
	return true, drop(memory[keep.end:])
}

// allowance is what a reset may still do.
type allowance struct{ pages, drops int }

// read looks at every page's entry in /proc/self/pagemap: bit 63 is present,
// 62 swapped, 61 a page of the file.
func (s *scanner) read(memory, image []byte) error {
	pages := len(memory) / page
	if len(s.entries) < pages {
		s.entries = make([]uint64, pages)
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(&s.entries[0])), pages*8)
	base := int64(uintptr(unsafe.Pointer(&memory[0])))
	if n, err := unix.Pread(pagemap(), raw, base/int64(page)*8); err != nil || n != len(raw) {
		return fmt.Errorf("read pagemap: %d of %d bytes: %w", n, len(raw), err)
	}
	left := allowance{keepPages, mostDrops}
	for i, entry := range s.entries[:pages] {
		if entry>>62 != 0 && entry&(1<<61) == 0 {
			last, err := s.restoreRange(memory, image, span{i * page, (i + 1) * page}, &left)
			if last || err != nil {
				return err
			}
		}
	}
	return nil
}
