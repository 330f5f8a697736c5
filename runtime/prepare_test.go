package runtime_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
)

// slowly are modules of which some have to be prepared first. Each takes its
// time once.
type slowly struct {
	fakeModules
	takes map[string]time.Duration

	mu    sync.Mutex
	begun map[string]time.Time
}

func newSlowly(fakes fakeModules, takes map[string]time.Duration) *slowly {
	return &slowly{fakeModules: fakes, takes: takes, begun: map[string]time.Time{}}
}

func (s *slowly) Prepare(name string, ready func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun[name].IsZero() {
		s.begun[name] = time.Now()
	}
	left := s.takes[name] - time.Since(s.begun[name])
	if left <= 0 {
		return true
	}
	time.AfterFunc(left, ready)
	return false
}

// That a module has to be compiled costs a task none of its time: neither
// TimeoutSeconds nor HeartbeatSeconds begin before.
func TestPreparationIsNotTheTasksTime(t *testing.T) {
	napping := func(d time.Duration) func(context.Context, runtime.Work) modules.Result {
		return func(ctx context.Context, _ runtime.Work) modules.Result {
			select {
			case <-time.After(d):
				return modules.Result{Output: []byte(`1`)}
			case <-ctx.Done():
				return modules.Result{Killed: true}
			}
		}
	}
	for _, x := range []struct {
		limits string
		naps   time.Duration
		want   string
		took   time.Duration
	}{
		{`,"TimeoutSeconds":2`, time.Second, `1`, 11 * time.Second},
		{`,"TimeoutSeconds":2`, 3 * time.Second, `FAILED States.Timeout`, 12 * time.Second},
		{`,"TimeoutSeconds":9,"HeartbeatSeconds":2`, time.Second, `1`, 11 * time.Second},
	} {
		m := newSlowly(fakeModules{"m": napping(x.naps)}, map[string]time.Duration{"m": 10 * time.Second})
		inBubble(t, runtime.Options{Modules: m}, func(b *bench) {
			e := b.start(task("wasm:m", x.limits), `{}`)
			info := b.finish(e)
			if got, took := outcome(info), info.Stopped.Sub(info.Started); got != x.want || took != x.took {
				b.t.Errorf("%s: %s after %s, want %s after %s", x.limits, got, took, x.want, x.took)
			}
		})
	}
}

// Tasks that wait for a module's preparation keep no worker, and one that nobody
// wants any more does not run when that is over.
func TestPreparationKeepsNoWorker(t *testing.T) {
	ran := 0
	count := func(context.Context, runtime.Work) modules.Result {
		ran++
		return modules.Result{Output: []byte(`1`)}
	}
	m := newSlowly(fakeModules{"slow": count, "echo": echo}, map[string]time.Duration{"slow": time.Minute})
	inBubble(t, runtime.Options{Modules: m, Workers: 1}, func(b *bench) {
		var waiting []*runtime.Execution
		for range 3 {
			waiting = append(waiting, b.start(task("wasm:slow", ""), `{}`))
		}
		info := b.finish(b.start(task("wasm:echo", ""), `7`))
		if took := info.Stopped.Sub(info.Started); outcome(info) != "7" || took != 0 {
			b.t.Errorf("%s after %s", outcome(info), took)
		}
		if _, err := b.Stop(waiting[0].ARN(), "", ""); err != nil {
			b.t.Error(err)
		}
		for i, want := range []string{"ABORTED", "1", "1"} {
			if got := outcome(b.finish(waiting[i])); got != want {
				b.t.Errorf("%d: %s, want %s", i, got, want)
			}
		}
		if ran != 2 {
			b.t.Errorf("%d calls were made, want 2", ran)
		}
	})
}

// capped are modules with a bound on their calls.
type capped struct {
	fakeModules
	caps map[string]int
}

func (c capped) Concurrency(name string) int { return c.caps[name] }

// Calls that wait for their module's concurrency keep no worker; those of
// modules that never end leave one to others.
func TestABusyModuleLeavesWorkersToOthers(t *testing.T) {
	for _, cap := range []int{1, 3, 0} {
		t.Run(fmt.Sprint("concurrency ", cap), func(t *testing.T) {
			m := capped{fakeModules{"hog": stubborn, "hog2": stubborn, "echo": echo}, map[string]int{"hog": cap}}
			inBubble(t, runtime.Options{Modules: m, Workers: 4}, func(b *bench) {
				for range 30 {
					b.start(task("wasm:hog", ""), `{}`)
					b.start(task("wasm:hog2", ""), `{}`)
				}
				for range 100 {
					if got := outcome(b.finish(b.start(task("wasm:echo", `,"TimeoutSeconds":1`), `7`))); got != "7" {
						b.t.Fatal(got)
					}
				}
			})
		})
	}
}
