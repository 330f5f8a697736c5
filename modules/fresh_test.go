//go:build linux && !386 && !arm

package modules

import (
	"fmt"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// mostFaults is how many pages a guest may touch for the first time between two
// yields: what a slice allows, and a twentieth for the engine and the collector.
const mostFaults = 4096 + 4096/20

// touching is a loop over all of a memory of a GiB, a distance at a time, that
// runs the instructions of each turn so many times, with the offset for %d.
func touching(distance, times int, instructions string) string {
	var turn strings.Builder
	for k := range times {
		turn.WriteString(strings.ReplaceAll(instructions, "%d", fmt.Sprint(k*distance)))
	}
	return fmt.Sprintf(`(loop $all (local.set $i (i32.const 65536)) (loop $turn %s
		(local.set $i (i32.add (local.get $i) (i32.const %d)))
		(br_if $turn (i32.lt_u (local.get $i) (i32.const 0x3d000000)))) (br $all))`, &turn, times*distance)
}

const (
	pageSize = 4096
	hugeSize = 2 << 20
	toGiB    = `(drop (memory.grow (i32.const 15999)))`
)

// Row 39: ways to touch pages for the first time.
var touches = map[string]string{
	"bytes":                  toGiB + touching(pageSize, 64, `(i32.store8 offset=%d (local.get $i) (local.get $i))`),
	"words":                  toGiB + touching(pageSize, 64, `(i64.store offset=%d (local.get $i) (i64.const 1))`),
	"numbers":                toGiB + touching(pageSize, 64, `(f64.store offset=%d (local.get $i) (f64.const 1))`),
	"across borders":         toGiB + touching(2*pageSize, 64, `(i64.store offset=%d (i32.sub (local.get $i) (i32.const 4)) (i64.const 1))`),
	"read":                   toGiB + touching(pageSize, 64, `(drop (i32.load offset=%d (local.get $i)))`),
	"read, then written":     toGiB + touching(pageSize, 16, `(i32.store offset=%d (local.get $i) (i32.load offset=%d (local.get $i)))`),
	"far apart":              toGiB + touching(hugeSize, 1, `(i32.store (local.get $i) (local.get $i))`),
	"read far apart":         toGiB + touching(hugeSize, 1, `(drop (i32.load (local.get $i)))`),
	"downwards":              toGiB + `(local.set $i (i32.const 0x3d000000)) (loop $l (i32.store (local.get $i) (local.get $i)) (local.set $i (i32.sub (local.get $i) (i32.const 4096))) (br_if $l (i32.gt_u (local.get $i) (i32.const 65536)))) (loop $e (br $e))`,
	"short fills":            toGiB + touching(pageSize, 16, `(memory.fill (i32.add (local.get $i) (i32.const %d)) (i32.const 1) (i32.const 1))`),
	"fills of a page":        toGiB + touching(pageSize, 1, `(memory.fill (local.get $i) (i32.const 1) (i32.const 4096))`),
	"long fills":             toGiB + touching(64<<20, 1, `(memory.fill (local.get $i) (i32.const 1) (i32.const 0x1000000))`),
	"short copies":           toGiB + touching(2*pageSize, 16, `(memory.copy (i32.add (local.get $i) (i32.const %d)) (i32.add (local.get $i) (i32.const 4096)) (i32.const 8))`),
	"long copies":            toGiB + touching(64<<20, 1, `(memory.copy (local.get $i) (i32.const 0x20000000) (i32.const 0x1000000))`),
	"segments":               toGiB + touching(pageSize, 8, `(memory.init $d (i32.add (local.get $i) (i32.const %d)) (i32.const 0) (i32.const 4))`),
	"a long segment":         toGiB + touching(32<<20, 1, `(memory.init $long (local.get $i) (i32.const 0) (i32.const 0xe00000))`),
	"page by page":           `(loop $l (drop (memory.grow (i32.const 1))) (local.set $i (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 65536))) (i32.store (local.get $i) (local.get $i)) (i32.store offset=4096 (local.get $i) (local.get $i)) (br $l))`,
	"a call for each":        toGiB + `(loop $l (call $one (local.get $i)) (local.set $i (i32.add (local.get $i) (i32.const 4096))) (br_if $l (i32.lt_u (local.get $i) (i32.const 0x3d000000)))) (loop $e (br $e))`,
	"after a small growth":   `(drop (memory.grow (i32.const 100))) (drop (memory.grow (i32.const 15899)))` + touching(pageSize, 64, `(i32.store8 offset=%d (local.get $i) (local.get $i))`),
	"grown and little used":  toGiB + touching(16<<20, 1, `(i32.store offset=1024 (local.get $i) (local.get $i))`),
	"a hole, then all of it": toGiB + touching(pageSize, 3, `(i32.store offset=%d (i32.add (local.get $i) (i32.const 0x2000000)) (local.get $i))`),
}

func touchingModule(body string) []byte {
	long := ""
	if strings.Contains(body, "$long") {
		long = strings.Repeat("x", 14<<20)
	}
	return wat.MustAssemble(`(module (memory 1) (data $d "abcd") (data $long "` + long + `")
		(func $one (param i32) (i32.store (local.get 0) (local.get 0)))
		(func (export "wasl_handle") (result i32) (local $i i32) ` + body + ` (i32.const 0)))`)
}

// However a guest touches pages, it yields within 4,096: in its first call, and in
// an instance that was made over an image, was used and has shrunk.
func TestFreshPagesBetweenYields(t *testing.T) {
	if raceDetector {
		t.Skip("counts the pages of one thread, and the race detector touches pages of its own")
	}
	engines(t, func(t *testing.T, opts Options) {
		for name, body := range touches {
			t.Run(name, func(t *testing.T) {
				goruntime.LockOSThread() // whose faults are counted
				defer goruntime.UnlockOSThread()
				store := newStore(t, opts)
				m := mustOpen(t, store, touchingModule(body), Limits{Memory: 1 << 30, Fuel: 1 << 60})
				yields, worst, last := 0, int64(0), faults(t)
				store.yields = func() {
					now := faults(t)
					if yields++; yields%2 == 1 { // a yield begins
						worst = max(worst, now-last)
					}
					last = now
				}
				for range 2 {
					yields, last = 0, faults(t)
					invokeFor(t, m, 60*time.Millisecond, Call{})
				}
				if worst > mostFaults {
					t.Errorf("%d pages between two yields, want at most %d", worst, mostFaults)
				}
			})
		}
	})
}

// faults is how many page faults this thread has had.
func faults(t *testing.T) int64 {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &usage); err != nil {
		t.Fatal(err)
	}
	return int64(usage.Minflt + usage.Majflt)
}
