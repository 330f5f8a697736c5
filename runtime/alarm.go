package runtime

import (
	"container/heap"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl/interp"
)

// happening makes an event once its time is known; nil means that nothing happened.
type happening func(at interp.At) interp.Event

// alarm is something to be done at a time.
type alarm struct {
	at    time.Time
	seq   uint64 // orders alarms of the same time
	index int    // in the heap; -1: not in it
	// x is the execution that ring's event is for.
	x *Execution
	// ring says what happened. It is called without locks, in a goroutine of
	// the clock, and must not wait.
	ring func(now time.Time) happening
}

// alarms is one heap of alarms on one clock. Alarms of one execution that are
// due at the same instant reach it as one batch of events.
type alarms struct {
	clock Clock

	mu     sync.Mutex
	heap   alarmHeap
	seq    uint64
	wake   time.Time // when the clock's timer fires; zero: no timer is set
	stop   func() bool
	firing bool // fire is at work
	closed bool
	calls  sync.WaitGroup
}

// set makes an alarm.
func (s *alarms) set(at time.Time, x *Execution, ring func(now time.Time) happening) *alarm {
	a := &alarm{x: x, ring: ring, index: -1}
	s.move(a, at)
	return a
}

// move gives an alarm another time, and sets it again when it rang already.
func (s *alarms) move(a *alarm, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if a.index >= 0 {
		heap.Remove(&s.heap, a.index)
	}
	s.seq++
	a.at, a.seq = at, s.seq
	heap.Push(&s.heap, a)
	s.arm()
}

// cancel takes alarms back; nil ones are allowed.
func (s *alarms) cancel(list ...*alarm) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range list {
		if a != nil && a.index >= 0 {
			heap.Remove(&s.heap, a.index)
		}
	}
	if len(s.heap) == 0 && s.stop != nil {
		s.disarm()
	}
}

// arm sets the clock's timer for the first alarm. While fire is at work, or on
// its way, that is left to it.
func (s *alarms) arm() {
	if len(s.heap) == 0 || s.firing {
		return
	}
	first := s.heap[0].at
	if s.stop != nil && (!first.Before(s.wake) || !s.disarm()) {
		return
	}
	s.wake = first
	s.calls.Add(1)
	s.stop = s.clock.AfterFunc(max(0, first.Sub(s.clock.Now())), s.fire)
}

// disarm takes the clock's timer back, unless it has fired already.
func (s *alarms) disarm() bool {
	if !s.stop() {
		return false
	}
	s.calls.Done()
	s.stop = nil
	return true
}

// fire rings what is due.
func (s *alarms) fire() {
	defer s.calls.Done()
	s.mu.Lock()
	s.firing, s.stop = true, nil
	s.mu.Unlock()
	for now, due := s.due(); len(due) > 0; now, due = s.due() {
		ringAll(due, now)
	}
}

// due takes the alarms of the earliest instant that has come. When there is
// none, it sets the clock's timer again.
func (s *alarms) due() (now time.Time, due []*alarm) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now = s.clock.Now()
	for len(s.heap) > 0 && !s.heap[0].at.After(now) && (len(due) == 0 || s.heap[0].at.Equal(due[0].at)) {
		due = append(due, heap.Pop(&s.heap).(*alarm))
	}
	if len(due) == 0 {
		s.firing = false
		s.arm()
	}
	return now, due
}

// ringAll rings alarms of one instant and gives each execution its events.
func ringAll(due []*alarm, now time.Time) {
	var order []*Execution
	events := map[*Execution][]happening{}
	for _, a := range due {
		h := a.ring(now)
		if h == nil {
			continue
		}
		if events[a.x] == nil {
			order = append(order, a.x)
		}
		events[a.x] = append(events[a.x], h)
	}
	for _, x := range order {
		x.post(events[x]...)
	}
}

// close drops all alarms and waits for the clock's calls.
func (s *alarms) close() {
	s.mu.Lock()
	s.closed = true
	s.heap = nil
	if s.stop != nil {
		s.disarm()
	}
	s.mu.Unlock()
	s.calls.Wait()
}

type alarmHeap []*alarm

func (h alarmHeap) Len() int { return len(h) }

func (h alarmHeap) Less(i, j int) bool {
	if c := h[i].at.Compare(h[j].at); c != 0 {
		return c < 0
	}
	return h[i].seq < h[j].seq
}

func (h alarmHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *alarmHeap) Push(x any) {
	a := x.(*alarm)
	a.index = len(*h)
	*h = append(*h, a)
}

func (h *alarmHeap) Pop() any {
	old := *h
	last := len(old) - 1
	a := old[last]
	old[last] = nil
	*h = old[:last]
	a.index = -1
	return a
}
