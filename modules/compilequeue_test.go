package modules

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fakeChild is a compilation that needs so much time, counted while it is not
// paused.
type fakeChild struct {
	queue *fakeCompiler
	name  string
	needs time.Duration

	mu     sync.Mutex
	since  time.Time // zero: paused
	timer  *time.Timer
	ended  chan error
	closed bool
}

func (c *fakeChild) pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.since.IsZero() {
		return
	}
	c.timer.Stop()
	c.needs -= time.Since(c.since)
	c.since = time.Time{}
	c.queue.running(c.name, -1)
}

func (c *fakeChild) resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || !c.since.IsZero() {
		return
	}
	c.since = time.Now()
	c.queue.running(c.name, 1)
	c.timer = time.AfterFunc(c.needs, func() { c.end(nil) })
}

func (c *fakeChild) kill() { c.end(errors.New("killed")) }

func (c *fakeChild) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	if c.closed = true; !c.since.IsZero() {
		c.timer.Stop()
		c.queue.running(c.name, -1)
	}
	c.ended <- err
}

// fakeCompiler is a queue with such children, and what was seen of them.
type fakeCompiler struct {
	compileQueue
	begin time.Time

	seen      sync.Mutex
	atOnce    map[string]int
	most      int
	alive     int
	mostAlive int
	ends      map[string]time.Duration // since begin
	errs      map[string]error
	begun     map[string]int
	all       sync.WaitGroup
}

func newFakeCompiler() *fakeCompiler {
	return &fakeCompiler{
		compileQueue: compileQueue{running: 2, begun: 4, limit: time.Hour}, begin: time.Now(),
		atOnce: map[string]int{}, ends: map[string]time.Duration{}, errs: map[string]error{}, begun: map[string]int{},
	}
}

func (c *fakeCompiler) running(name string, n int) {
	c.seen.Lock()
	defer c.seen.Unlock()
	c.atOnce[name] += n
	sum := 0
	for _, n := range c.atOnce {
		sum += n
	}
	c.most = max(c.most, sum)
}

// compile begins a compilation of so many bytes that needs so much time.
func (c *fakeCompiler) compile(ctx context.Context, name string, size int, needs time.Duration) {
	c.all.Go(func() {
		err := c.do(ctx, size, func() (process, func() error, error) {
			p := &fakeChild{queue: c, name: name, needs: needs, ended: make(chan error, 1)}
			c.seen.Lock()
			c.begun[name]++
			c.alive++
			c.mostAlive = max(c.mostAlive, c.alive)
			c.seen.Unlock()
			p.resume()
			return p, func() error {
				err := <-p.ended
				c.seen.Lock()
				defer c.seen.Unlock()
				c.alive--
				return err
			}, nil
		})
		c.seen.Lock()
		defer c.seen.Unlock()
		c.ends[name], c.errs[name] = time.Since(c.begin), err
	})
}

const kib = 1 << 10

// estimateOf is what code of a size takes.
func estimateOf(size int) time.Duration { return compileBase + time.Duration(size)*compilePerByte }

// However many compile slowly, and whenever they came, a small one is not held
// up for longer than what code of its size takes; and no more than two go on at
// once.
func TestSlowCompilationsHoldUpNobody(t *testing.T) {
	for _, x := range []struct {
		name  string
		slow  int           // modules that take a minute
		size  int           // of each
		later time.Duration // that the small one comes
		small int           // its size
		takes time.Duration
		most  time.Duration // until it is compiled
	}{
		{"two of them, under way", 2, 600 * kib, time.Second, kib, 50 * time.Millisecond, 50 * time.Millisecond},
		{"two of them, just begun", 2, 600 * kib, 0, kib, 50 * time.Millisecond, 50 * time.Millisecond},
		{"eight of them", 8, 600 * kib, 10 * time.Second, kib, 50 * time.Millisecond, 50 * time.Millisecond},
		{"of the same size", 2, 600 * kib, time.Millisecond, 600 * kib, 600 * time.Millisecond, 600*time.Millisecond + estimateOf(600*kib)/2},
		{"smaller than the honest one", 2, kib, time.Second, 3 << 20, 3 * time.Second, 4500 * time.Millisecond},
	} {
		t.Run(x.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newFakeCompiler()
				for i := range x.slow {
					c.compile(t.Context(), fmt.Sprint("slow", i), x.size, time.Minute)
				}
				time.Sleep(x.later)
				synctest.Wait()
				c.compile(t.Context(), "small", x.small, x.takes)
				c.all.Wait()
				if took := c.ends["small"] - x.later; took > x.most || c.errs["small"] != nil {
					t.Errorf("the small one took %s (%v), want at most %s", took, c.errs["small"], x.most)
				}
				for i := range x.slow {
					if err := c.errs[fmt.Sprint("slow", i)]; err != nil {
						t.Errorf("slow%d: %v", i, err)
					}
				}
				if c.most > 2 || c.mostAlive > 4+2 { // two that are being killed may still be there
					t.Errorf("%d went on at once, %d held memory", c.most, c.mostAlive)
				}
			})
		})
	}
}

// Those of one kind that come together end one after the other, not all at the
// very end, and none is begun twice.
func TestEqualCompilationsDoNotTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFakeCompiler()
		for i := range 6 {
			c.compile(t.Context(), fmt.Sprint(i), 1<<20, 500*time.Millisecond)
			synctest.Wait()
		}
		c.all.Wait()
		var ends []time.Duration
		for i := range 6 {
			ends = append(ends, c.ends[fmt.Sprint(i)])
			if c.begun[fmt.Sprint(i)] != 1 {
				t.Errorf("%d was begun %d times", i, c.begun[fmt.Sprint(i)])
			}
		}
		if !slices.IsSorted(ends) || ends[1] != 500*time.Millisecond || ends[5] != 1500*time.Millisecond {
			t.Error(ends)
		}
	})
}

// A compilation's limit is of the time that it ran.
func TestACompilationIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFakeCompiler()
		c.limit = 10 * time.Second
		c.compile(t.Context(), "endless", kib, time.Hour)
		c.compile(t.Context(), "endless too", kib, time.Hour)
		time.Sleep(4 * time.Second)
		for i := range 4 { // they pause the endless ones for as long as two take
			c.compile(t.Context(), fmt.Sprint(i), 8<<20, 4*time.Second)
		}
		c.all.Wait()
		for _, name := range []string{"endless", "endless too"} {
			if c.errs[name] != errCompileTime || c.ends[name] < 14*time.Second || c.ends[name] > 18*time.Second {
				t.Errorf("%s ended after %s with %v", name, c.ends[name], c.errs[name])
			}
		}
	})
}

// A compilation that nobody wants any more, waiting or paused, goes.
func TestCompilationsAreCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFakeCompiler()
		ctx, cancel := context.WithCancel(t.Context())
		for i := range 5 {
			c.compile(ctx, fmt.Sprint(i), 1<<20, time.Minute)
		}
		time.Sleep(time.Second)
		c.compile(t.Context(), "other", kib, time.Second)
		synctest.Wait()
		cancel()
		time.Sleep(2 * time.Second)
		c.mu.Lock()
		for _, j := range c.jobs {
			if j.process != nil {
				j.process.kill() // as the end of a command's context does
			}
		}
		c.mu.Unlock()
		c.all.Wait()
		if c.errs["other"] != nil || len(c.jobs) > 0 {
			t.Errorf("%v, and %d are left", c.errs["other"], len(c.jobs))
		}
	})
}
