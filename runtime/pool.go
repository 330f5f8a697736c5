package runtime

import "sync"

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

func (l *lane) push(j job) { l.jobs = append(l.jobs, j) }

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
// A goroutine lives as long as there are jobs: an idle pool has none.
type pool struct {
	mu         sync.Mutex
	limit      int
	running    int
	head, tail *lane // lanes with jobs, in the order of their turns
	closed     bool
	done       sync.WaitGroup
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
	if p.running < p.limit {
		p.running++
		p.done.Add(1)
		go p.work()
	}
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

// take gives the next job, and nil (for good) when there is none.
func (p *pool) take() job {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.head
	if l == nil || p.closed {
		p.running--
		return nil
	}
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
	p.mu.Unlock()
	p.done.Wait()
}
