package modules

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// Calls at once get instances of their own, at most as many as the module's
// limit, and leave the pool no larger than it may be.
func TestConcurrency(t *testing.T) {
	host := &countingHost{}
	store := newStore(t, Options{Host: host, MaxIdle: 3})
	m := mustOpen(t, store, cGuest.binary(t), Limits{Concurrency: 5})
	var calls sync.WaitGroup
	for range 40 {
		calls.Go(func() {
			for range 20 {
				if r := mustInvoke(t, m, Call{Input: numbers(3)}); string(r.Output) != `{"sum":-1389,"count":3}` {
					t.Errorf("output %s", r.Output)
				}
			}
		})
	}
	calls.Wait()
	if most := host.most.Load(); most > 5 {
		t.Errorf("%d calls ran at once, want at most 5", most)
	}
	if n := len(m.pool.idle); n > 3 {
		t.Errorf("%d idle instances, want at most 3", n)
	}
}

// countingHost counts the calls that run at once.
type countingHost struct {
	testHost
	now, most atomic.Int64
}

type countingSession struct {
	Session
	host *countingHost
}

func (h *countingHost) Begin(ctx context.Context, call Call, abi ABI) (context.Context, Session) {
	if n := h.now.Add(1); n > h.most.Load() {
		h.most.Store(n)
	}
	ctx, s := h.testHost.Begin(ctx, call, abi)
	return ctx, countingSession{s, h}
}

func (s countingSession) End(e Exit) ([]byte, *Failure, HostUsage) {
	s.host.now.Add(-1)
	return s.Session.End(e)
}

// Calls hand their instances on to each other as they were. The race detector
// sees it when one keeps its hands on an instance that another has by then.
func TestInstancesAreHandedOn(t *testing.T) {
	m := mustOpen(t, newStore(t, Options{Host: testHost{}}), wat.MustAssemble(`(module (memory 32) (data (i32.const 0) "x")
		(func (export "wasl_handle") (result i32)
			(if (i32.load (i32.const 8)) (then unreachable))
			(i32.store (i32.const 8) (i32.const 1))
			(i32.const 0)))`), Limits{})
	var calls sync.WaitGroup
	for range 4 {
		calls.Go(func() {
			for range 200 {
				mustInvoke(t, m, Call{})
			}
		})
	}
	calls.Wait()
}

// A call that waits for a slot is ended by its context.
func TestWaitForSlotIsCancelled(t *testing.T) {
	host := &startedHost{started: make(chan struct{}, 8)}
	m := mustOpen(t, newStore(t, Options{Host: host}), endless["loop"], Limits{Concurrency: 1, Fuel: 1 << 60})
	<-host.started // the initialisation
	ctx, cancel := context.WithCancel(t.Context())
	var first sync.WaitGroup
	first.Go(func() {
		if _, err := m.Invoke(ctx, Call{}); err != nil {
			t.Error(err)
		}
	})
	<-host.started
	waiting, stop := context.WithCancel(t.Context())
	stop()
	if r, err := m.Invoke(waiting, Call{}); err != nil || !r.Killed {
		t.Errorf("%+v, %v; want killed", r, err)
	}
	cancel()
	first.Wait()
}

// startedHost tells when a call has begun.
type startedHost struct {
	testHost
	started chan struct{}
}

func (h *startedHost) Begin(ctx context.Context, call Call, abi ABI) (context.Context, Session) {
	h.started <- struct{}{}
	return h.testHost.Begin(ctx, call, abi)
}

// The module's own limit of wall time is a States.Timeout.
func TestWallLimit(t *testing.T) {
	m := mustOpen(t, newStore(t, Options{Host: testHost{}}), endless["loop"], Limits{Wall: 10 * time.Millisecond, Fuel: 1 << 60})
	r, err := m.Invoke(t.Context(), Call{})
	if err != nil || r.Killed || r.Failure == nil || r.Failure.Error != ErrTimeout {
		t.Errorf("%+v, %+v, %v", r, r.Failure, err)
	}
}

// A call may lower its fuel, and a rate turns its deadline into fuel.
func TestFuelOfCall(t *testing.T) {
	m := mustOpen(t, newStore(t, Options{Host: testHost{}}), endless["loop"], Limits{Fuel: 1 << 60, FuelPerSecond: 1_000_000, Wall: 10 * time.Second})
	for _, call := range []Call{{Fuel: 5_000}, {}} {
		r, err := m.Invoke(t.Context(), call)
		if err != nil || r.Failure == nil || r.Failure.Error != ErrOutOfFuel {
			t.Errorf("%+v, %v", r.Failure, err)
		}
		if most := uint64(10_000_100); r.Usage.Fuel > most || call.Fuel > 0 && r.Usage.Fuel > call.Fuel+100 {
			t.Errorf("used %d units", r.Usage.Fuel)
		}
	}
}

// What a host function charges counts, at once.
func TestCharge(t *testing.T) {
	binary := wat.MustAssemble(`(module (import "wasl" "input_len" (func $f (result i32)))
		(func (export "wasl_handle") (result i32) (drop (call $f)) (drop (call $f)) (i32.const 0)))`)
	host := &chargingHost{}
	m := mustOpen(t, newStore(t, Options{Host: host}), binary, Limits{Fuel: 10_000})
	r := mustInvoke(t, m, Call{Input: []byte("x")})
	if r.Usage.Fuel < 2000 || r.Usage.Fuel > 2500 {
		t.Errorf("used %d units, two charges of 1000 included", r.Usage.Fuel)
	}
	host.charge = 1 << 62
	mustFail(t, m, ErrOutOfFuel)
	if host.calls != 3 {
		t.Errorf("the host function ran %d times, want 2 and then 1", host.calls)
	}
}

// chargingHost charges for input_len.
type chargingHost struct {
	testHost
	charge uint64
	calls  int
}

func (h *chargingHost) Begin(ctx context.Context, call Call, abi ABI) (context.Context, Session) {
	if h.charge == 0 {
		h.charge = 1000
	}
	ctx, s := h.testHost.Begin(ctx, call, abi)
	s.(*testSession).onInputLen = func(ctx context.Context) { h.calls++; Charge(ctx, h.charge) }
	return ctx, s
}

// A closed store refuses, and closing waits for nothing that is over.
func TestClose(t *testing.T) {
	store, err := NewStore(t.Context(), helped(t, Options{Host: testHost{}}))
	if err != nil {
		t.Fatal(err)
	}
	m := mustOpen(t, store, cGuest.binary(t), Limits{})
	mustInvoke(t, m, Call{Input: numbers(1)})
	for range 2 {
		if err := store.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if _, err := m.Invoke(t.Context(), Call{}); err != ErrStoreClosed {
		t.Errorf("Invoke: %v", err)
	}
	if _, err := store.Open(t.Context(), Source{Bytes: cGuest.binary(t)}, Limits{}); err != ErrStoreClosed {
		t.Errorf("Open: %v", err)
	}
}

// Processes that open the same module at the same time share one cache.
func TestSharedCache(t *testing.T) {
	dir := t.TempDir()
	var openings sync.WaitGroup
	for range 4 {
		openings.Go(func() {
			m := mustOpen(t, newStore(t, Options{Host: testHost{}, CacheDir: dir}), cGuest.binary(t), Limits{})
			mustInvoke(t, m, Call{Input: numbers(2)})
		})
	}
	openings.Wait()
}

func TestCacheDirOfOthers(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Skip(err)
	}
	if _, err := NewStore(t.Context(), Options{CacheDir: dir}); err == nil {
		t.Error("a cache that others can write to was accepted")
	}
}

// A program that calls RunCompileHelper is its own helper.
func TestOwnHelper(t *testing.T) {
	store, err := NewStore(t.Context(), Options{Host: testHost{}, Compile: CompileChild})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(context.Background())
	if command := store.child.command; len(command) != 1 || command[0] != os.Args[0] {
		t.Errorf("the helper is %q", command)
	}
	mustInvoke(t, mustOpen(t, store, cGuest.binary(t), Limits{}), Call{Input: numbers(1)})
}
