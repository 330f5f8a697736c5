package runtime_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
)

// usageLog keeps every call, and their sums.
type usageLog struct {
	runtime.UsageTotals
	mu    sync.Mutex
	calls []runtime.CallUsage
}

func (l *usageLog) RecordUsage(c runtime.CallUsage) {
	l.UsageTotals.RecordUsage(c)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
}

// of gives the calls of a module, without the names of their tasks.
func (l *usageLog) of(module string) []runtime.CallUsage {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []runtime.CallUsage
	for _, c := range l.calls {
		if c.Module == module {
			c.Task = ""
			all = append(all, c)
		}
	}
	return all
}

// costing gives calls a cost that follows from their input, a number n: n
// milliseconds and n units of fuel. Each third number fails.
func costing(_ context.Context, w runtime.Work) modules.Result {
	var n int
	_, _ = fmt.Sscan(string(w.Input), &n)
	r := modules.Result{Output: w.Input, Usage: modules.Usage{
		Fuel: uint64(n), MemoryPeak: uint64(n) << 16, Wall: time.Duration(n) * time.Millisecond, Tier: modules.TierPooled,
		HostUsage: modules.HostUsage{OutputBytes: int64(len(w.Input)), LogBytes: 2, HostCalls: 3},
	}}
	if n == 1 {
		r.Usage.Tier = modules.TierCopyOnWrite
	}
	if n%3 == 0 {
		r.Output, r.Failure = nil, &modules.Failure{Error: "Third"}
	}
	return r
}

const mapWithRetries = `{"StartAt":"M","States":{
	"M":{"Type":"Map","MaxConcurrency":%d,%s"Next":"After","ItemProcessor":{%s"StartAt":"Try","States":{
		"Try":{"Type":"Task","Resource":"wasm:costing","End":true,
			"Retry":[{"ErrorEquals":["Third"],"MaxAttempts":2}],
			"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Caught"}]},
		"Caught":{"Type":"Pass","End":true}}}},
	"After":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"report","Payload":"5"},"End":true}}}`

// The numbers 1 to 9 cost what they say; 3, 6 and 9 fail, each of them three
// times. Children of a Map Run count for the engine as everything else does.
func TestUsageAddsUpOverAMapWithRetries(t *testing.T) {
	for name, definition := range map[string]string{
		"inline":      fmt.Sprintf(mapWithRetries, 2, "", ""),
		"distributed": fmt.Sprintf(mapWithRetries, 2, `"Label":"L",`, `"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},`),
	} {
		t.Run(name, func(t *testing.T) {
			log := &usageLog{}
			o := runtime.Options{Usage: log, Modules: fakeModules{"costing": costing, "report": costing}}
			inBubble(t, o, func(b *bench) {
				b.finish(b.start(definition, `[1,2,3,4,5,6,7,8,9]`))
				attempted := runtime.UsageSum{
					Calls: 15, Failed: 9, Tiers: [3]int64{modules.TierPooled: 14, modules.TierCopyOnWrite: 1},
					Fuel: 81, MaxFuel: 9, MemoryPeak: 9 << 16, Wall: 81 * time.Millisecond, MaxWall: 9 * time.Millisecond,
					HostUsage: modules.HostUsage{OutputBytes: 15, LogBytes: 30, HostCalls: 45},
				}
				after := runtime.UsageSum{
					Calls: 1, Tiers: [3]int64{modules.TierPooled: 1}, Fuel: 5, MaxFuel: 5, MemoryPeak: 5 << 16,
					Wall: 5 * time.Millisecond, MaxWall: 5 * time.Millisecond,
					HostUsage: modules.HostUsage{OutputBytes: 1, LogBytes: 2, HostCalls: 3},
				}
				total := attempted
				total.Calls, total.Tiers[modules.TierPooled], total.Fuel, total.Wall = 16, 15, 86, 86*time.Millisecond
				total.HostUsage = modules.HostUsage{OutputBytes: 16, LogBytes: 32, HostCalls: 48}
				got := log.Report()
				want := []runtime.ModuleUsage{{Module: "costing", UsageSum: attempted}, {Module: "report", UsageSum: after}}
				if got.Total != total || !slices.Equal(got.Modules, want) {
					b.t.Errorf("got  %+v\nwant %+v %+v", got, total, want)
				}
			})
		})
	}
}

func TestEachAttemptIsACallOfItsOwn(t *testing.T) {
	log := &usageLog{}
	o := runtime.Options{Usage: log, Modules: fakeModules{"costing": costing, "report": costing}}
	inBubble(t, o, func(b *bench) {
		b.finish(b.start(fmt.Sprintf(mapWithRetries, 1, "", ""), `[3]`))
		call := runtime.CallUsage{State: "Try", Resource: "wasm:costing", Module: "costing", Error: "Third", Usage: modules.Usage{
			Fuel: 3, MemoryPeak: 3 << 16, Wall: 3 * time.Millisecond, Tier: modules.TierPooled,
			HostUsage: modules.HostUsage{OutputBytes: 1, LogBytes: 2, HostCalls: 3},
		}}
		want := []runtime.CallUsage{call, call, call}
		want[1].Attempt, want[2].Attempt = 1, 2
		if got := log.of("costing"); !slices.Equal(got, want) {
			b.t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got := log.of("report"); len(got) != 1 || got[0].Resource != "arn:aws:states:::lambda:invoke" || got[0].State != "After" {
			b.t.Errorf("%+v", got)
		}
	})
}

// A task that timed out does not hold its execution up, so its call is known
// only when the engine has closed.
func TestAKilledCallIsKnownOnceTheEngineHasClosed(t *testing.T) {
	log := &usageLog{}
	inBubble(t, runtime.Options{Usage: log, Modules: fakeModules{"stubborn": stubborn}}, func(b *bench) {
		b.finish(b.start(task("wasm:stubborn", `,"TimeoutSeconds":5`), `{}`))
		if got := log.Report().Total; got != (runtime.UsageSum{}) {
			b.t.Errorf("before: %+v", got)
		}
		if err := b.Close(); err != nil {
			b.t.Fatal(err)
		}
		// It never had an instance: the fake gives no usage.
		if got, want := log.Report().Total, (runtime.UsageSum{Calls: 1, Killed: 1, TimedOut: 1}); got != want {
			b.t.Errorf("after: %+v, want %+v", got, want)
		}
	})
}

// A call that nobody wants any more was killed too, and its time was not over.
func TestAStoppedCallDidNotTimeOut(t *testing.T) {
	log := &usageLog{}
	inBubble(t, runtime.Options{Usage: log, Modules: fakeModules{"stubborn": stubborn}}, func(b *bench) {
		x := b.start(task("wasm:stubborn", `,"TimeoutSeconds":5`), `{}`)
		time.Sleep(time.Second)
		if _, err := b.Stop(x.ARN(), "", ""); err != nil {
			b.t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			b.t.Fatal(err)
		}
		if got, want := log.Report().Total, (runtime.UsageSum{Calls: 1, Killed: 1}); got != want {
			b.t.Errorf("%+v, want %+v", got, want)
		}
	})
}

func TestAModuleThatCannotBeUsedCostsNothing(t *testing.T) {
	log := &usageLog{}
	b := newBench(t, runtime.Options{Usage: log, Modules: newModuleSet(t, map[string][]byte{"broken": {0x41}, "quick": quick})})
	b.run(task("wasm:broken", ""), `{}`)
	b.run(task("wasm:quick", ""), `{}`)
	got := log.Report().Modules
	if len(got) != 2 || got[0].UsageSum != (runtime.UsageSum{Calls: 1, Failed: 1}) {
		t.Fatalf("%+v", got)
	}
	ran := got[1].UsageSum
	if ran.Calls != 1 || ran.Failed != 0 || ran.MemoryPeak != 1<<16 || ran.Wall == 0 {
		t.Errorf("%+v", ran)
	}
	if ran.Tiers != [3]int64{modules.TierCopyOnWrite: 1} {
		t.Errorf("the first instance was made in tiers %v", ran.Tiers)
	}
}

// Totals are kept of every task of every execution, so they may not cost more
// than the sum that they are.
func TestTotalsTakeNoMemoryForACall(t *testing.T) {
	var totals runtime.UsageTotals
	var sink runtime.UsageSink = &totals
	call := runtime.CallUsage{Module: "m", Usage: modules.Usage{Fuel: 1, Wall: 1}}
	if n := testing.AllocsPerRun(1000, func() { sink.RecordUsage(call) }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
	if got := totals.Report().Total; got.Calls != 1001 || got.Fuel != 1001 {
		t.Errorf("%+v", got)
	}
}

// BenchmarkUsageTotals is what the sums add to each task, all workers at once.
func BenchmarkUsageTotals(b *testing.B) {
	var totals runtime.UsageTotals
	var sink runtime.UsageSink = &totals
	call := runtime.CallUsage{Module: "thumbnail", Usage: modules.Usage{Fuel: 1, Wall: 1}}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			sink.RecordUsage(call)
		}
	})
}
