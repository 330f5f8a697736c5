package runtime_test

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// filler is the JSON of a text of n bytes.
func filler(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }

// closedSize is an engine's bound on what closed executions hold.
func closedSize(n int64) runtime.Options {
	return runtime.Options{Limits: runtime.Limits{ClosedSize: n}, Modules: fakeModules{"echo": echo}}
}

// startNamed starts an execution of a machine.
func (b *bench) startNamed(m *registry.Machine, name, input string) *runtime.Execution {
	b.t.Helper()
	x, err := b.Start(context.Background(), runtime.StartRequest{Machine: m, Name: name, Input: jsonvalue.MustParse(input), InputText: input})
	if err != nil {
		b.t.Fatal(err)
	}
	return x
}

// listed gives the names of a machine's executions on record, the first one
// first, and checks the account.
func (b *bench) listed(m *registry.Machine) string {
	b.t.Helper()
	page, err := b.List(runtime.ListRequest{MachineARN: m.ARN, Page: runtime.Page{Max: 1000}})
	if err != nil {
		b.t.Fatal(err)
	}
	names := make([]string, len(page.Executions))
	for i, x := range page.Executions {
		names[len(names)-1-i] = x.Name
	}
	if account, again := b.Held(); account != again {
		b.t.Errorf("the account says %d bytes, the executions hold %d", account, again)
	}
	return strings.Join(names, " ")
}

func TestTheOldestAreForgottenForWhatTheyHold(t *testing.T) {
	cases := []struct {
		name string
		// sizes are those of the payloads, in kB, of executions that end one
		// after the other and are called after their number from 0.
		sizes []int
		want  string
	}{
		{"all fit", []int{1, 1, 1, 1, 1}, "0 1 2 3 4"},
		{"two of three fit", []int{400, 400, 400}, "1 2"},
		{"a small one lasts as long as there is room", []int{1, 400, 400, 1, 400, 400}, "3 4 5"},
		{"room for the small ones", []int{400, 1, 400, 1, 400}, "1 2 3 4"},
		{"the oldest is too large", []int{2000, 1, 1}, "1 2"},
		{"the latest stays however large it is", []int{1, 1, 2000}, "2"},
		{"until the next one ends", []int{2000, 2000, 1}, "2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, closedSize(1<<20))
			m := b.machine("m", registry.Standard, passMachine)
			for i, size := range c.sizes {
				b.finish(b.startNamed(m, strconv.Itoa(i), filler(1000*size)))
			}
			if got := b.listed(m); got != c.want {
				t.Errorf("on record are %s, want %s", got, c.want)
			}
		})
	}
}

// The oldest is the one that ended first. Those that run are never forgotten.
func TestWhatRunsStays(t *testing.T) {
	inBubble(t, closedSize(1<<20), func(b *bench) {
		m := b.machine("m", registry.Standard, `{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$[0]","End":true}}}`)
		start := func(name string, seconds int) *runtime.Execution {
			return b.startNamed(m, name, fmt.Sprintf("[%d,%s]", seconds, filler(400_000)))
		}
		last := start("last", 300)
		for i, seconds := range []int{200, 100, 40, 30, 20, 10} {
			start(strconv.Itoa(i), seconds)
		}
		synctest.Wait()
		if got, want := b.listed(m), "last 0 1 2 3 4 5"; got != want {
			b.t.Errorf("while all run, on record are %s, want %s", got, want)
		}
		time.Sleep(50 * time.Second)
		if got, want := b.listed(m), "last 0 1 2 3"; got != want {
			b.t.Errorf("when four have ended, on record are %s, want %s", got, want)
		}
		b.finish(last)
		if got, want := b.listed(m), "last 0"; got != want {
			b.t.Errorf("when all have ended, on record are %s, want %s", got, want)
		}
	})
}

// What the children of a Map Run hold counts while it runs, and they go before
// their parent. Its counts do not suffer.
func TestChildrenAreForgottenForWhatTheyHold(t *testing.T) {
	b := newBench(t, closedSize(1<<20))
	m := b.machine("m", registry.Standard, distributed("echo", `,"MaxConcurrency":1`))
	items := make([]string, 10)
	for i := range items {
		items[i] = filler(200_000) // the same one: it is in the parent's record once
	}
	x := b.startNamed(m, "map", "["+strings.Join(items, ",")+"]")
	b.finish(x)
	runs, err := b.MapRuns().List(x.ARN())
	if err != nil || len(runs) != 1 || runs[0].Executions.Succeeded != 10 {
		t.Fatalf("%+v, %v", runs, err)
	}
	children, err := b.List(runtime.ListRequest{MapRunARN: runs[0].ARN})
	if err != nil || len(children.Executions) != 3 {
		t.Fatalf("%d children are on record, %v", len(children.Executions), err)
	}
	last := children.Executions[0].ARN

	// The parent goes with its run, and with the child that ended last before it.
	other := b.machine("other", registry.Standard, passMachine)
	for _, want := range []string{"map", ""} {
		b.finish(b.startNamed(other, "after "+want, filler(400_000)))
		if got := b.listed(m); got != want {
			t.Errorf("on record are %q, want %q", got, want)
		}
		_, runErr := b.MapRuns().Describe(runs[0].ARN)
		if gone := errors.Is(runErr, runtime.ErrMapRunDoesNotExist); gone != (want == "") {
			t.Errorf("with %q on record, the run: %v", want, runErr)
		}
		_, childErr := b.Describe(last)
		if gone := errors.Is(childErr, runtime.ErrExecutionDoesNotExist); gone != (want == "") {
			t.Errorf("with %q on record, the child: %v", want, childErr)
		}
	}
}

// Definitions that were replaced or deleted live on in their executions.
func TestDefinitionsCount(t *testing.T) {
	b := newBench(t, closedSize(1<<20))
	var first *registry.Machine
	for i := range 10 {
		m := b.machine(fmt.Sprint("m", i), registry.Standard, chainOf(200))
		b.registry.Delete(m.ARN)
		b.finish(b.startMachine(m, `{}`))
		if first == nil {
			first = m
		}
	}
	if got := b.listed(first); got != "" {
		t.Errorf("of the first machine, on record are %s", got)
	}
	// One definition counts once, however many executions are of it.
	b = newBench(t, closedSize(1<<20))
	m := b.machine("m", registry.Standard, chainOf(200))
	for i := range 10 {
		b.finish(b.startNamed(m, strconv.Itoa(i), `{}`))
	}
	if got, want := b.listed(m), "0 1 2 3 4 5 6 7 8 9"; got != want {
		t.Errorf("on record are %s, want %s", got, want)
	}
}

// chainOf is a machine of n states that do nothing.
func chainOf(n int) string {
	var b strings.Builder
	b.WriteString(`{"StartAt":"S0","States":{`)
	for i := range n {
		fmt.Fprintf(&b, `"S%d":{"Type":"Pass","Next":"S%d"},`, i, i+1)
	}
	fmt.Fprintf(&b, `"S%d":{"Type":"Succeed"}}}`, n)
	return b.String()
}

// An execution that is over gives what it gave while it ran.
func TestARecordIsWhole(t *testing.T) {
	const machine = `{"StartAt":"W","States":{
		"W":{"Type":"Wait","Seconds":60,"Next":"F"},
		"F":{"Type":"Fail","Error":"E","CausePath":"$$.Execution.Name"}}}`
	for _, input := range []string{`{"a":[1,{"b":"text"}]}`, ` { "a" : 1.0 } `, `"text"`, `{}`} {
		inBubble(t, runtime.Options{}, func(b *bench) {
			x := b.startNamed(b.machine("m", registry.Standard, machine), "name", input)
			synctest.Wait()
			running, history := x.Info(), b.historyOf(x)
			over := b.finish(x)
			for _, i := range []runtime.ExecutionInfo{running, over} {
				if i.InputText != input || !jsonvalue.Equal(i.Input, jsonvalue.MustParse(input)) || i.Name != "name" {
					b.t.Errorf("%s of input %s, %s: want %s", i.Name, i.InputText, i.Input, input)
				}
			}
			if got := outcome(over); got != "FAILED E name" || over.Output.IsValid() {
				b.t.Errorf("the outcome is %s, %s", got, over.Output)
			}
			if got := b.historyOf(x); !strings.HasPrefix(got, history) || !strings.HasSuffix(got, "ExecutionFailed") {
				b.t.Errorf("the history is\n%s\nand was\n%s", got, history)
			}
		})
	}
}

func TestTheAccountIsRight(t *testing.T) {
	same := func(definition, input string) func(*bench, int) {
		return func(b *bench, i int) {
			b.finish(b.startNamed(b.machine("m", registry.Standard, definition), strconv.Itoa(i), input))
		}
	}
	cases := []struct {
		name string
		n    int
		run  func(b *bench, i int) // an execution from its start to its end
	}{
		{"small ones", 2000, same(passMachine, `{"n":1}`)},
		{"many numbers", 50, same(passMachine, array(20_000))},
		{"long texts", 50, same(passMachine, filler(100_000))},
		{"texts with white space", 50, same(passMachine, strings.Repeat(" ", 50_000)+filler(50_000))},
		{"long histories", 50, same(chainOf(400), `{"n":1}`)},
		{"machines of their own", 1000, func(b *bench, i int) {
			b.finish(b.startMachine(b.machine(fmt.Sprint("m", i), registry.Standard, passMachine), `{}`))
		}},
		{"large machines of their own", 50, func(b *bench, i int) {
			b.finish(b.startMachine(b.machine(fmt.Sprint("m", i), registry.Standard, chainOf(100)), `{}`))
		}},
		{"Map Runs", 500, same(distributed("echo", ""), `[]`)},
		{"Map Runs with children", 20, same(distributed("echo", ""), array(100))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, runtime.Options{Modules: fakeModules{"echo": echo}})
			c.run(b, c.n) // so that nothing is there for the first time
			heap := heapInUse()
			account, _ := b.Held()
			for i := range c.n {
				c.run(b, i)
			}
			heap = heapInUse() - heap
			after, again := b.Held()
			account = after - account
			if after != again {
				t.Errorf("counted again it is %d, not %d", again, after)
			}
			if account < heap*3/4 || account > heap*3/2 {
				t.Errorf("an execution holds %d bytes, by the account %d", heap/int64(c.n), account/int64(c.n))
			}
			goruntime.KeepAlive(b)
		})
	}
}

// heapInUse is the heap without garbage.
func heapInUse() int64 {
	goruntime.GC()
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The point of it all: however many large executions end, the heap stays within
// the bound. Their payloads, as trees, would be a hundred times as much.
func TestTheHeapStaysWithinTheBound(t *testing.T) {
	const bound = 1 << 20
	b := newBench(t, closedSize(bound))
	m := b.machine("m", registry.Standard, task("wasm:echo", ""))
	b.finish(b.startNamed(m, "first", `{}`))
	heap := heapInUse()
	for i := range 80 {
		b.finish(b.startNamed(m, strconv.Itoa(i), array(5_000)))
	}
	heap = heapInUse() - heap
	account, _ := b.Held()
	if account > bound || account < bound/2 || heap > bound*5/4 {
		t.Errorf("the closed executions hold %d bytes, by the account %d, of %d", heap, account, bound)
	}
	if _, err := b.Describe(strings.Replace(m.ARN, "stateMachine", "execution", 1) + ":first"); !errors.Is(err, runtime.ErrExecutionDoesNotExist) {
		t.Errorf("the first execution: %v", err)
	}
}

// An execution that nobody knows any more is kept by nothing: neither by the
// task that a worker never came for nor by the lists that it was in.
func TestWhatIsForgottenIsGone(t *testing.T) {
	const n, size = 20, 200_000
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, runtime.Options{Limits: runtime.Limits{Closed: 1}})
		a := b.Activities().Create("nobody")
		m := b.machine("m", registry.Standard, task(a.ARN, `,"TimeoutSeconds":9`))
		heap := heapInUse()
		for i := range n {
			x := b.startNamed(m, strconv.Itoa(i), filler(size))
			synctest.Wait()
			if _, err := b.Stop(x.ARN(), "", ""); err != nil {
				t.Fatal(err)
			}
		}
		if heap = heapInUse() - heap; heap > 5*size {
			t.Errorf("%d bytes are left of %d executions with %d each", heap, n, size)
		}
		if info, err := b.Describe(strings.Replace(m.ARN, "stateMachine", "execution", 1) + ":19"); err != nil || info.Status != interp.Aborted {
			t.Errorf("the last one: %+v, %v", info, err)
		}
	})
}
