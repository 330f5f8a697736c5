//go:build !(386 || arm || mips || mipsle)

package linear

import (
	goruntime "runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// watch tells whether anything may have been written to a private mapping for
// the first time: the page is the file's until then, so the write is a page
// fault of the thread that wrote. Faults at other addresses count too; they
// only make the answer less useful.
type watch struct {
	active bool
	faults int64
}

func (w *watch) begin() {
	if !faultsCount() {
		return
	}
	goruntime.LockOSThread()
	w.faults, w.active = threadFaults(), true
}

// end tells whether the thread has had no page fault since begin.
func (w *watch) end() (quiet bool) {
	if !w.active {
		return false
	}
	w.active = false
	faults := threadFaults()
	goruntime.UnlockOSThread()
	return faults >= 0 && faults == w.faults
}

// threadFaults is how many page faults this thread has had; -1 when the system
// does not tell.
func threadFaults() int64 {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &usage); err != nil {
		return -1
	}
	return usage.Minflt + usage.Majflt
}

// faultsCount tells whether page faults of the kind that matters are counted
// here, which systems that only imitate Linux need not do.
var faultsCount = sync.OnceValue(func() bool {
	img, err := NewImage(make([]byte, 2*page))
	if err != nil {
		return false
	}
	defer img.Close()
	m, err := New(img, 0)
	if err != nil {
		return false
	}
	defer m.Free()
	goruntime.LockOSThread()
	defer goruntime.UnlockOSThread()
	buf := m.Reallocate(uint64(2 * page))
	for i := 0; i < len(buf); i += page {
		before := threadFaults()
		read := buf[i]
		between := threadFaults()
		buf[i] = read + 1
		if before < 0 || threadFaults() <= between {
			return false
		}
	}
	return true
})
