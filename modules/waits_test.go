package modules

import (
	"context"
	"runtime/pprof"
	"sync"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// Calls that wait in a host function hold no threads of the system, of which Go
// allows 10,000.
func TestWaitingCallsHoldNoThreads(t *testing.T) {
	const calls = 200
	// Of this size and with this write, a used instance is watched.
	binary := wat.MustAssemble(`(module (memory (export "memory") 32)
		(import "wasl" "input_len" (func $f (result i32)))
		(func (export "wasl_handle") (result i32)
			(i32.store (i32.const 8) (i32.const 1)) (drop (call $f)) (i32.const 0)))`)
	host := &waitingHost{}
	m := mustOpen(t, newStore(t, Options{Host: host, MaxIdle: calls}), binary, Limits{})
	threads := pprof.Lookup("threadcreate")
	for round := range 2 { // in the second one all instances are used ones
		host.arrived.Add(calls)
		host.release = make(chan struct{})
		before := threads.Count()
		var all sync.WaitGroup
		for range calls {
			all.Go(func() {
				if r, err := m.Invoke(t.Context(), Call{Input: []byte("x")}); err != nil || r.Failure != nil {
					t.Error(err, r.Failure)
				} else if tier := r.Usage.Tier; round == 1 && tier != TierPooled {
					t.Errorf("the instance is %v", tier)
				}
			})
		}
		host.arrived.Wait()
		if more := threads.Count() - before; more > calls/4 {
			t.Errorf("round %d: %d calls that wait made %d threads", round, calls, more)
		}
		close(host.release)
		all.Wait()
	}
}

// waitingHost lets input_len wait until all calls are there.
type waitingHost struct {
	testHost
	arrived sync.WaitGroup
	release chan struct{}
}

func (h *waitingHost) Begin(ctx context.Context, call Call, abi ABI) (context.Context, Session) {
	ctx, s := h.testHost.Begin(ctx, call, abi)
	s.(*testSession).onInputLen = func(ctx context.Context) {
		Waits(ctx)
		h.arrived.Done()
		<-h.release
	}
	return ctx, s
}
