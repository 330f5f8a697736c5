package modules

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// compileQueue decides which compilations go on. How long one takes can only be
// guessed by its size, and a hostile binary takes a hundred times as long; so the
// shortest by its estimate goes first, and the estimate of one that is found to
// take longer is doubled, and doubled again. What is then no longer among the
// first is paused. So a compilation waits for another of any kind no longer than
// half of what code of its own size takes.
type compileQueue struct {
	running int           // compilations that go on at once
	begun   int           // that may hold memory at once, the paused ones included
	limit   time.Duration // of one's time, without its pauses

	mu   sync.Mutex
	jobs []*compilation
	wake *time.Timer
}

// compilation is a job in a compileQueue.
type compilation struct {
	arrived  int
	estimate time.Duration
	state    compileState
	ran      time.Duration // until since
	since    time.Time     // when it began to run, or ran on
	turn     chan struct{} // closed when it may begin
	process  process       // nil until it has begun
	expired  bool
}

// process is what runs a compilation.
type process interface {
	// pause and resume do nothing where the system cannot do it.
	pause()
	resume()
	kill()
}

type compileState uint8

const (
	compileWaits compileState = iota
	compileRuns
	compilePaused
	// compileEvicted is one that was killed to make room for another. It begins
	// anew when its turn comes again.
	compileEvicted
)

// Code of a usual kind, rewritten, takes about a second a MiB to compile.
const (
	compileBase    = 100 * time.Millisecond
	compilePerByte = time.Second / (1 << 20)
)

// errCompileTime is the end of a compilation that has taken too long.
var errCompileTime = errors.New("the compilation's time is over")

// do runs a compilation of so many bytes, once it is its turn: start begins it
// and gives its process, and the function that waits for its end. A compilation
// that took more than the queue's limit gives errCompileTime.
func (q *compileQueue) do(ctx context.Context, size int, start func() (process, func() error, error)) error {
	job := q.enter(size)
	defer q.leave(job)
	for {
		select {
		case <-q.turnOf(job):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		p, wait, err := start()
		if err != nil {
			return err
		}
		q.attach(job, p)
		err = wait()
		switch again, expired := q.ended(job); {
		case expired:
			return errCompileTime
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !again:
			return err
		}
	}
}

func (q *compileQueue) enter(size int) *compilation {
	q.mu.Lock()
	defer q.mu.Unlock()
	job := &compilation{estimate: compileBase + time.Duration(size)*compilePerByte, turn: make(chan struct{})}
	if n := len(q.jobs); n > 0 {
		job.arrived = q.jobs[n-1].arrived + 1
	}
	q.jobs = append(q.jobs, job)
	q.arrange()
	return job
}

func (q *compileQueue) leave(job *compilation) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = slices.DeleteFunc(q.jobs, func(j *compilation) bool { return j == job })
	q.arrange()
}

func (q *compileQueue) turnOf(job *compilation) <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return job.turn
}

// attach gives a compilation that has begun its process, and that what was
// decided since.
func (q *compileQueue) attach(job *compilation, p process) {
	q.mu.Lock()
	defer q.mu.Unlock()
	job.process = p
	switch {
	case job.expired || job.state == compileEvicted:
		p.kill()
	case job.state == compilePaused:
		p.pause()
	}
}

// ended tells why a compilation's process is gone: again, when that was to make
// room.
func (q *compileQueue) ended(job *compilation) (again, expired bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	job.process = nil
	if job.state != compileEvicted || job.expired {
		return false, job.expired
	}
	job.state, job.turn, job.ran = compileWaits, make(chan struct{}), 0
	q.arrange()
	return true, false
}

// arrange lets the first ones run and pauses the others.
func (q *compileQueue) arrange() {
	now := time.Now()
	for _, j := range q.jobs {
		j.account(now, q.limit)
	}
	// An evicted one is in the queue again when its process is gone.
	order := slices.DeleteFunc(slices.Clone(q.jobs), func(j *compilation) bool { return j.state == compileEvicted || j.expired })
	slices.SortFunc(order, func(a, b *compilation) int {
		return cmp.Or(cmp.Compare(a.estimate, b.estimate), cmp.Compare(a.arrived, b.arrived))
	})
	first := order[:min(q.running, len(order))]
	for _, j := range order[len(first):] {
		j.hold()
	}
	for _, j := range first {
		if j.state == compileWaits && q.holding() >= q.begun {
			q.evict(order)
		}
		j.goOn(now)
	}
	q.arrangeAgain(len(order) > len(first))
}

// account brings a running compilation's time and its estimate up to date.
func (j *compilation) account(now time.Time, limit time.Duration) {
	if j.state != compileRuns {
		return
	}
	j.ran, j.since = j.ran+now.Sub(j.since), now
	for j.ran >= j.estimate/2 {
		j.estimate *= 2
	}
	if j.ran >= limit {
		j.expired = true
		if j.process != nil {
			j.process.kill()
		}
	}
}

func (j *compilation) hold() {
	if j.state != compileRuns {
		return
	}
	j.state = compilePaused
	if j.process != nil {
		j.process.pause()
	}
}

func (j *compilation) goOn(now time.Time) {
	switch j.state {
	case compileWaits:
		close(j.turn)
	case compilePaused:
		if j.process != nil {
			j.process.resume()
		}
	case compileRuns, compileEvicted:
		return
	}
	j.state, j.since = compileRuns, now
}

// holding counts the compilations that hold memory, without those that are being
// killed.
func (q *compileQueue) holding() int {
	n := 0
	for _, j := range q.jobs {
		if j.state == compileRuns || j.state == compilePaused {
			n++
		}
	}
	return n
}

// evict makes room for another: the last of the paused ones has to go.
func (q *compileQueue) evict(order []*compilation) {
	for _, j := range slices.Backward(order) {
		if j.state == compilePaused {
			j.state = compileEvicted
			if j.process != nil {
				j.process.kill()
			}
			return
		}
	}
}

// arrangeAgain sees to it that arrange is called when a running compilation
// turns out to take longer, if that can matter, or too long.
func (q *compileQueue) arrangeAgain(others bool) {
	if q.wake != nil {
		q.wake.Stop()
		q.wake = nil
	}
	next := time.Duration(-1)
	for _, j := range q.jobs {
		if j.state != compileRuns || j.expired {
			continue
		}
		left := q.limit - j.ran
		if others {
			left = min(left, j.estimate/2-j.ran)
		}
		if next < 0 || left < next {
			next = left
		}
	}
	if next >= 0 {
		q.wake = time.AfterFunc(next, func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.arrange()
		})
	}
}
