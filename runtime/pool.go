package runtime

import (
	goruntime "runtime"
	"slices"
	"sync"
)

// job is something that a pool runs.
type job interface{ run() }

// lane is a queue in a pool: the jobs that one execution has for one party. The
// lanes of a party take turns, however long their queues are. The zero lane is
// ready for use, and belongs to the party that it is first used with.
type lane struct {
	party  *party
	jobs   []job // jobs[next:] are waiting
	next   int
	listed bool  // in its party's ring
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

// party is one of those that share a pool, such as a module: what runs for it
// is counted together. The zero party is ready for use.
type party struct {
	limit      int // of its jobs at once; 0: the pool's alone
	running    int
	head, tail *lane // its lanes with jobs, in the order of their turns
}

func (p *party) full() bool { return p.limit > 0 && p.running >= p.limit }

// list puts a lane at the end of the ring.
func (p *party) list(l *lane) {
	l.listed, l.after = true, nil
	if p.tail == nil {
		p.head = l
	} else {
		p.tail.after = l
	}
	p.tail = l
}

// pop takes the job whose turn it is; there must be one.
func (p *party) pop() job {
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

// pool runs jobs, at most limit of them at once, and shares that among parties:
// the one with the fewest running jobs is next, of equals the one that has
// waited longest. Since jobs are not interrupted, and some never end by
// themselves, a party of which nothing runs does not wait: it may have one job
// beyond the limit.
//
// The pool's goroutines start when they are needed. A few stay when there is
// nothing to do, since a new goroutine would have to grow its stack again for
// each guest.
type pool struct {
	mu      sync.Mutex
	limit   int
	running int
	waiting []*party // that have jobs; the last to have had a turn are last
	idle    int      // goroutines with nothing to do that nothing was handed to
	handed  []turn   // for those that are waking up
	ready   sync.Cond
	closed  bool
	done    sync.WaitGroup
}

// turn is a job that may run now, counted as running.
type turn struct {
	party *party
	job   job
}

// keptIdle is how many goroutines of a pool stay when there is nothing to do.
var keptIdle = 2 * goruntime.GOMAXPROCS(0)

func newPool(limit int) *pool {
	p := &pool{limit: limit}
	p.ready.L = &p.mu
	return p
}

// add queues a job of a party. A closed pool drops it.
func (p *pool) add(l *lane, j job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	if l.push(j); !l.listed {
		if l.party.head == nil {
			p.waiting = append(p.waiting, l.party)
		}
		l.party.list(l)
	}
	if t, ok := p.next(); ok {
		p.start(t)
	}
}

// next takes the job that may run now, if there is one. A job that is added or
// ends makes room for one other at most.
func (p *pool) next() (turn, bool) {
	best := -1
	for i, w := range p.waiting {
		if !w.full() && (p.running < p.limit || w.running == 0) && (best < 0 || w.running < p.waiting[best].running) {
			best = i
		}
	}
	if best < 0 {
		return turn{}, false
	}
	party := p.waiting[best]
	p.waiting = slices.Delete(p.waiting, best, best+1)
	t := turn{party, party.pop()}
	if party.head != nil {
		p.waiting = append(p.waiting, party)
	}
	party.running++
	p.running++
	return t, true
}

// start gives a turn to a goroutine.
func (p *pool) start(t turn) {
	if p.idle > 0 {
		p.idle--
		p.handed = append(p.handed, t)
		p.ready.Signal()
		return
	}
	p.done.Add(1)
	go p.work(t)
}

// lend lets another job run in the place of one of a party's that will take long.
// Its goroutine calls regain when the job is done.
func (p *pool) lend(of *party) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of.running--
	p.running--
	if t, ok := p.next(); ok && !p.closed {
		p.start(t)
	}
}

// regain takes the place back, beyond the limit where another has it by now.
func (p *pool) regain(of *party) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of.running++
	p.running++
}

func (p *pool) work(t turn) {
	defer p.done.Done()
	for ok := true; ok; t, ok = p.after(t) {
		t.job.run()
	}
}

// after ends a turn and gives the next one, waiting for it. It is false when the
// goroutine that asks should end.
func (p *pool) after(t turn) (turn, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.party.running--
	p.running--
	if p.closed {
		return turn{}, false
	}
	if t, ok := p.next(); ok {
		return t, true
	}
	if p.idle >= keptIdle {
		return turn{}, false
	}
	for p.idle++; len(p.handed) == 0; p.ready.Wait() {
		if p.closed {
			return turn{}, false
		}
	}
	last := len(p.handed) - 1
	next := p.handed[last]
	p.handed = p.handed[:last]
	return next, true
}

// close drops what waits and waits for what runs.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.waiting = nil
	p.ready.Broadcast()
	p.mu.Unlock()
	p.done.Wait()
}
