//go:build !(386 || arm || mips || mipsle)

package linear

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	hugePage = 2 << 20
	// smallest is where a large memory begins. What is below is left to the
	// system, and restored page by page.
	smallest = 8 << 20
	// window is how much can be mapped in huge pages by touching one byte in
	// each: so much, and not all of the memory, costs a guest some instructions
	// and the system the time to clear it. step is how far it moves at a time.
	window = 8 << 20
	step   = 4 << 20
)

// ahead is the part of a large memory that a guest is about to fill: the system
// is asked to map it in huge pages, which takes it a tenth of the time that small
// ones take or less. All else of a large memory is mapped in small ones, since a
// guest that touches a byte here and there would have more cleared by that than
// the time between two yields allows.
type ahead struct {
	on     bool
	off    bool // the system cannot do it
	start  int  // from here on Reset drops all
	from   int  // where the window begins; what is filled ends here
	filled int  // bytes that are all mapped, and written to
	moved  bool
	vec    []byte
}

// low is how much of a memory is restored page by page.
func (a *ahead) low(open int) int {
	if !a.on {
		return open
	}
	return min(a.start, open)
}

// follow notes that addresses from open to end are to be accessible. The window
// goes where they are, unless it is there.
func (a *ahead) follow(space []byte, open, end int) {
	switch {
	case a.off || end <= smallest:
	case !a.on:
		a.start = roundUp(max(open, smallest), hugePage)
		if a.start >= len(space) {
			return
		}
		a.on, a.from = true, a.start
		advise(space[a.start:], unix.MADV_NOHUGEPAGE) // the system may have others in mind
		a.off = advise(a.window(space), unix.MADV_HUGEPAGE) != nil
	case open >= a.from+window:
		advise(a.window(space), unix.MADV_NOHUGEPAGE)
		a.from, a.moved = roundUp(open, hugePage), true
		advise(a.window(space), unix.MADV_HUGEPAGE)
	}
}

func (a *ahead) window(space []byte) []byte {
	return space[min(a.from, len(space)):min(a.from+window, len(space))]
}

// advance moves the window if the guest has come to its second half. What it
// leaves behind is mapped by then, whatever the guest did to it, so that nothing
// is left there that touching could have cleared.
func (a *ahead) advance(memory []byte) {
	second := a.from + step
	if !a.on || a.off || second >= len(memory) || !a.touched(memory[second:min(second+step, len(memory))]) {
		return
	}
	if err := advise(memory[a.from:second], unix.MADV_POPULATE_WRITE); err != nil {
		a.off = true // before Linux 5.14, or out of memory
		advise(memory[a.from:], unix.MADV_NOHUGEPAGE)
		return
	}
	a.filled += step
	a.from, a.moved = second, true
	if next := a.from + step; next < len(memory) {
		advise(memory[next:min(next+step, len(memory))], unix.MADV_HUGEPAGE)
	}
}

// touched tells whether any page is mapped.
func (a *ahead) touched(memory []byte) bool {
	if a.vec == nil {
		a.vec = make([]byte, (step+page-1)/page)
	}
	vec := a.vec[:(len(memory)+page-1)/page]
	_, _, errno := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&memory[0])), uintptr(len(memory)), uintptr(unsafe.Pointer(&vec[0])))
	if errno != 0 {
		return false
	}
	for _, v := range vec {
		if v&1 != 0 {
			return true
		}
	}
	return false
}

// rewind drops all from the window's first place on, and puts the window back.
func (a *ahead) rewind(memory []byte) error {
	if err := drop(memory[a.start:]); err != nil {
		return err
	}
	if a.moved && !a.off {
		advise(memory[a.start:], unix.MADV_NOHUGEPAGE)
		a.from, a.moved = a.start, false
		advise(a.window(memory), unix.MADV_HUGEPAGE)
	}
	a.filled = 0
	return nil
}

func advise(memory []byte, advice int) error {
	if len(memory) == 0 {
		return nil
	}
	return unix.Madvise(memory, advice)
}

// dropped is how much is given back at a time. Others that want to map something
// wait for it.
const dropped = 32 << 20

// drop gives all private pages back; the next access sees the image or zeros.
func drop(memory []byte) error {
	for len(memory) > 0 {
		n := min(len(memory), dropped)
		if err := unix.Madvise(memory[:n], unix.MADV_DONTNEED); err != nil {
			return fmt.Errorf("madvise: %w", err)
		}
		memory = memory[n:]
	}
	return nil
}
