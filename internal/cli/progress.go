package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl/history"
)

const (
	redrawEvery = 100 * time.Millisecond // on a terminal
	lineEvery   = 10 * time.Second       // elsewhere
)

// progress shows on standard error how an execution goes on: one line that is
// redrawn on a terminal, a line now and then elsewhere. It is a sink of the
// execution's history.
type progress struct {
	console *console
	start   time.Time

	mu     sync.Mutex
	events int64
	state  string // entered last
	tasks  int    // scheduled and not over

	stop    chan struct{}
	stopped sync.WaitGroup
}

// startProgress begins to show. End must be called.
func startProgress(c *console) *progress {
	p := &progress{console: c, start: time.Now(), stop: make(chan struct{})}
	every := lineEvery
	if c.terminal {
		every = redrawEvery
	}
	p.stopped.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.show()
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
		p.events++
		if d, ok := e.Details.(*history.StateEntered); ok {
			p.state = d.Name
		}
		p.tasks += taskChange(e.Type)
	}
}

// taskChange is what an event means for the number of tasks under way.
func taskChange(t history.Type) int {
	switch t {
	case history.TaskScheduled, history.LambdaFunctionScheduled, history.ActivityScheduled:
		return 1
	case history.TaskSucceeded, history.TaskFailed, history.TaskTimedOut,
		history.LambdaFunctionSucceeded, history.LambdaFunctionFailed, history.LambdaFunctionTimedOut,
		history.ActivitySucceeded, history.ActivityFailed, history.ActivityTimedOut:
		return -1
	}
	return 0
}

func (p *progress) show() {
	p.mu.Lock()
	line := fmt.Sprintf("%s  %s  %d tasks running, %d events",
		time.Since(p.start).Round(time.Second/10), p.state, max(p.tasks, 0), p.events)
	p.mu.Unlock()
	p.console.Live(line)
}

// End takes the display away.
func (p *progress) End() {
	close(p.stop)
	p.stopped.Wait()
	p.console.Live("")
}
