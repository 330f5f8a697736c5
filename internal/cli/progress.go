package cli

import (
	"sync"
	"time"

	"github.com/waslrun/wasl/asl/history"
)

const (
	redrawEvery = 100 * time.Millisecond // on a terminal
	lineEvery   = 10 * time.Second       // elsewhere
	lookEvery   = time.Second            // for tasks that wait for somebody
)

// progress shows on standard error how an execution goes on: one line that is
// redrawn on a terminal, a line now and then elsewhere. It is a sink of the
// execution's history.
type progress struct {
	console *console
	start   time.Time
	counts  func(run string) (total, done, running int64)

	mu       sync.Mutex
	follower *follower

	stop    chan struct{}
	stopped sync.WaitGroup
}

// startProgress begins to show. counts tells the items of a Map Run. End must be
// called.
func startProgress(c *console, counts func(run string) (total, done, running int64)) *progress {
	p := &progress{console: c, start: time.Now(), counts: counts, follower: newFollower(), stop: make(chan struct{})}
	every := lineEvery
	if c.terminal {
		every = redrawEvery
	}
	p.stopped.Go(func() {
		redraw, look := time.NewTicker(every), time.NewTicker(lookEvery)
		defer redraw.Stop()
		defer look.Stop()
		for {
			select {
			case <-redraw.C:
				p.show()
			case now := <-look.C:
				p.tellWaits(now)
			case <-p.stop:
				return
			}
		}
	})
	return p
}

// Record implements runtime.HistorySink.
func (p *progress) Record(events []history.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range events {
		p.follower.take(e)
	}
}

func (p *progress) show() {
	p.mu.Lock()
	line := p.follower.line(p.counts)
	p.mu.Unlock()
	p.console.Live(time.Since(p.start).Round(time.Second/10).String() + "  " + line)
}

func (p *progress) tellWaits(now time.Time) {
	p.mu.Lock()
	lines := p.follower.waiting(now)
	p.mu.Unlock()
	for _, line := range lines {
		p.console.Line(line)
	}
}

// End takes the display away.
func (p *progress) End() {
	close(p.stop)
	p.stopped.Wait()
	p.console.Live("")
}
