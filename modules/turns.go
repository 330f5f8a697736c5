package modules

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// How long calls share the processors.
const (
	// quantum is the turn of a call among those of its own module.
	quantum = 10 * time.Millisecond
	// lead is how much more a module may have had than one that waits.
	lead = time.Millisecond
	// busy is how long a module that had a long call counts as one that has them,
	// and afterShort how long a processor is kept free after a short call.
	busy       = time.Second
	afterShort = 50 * time.Millisecond
)

// turns shares the processors among the guests of a store. Most calls are short
// and run at once. One that has run for longer needs a turn, of which there are
// as many as processors; while other modules have short calls, one less, so that
// those do not find a guest on each processor. Turns go to the module that has
// had least of the processors' time, and are handed over where guests yield.
type turns struct {
	processors int
	long       atomic.Int64 // calls that run with a turn, or wait for one
	lastShort  atomic.Int64 // nanoseconds since epoch
	epoch      time.Time

	mu      sync.Mutex
	running int
	active  []*share // modules with calls that have a turn or wait for one
}

// share is a module's part of the processors' time.
type share struct {
	busyUntil atomic.Int64 // nanoseconds since epoch

	// The turns' mu guards these.
	had     time.Duration // of those that share; what was not wanted is not owed
	running int
	queue   []*stint
}

// stint is what is known of one call. The call's goroutine alone uses it, but for granted.
type stint struct {
	share   *share
	charged time.Time     // until when its time was charged to the share
	got     time.Time     // when it got its turn; zero: it has none
	granted chan struct{} // closed when it gets a turn that it waits for
}

func newTurns(processors int) *turns { return &turns{processors: processors, epoch: time.Now()} }

// begin notes a call that begins at a time, for the sake of those that are long.
func (s *turns) begin(m *share, now time.Time) {
	if s.long.Load() == 0 {
		return
	}
	if at := int64(now.Sub(s.epoch)); m.busyUntil.Load() < at {
		s.lastShort.Store(at)
	}
}

// allowed is how many long calls may run.
func (s *turns) allowed(now time.Time) int {
	last := s.lastShort.Load()
	if s.processors > 1 && last > 0 && int64(now.Sub(s.epoch))-last < int64(afterShort) {
		return s.processors - 1
	}
	return s.processors
}

// yield is for a call that has run for a while, now and then. It waits while it is
// not the call's turn, until ctx ends.
func (s *turns) yield(ctx context.Context, t *stint) {
	now := time.Now()
	t.share.busyUntil.Store(int64(now.Sub(s.epoch) + busy))
	switch {
	case t.granted == nil:
		s.long.Add(1)
	case s.keeps(t, now):
		return
	}
	if granted := s.ask(t, now); granted != nil {
		select {
		case <-granted:
		case <-ctx.Done():
			s.end(t)
		}
	}
}

// keeps charges a call for its time and tells whether it may run on. If not, its
// turn is over.
func (s *turns) keeps(t *stint, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.share.had += now.Sub(t.charged)
	t.charged = now
	allowed := s.allowed(now)
	for s.running < allowed && s.grant(now) {
	}
	next := s.next()
	switch {
	case s.running > allowed:
	case next == nil:
		return true
	case next == t.share && now.Sub(t.got) < quantum, next != t.share && next.had+lead > t.share.had:
		return true
	}
	s.drop(t)
	return false
}

// ask gives a call its turn; where it has to wait for it, with a channel that is
// closed then.
func (s *turns) ask(t *stint, now time.Time) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := t.share
	if !slices.Contains(s.active, m) {
		m.had = max(m.had, s.least())
		s.active = append(s.active, m)
	}
	t.granted = make(chan struct{})
	m.queue = append(m.queue, t)
	allowed := s.allowed(now)
	for s.running < allowed && s.grant(now) {
	}
	if !t.got.IsZero() {
		return nil
	}
	return t.granted
}

// end is the end of a call, or of its time as one that is long: it waits for
// something else than a processor.
func (s *turns) end(t *stint) {
	if t.granted == nil {
		return
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.got.IsZero() { // it waits
		t.share.queue = slices.DeleteFunc(t.share.queue, func(o *stint) bool { return o == t })
	} else {
		t.share.had += now.Sub(t.charged)
		s.drop(t)
	}
	t.granted = nil
	if t.share.running == 0 && len(t.share.queue) == 0 {
		s.active = slices.DeleteFunc(s.active, func(m *share) bool { return m == t.share })
	}
	s.long.Add(-1)
	allowed := s.allowed(now)
	for s.running < allowed && s.grant(now) {
	}
}

// drop takes a call's turn.
func (s *turns) drop(t *stint) {
	t.got = time.Time{}
	t.share.running--
	s.running--
}

// next is the module whose turn it is; nil when none waits.
func (s *turns) next() *share {
	var best *share
	for _, m := range s.active {
		if len(m.queue) > 0 && (best == nil || m.had < best.had) {
			best = m
		}
	}
	return best
}

// grant gives the next call its turn; false when none waits.
func (s *turns) grant(now time.Time) bool {
	m := s.next()
	if m == nil {
		return false
	}
	t := m.queue[0]
	m.queue = slices.Delete(m.queue, 0, 1)
	s.running++
	m.running++
	t.got, t.charged = now, now
	close(t.granted)
	return true
}

// least is what that module has had which has had least of those that share.
func (s *turns) least() time.Duration {
	least := time.Duration(0)
	for i, m := range s.active {
		if i == 0 || m.had < least {
			least = m.had
		}
	}
	return least
}
