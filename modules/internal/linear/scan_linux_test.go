//go:build !(386 || arm || mips || mipsle)

package linear

import "testing"

// All ways to find what was written give the same result.
func TestResetMethods(t *testing.T) {
	defer method.Store(method.Load())
	for name, m := range map[string]int32{"scan": methodScan, "read": methodRead, "drop": methodDrop} {
		t.Run(name, func(t *testing.T) {
			method.Store(m)
			testReset(t)
			if now := method.Load(); now != m {
				t.Skipf("this kernel does not have it: went on with method %d", now)
			}
		})
	}
}

// A memory that is watched is reset without a search as long as only known
// pages are written to, and every other use is found out.
func TestWatch(t *testing.T) {
	if !faultsCount() {
		t.Skip("this system does not count page faults")
	}
	const size = 4 << 20
	img := imageOf(t, size)
	defer img.Close()
	m := newMemory(t, img, size)
	buf := m.Reallocate(size)
	reset := func() {
		t.Helper()
		if err := m.Reset(); err != nil {
			t.Fatal(err)
		}
		if !img.Equal(buf) {
			t.Fatal("the memory is not the image")
		}
	}
	for i := range size { // nothing is left to be mapped by reading
		_ = buf[i]
	}
	buf[5]++
	reset()
	if method.Load() == methodDrop {
		t.Skip("this system does not tell which pages are private")
	}

	quiet := 0
	for round := range 100 {
		m.Watch()
		buf[round]++
		m.scanner.kept = append(m.scanner.kept, span{}) // only a search takes it away
		reset()
		if n := len(m.scanner.kept); n > 0 && m.scanner.kept[n-1] == (span{}) {
			quiet++
			m.scanner.kept = m.scanner.kept[:n-1]
		}
	}
	if quiet < 50 {
		t.Errorf("%d of 100 uses of a known page went without a search", quiet)
	}
	for i := range 200 { // more than are kept
		m.Watch()
		buf[i*5*page+7]++
		reset()
		m.Watch()
		buf[i*5*page+7]++
		buf[size-1-i*page]++
		reset()
	}
	m.Watch()
	m.Unwatch()
	buf[size/2]++
	reset()
}
