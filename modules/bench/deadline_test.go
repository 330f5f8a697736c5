package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

// Commands that never end.
var endless = []struct {
	label  string
	binary []byte
}{
	{"an empty loop", endlessLoop(0x03, 0x40, 0x0c, 0x00, 0x0b)},
	{"a loop that fills 16 MiB", endlessLoop(0x03, 0x40,
		0x41, 0x00, 0x41, 0x01, 0x41, 0x80, 0x80, 0x80, 0x08, 0xfc, 0x0b, 0x00, // memory.fill(0, 1, 16 MiB)
		0x0c, 0x00, 0x0b)},
}

// endlessLoop makes a module of 256 pages whose _start has the given body.
func endlessLoop(body ...byte) []byte {
	code := append([]byte{byte(len(body) + 2), 0x00}, body...)
	code = append(code, 0x0b)
	return slices.Concat(
		[]byte("\x00asm\x01\x00\x00\x00"),
		[]byte{0x01, 0x04, 0x01, 0x60, 0x00, 0x00}, // type: func()
		[]byte{0x03, 0x02, 0x01, 0x00},             // func 0 has it
		[]byte{0x05, 0x04, 0x01, 0x00, 0x80, 0x02}, // memory
		[]byte("\x07\x0a\x01\x06_start\x00\x00"),   // export
		[]byte{0x0a, byte(len(code) + 1), 0x01}, code,
	)
}

// BenchmarkDeadline tells how long after its deadline a call that never ends by
// itself is over, alone and when four of them share each core. It goes by the
// clock on the wall.
func BenchmarkDeadline(b *testing.B) {
	store := newStore(b, modules.Options{})
	for _, g := range endless {
		m, err := store.Open(b.Context(), modules.Source{Name: g.label, Bytes: g.binary}, modules.Limits{Fuel: 1 << 60})
		if err != nil {
			b.Fatal(err)
		}
		for _, crowd := range []struct {
			label string
			calls int
		}{{"alone", 1}, {"eight at once", 8}} {
			b.Run(g.label+"/"+crowd.label, func(b *testing.B) {
				var late []time.Duration
				for b.Loop() {
					late = append(late, overshoots(b, m, crowd.calls)...)
				}
				slices.Sort(late)
				p50, p99 := late[len(late)/2], late[len(late)*99/100]
				b.ReportMetric(float64(p99)/1e6, "p99-ms")
				deadline.add(2, g.label, crowd.label, duration(float64(p50)), duration(float64(p99)))
			})
		}
	}
}

// overshoots runs calls at once that must be killed, and tells how late each
// was.
func overshoots(b *testing.B, m *modules.Module, calls int) []time.Duration {
	late, failures := make([]time.Duration, calls), make([]error, calls)
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() { late[i], failures[i] = overshoot(b.Context(), m) })
	}
	all.Wait()
	if err := errors.Join(failures...); err != nil {
		b.Fatal(err)
	}
	return late
}

func overshoot(ctx context.Context, m *modules.Module) (time.Duration, error) {
	const allowed = 20 * time.Millisecond
	end := time.Now().Add(allowed)
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	result, err := m.Invoke(ctx, modules.Call{Task: &hostfuncs.Task{}})
	late := time.Since(end)
	if err == nil && !result.Killed {
		err = fmt.Errorf("not killed: %w", failed(result))
	}
	return late, err
}
