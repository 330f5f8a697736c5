package modules

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// engines runs a test in both engines.
func engines(t *testing.T, test func(t *testing.T, opts Options)) {
	t.Helper()
	for name, engine := range map[string]Engine{"compiler": EngineCompiler, "interpreter": EngineInterpreter} {
		if engine == EngineCompiler && !compilerSupported() {
			continue
		}
		t.Run(name, func(t *testing.T) { test(t, Options{Host: testHost{}, Engine: engine}) })
	}
}

// handler wraps instructions as a module with a memory of one page.
func handler(body string) []byte {
	return wat.MustAssemble(`(module (memory 1) (func (export "wasl_handle") (result i32) ` + body + ` (i32.const 0)))`)
}

// The attacks that run until something stops them.
var endless = map[string][]byte{
	"loop":                  handler(`(loop (br 0))`),
	"nested loops":          handler(`(loop (loop (br 1)))`),
	"br_table loop":         handler(`(loop (br_table 0 0 (i32.const 0)))`),
	"if loop":               handler(`(loop (if (i32.const 1) (then (br 1))))`),
	"loop with results":     handler(`(drop (loop (result i32) (br 0)))`),
	"fill a gigabyte":       handler(`(drop (memory.grow (i32.const 2047))) (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x7ff0000)) (br 0))`),
	"copy a gigabyte":       handler(`(drop (memory.grow (i32.const 2047))) (loop (memory.copy (i32.const 1) (i32.const 0) (i32.const 0x7ff0000)) (br 0))`),
	"many long fills":       handler(`(drop (memory.grow (i32.const 2047)))` + strings.Repeat(`(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x7ff0000))`, 2000)),
	"host calls in a loop":  wat.MustAssemble(`(module (import "wasl" "input_len" (func $f (result i32))) (func (export "wasl_handle") (result i32) (loop (drop (call $f)) (br 0)) (i32.const 0)))`),
	"host calls by table":   wat.MustAssemble(`(module (import "wasl" "input_len" (func $f (result i32))) (table 1 funcref) (elem (i32.const 0) $f) (func (export "wasl_handle") (result i32) (loop (drop (call_indirect (result i32) (i32.const 0))) (br 0)) (i32.const 0)))`),
	"exponential recursion": exponential,
	"exponential calls":     exponentialCalls(),
	"mutual recursion": wat.MustAssemble(`(module
		(func $a (param i32) (if (local.get 0) (then (call $b (i32.sub (local.get 0) (i32.const 1))) (call $b (i32.sub (local.get 0) (i32.const 1))))))
		(func $b (param i32) (if (local.get 0) (then (call $a (i32.sub (local.get 0) (i32.const 1))) (call $a (i32.sub (local.get 0) (i32.const 1))))))
		(func (export "wasl_handle") (result i32) (call $a (i32.const 60)) (i32.const 0)))`),
	"recursion by table": wat.MustAssemble(`(module (table 1 funcref) (elem (i32.const 0) $a)
		(func $a (param i32) (if (local.get 0) (then
			(call_indirect (param i32) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
			(call_indirect (param i32) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))
		(func (export "wasl_handle") (result i32) (call $a (i32.const 60)) (i32.const 0)))`),
}

// exponential is recursion of depth 60 that branches in two, without a loop.
var exponential = wat.MustAssemble(`(module
	(func $f (param i32) (result i32)
		(if (result i32) (local.get 0)
			(then (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 1)))))
			(else (i32.const 1))))
	(func (export "wasl_handle") (result i32) (drop (call $f (i32.const 60))) (i32.const 0)))`)

// exponentialCalls is a chain of 60 functions, each calling the next one twice:
// neither a loop nor a recursion.
func exponentialCalls() []byte {
	var text strings.Builder
	text.WriteString(`(module (func (export "wasl_handle") (result i32) (call $f0) (i32.const 0))`)
	for i := range 60 {
		fmt.Fprintf(&text, "(func $f%d (call $f%d) (call $f%d))", i, i+1, i+1)
	}
	text.WriteString(`(func $f60))`)
	return wat.MustAssemble(text.String())
}

// Rows 1, 3, 13 and 18: whatever runs on is ended by its deadline, and the same
// module's next call works as before.
func TestEndlessEndsByDeadline(t *testing.T) {
	engines(t, func(t *testing.T, opts Options) {
		store := newStore(t, opts)
		for name, binary := range endless {
			t.Run(name, func(t *testing.T) {
				m := mustOpen(t, store, binary, Limits{Memory: 128 << 20, Fuel: 1 << 60})
				bounded(t, m.limits.Memory, func() {
					r := invokeFor(t, m, 50*time.Millisecond, Call{})
					if !r.Killed || r.Failure != nil {
						t.Errorf("killed %v, failure %+v; want killed", r.Killed, r.Failure)
					}
				})
			})
		}
	})
}

// Rows 1, 3, 13 and 18: whatever runs on is ended by its fuel.
func TestEndlessEndsByFuel(t *testing.T) {
	engines(t, func(t *testing.T, opts Options) {
		store := newStore(t, opts)
		for name, binary := range endless {
			t.Run(name, func(t *testing.T) {
				fuel := uint64(20_000_000)
				long := strings.Contains(name, "gigabyte") || strings.Contains(name, "fills") // of which each costs millions
				if raceDetector && opts.Engine == EngineInterpreter && !long {
					fuel = 1_000_000 // the race detector makes it far slower; still many slices
				}
				m := mustOpen(t, store, binary, Limits{Memory: 128 << 20, Fuel: fuel})
				first := mustFail(t, m, ErrOutOfFuel)
				second := mustFail(t, m, ErrOutOfFuel)
				if first.Usage.Fuel != second.Usage.Fuel {
					t.Errorf("used %d units, then %d", first.Usage.Fuel, second.Usage.Fuel)
				}
				if used := first.Usage.Fuel; used < m.limits.Fuel || used > m.limits.Fuel+m.limits.Fuel/10 {
					t.Errorf("used %d units of %d", used, m.limits.Fuel)
				}
			})
		}
	})
}

// mustFail calls a module that fails with the given error.
func mustFail(t *testing.T, m *Module, want string) Result {
	t.Helper()
	r, err := m.Invoke(t.Context(), Call{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Failure == nil || r.Failure.Error != want {
		t.Errorf("failure %+v, want %s", r.Failure, want)
	}
	return r
}

// Row 2: an endless start section costs the module its life when it is opened.
func TestEndlessStart(t *testing.T) {
	binary := wat.MustAssemble(`(module (func $f (loop (br 0))) (start $f) (func (export "wasl_handle") (result i32) (i32.const 0)))`)
	engines(t, func(t *testing.T, opts Options) {
		store := newStore(t, opts)
		_, err := store.Open(t.Context(), Source{Bytes: binary}, Limits{Fuel: 1_000_000})
		wantBadModule(t, err, "used up its 1000000 units of fuel")

		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if _, err = store.Open(ctx, Source{Bytes: binary}, Limits{Fuel: 1 << 60}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a deadline: %v", err)
		}
		_, err = store.Open(t.Context(), Source{Bytes: binary}, Limits{Fuel: 1 << 60, Wall: 20 * time.Millisecond})
		wantBadModule(t, err, "wall time")
	})
}

func wantBadModule(t *testing.T, err error, reason string) {
	t.Helper()
	var bad *BadModuleError
	if !errors.As(err, &bad) || !strings.Contains(bad.Reason, reason) {
		t.Errorf("got %v, want a BadModuleError with %q", err, reason)
	}
}

// Row 4: a guest in a loop does not keep Go's collector from running.
func TestLoopDoesNotHoldCollector(t *testing.T) {
	engines(t, func(t *testing.T, opts Options) {
		m := mustOpen(t, newStore(t, opts), endless["loop"], Limits{Fuel: 1 << 60})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var loops sync.WaitGroup
		for range goruntime.GOMAXPROCS(0) {
			loops.Go(func() {
				if r, err := m.Invoke(ctx, Call{}); err != nil || !r.Killed {
					t.Errorf("%+v, %v; want killed", r, err)
				}
			})
		}
		for range 3 {
			goruntime.GC() // would never return
		}
		cancel()
		loops.Wait()
	})
}

// Row 5: recursion without end is stopped by the stack limit.
func TestEndlessRecursion(t *testing.T) {
	attacks := map[string]string{
		"direct":     `(func $f (call $f))`,
		"with frame": `(func $f ` + strings.Repeat("(local i64)", 500) + `(call $f))`,
		"kept values": `(func $f (result i64) ` + strings.Repeat("(i64.load (i32.const 0))", 200) + `(call $f)` +
			strings.Repeat("(i64.add)", 200) + `)`,
		"by table": `(table 1 funcref) (elem (i32.const 0) $f) (func $f (call_indirect (i32.const 0)))`,
	}
	engines(t, func(t *testing.T, opts Options) {
		store := newStore(t, opts)
		for name, fields := range attacks {
			t.Run(name, func(t *testing.T) {
				drop := ""
				if strings.Contains(fields, "result") {
					drop = "(drop)"
				}
				binary := wat.MustAssemble(`(module (memory 1) ` + fields + ` (func (export "wasl_handle") (result i32) (call $f) ` + drop + ` (i32.const 0)))`)
				m := mustOpen(t, store, binary, Limits{})
				bounded(t, 0, func() {
					r := mustFail(t, m, ErrTrap)
					if !strings.HasPrefix(r.Failure.Cause, "stack overflow\nat function 0, at function 0") {
						t.Errorf("cause %q", r.Failure.Cause)
					}
				})
				bounded(t, 8*m.limits.Memory, func() {
					var calls sync.WaitGroup
					for range 8 {
						calls.Go(func() { mustFail(t, m, ErrTrap) })
					}
					calls.Wait()
				})
			})
		}
	})
}

// Row 6: memory grows up to the limit and no further.
func TestMemoryGrowth(t *testing.T) {
	grow := func(pages string) []byte {
		return handler(`(loop (br_if 0 (i32.ne (memory.grow (i32.const ` + pages + `)) (i32.const -1)))) unreachable`)
	}
	engines(t, func(t *testing.T, opts Options) {
		store := newStore(t, opts)
		for _, pages := range []string{"1", "16", "16384", "65535"} {
			t.Run(pages, func(t *testing.T) {
				m := mustOpen(t, store, grow(pages), Limits{Memory: 64 << 20})
				bounded(t, m.limits.Memory, func() {
					r := mustFail(t, m, ErrMemoryLimit)
					if r.Usage.MemoryPeak > m.limits.Memory {
						t.Errorf("the memory grew to %d bytes", r.Usage.MemoryPeak)
					}
				})
			})
		}
	})
}

// Row 8: tables grow up to the limit and no further.
func TestTableGrowth(t *testing.T) {
	binary := wat.MustAssemble(`(module (table 1 funcref) (func (export "wasl_handle") (result i32)
		(if (i32.ne (table.grow (ref.null func) (i32.const 100000000)) (i32.const -1)) (then unreachable))
		(drop (table.grow (ref.null func) (i32.const 1000)))
		(loop (br_if 0 (i32.ne (table.grow (ref.null func) (i32.const 1)) (i32.const -1))))
		(i32.ne (table.size) (i32.const 4096))))`)
	engines(t, func(t *testing.T, opts Options) {
		m := mustOpen(t, newStore(t, opts), binary, Limits{Table: 4096})
		bounded(t, 0, func() {
			r, err := m.Invoke(t.Context(), Call{})
			if err != nil || r.Failure != nil {
				t.Errorf("%+v, %v", r.Failure, err)
			}
		})
	})
}

// Row 32: no call sees what another one did to globals, memory or segments,
// even on the tier where instances are used again; and modules that change
// their tables do not get on it.
func TestNoStateLeaks(t *testing.T) {
	attacks := map[string]string{
		"memory":      `(i32.load (i32.const 8)) (i32.store (i32.const 8) (i32.const 1))`,
		"last byte":   `(i32.load8_u (i32.const 65535)) (i32.store8 (i32.const 65535) (i32.const 1))`,
		"i32 global":  `(global.get $a) (global.set $a (i32.const 1))`,
		"i64 global":  `(i32.wrap_i64 (global.get $b)) (global.set $b (i64.const -1))`,
		"f64 global":  `(i32.trunc_f64_s (global.get $c)) (global.set $c (f64.const 2))`,
		"data drop":   `(i32.const 0) (memory.init $d (i32.const 16) (i32.const 0) (i32.const 4)) (data.drop $d)`,
		"table":       `(ref.is_null (table.get (i32.const 0))) (table.set (i32.const 0) (ref.null func))`,
		"memory size": `(i32.ne (memory.size) (i32.const 1)) (drop (memory.grow (i32.const 1)))`,
		"grown page":  `(drop (memory.grow (i32.const 1))) (i32.load (i32.const 70000)) (i32.store (i32.const 70000) (i32.const 1))`,
	}
	engines(t, func(t *testing.T, opts Options) {
		store := newStore(t, opts)
		for name, body := range attacks {
			t.Run(name, func(t *testing.T) {
				binary := wat.MustAssemble(`(module (memory 1) (table 1 funcref) (elem (i32.const 0) $f) (func $f)
					(global $a (mut i32) (i32.const 0)) (global $b (mut i64) (i64.const 0)) (global $c (mut f64) (f64.const 0))
					(data $d "abcd")
					(import "wasl" "output_write" (func $write (param i32 i32) (result i32)))
					(func $work (result i32) ` + body + `)
					(func (export "wasl_handle") (result i32)
						(i32.store (i32.const 32) (call $work))
						(call $write (i32.const 32) (i32.const 4))))`)
				m := mustOpen(t, store, binary, Limits{})
				for range 3 {
					if r := mustInvoke(t, m, Call{}); string(r.Output) != "\x00\x00\x00\x00" {
						t.Errorf("on tier %v: output %q, what an earlier call left", r.Usage.Tier, r.Output)
					}
				}
			})
		}
	})
}

// Row 38: instances leave nothing behind.
func TestManyInstances(t *testing.T) {
	binary := wat.MustAssemble(`(module (memory 4) (data (i32.const 0) "x") (func (export "wasl_handle") (result i32)
		(i32.store (i32.const 100) (i32.const 1)) (drop (memory.grow (i32.const 1))) (i32.const 0)))`)
	engines(t, func(t *testing.T, opts Options) {
		opts.NoPool = true
		m := mustOpen(t, newStore(t, opts), binary, Limits{})
		mustInvoke(t, m, Call{})
		bounded(t, m.limits.Memory, func() {
			for range 10_000 {
				mustInvoke(t, m, Call{})
			}
		})
	})
}

// Row 6 again: an instance that took all memory it could get is used again, and
// keeps none of it.
func TestGrownInstancesShrink(t *testing.T) {
	binary := wat.MustAssemble(`(module (memory 2) (data (i32.const 0) "x") (func (export "wasl_handle") (result i32)
		(drop (memory.grow (i32.const 510)))
		(memory.fill (i32.const 0) (i32.const 1) (i32.shl (memory.size) (i32.const 16)))
		(i32.const 0)))`)
	engines(t, func(t *testing.T, opts Options) {
		m := mustOpen(t, newStore(t, opts), binary, Limits{Memory: 32 << 20})
		mustInvoke(t, m, Call{})
		bounded(t, m.limits.Memory, func() {
			for range 20 {
				if r := mustInvoke(t, m, Call{}); r.Usage.Tier != TierPooled || r.Usage.MemoryPeak != 32<<20 {
					t.Fatalf("on tier %v with %d bytes", r.Usage.Tier, r.Usage.MemoryPeak)
				}
			}
		})
		memory := m.pool.idle[0].wasm.Memory()
		if contents, _ := memory.Read(0, memory.Size()); !m.image.Equal(contents) {
			t.Errorf("the idle instance has %d bytes, which are not the image", len(contents))
		}
	})
}
