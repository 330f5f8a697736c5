package modules

import (
	"context"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Bounds that every hostile module has to be held to.
const (
	maxOvershoot = 2 * time.Second // past its deadline
	maxExtra     = 32 << 20        // bytes of the host beyond the module's limit
)

// bounded runs what a hostile module does and asserts that the host's memory
// grows by no more than allowed and that nothing is left behind.
func bounded(t *testing.T, allowed uint64, attack func()) {
	t.Helper()
	warmUp.Do(func() { warm(t) })
	// What the collector leaves lying is in proportion to all that the tests'
	// process holds, and no doing of the module.
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	debug.FreeOSMemory()
	before := resources()
	resetPeak()
	attack()
	peak := procStatus("VmHWM")
	debug.FreeOSMemory()
	after := resources()
	if !raceDetector && peak > 0 && peak > before.resident+allowed+maxExtra {
		t.Errorf("the host's memory grew by %d MiB, want at most %d", (peak-before.resident)>>20, (allowed+maxExtra)>>20)
	}
	before.check(t, after)
}

// warmUp runs a module once, so that what stays open for the process's life,
// such as /proc/self/pagemap, is open before anything is counted.
var warmUp sync.Once

func warm(t *testing.T) {
	store, err := NewStore(t.Context(), helped(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	mustInvoke(t, mustOpen(t, store, handler(""), Limits{}), Call{})
	if err := store.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// usage is what a process holds of the system.
type usage struct {
	resident                uint64
	goroutines, files, map_ int
}

func resources() usage {
	u := usage{resident: procStatus("VmRSS"), goroutines: goruntime.NumGoroutine()}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		u.files = len(files)
	}
	if maps, err := os.ReadFile("/proc/self/maps"); err == nil {
		u.map_ = strings.Count(string(maps), "wasl-image")
	}
	return u
}

// check asserts that nothing countable was left behind.
func (u usage) check(t *testing.T, after usage) {
	t.Helper()
	if after.goroutines > u.goroutines {
		t.Errorf("goroutines: %d before, %d after", u.goroutines, after.goroutines)
	}
	if after.files > u.files {
		t.Errorf("open files: %d before, %d after", u.files, after.files)
	}
	if after.map_ > u.map_ {
		t.Errorf("mappings of images: %d before, %d after", u.map_, after.map_)
	}
}

// procStatus reads a size from /proc/self/status; 0 where there is none.
func procStatus(field string) uint64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			kib, _ := strconv.ParseUint(strings.Fields(value)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// resetPeak makes VmHWM start again.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// invokeFor calls a module with a deadline and asserts that it ends in time.
func invokeFor(t *testing.T, m *Module, d time.Duration, call Call) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	begin := time.Now()
	r, err := m.Invoke(ctx, call)
	if err != nil {
		t.Fatal(err)
	}
	if over := time.Since(begin) - d; over > maxOvershoot {
		t.Errorf("the call ended %s after its deadline", over)
	}
	return r
}
