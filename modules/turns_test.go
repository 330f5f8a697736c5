package modules

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// crowd is calls that would run for ever, each on a processor of its own unless
// the turns hold it up: it counts the time that each module gets.
type crowd struct {
	*turns
	ctx context.Context
	mu  sync.Mutex
	got map[string]time.Duration
	now map[string]int
	sum int
	max int
	all sync.WaitGroup
}

const slice = 300 * time.Microsecond

// spin is a call of a module that yields after each slice, until the crowd ends
// or it has had enough.
func (c *crowd) spin(name string, m *share, enough time.Duration) (done chan struct{}) {
	done = make(chan struct{})
	c.all.Go(func() {
		defer close(done)
		t := &stint{share: m}
		defer c.end(t)
		for had := time.Duration(0); c.ctx.Err() == nil && had < enough; had += slice {
			c.count(name, 1)
			time.Sleep(slice)
			c.count(name, -1)
			c.yield(c.ctx, t)
		}
	})
	return done
}

func (c *crowd) count(name string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now[name] += n
	c.sum += n
	c.max = max(c.max, c.sum)
	if n < 0 {
		c.got[name] += slice
	}
}

// shares gives what each module has got since the last call, in tenths of one
// processor.
func (c *crowd) shares(during time.Duration) string {
	c.mu.Lock()
	clear(c.got)
	c.max = c.sum
	c.mu.Unlock()
	time.Sleep(during)
	c.mu.Lock()
	defer c.mu.Unlock()
	text := ""
	for _, name := range []string{"a", "b", "k"} {
		if got := c.got[name]; got > 0 {
			text += fmt.Sprintf("%s:%.1f ", name, float64(got)/float64(during))
		}
	}
	return text + fmt.Sprint("at once:", c.max)
}

func inCrowd(t *testing.T, processors int, f func(t *testing.T, c *crowd)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := &crowd{turns: newTurns(processors), ctx: ctx, got: map[string]time.Duration{}, now: map[string]int{}}
		f(t, c)
		cancel()
		c.all.Wait()
		if c.running != 0 || len(c.active) != 0 || c.long.Load() != 0 {
			t.Errorf("in the end %d run, %d modules are active, %d calls are long", c.running, len(c.active), c.long.Load())
		}
	})
}

const forEver = time.Hour

// Long calls run as many at once as there are processors, and share them by
// module, however many calls each has.
func TestLongCallsShareTheProcessors(t *testing.T) {
	for _, x := range []struct {
		a, b, k int
		want    string
	}{
		{40, 0, 0, "a:2.0 at once:2"},
		{40, 40, 0, "a:1.0 b:1.0 at once:2"},
		{60, 1, 0, "a:1.0 b:1.0 at once:2"},
		{60, 4, 1, "a:0.7 b:0.7 k:0.7 at once:2"},
		{1, 1, 0, "a:1.0 b:1.0 at once:2"},
	} {
		inCrowd(t, 2, func(t *testing.T, c *crowd) {
			var a, b, k share
			for range x.a {
				c.spin("a", &a, forEver)
			}
			for range x.b {
				c.spin("b", &b, forEver)
			}
			for range x.k {
				c.spin("k", &k, forEver)
			}
			time.Sleep(100 * time.Millisecond)
			if got := c.shares(3 * time.Second); got != x.want {
				t.Errorf("%d, %d and %d calls: got %s, want %s", x.a, x.b, x.k, got, x.want)
			}
		})
	}
}

// While others have short calls, a processor is free of long ones; and only so
// long.
func TestShortCallsFindAProcessor(t *testing.T) {
	inCrowd(t, 2, func(t *testing.T, c *crowd) {
		var a, short share
		for range 40 {
			c.spin("a", &a, forEver)
		}
		time.Sleep(100 * time.Millisecond)
		for range 50 {
			c.begin(&a, time.Now()) // those of a busy module do not count
		}
		if got := c.shares(time.Second); got != "a:2.0 at once:2" {
			t.Error("before:", got)
		}
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(20 * time.Millisecond):
					c.begin(&short, time.Now())
				}
			}
		}()
		time.Sleep(100 * time.Millisecond)
		if got := c.shares(time.Second); got != "a:1.0 at once:1" {
			t.Error("while there are short calls:", got)
		}
		close(stop)
		time.Sleep(100 * time.Millisecond)
		if got := c.shares(time.Second); got != "a:2.0 at once:2" {
			t.Error("after:", got)
		}
	})
}

// A call of a module that had nothing yet goes before those that had all, at
// once; and what a module did not want before is not owed to it.
func TestANewcomerIsNotOwedThePast(t *testing.T) {
	inCrowd(t, 2, func(t *testing.T, c *crowd) {
		var a, b share
		for range 40 {
			c.spin("a", &a, forEver)
		}
		time.Sleep(10 * time.Second)
		begin := time.Now()
		first, second := c.spin("b", &b, 50*time.Millisecond), c.spin("b", &b, 50*time.Millisecond)
		<-first
		<-second
		// Two calls of 50 ms share one processor with a hog's: 100 ms, and a bit.
		if took := time.Since(begin); took > 110*time.Millisecond {
			t.Errorf("it took %s", took)
		}
	})
}

// Whoever waits for its turn hears of its end, and a call that waits for
// something else leaves its turn to others.
func TestTurnsEnd(t *testing.T) {
	inCrowd(t, 1, func(t *testing.T, c *crowd) {
		var a, b share
		c.spin("a", &a, forEver)
		time.Sleep(10 * time.Millisecond)
		ctx, cancel := context.WithTimeout(c.ctx, time.Second)
		defer cancel()
		t0 := &stint{share: &a}
		for begin := time.Now(); ctx.Err() == nil; c.yield(ctx, t0) {
			if time.Since(begin) > 2*time.Second {
				t.Fatal("it is not told")
			}
			time.Sleep(slice)
		}
		c.end(t0)
		sleeper := &stint{share: &b}
		c.yield(c.ctx, sleeper)
		c.end(sleeper) // as Waits does
		if got := c.shares(time.Second); got != "a:1.0 at once:1" {
			t.Error(got)
		}
	})
}
