package runtime

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

type jobFunc func()

func (f jobFunc) run() { f() }

func TestLanesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1)
		var mu sync.Mutex
		var order []string
		held := make(chan struct{})
		var first lane
		p.add(&first, jobFunc(func() { <-held }))
		synctest.Wait() // the only worker is busy
		lanes := map[string]*lane{"a": {}, "b": {}, "c": {}}
		for _, x := range []struct {
			name string
			jobs int
		}{{"a", 4}, {"b", 1}, {"c", 2}} {
			for i := range x.jobs {
				p.add(lanes[x.name], jobFunc(func() {
					mu.Lock()
					defer mu.Unlock()
					order = append(order, fmt.Sprint(x.name, i))
				}))
			}
		}
		close(held)
		synctest.Wait()
		if got, want := strings.Join(order, " "), "a0 b0 c0 a1 c1 a2 a3"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		p.close()
	})
}

func TestAPoolKeepsItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(3)
		var running, most, done atomic.Int64
		lanes := make([]lane, 5)
		for i := range 50 {
			p.add(&lanes[i%5], jobFunc(func() {
				if n := running.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second)
				running.Add(-1)
				done.Add(1)
			}))
		}
		begin := time.Now()
		for done.Load() < 50 {
			time.Sleep(time.Second)
		}
		if most.Load() != 3 || time.Since(begin) > 18*time.Second {
			t.Errorf("%d at once, %s", most.Load(), time.Since(begin))
		}
		p.close()
	})
}

func TestClosingAPoolDropsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1)
		var l lane
		var ran []int
		for i := range 3 {
			p.add(&l, jobFunc(func() {
				time.Sleep(time.Second)
				ran = append(ran, i)
			}))
		}
		synctest.Wait()
		p.close()
		p.add(&l, jobFunc(func() { t.Error("a closed pool ran a job") }))
		if fmt.Sprint(ran) != "[0]" {
			t.Errorf("ran %v", ran)
		}
	})
}

// A lane that always has a job waiting keeps room for what waits, not for all
// that it ever had.
func TestABusyLaneDoesNotGrow(t *testing.T) {
	var l lane
	var order []int
	add := func(n int) { l.push(jobFunc(func() { order = append(order, n) })) }
	for n := range 3 {
		add(n)
	}
	for n := 3; n < 10_000; n++ {
		add(n)
		l.pop().run()
	}
	for !l.empty() {
		l.pop().run()
	}
	if len(order) != 10_000 || !slices.IsSorted(order) {
		t.Errorf("%d jobs were run, in order: %v", len(order), slices.IsSorted(order))
	}
	if cap(l.jobs) > 32 {
		t.Errorf("there is room for %d jobs", cap(l.jobs))
	}
}
