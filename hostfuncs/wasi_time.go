package hostfuncs

import (
	"context"
	cryptorand "crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
)

// WASI's clocks.
const (
	clockRealtime  = 0
	clockMonotonic = 1
)

var wasiTime = []function{
	{"clock_res_get", "ii", "i", result(clockRes)},
	{"clock_time_get", "iIi", "i", result(clockTime)},
	{"random_get", "ii", "i", result(randomGet)},
	{"poll_oneoff", "iiii", "i", pollOneoff},
}

// guestClock is the time that a guest sees. The real one is the engine's. The
// fixed one starts at the same moment in every call and moves only by what the
// guest does: a microsecond each time it looks, which lets a loop that waits
// for time to pass come to its end, and as long as it sleeps.
type guestClock struct {
	began   time.Time // on the engine's clock; zero for the fixed clock
	start   int64     // of the fixed clock, nanoseconds since 1970
	elapsed int64     // of the fixed clock, nanoseconds
}

// monotonicStart is where a call's monotonic clock starts, in nanoseconds. That
// of an initialisation starts near zero, so that the clock never goes back for
// an instance made from a snapshot.
const monotonicStart = int64(24 * time.Hour)

func newGuestClock(s *session) guestClock {
	c := guestClock{start: epoch.UnixNano()}
	if !s.task.Start.IsZero() {
		c.start = s.task.Start.UnixNano()
	}
	if s.grants.RealClock {
		c.began = s.host.clock.Now()
	}
	return c
}

// now reads a clock in nanoseconds.
func (s *session) now(id uint32) (int64, bool) {
	if id != clockRealtime && id != clockMonotonic {
		return 0, false
	}
	var wall, since int64
	if c := &s.clock; s.grants.RealClock {
		t := s.host.clock.Now()
		wall, since = t.UnixNano(), int64(t.Sub(c.began))
	} else {
		c.elapsed += int64(time.Microsecond)
		wall, since = c.start+c.elapsed, c.elapsed
	}
	switch {
	case id == clockRealtime:
		return wall, true
	case s.initializing:
		return since + 1, true // Go takes a zero for a broken clock
	}
	return monotonicStart + since, true
}

func clockRes(_ context.Context, _ *session, m memory, a []uint64) errno {
	if id := uint32(a[0]); id != clockRealtime && id != clockMonotonic {
		return errnoInval
	}
	if !m.putUint64(uint32(a[1]), uint64(time.Microsecond)) {
		return errnoFault
	}
	return errnoSuccess
}

func clockTime(_ context.Context, s *session, m memory, a []uint64) errno {
	now, ok := s.now(uint32(a[0]))
	if !ok {
		return errnoInval
	}
	if !m.putUint64(uint32(a[2]), uint64(now)) {
		return errnoFault
	}
	return errnoSuccess
}

// random is a guest's source of random numbers, made when it is first used.
type random struct{ seeded *rand.ChaCha8 }

func (s *session) randomBytes(b []byte) {
	s.spend(unitsRandomByte * int64(len(b)))
	if s.grants.RealRandom {
		_, _ = cryptorand.Read(b) // never fails
		return
	}
	if s.random.seeded == nil {
		s.random.seeded = rand.NewChaCha8(sha256.Sum256([]byte(s.task.Seed)))
	}
	_, _ = s.random.seeded.Read(b) // never fails
}

// randomPiece is how many bytes are made between two looks at the fuel and the
// context.
const randomPiece = 64 << 10

func randomGet(ctx context.Context, s *session, m memory, a []uint64) errno {
	b, ok := m.span(uint32(a[0]), uint32(a[1]))
	if !ok {
		return errnoFault
	}
	for len(b) > randomPiece {
		s.randomBytes(b[:randomPiece])
		b = b[randomPiece:]
		if !s.pay(ctx) {
			return errnoAgain
		}
	}
	s.randomBytes(b)
	return errnoSuccess
}

// maxSubscriptions bounds what one poll_oneoff looks at.
const maxSubscriptions = 1024

// WASI's types of events.
const (
	eventClock   = 0
	eventFdRead  = 1
	eventFdWrite = 2
)

// subscription is what a guest waits for.
type subscription struct {
	userdata uint64
	kind     byte
	errno    errno
	wait     int64  // nanoseconds until it happens
	ready    uint64 // bytes, at least, that can be moved
}

// pollOneoff waits for the first of several events. Streams and files are always ready,
// so the only thing to wait for is time: until the first of the clocks, or the
// end of the context, which looks to the guest as if it had woken early.
func pollOneoff(ctx context.Context, s *session, mod api.Module, a []uint64) {
	in, out, count, done := uint32(a[0]), uint32(a[1]), uint32(a[2]), uint32(a[3])
	var room [4]subscription
	subs, e := s.subscriptions(room[:0], s.memory(mod), in, count)
	if e != errnoSuccess {
		a[0] = uint64(e)
		return
	}
	first := int64(math.MaxInt64)
	for _, sub := range subs {
		first = min(first, sub.wait)
	}
	if first > 0 {
		s.sleep(ctx, time.Duration(first))
	}
	// The memory is looked at anew after the wait.
	a[0] = uint64(putEvents(s.memory(mod), out, done, subs, max(first, 0)))
}

// subscriptions reads a guest's list.
func (s *session) subscriptions(subs []subscription, m memory, in, count uint32) ([]subscription, errno) {
	if count == 0 || count > maxSubscriptions {
		return nil, errnoInval
	}
	list, ok := m.span(in, 48*count)
	if !ok {
		return nil, errnoFault
	}
	s.spend(unitsPoll * int64(count))
	for ; len(list) > 0; list = list[48:] {
		sub := subscription{userdata: binary.LittleEndian.Uint64(list), kind: list[8]}
		switch sub.kind {
		case eventClock:
			sub.wait, sub.errno = s.untilClock(list)
		case eventFdRead, eventFdWrite:
			sub.ready, sub.errno = s.ready(binary.LittleEndian.Uint32(list[16:]), sub.kind)
		default:
			return nil, errnoInval
		}
		subs = append(subs, sub)
	}
	return subs, errnoSuccess
}

// ready tells how many bytes can be read from a descriptor or written to it, at
// least. None ever keeps a guest waiting.
func (s *session) ready(fd uint32, kind byte) (uint64, errno) {
	d := s.fds.get(fd)
	switch {
	case d == nil || d.dir != nil:
		return 0, errnoBadf
	case d.stream || kind == eventFdWrite:
		return 1, errnoSuccess
	}
	stat, err := d.file.Stat()
	return uint64(max(stat.Size-d.offset, 0)), files.ErrnoOf(err)
}

// untilClock is how long a clock subscription has to wait.
func (s *session) untilClock(sub []byte) (int64, errno) {
	id := binary.LittleEndian.Uint32(sub[16:])
	timeout := binary.LittleEndian.Uint64(sub[24:])
	absolute := binary.LittleEndian.Uint16(sub[40:])&1 != 0
	now, ok := s.now(id)
	if !ok {
		return 0, errnoInval
	}
	if absolute {
		timeout -= min(timeout, uint64(max(now, 0)))
	}
	return int64(min(timeout, math.MaxInt64)), errnoSuccess
}

// sleep waits on the engine's clock. An initialisation does not wait: only its
// clock moves.
func (s *session) sleep(ctx context.Context, d time.Duration) {
	if !s.initializing {
		s.spend(unitsSleep)
		modules.Waits(ctx)
		woken := make(chan struct{})
		stop := s.host.clock.AfterFunc(d, func() { close(woken) })
		select {
		case <-woken:
		case <-ctx.Done():
			stop()
		}
	}
	s.clock.elapsed += min(int64(d), math.MaxInt64/2-s.clock.elapsed)
}

// putEvents tells the guest what happened: every subscription whose time has
// come.
func putEvents(m memory, out, done uint32, subs []subscription, passed int64) errno {
	events, ok := m.span(out, 32*uint32(len(subs)))
	if !ok {
		return errnoFault
	}
	n := uint32(0)
	for _, sub := range subs {
		if sub.wait > passed {
			continue
		}
		event := events[32*n : 32*n+32]
		clear(event)
		binary.LittleEndian.PutUint64(event, sub.userdata)
		binary.LittleEndian.PutUint16(event[8:], uint16(sub.errno))
		event[10] = sub.kind
		if sub.kind != eventClock && sub.errno == errnoSuccess {
			binary.LittleEndian.PutUint64(event[16:], sub.ready)
		}
		n++
	}
	if !m.putUint32(done, n) {
		return errnoFault
	}
	return errnoSuccess
}
