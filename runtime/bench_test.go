package runtime_test

import (
	"context"
	"fmt"
	goruntime "runtime"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// array writes the JSON text of [0,1,…,n-1].
func array(n int) string {
	var b strings.Builder
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, i)
	}
	return b.String() + "]"
}

const mapOfTasks = `{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":%d,"End":true,
	"ItemProcessor":{%s"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:echo","End":true}}}}}}`

// BenchmarkMap runs a Map over a task that costs nothing: what the engine and
// the interpreter take for one task.
func BenchmarkMap(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkMap(b, fmt.Sprintf(mapOfTasks, 40, ""), n) })
	}
}

// BenchmarkDistributedMap is BenchmarkMap with an execution for each item.
func BenchmarkDistributedMap(b *testing.B) {
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		definition := fmt.Sprintf(mapOfTasks, 40, `"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"`+kind+`"},`)
		b.Run(kind, func(b *testing.B) { benchmarkMap(b, definition, 10_000) })
	}
}

func benchmarkMap(b *testing.B, definition string, n int) {
	bench := newBench(b, runtime.Options{Modules: fakeModules{"echo": echo}})
	m := bench.machine("m", registry.Standard, definition)
	input := jsonvalue.MustParse(array(n))
	b.ReportAllocs()
	for b.Loop() {
		x, err := bench.Start(context.Background(), runtime.StartRequest{Machine: m, Input: input, DiscardHistory: true})
		if err != nil {
			b.Fatal(err)
		}
		if info := bench.finish(x); info.Output.Len() != n {
			b.Fatal(outcome(info))
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}

// heapPeak gives the largest live heap that it saw at the given moments.
type heapPeak struct{ bytes uint64 }

func (h *heapPeak) look() {
	var m goruntime.MemStats
	goruntime.GC()
	goruntime.ReadMemStats(&m)
	h.bytes = max(h.bytes, m.HeapAlloc)
}

// BenchmarkSandboxedMap is BenchmarkMap over a real module, for different
// numbers of workers.
func BenchmarkSandboxedMap(b *testing.B) {
	for _, workers := range []int{2, 16, 40} {
		b.Run(fmt.Sprintf("%d workers", workers), func(b *testing.B) {
			bench := newBench(b, runtime.Options{Workers: workers, Modules: newModuleSet(b, map[string][]byte{"echo": quick})})
			m := bench.machine("m", registry.Standard, fmt.Sprintf(mapOfTasks, 40, ""))
			const n = 10_000
			input := jsonvalue.MustParse(array(n))
			for b.Loop() {
				x, err := bench.Start(context.Background(), runtime.StartRequest{Machine: m, Input: input, DiscardHistory: true})
				if err != nil {
					b.Fatal(err)
				}
				if info := bench.finish(x); info.Output.Len() != n {
					b.Fatal(outcome(info))
				}
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
		})
	}
}
