package modules

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// grower grows its memory to 16 MiB, and says with 1 that it could not.
var grower = wat.MustAssemble(`(module (memory 1) (func (export "wasl_handle") (result i32)
	(i32.eq (memory.grow (i32.const 255)) (i32.const -1))))`)

// A call takes from the budget what its memory grows to, and gives all back but
// what the idle instance keeps; a module that is closed gives back that too.
func TestBudgetIsGivenBack(t *testing.T) {
	engines(t, func(t *testing.T, opts Options) {
		opts.MemoryTotal = 64 << 20
		store, err := NewStore(t.Context(), helped(t, opts))
		if err != nil {
			t.Fatal(err)
		}
		for _, binary := range [][]byte{grower, handler(`unreachable`), handler(`(i32.store (i32.const 9) (i32.const 1))`)} {
			m := mustOpen(t, store, binary, Limits{})
			for range 10 {
				if _, err := m.Invoke(t.Context(), Call{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if used := store.budget.used.Load(); used > 1<<20 {
			t.Errorf("%d bytes are held while nothing runs", used)
		}
		if err := store.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if used := store.budget.used.Load(); used != 0 {
			t.Errorf("%d bytes are held after the end", used)
		}
	})
}

// Memories do not grow beyond the budget, whichever modules they are of.
func TestBudgetBoundsGrowth(t *testing.T) {
	binary := wat.MustAssemble(`(module (memory 1) (func (export "wasl_handle") (result i32)
		(if (i32.eq (memory.grow (i32.const 255)) (i32.const -1)) (then unreachable)) (loop (br 0)) (i32.const 0)))`)
	engines(t, func(t *testing.T, opts Options) {
		opts.MemoryTotal = 40 << 20 // room for two
		store := newStore(t, opts)
		m := mustOpen(t, store, binary, Limits{Fuel: 1 << 60})
		ctx, cancel := context.WithCancel(t.Context())
		results := make(chan Result)
		var calls sync.WaitGroup
		for range 5 {
			calls.Go(func() {
				r, err := m.Invoke(ctx, Call{})
				if err != nil {
					t.Error(err)
				}
				results <- r
			})
		}
		for range 3 {
			r := <-results
			if r.Failure == nil || r.Failure.Error != ErrMemoryLimit || !strings.Contains(r.Failure.Cause, ErrMemoryTotal.Error()) {
				t.Errorf("failure %+v, want %s", r.Failure, ErrMemoryLimit)
			}
		}
		cancel()
		for range 2 {
			if r := <-results; !r.Killed {
				t.Errorf("%+v; want killed", r)
			}
		}
		calls.Wait()
	})
}

// What idle instances hold is given up for who needs it.
func TestBudgetTakesFromIdleInstances(t *testing.T) {
	engines(t, func(t *testing.T, opts Options) {
		store := newStore(t, opts)
		idle := mustOpen(t, store, handler(`(i32.store (i32.const 9) (i32.const 1))`), Limits{})
		mustInvoke(t, idle, Call{})
		store.budget.total = store.budget.used.Load() + 16<<20 - 1<<16
		if r := mustInvoke(t, mustOpen(t, store, grower, Limits{}), Call{}); r.Failure != nil {
			t.Errorf("failure %+v", r.Failure)
		}
		if len(idle.pool.idle) > 0 {
			t.Error("the idle instance is still there")
		}
	})
}

// A call waits for the memory that it begins with: for a while, and no longer
// than its context lives.
func TestBudgetWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(100, func() {})
		if !b.take(60) {
			t.Fatal("nothing is there")
		}
		begin := time.Now()
		time.AfterFunc(time.Second, func() { b.give(30) })
		if err := b.wait(t.Context(), 70); err != nil || time.Since(begin) != time.Second {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		begin = time.Now()
		if err := b.wait(t.Context(), 1); !errors.Is(err, ErrMemoryTotal) || time.Since(begin) != memoryWait {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.wait(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := b.wait(t.Context(), 101); !errors.Is(err, ErrMemoryTotal) {
			t.Error(err)
		}
	})
}
