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
		var all party
		first := lane{party: &all}
		p.add(&first, jobFunc(func() { <-held }))
		synctest.Wait() // the only worker is busy
		lanes := map[string]*lane{"a": {party: &all}, "b": {party: &all}, "c": {party: &all}}
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
		for i := range lanes {
			lanes[i].party = &party{}
			if i > 0 {
				lanes[i].party = lanes[0].party
			}
		}
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
		l := lane{party: &party{}}
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
	l := lane{party: &party{}}
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

// crew is a pool whose jobs end when the test says so.
type crew struct {
	*pool
	mu      sync.Mutex
	running map[string]int // by party
	held    map[string][]chan struct{}
}

// job is one that runs until release.
func (c *crew) job(name string) job {
	return jobFunc(func() {
		end := make(chan struct{})
		c.mu.Lock()
		c.running[name]++
		c.held[name] = append(c.held[name], end)
		c.mu.Unlock()
		<-end
		c.mu.Lock()
		c.running[name]--
		c.mu.Unlock()
	})
}

// release ends a job of a party.
func (c *crew) release(name string) {
	synctest.Wait()
	c.mu.Lock()
	first := c.held[name][0]
	c.held[name] = c.held[name][1:]
	c.mu.Unlock()
	close(first)
	synctest.Wait()
}

func (c *crew) want(t *testing.T, when, want string) {
	t.Helper()
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if got := fmt.Sprint(c.running); got != "map["+want+"]" {
		t.Errorf("%s: %s are running, want %s", when, got, want)
	}
}

func newCrew(t *testing.T, limit int, f func(t *testing.T, c *crew)) {
	synctest.Test(t, func(t *testing.T) {
		c := &crew{pool: newPool(limit), running: map[string]int{}, held: map[string][]chan struct{}{}}
		f(t, c)
		for name := range c.held {
			for len(c.held[name]) > 0 {
				c.release(name)
			}
		}
		c.close()
	})
}

// What waits for its party's limit takes no worker from others.
func TestAPartyKeepsItsLimit(t *testing.T) {
	newCrew(t, 4, func(t *testing.T, c *crew) {
		held, free := lane{party: &party{limit: 1}}, lane{party: &party{}}
		for range 8 {
			c.add(&held, c.job("held"))
		}
		for range 5 {
			c.add(&free, c.job("free"))
		}
		c.want(t, "at first", "free:3 held:1")
		c.release("held")
		c.want(t, "after one", "free:3 held:1")
	})
}

// A party of which nothing runs does not wait for those that may never end, and
// the others wait until the pool is within its limit again.
func TestAPartyWithoutAJobDoesNotWait(t *testing.T) {
	newCrew(t, 2, func(t *testing.T, c *crew) {
		hogs, quiet := lane{party: &party{}}, lane{party: &party{}}
		for range 9 {
			c.add(&hogs, c.job("hogs"))
		}
		c.add(&quiet, c.job("quiet"))
		c.add(&quiet, c.job("quiet"))
		c.want(t, "at first", "hogs:2 quiet:1")
		c.release("hogs")
		c.want(t, "after one of the hogs", "hogs:1 quiet:1")
	})
}

// Of two that wait, the one with fewer running jobs is next: so in the end each
// has its half, whoever came first.
func TestPartiesShareAPool(t *testing.T) {
	newCrew(t, 6, func(t *testing.T, c *crew) {
		a, b, k := lane{party: &party{}}, lane{party: &party{}}, lane{party: &party{}}
		for range 20 {
			c.add(&a, c.job("a"))
		}
		for range 20 {
			c.add(&b, c.job("b"))
			c.add(&k, c.job("k"))
		}
		c.want(t, "at first", "a:6 b:1 k:1")
		for range 6 {
			c.release("a")
		}
		c.want(t, "when those have ended", "a:2 b:2 k:2")
	})
}
