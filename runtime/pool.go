package runtime

import (
	goruntime "runtime"
	"slices"
	"sync"
)

// job is something that a pool runs.
type job interface{ run() }

// lane is one party's queue in a pool. Parties take turns, however long their
// queues are. The zero lane is ready for use.
type lane struct {
	jobs   []job // jobs[next:] are waiting
	next   int
	listed bool  // in the pool's ring
	after  *lane // the next lane in the ring
}

// push adds a job. A lane that is never empty must not grow for ever: once half
// of it is done, what waits moves to its front.
func (l *lane) push(j job) {
	if len(l.jobs) == cap(l.jobs) && l.next > len(l.jobs)/2 {
		l.jobs = slices.Delete(l.jobs, 0, l.next)
		l.next = 0
	}
	l.jobs = append(l.jobs, j)
}

func (l *lane) empty() bool { return l.next == len(l.jobs) }

func (l *lane) pop() job {
	j := l.jobs[l.next]
	l.jobs[l.next] = nil
	l.next++
	if l.empty() {
		l.jobs, l.next = l.jobs[:0], 0
	}
	return j
}

// pool runs jobs, at most limit of them at once, and one of each lane in turn.
// Its goroutines start when they are needed. A few stay when there is nothing to
// do, since a new goroutine would have to grow its stack again for each guest.
type pool struct {
	mu         sync.Mutex
	limit      int
	running    int
	idle       int       // of those that run
	ready      sync.Cond // a job is there, or the pool is closed
	head, tail *lane     // lanes with jobs, in the order of their turns
	closed     bool
	done       sync.WaitGroup
}

// keptIdle is how many goroutines of a pool stay when there is nothing to do.
var keptIdle = 2 * goruntime.GOMAXPROCS(0)

func newPool(limit int) *pool {
	p := &pool{limit: limit}
	p.ready.L = &p.mu
	return p
}

// add queues a job. A closed pool drops it.
func (p *pool) add(l *lane, j job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	l.push(j)
	if !l.listed {
		p.list(l)
	}
	switch {
	case p.idle > 0:
		p.idle--
		p.ready.Signal()
	case p.running < p.limit:
		p.running++
		p.done.Add(1)
		go p.work()
	}
}

// lend gives the caller's place among those that run to another goroutine: the
// caller's job will take long. It calls regain when the job is done.
func (p *pool) lend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	if p.head != nil && !p.closed {
		p.running++
		p.done.Add(1)
		go p.work()
	}
}

// regain takes the place back. When others have filled it, the next one that
// asks for a job ends.
func (p *pool) regain() {
	p.mu.Lock()
	p.running++
	p.mu.Unlock()
}

// list puts a lane at the end of the ring.
func (p *pool) list(l *lane) {
	l.listed, l.after = true, nil
	if p.tail == nil {
		p.head = l
	} else {
		p.tail.after = l
	}
	p.tail = l
}

// take gives the next job, waiting for one, or nil when the goroutine that asks
// should end.
func (p *pool) take() job {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running > p.limit {
		p.running--
		return nil
	}
	for p.head == nil && !p.closed {
		if p.idle >= keptIdle {
			p.running--
			return nil
		}
		p.idle++
		p.ready.Wait()
	}
	if p.closed {
		return nil
	}
	l := p.head
	p.head = l.after
	if p.head == nil {
		p.tail = nil
	}
	l.listed, l.after = false, nil
	j := l.pop()
	if !l.empty() {
		p.list(l)
	}
	return j
}

func (p *pool) work() {
	defer p.done.Done()
	for j := p.take(); j != nil; j = p.take() {
		j.run()
	}
}

// close drops what waits and waits for what runs.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.head, p.tail = nil, nil
	p.ready.Broadcast()
	p.mu.Unlock()
	p.done.Wait()
}
