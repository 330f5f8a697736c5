package hostfuncs

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules"
)

func TestStdinIsTheInput(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABICommand, "0123456789")
	list := g.memory()
	for i, buffer := range [][2]uint32{{100, 3}, {200, 0}, {300, 4}} {
		binary.LittleEndian.PutUint32(list[8*i:], buffer[0])
		binary.LittleEndian.PutUint32(list[8*i+4:], buffer[1])
	}
	var got []byte
	for range 3 {
		if e := g.wasi("fd_read", stdin, 0, 3, 64); e != errnoSuccess {
			t.Fatalf("errno %d", e)
		}
		n := binary.LittleEndian.Uint32(list[64:])
		got = append(got, list[100:][:min(n, 3)]...)
		got = append(got, list[300:][:max(n, 3)-3]...)
	}
	if string(got) != "0123456789" || binary.LittleEndian.Uint32(list[64:]) != 0 {
		t.Errorf("read %q, then %d bytes", got, binary.LittleEndian.Uint32(list[64:]))
	}
}

func TestStdoutOfOthersThanCommandsIsALog(t *testing.T) {
	for _, abi := range []modules.ABI{modules.ABIReactor, modules.ABIExtism} {
		g := newGuest(t, Task{}, abi, "")
		g.write(stdout, "a stray print\nand more")
		if output, failure := g.end(); output != "null" || failure != nil {
			t.Errorf("output %q, failure %v", output, failure)
		}
		if got := g.log(); !slices.Equal(got, []string{"stdout: a stray print", "stdout: and more"}) {
			t.Errorf("log %q", got)
		}
	}
}

// texts reads what args_get and environ_get write.
func (g *guest) texts(get, sizes string) (texts []string) {
	g.t.Helper()
	if e := g.wasi(sizes, 0, 4); e != errnoSuccess {
		g.t.Fatalf("%s: errno %d", sizes, e)
	}
	count, size := binary.LittleEndian.Uint32(g.memory()), binary.LittleEndian.Uint32(g.memory()[4:])
	if e := g.wasi(get, 100, 1000); e != errnoSuccess {
		g.t.Fatalf("%s: errno %d", get, e)
	}
	total := uint32(0)
	for i := range count {
		at := binary.LittleEndian.Uint32(g.memory()[100+4*i:])
		text, _, _ := bytes.Cut(g.memory()[at:], []byte{0})
		texts = append(texts, string(text))
		total += uint32(len(text)) + 1
	}
	if total != size {
		g.t.Errorf("%s says %d bytes, it is %d", sizes, size, total)
	}
	return texts
}

func TestArgumentsAndEnvironment(t *testing.T) {
	granted := Task{Grants: &Grants{
		Env:     map[string]string{"B": "2", "A": "1", "S": "shadowed", "NUL": "x\x00y"},
		Secrets: map[string]string{"S": "secret"},
	}}
	g := newGuest(t, granted, modules.ABICommand, "")
	if got := g.texts("environ_get", "environ_sizes_get"); !slices.Equal(got, []string{"A=1", "B=2", "S=secret"}) {
		t.Errorf("environment %q", got)
	}
	if got := g.texts("args_get", "args_sizes_get"); !slices.Equal(got, []string{"task"}) {
		t.Errorf("arguments %q", got)
	}
	g = newGuest(t, Task{}, modules.ABIReactor, "")
	if got := append(g.texts("environ_get", "environ_sizes_get"), g.texts("args_get", "args_sizes_get")...); got != nil {
		t.Errorf("a reactor without grants has %q", got)
	}
}

func (g *guest) clock(id uint64) int64 {
	g.t.Helper()
	if e := g.wasi("clock_time_get", id, 0, 0); e != errnoSuccess {
		g.t.Fatalf("clock %d: errno %d", id, e)
	}
	return int64(binary.LittleEndian.Uint64(g.memory()))
}

// Row 34: a clock that was not granted shows nothing of the real time.
func TestTheFixedClockIsTheSameInEveryCall(t *testing.T) {
	start := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	var readings [2][]int64
	for i := range readings {
		clock := &instantClock{now: time.Unix(int64(1_700_000_000+i*12345), 0)}
		g := newGuestOn(t, clock, Task{Start: start}, modules.ABICommand, "")
		for range 3 {
			readings[i] = append(readings[i], g.clock(clockRealtime), g.clock(clockMonotonic))
		}
		g.sleep(time.Hour, false)
		readings[i] = append(readings[i], g.clock(clockRealtime), g.clock(clockMonotonic))
	}
	if !slices.Equal(readings[0], readings[1]) {
		t.Errorf("%v and %v", readings[0], readings[1])
	}
	first, last := readings[0][0]-start.UnixNano(), readings[0][6]-start.UnixNano()
	if first != int64(time.Microsecond) || last < int64(time.Hour) || last > int64(time.Hour+time.Millisecond) {
		t.Errorf("it starts at %d ns and is at %d ns after an hour's sleep", first, last)
	}
}

func TestTheGrantedClockIsTheEngines(t *testing.T) {
	clock := &instantClock{now: time.Unix(1_700_000_000, 5)}
	g := newGuestOn(t, clock, Task{Grants: &Grants{RealClock: true}}, modules.ABICommand, "")
	wall, monotonic := g.clock(clockRealtime), g.clock(clockMonotonic)
	if wall != time.Unix(1_700_000_000, 5).UnixNano() {
		t.Errorf("realtime %d", wall)
	}
	g.sleep(time.Hour, false)
	if passed := g.clock(clockMonotonic) - monotonic; passed != int64(time.Hour) {
		t.Errorf("an hour took %d ns", passed)
	}
	if e := g.wasi("clock_time_get", 2, 0, 0); e != errnoInval {
		t.Errorf("the process's clock: errno %d", e)
	}
}

// The clock of an instance never goes back from the snapshot's to the call's.
func TestTheClockGoesOnAfterInitialisation(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABIReactor, "")
	call := g.ctx
	g.ctx, _ = g.host.Begin(context.Background(), modules.Call{}, modules.ABIReactor)
	before := g.clock(clockMonotonic)
	g.sleep(time.Hour, false)
	during := g.clock(clockMonotonic)
	g.ctx = call
	if after := g.clock(clockMonotonic); before >= during || during >= after {
		t.Errorf("%d, %d, %d", before, during, after)
	}
	if before == 0 {
		t.Error("Go takes a clock at zero for a broken one")
	}
}

// subscribe writes a subscription to a clock.
func (g *guest) subscribe(i int, userdata uint64, d time.Duration, flags uint16) {
	sub := g.memory()[48*i : 48*i+48]
	clear(sub)
	binary.LittleEndian.PutUint64(sub, userdata)
	binary.LittleEndian.PutUint32(sub[16:], clockMonotonic)
	binary.LittleEndian.PutUint64(sub[24:], uint64(d))
	binary.LittleEndian.PutUint16(sub[40:], flags)
}

func (g *guest) sleep(d time.Duration, absolute bool) errno {
	flags := uint16(0)
	if absolute {
		flags = 1
	}
	g.subscribe(0, 7, d, flags)
	return g.wasi("poll_oneoff", 0, 4096, 1, 8192)
}

func TestPollWakesForTheFirstClock(t *testing.T) {
	clock := &instantClock{now: time.Unix(1, 0)}
	g := newGuestOn(t, clock, Task{Grants: &Grants{RealClock: true}}, modules.ABICommand, "")
	g.subscribe(0, 10, time.Hour, 0)
	g.subscribe(1, 11, time.Minute, 0)
	g.subscribe(2, 12, time.Minute, 0)
	g.subscribe(3, 13, 1<<63-1, 1)
	if e := g.wasi("poll_oneoff", 0, 4096, 4, 8192); e != errnoSuccess {
		t.Fatalf("errno %d", e)
	}
	events := g.memory()[4096:]
	if n := binary.LittleEndian.Uint32(g.memory()[8192:]); n != 2 || events[0] != 11 || events[32] != 12 {
		t.Errorf("%d events, of %d and %d", n, events[0], events[32])
	}
	if passed := clock.Now().Sub(time.Unix(1, 0)); passed != time.Minute {
		t.Errorf("%v passed", passed)
	}
}

func TestPollOfStreamsDoesNotWait(t *testing.T) {
	g := newGuestOn(t, stuckClock{}, Task{}, modules.ABICommand, "")
	g.subscribe(0, 10, time.Hour, 0)
	for i, fd := range []byte{stdin, 9} {
		g.subscribe(1+i, uint64(fd), 0, 0)
		g.memory()[48*(1+i)+8] = eventFdRead
		g.memory()[48*(1+i)+16] = fd
	}
	if e := g.wasi("poll_oneoff", 0, 4096, 3, 8192); e != errnoSuccess {
		t.Fatalf("errno %d", e)
	}
	events := g.memory()[4096:]
	if n := binary.LittleEndian.Uint32(g.memory()[8192:]); n != 2 || events[8] != 0 || errno(events[32+8]) != errnoBadf {
		t.Errorf("%d events, errnos %d and %d", n, events[8], events[40])
	}
}

// Row 15: a sleep ends with the context, and polls of nothing are refused.
func TestASleepEndsWithTheContext(t *testing.T) {
	for name, d := range map[string]time.Duration{"an hour": time.Hour, "292 years": 1<<63 - 1, "584 years": -1} {
		for _, absolute := range []bool{false, true} {
			g := newGuestOn(t, stuckClock{}, Task{}, modules.ABICommand, "")
			ctx, cancel := context.WithCancel(context.Background())
			g.ctx = &sessionContext{ctx, g.session}
			done := make(chan errno)
			go func() { done <- g.sleep(d, absolute) }()
			cancel()
			if e := <-done; e != errnoSuccess {
				t.Errorf("%s: errno %d", name, e)
			}
		}
	}
	g := newGuestOn(t, stuckClock{}, Task{}, modules.ABICommand, "")
	for _, count := range []uint64{0, maxSubscriptions + 1, 0xffffffff} {
		if e := g.wasi("poll_oneoff", 0, 4096, count, 8192); e != errnoInval {
			t.Errorf("a poll of %d: errno %d", count, e)
		}
	}
	g.memory()[8] = 9
	if e := g.wasi("poll_oneoff", 0, 4096, 1, 8192); e != errnoInval {
		t.Errorf("an unknown kind: errno %d", e)
	}
}

func (g *guest) random(n uint64) string {
	g.t.Helper()
	if e := g.wasi("random_get", 0, n); e != errnoSuccess {
		g.t.Fatalf("errno %d", e)
	}
	return string(g.memory()[:n])
}

// Row 34: randomness.
func TestRandomNumbers(t *testing.T) {
	numbers := func(task Task) string { return newGuest(t, task, modules.ABICommand, "").random(32) }
	first, again := numbers(Task{Seed: "a"}), numbers(Task{Seed: "a"})
	if first != again {
		t.Error("one seed gives two sequences")
	}
	if first == numbers(Task{Seed: "b"}) {
		t.Error("two seeds give one sequence")
	}
	real := Task{Seed: "a", Grants: &Grants{RealRandom: true}}
	if first, again := numbers(real), numbers(real); first == again {
		t.Error("real random numbers repeat")
	}
	g := newGuest(t, Task{Seed: "a"}, modules.ABICommand, "")
	if first, next := g.random(32), g.random(32); first == next {
		t.Error("a sequence repeats")
	}
}

// Row 14: a huge random_get ends with the context.
func TestRandomGetEndsWithTheContext(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABICommand, "")
	g.fake.mem.data = make([]byte, 16<<20)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g.ctx = &sessionContext{ctx, g.session}
	if e := g.wasi("random_get", 0, 16<<20); e != errnoAgain {
		t.Errorf("errno %d", e)
	}
	if !bytes.Equal(g.fake.mem.data[randomPiece:], make([]byte, 16<<20-randomPiece)) {
		t.Error("it went on after the context's end")
	}
}

// Nothing of a call is there while a module is initialised.
func TestInitialisationHasNoCapabilities(t *testing.T) {
	for _, initialisation := range []string{"announced", "unannounced"} {
		g := newGuest(t, everything(), modules.ABIReactor, "input")
		g.ctx = context.Background()
		if initialisation == "announced" {
			g.ctx, _ = g.host.Begin(g.ctx, modules.Call{}, modules.ABIReactor)
		}
		bucket, bn := g.text(0, "b")
		key, kn := g.text(8, "k")
		for name, got := range map[string]int64{
			"storage_get":  g.wasl("storage_get", bucket, bn, key, kn, 0, 100, 10),
			"storage_put":  g.wasl("storage_put", bucket, bn, key, kn, 100, 10),
			"output_write": g.wasl("output_write", 0, 1),
			"context":      g.wasl("context", 0, 10),
			"http_fetch":   g.wasl("http_fetch", 0, 10),
		} {
			if got != int64(codeUnavailable) {
				t.Errorf("%s, %s: %d", initialisation, name, got)
			}
		}
		if n := g.wasl("input_len"); n != 0 {
			t.Errorf("it has an input of %d bytes", n)
		}
		if n := g.texts("environ_get", "environ_sizes_get"); n != nil {
			t.Errorf("it has an environment: %q", n)
		}
		g.write(stdout, "written")
		g.write(stderr, "written")
		if len(g.lines) != 0 || strings.Contains(g.session.output.String(), "written") {
			t.Errorf("%s: what it wrote was kept: %v", initialisation, g.lines)
		}
	}
}
