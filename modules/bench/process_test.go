package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	goruntime "runtime"

	"github.com/tetratelabs/wazero"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

// orderInput is the input of all guests.
func orderInput(tb testing.TB) []byte { return readInput(tb, "input.json") }

func readInput(tb testing.TB, name string) []byte {
	tb.Helper()
	input, err := os.ReadFile("guests/order/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.TrimSuffix(input, []byte("\n"))
}

// The guests whose life in a process is measured.
var lives = []struct{ label, name, function string }{
	{"Go, `order`", "order.wasm", ""},
	{"C, `tally`", "c/tally.wasm", ""},
	{"AssemblyScript, `tally`", "as/tally.wasm", ""},
}

const (
	firstTaskVariable = "WASL_BENCH_FIRST_TASK" // the module to run
	cacheVariable     = "WASL_BENCH_CACHE"
)

// BenchmarkFirstTask starts a new process for each task. The module was
// compiled before, into the cache on disk.
func BenchmarkFirstTask(b *testing.B) {
	for _, g := range lives {
		b.Run(g.name, func(b *testing.B) {
			cache := b.TempDir()
			firstTask(b, g.name, cache)
			var inside, whole []float64
			for b.Loop() {
				begin := now()
				inside = append(inside, firstTask(b, g.name, cache))
				whole = append(whole, float64(now()-begin))
			}
			b.ReportMetric(median(inside)/1e6, "ms/first-task")
			first.add(1, g.label, duration(median(inside)), duration(median(whole)))
		})
	}
}

// firstTask starts this program as runFirstTask and gives its nanoseconds.
func firstTask(tb testing.TB, name, cache string) float64 {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), self, fmt.Sprintf("-cputime=%t", *cpuClock))
	cmd.Env = append(os.Environ(), firstTaskVariable+"="+guestPath(name), cacheVariable+"="+cache)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		tb.Fatal(err)
	}
	ns, err := strconv.ParseFloat(string(out), 64)
	if err != nil {
		tb.Fatal(err)
	}
	return ns
}

// runFirstTask opens a module, runs one task and prints how many nanoseconds
// both took.
func runFirstTask(path string) int {
	begin, ctx := now(), context.Background()
	store, err := modules.NewStore(ctx, modules.Options{
		Host: hostfuncs.New(hostfuncs.Options{}), CacheDir: os.Getenv(cacheVariable),
	})
	if err == nil {
		defer store.Close(ctx)
		err = invokeOnce(ctx, store, path)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Print(int64(now() - begin))
	return 0
}

func invokeOnce(ctx context.Context, store *modules.Store, path string) error {
	input, err := os.ReadFile("guests/order/input.json")
	if err != nil {
		return err
	}
	m, err := store.Open(ctx, modules.Source{Path: path}, modules.Limits{})
	if err != nil {
		return err
	}
	result, err := m.Invoke(ctx, modules.Call{Input: input, Task: &hostfuncs.Task{}})
	if err != nil {
		return err
	}
	return failed(result)
}

// crowd is a Host that holds each call back until all of them have an instance.
type crowd struct {
	*hostfuncs.Host
	mu      sync.Mutex
	arrived *sync.WaitGroup
}

func (c *crowd) gather(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived = new(sync.WaitGroup)
	c.arrived.Add(n)
}

func (c *crowd) Define(ctx context.Context, r wazero.Runtime) error { return c.Host.Define(ctx, r) }

func (c *crowd) Begin(ctx context.Context, call modules.Call, abi modules.ABI) (context.Context, modules.Session) {
	c.mu.Lock()
	arrived := c.arrived
	c.mu.Unlock()
	if arrived != nil && call.Task != nil {
		arrived.Done()
		arrived.Wait()
	}
	return c.Host.Begin(ctx, call, abi)
}

// BenchmarkIdleMemory fills a pool and tells what each of its instances holds
// of memory, the Go heap included.
func BenchmarkIdleMemory(b *testing.B) {
	const n = 64
	for _, g := range lives {
		b.Run(g.name, func(b *testing.B) {
			host := &crowd{Host: hostfuncs.New(hostfuncs.Options{})}
			m := open(b, newStore(b, modules.Options{Host: host, MaxIdle: n}), g.name)
			input := orderInput(b)
			invoke := func() {
				if r, err := m.Invoke(b.Context(), modules.Call{Input: input, Task: &hostfuncs.Task{}}); err != nil || failed(r) != nil {
					b.Error(err, failed(r))
				}
			}
			invoke()
			before := resident(b)
			for b.Loop() {
				host.gather(n)
				var all sync.WaitGroup
				for range n {
					all.Go(invoke)
				}
				all.Wait()
			}
			each := float64(resident(b)-before) / (n - 1) // one was there before
			b.ReportMetric(each/1e6, "MB/instance")
			idle.add(1, g.label, fmt.Sprintf("%.2f MB", each/1e6))
			goruntime.KeepAlive(m)
		})
	}
}

// resident is what the process holds of memory in bytes, without garbage. Pages
// that several instances share count once.
func resident(tb testing.TB) int64 {
	tb.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		tb.Skip("needs Linux: ", err)
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes int64
		if n, _ := fmt.Sscanf(line, "Pss: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	tb.Fatal("no Pss in smaps_rollup")
	return 0
}

// BenchmarkRate runs tasks on all cores.
func BenchmarkRate(b *testing.B) {
	input := orderInput(b)
	for _, g := range lives {
		b.Run(g.name, func(b *testing.B) {
			m := open(b, newStore(b, modules.Options{}), g.name)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				call := ours(b, m, g.function, input, anyTier).call
				for pb.Next() {
					if _, err := call(); err != nil {
						b.Error(err)
						return
					}
				}
			})
			perSecond := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(perSecond, "tasks/s")
			rate.add(1, g.label, fmt.Sprintf("%.0f", perSecond))
		})
	}
}
