package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

const (
	passMachine = `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	waitMachine = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`
)

func TestStartingTwice(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		m := b.machine("m", registry.Standard, waitMachine)
		start := func(input string) (*runtime.Execution, error) {
			return b.Start(context.Background(), runtime.StartRequest{Machine: m, Name: "x", Input: jsonvalue.MustParse(input)})
		}
		first, err := start(`{"a":1}`)
		if err != nil || first.ARN() != "arn:aws:states:eu-central-1:123456789012:execution:m:x" {
			b.t.Fatal(first, err)
		}
		if again, err := start(`{"a":1}`); err != nil || again != first {
			b.t.Errorf("the same again: %v", err)
		}
		if _, err := start(`{"a":2}`); !errors.Is(err, runtime.ErrExecutionAlreadyExists) {
			b.t.Errorf("another input: %v", err)
		}
		b.finish(first)
		if _, err := start(`{"a":1}`); !errors.Is(err, runtime.ErrExecutionAlreadyExists) {
			b.t.Errorf("after its end: %v", err)
		}
	})
}

func TestDescribe(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		m := b.machine("m", registry.Standard, waitMachine)
		begin := time.Now()
		x, err := b.Start(context.Background(), runtime.StartRequest{
			Machine: m, Name: "x", Input: jsonvalue.MustParse(`{"a": 1}`), InputText: `{"a": 1}`, TraceHeader: "trace",
		})
		if err != nil {
			b.t.Fatal(err)
		}
		synctest.Wait()
		i, err := b.Describe(x.ARN())
		if err != nil || i.Status != interp.Running || !i.Stopped.IsZero() || i.InputText != `{"a": 1}` || i.TraceHeader != "trace" || i.Events != 2 {
			b.t.Errorf("%+v, %v", i, err)
		}
		b.finish(x)
		i, err = b.Describe(x.ARN())
		if err != nil || i.Status != interp.Succeeded || i.Output.String() != `{"a":1}` || i.Stopped.Sub(begin) != time.Minute || i.Events != 4 {
			b.t.Errorf("%+v, %v", i, err)
		}
		if _, err := b.Describe(x.ARN() + "y"); !errors.Is(err, runtime.ErrExecutionDoesNotExist) {
			b.t.Error(err)
		}
	})
}

func TestListsAreCutIntoPages(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		m := b.machine("m", registry.Standard, passMachine)
		other := b.machine("other", registry.Standard, passMachine)
		for i := range 7 {
			x, err := b.Start(context.Background(), runtime.StartRequest{Machine: m, Name: fmt.Sprint("x", i)})
			if err != nil {
				b.t.Fatal(err)
			}
			b.finish(x)
			b.finish(b.startMachine(other, `{}`))
		}
		var names []string
		r := runtime.ListRequest{MachineARN: m.ARN, Page: runtime.Page{Max: 3}}
		for {
			page, err := b.List(r)
			if err != nil {
				b.t.Fatal(err)
			}
			for _, i := range page.Executions {
				names = append(names, i.Name)
			}
			names = append(names, "|")
			if r.Token = page.Next; r.Token == "" {
				break
			}
		}
		if got, want := strings.Join(names, " "), "x6 x5 x4 | x3 x2 x1 | x0 |"; got != want {
			b.t.Errorf("got %s, want %s", got, want)
		}
		page, err := b.List(runtime.ListRequest{MachineARN: m.ARN, Status: interp.FailedRun})
		if err != nil || len(page.Executions) != 0 {
			b.t.Errorf("%+v, %v", page, err)
		}
		for _, token := range []string{"x", "wasl-page-", "wasl-page-0", "wasl-page-?"} {
			if _, err := b.List(runtime.ListRequest{MachineARN: m.ARN, Page: runtime.Page{Token: token}}); !errors.Is(err, runtime.ErrInvalidPage) {
				b.t.Errorf("%q: %v", token, err)
			}
		}
	})
}

func TestExecutionsAreListedByVersionAndAlias(t *testing.T) {
	b := newBench(t, runtime.Options{})
	m := b.machine("m", registry.Standard, passMachine)
	v, err := b.registry.Publish(m.ARN, "", "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.registry.CreateAlias("prod", "", []registry.Route{{VersionARN: v.ARN, Weight: 100}})
	if err != nil {
		t.Fatal(err)
	}
	for _, arn := range []string{m.ARN, v.ARN, a.ARN} {
		resolved, err := b.registry.Resolve(arn)
		if err != nil {
			t.Fatal(err)
		}
		b.finish(b.startMachine(resolved, `{}`))
	}
	for arn, want := range map[string]int{m.ARN: 3, v.ARN: 2, a.ARN: 1} {
		if page, err := b.List(runtime.ListRequest{MachineARN: arn}); err != nil || len(page.Executions) != want {
			t.Errorf("%s: %d, %v", arn, len(page.Executions), err)
		}
	}
}

func TestHistoriesAreCutIntoPages(t *testing.T) {
	b := newBench(t, runtime.Options{})
	x := b.start(passMachine, `{}`)
	b.finish(x)
	read := func(r runtime.HistoryRequest) string {
		t.Helper()
		r.ARN, r.Max = x.ARN(), 2
		var ids []string
		for {
			page, err := b.History(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				ids = append(ids, fmt.Sprint(e.ID))
			}
			ids = append(ids, "|")
			if r.Token = page.Next; r.Token == "" {
				return strings.Join(ids, " ")
			}
		}
	}
	if got := read(runtime.HistoryRequest{}); got != "1 2 | 3 4 |" {
		t.Error(got)
	}
	if got := read(runtime.HistoryRequest{Reverse: true}); got != "4 3 | 2 1 |" {
		t.Error(got)
	}
	if _, err := b.History(runtime.HistoryRequest{ARN: x.ARN(), Page: runtime.Page{Token: "wasl-page-9"}}); !errors.Is(err, runtime.ErrInvalidPage) {
		t.Errorf("a token of another history: %v", err)
	}
}

// A page of history has fewer events than were asked for when they are large.
func TestPagesOfLargeHistoriesAreSmall(t *testing.T) {
	b := newBench(t, runtime.Options{})
	x := b.start(chainOf(9), filler(1_500_000)) // 22 events, of which two fit into a page
	b.finish(x)
	for _, reverse := range []bool{false, true} {
		r := runtime.HistoryRequest{ARN: x.ARN(), Reverse: reverse, Page: runtime.Page{Max: 1000}}
		var ids []int64
		pages := 0
		for more := true; more; pages++ {
			page, err := b.History(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				ids = append(ids, e.ID)
			}
			r.Token = page.Next
			more = r.Token != ""
		}
		if reverse {
			slices.Reverse(ids)
		}
		if pages != 11 || len(ids) != 22 || ids[0] != 1 || !slices.IsSorted(ids) {
			t.Errorf("reverse %v: %d pages of events %d", reverse, pages, ids)
		}
	}
	// One event that is too large is a page of its own.
	x = b.start(passMachine, filler(5_000_000))
	b.finish(x)
	page, err := b.History(runtime.HistoryRequest{ARN: x.ARN()})
	if err != nil || len(page.Events) != 1 || page.Next == "" {
		t.Errorf("%d events, %v", len(page.Events), err)
	}
}

func TestExpressExecutionsLeaveNothing(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		m := b.machine("m", registry.Express, waitMachine)
		i, err := b.StartSync(context.Background(), runtime.StartRequest{Machine: m, Name: "x"})
		if err != nil || i.Status != interp.Succeeded || !strings.HasPrefix(i.ARN, "arn:aws:states:eu-central-1:123456789012:express:m:x:") {
			b.t.Errorf("%+v, %v", i, err)
		}
		if _, err := b.Describe(i.ARN); !errors.Is(err, runtime.ErrExecutionDoesNotExist) {
			b.t.Error(err)
		}
		long := b.machine("long", registry.Express, strings.Replace(waitMachine, "60", "3600", 1))
		begin := time.Now()
		i, err = b.StartSync(context.Background(), runtime.StartRequest{Machine: long})
		if err != nil || i.Status != interp.TimedOut || time.Since(begin) != 5*time.Minute {
			b.t.Errorf("%+v, %v after %s", i, err, time.Since(begin))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := b.StartSync(ctx, runtime.StartRequest{Machine: long}); !errors.Is(err, context.DeadlineExceeded) {
			b.t.Errorf("a caller that left: %v", err)
		}
	})
}

func TestTheOldestExecutionsAreForgotten(t *testing.T) {
	b := newBench(t, runtime.Options{Limits: runtime.Limits{Closed: 3}})
	m := b.machine("m", registry.Standard, passMachine)
	var arns []string
	for range 10 {
		x := b.startMachine(m, `{}`)
		b.finish(x)
		arns = append(arns, x.ARN())
	}
	page, err := b.List(runtime.ListRequest{MachineARN: m.ARN})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range page.Executions {
		got = append(got, i.ARN)
	}
	want := arns[7:]
	slices.Reverse(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := b.Describe(arns[0]); !errors.Is(err, runtime.ErrExecutionDoesNotExist) {
		t.Error(err)
	}
}

// notes is a sink and a journal.
type notes struct {
	mu      sync.Mutex
	history []history.Event
	events  []string
	broken  error
}

func (n *notes) Record(events []history.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.history = append(n.history, events...)
}

func (n *notes) Append(_ string, events []interp.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range events {
		n.events = append(n.events, strings.TrimPrefix(fmt.Sprintf("%T", e), "interp."))
	}
	return n.broken
}

func TestSinksGetTheHistory(t *testing.T) {
	b := newBench(t, runtime.Options{})
	n := &notes{}
	x, err := b.Start(context.Background(), runtime.StartRequest{
		Machine: b.machine("m", registry.Standard, passMachine), Sink: n, DiscardHistory: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.finish(x)
	if len(n.history) != 4 || n.history[3].Type != history.ExecutionSucceeded {
		t.Errorf("the sink has %v", n.history)
	}
	if got := b.types(x); len(got) != 0 {
		t.Errorf("on record is %v", got)
	}
}

func TestEventsAreJournaledFirst(t *testing.T) {
	n := &notes{}
	b := newBench(t, runtime.Options{Journal: n, Modules: fakeModules{"echo": echo}})
	if got := b.run(task("wasm:echo", ""), `1`); got != "1" {
		t.Error(got)
	}
	if got, want := strings.Join(n.events, " "), "Started TaskStarted TaskSucceeded"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	n.broken = errors.New("the disk is full")
	if got := b.run(task("wasm:echo", ""), `1`); got != "FAILED States.Runtime The journal failed: the disk is full" {
		t.Error(got)
	}
}

// What `wasl run` does when a branch fails: the execution is over, the engine
// closes, and the sibling that was told to stop may still clean up.
func TestClosingLeavesAGraceToCleanUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ends []string
		cleanUp := func(need time.Duration) func(context.Context, runtime.Work) modules.Result {
			return func(ctx context.Context, w runtime.Work) modules.Result {
				<-w.Stop
				select {
				case <-time.After(need):
					ends = append(ends, "clean")
				case <-ctx.Done():
					ends = append(ends, "killed")
				}
				return modules.Result{Killed: true}
			}
		}
		b := newBench(t, runtime.Options{Modules: fakeModules{
			"quick": cleanUp(50 * time.Millisecond), "slow": cleanUp(time.Hour),
			"failing": func(context.Context, runtime.Work) modules.Result {
				time.Sleep(time.Second)
				return modules.Result{Failure: &modules.Failure{Error: "E", Cause: "c"}}
			},
		}})
		branch := func(m string) string { return strings.ReplaceAll(task("wasm:"+m, ""), `"T"`, `"`+m+`"`) }
		got := b.run(fmt.Sprintf(`{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[%s,%s,%s],"End":true}}}`,
			branch("quick"), branch("slow"), branch("failing")), `{}`)
		if err := b.Close(); got != "FAILED E c" || err != nil {
			t.Error(got, err)
		}
		if got := fmt.Sprint(ends); got != "[clean killed]" {
			t.Error(got)
		}
	})
}

func TestClosingLeavesNothingRunning(t *testing.T) {
	// The bubble itself fails when a goroutine is left.
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, runtime.Options{Modules: fakeModules{"stubborn": stubborn}})
		m := b.machine("m", registry.Standard, waitMachine)
		waiting := b.startMachine(m, `{}`)
		running := b.start(task("wasm:stubborn", ""), `{}`)
		mapping := b.start(distributed("stubborn", ""), `[1,2,3]`)
		a := b.Activities().Create("a")
		polled := make(chan error)
		go func() {
			_, err := b.Activities().GetTask(context.Background(), a.ARN, "")
			polled <- err
		}()
		time.Sleep(time.Second)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		for _, x := range []*runtime.Execution{waiting, running, mapping} {
			if info, err := x.Wait(context.Background()); !errors.Is(err, runtime.ErrClosed) || info.Status != interp.Running {
				t.Errorf("%s is %s, %v", x.ARN(), info.Status, err)
			}
		}
		if err := <-polled; !errors.Is(err, runtime.ErrClosed) {
			t.Errorf("a worker's poll: %v", err)
		}
		if _, err := b.Start(context.Background(), runtime.StartRequest{Machine: m}); !errors.Is(err, runtime.ErrClosed) {
			t.Errorf("a start after closing: %v", err)
		}
	})
}

func TestALoopCanBeStopped(t *testing.T) {
	b := newBench(t, runtime.Options{})
	x, err := b.Start(context.Background(), runtime.StartRequest{
		Machine:        b.machine("m", registry.Standard, `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`),
		DiscardHistory: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	for x.Info().Events < 10_000 {
		if _, err := x.Wait(expired); x.Info().Status != interp.Running {
			t.Fatal(outcome(x.Info()), err)
		}
	}
	if _, err := b.Stop(x.ARN(), "", ""); err != nil {
		t.Fatal(err)
	}
	if got := outcome(x.Info()); got != "ABORTED" {
		t.Error(got)
	}
}

// expired is a context that has ended.
var expired = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// A stop that comes before the execution has begun is its second event, however
// urgent it is.
func TestAStopComesAfterTheStart(t *testing.T) {
	b := newBench(t, runtime.Options{})
	m := b.machine("m", registry.Standard, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`)
	for range 100 {
		x := b.startMachine(m, `{}`)
		if _, err := b.Stop(x.ARN(), "", ""); err != nil {
			t.Fatal(err)
		}
		types := b.types(x)
		if len(types) < 2 || types[0] != history.ExecutionStarted || types[len(types)-1] != history.ExecutionAborted {
			t.Fatalf("%v", types)
		}
	}
}
