package runtime_test

import (
	"context"
	"fmt"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// endless evaluates without end, as far as these limits go.
const endless = `{"QueryLanguage":"JSONata","StartAt":"E","States":{"E":{"Type":"Pass","Output":"{% ($f := function($n){ $f($n + 1) }; $f(0)) %}","End":true}}}`

func patient() runtime.Limits {
	return runtime.Limits{Limits: interp.Limits{Expressions: bounds.Limits{Work: 1 << 60}}}
}

// record keeps an execution's history.
type record struct {
	mu  sync.Mutex
	all []history.Event
}

func (e *record) Record(events []history.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, events...)
}

// Executions that compute without end can be stopped, all of them, and leave
// those alone that are quick.
func TestEndlessExpressionsKeepNobodyWaiting(t *testing.T) {
	b := newBench(t, runtime.Options{Limits: patient()})
	m := b.machine("endless", registry.Standard, endless)
	quick := b.machine("quick", registry.Express, `{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% 1 + 1 %}","End":true}}}`)
	var running []*runtime.Execution
	for range 20 {
		x, err := b.Start(context.Background(), runtime.StartRequest{Machine: m})
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, x)
	}
	for range 100 {
		info, err := b.StartSync(context.Background(), runtime.StartRequest{Machine: quick})
		if err != nil || info.Status != interp.Succeeded {
			t.Fatalf("%s, %v", info.Status, err)
		}
	}
	for _, x := range running {
		if info := x.Info(); info.Status != interp.Running {
			t.Fatalf("an endless execution is %s", info.Status)
		}
		if _, err := b.Stop(x.ARN(), "Enough", ""); err != nil {
			t.Fatal(err)
		}
		if info := x.Info(); info.Status != interp.Aborted {
			t.Errorf("after it was stopped it is %s", info.Status)
		}
		got := fmt.Sprint(b.types(x))
		if got != "[ExecutionStarted PassStateEntered ExecutionAborted]" {
			t.Errorf("the history of one that was stopped: %s", got)
		}
	}
}

// Who stops an execution that has hardly begun is heard.
func TestStopOvertakesWhatWaits(t *testing.T) {
	b := newBench(t, runtime.Options{Limits: patient()})
	m := b.machine("endless", registry.Standard, endless)
	for range 20 {
		x, err := b.Start(context.Background(), runtime.StartRequest{Machine: m})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Stop(x.ARN(), "", ""); err != nil || x.Info().Status != interp.Aborted {
			t.Fatalf("%s, %v", x.Info().Status, err)
		}
	}
}

// TimeoutSeconds ends an expression that takes longer; its timer runs although
// the step that starts it is not over.
func TestTimeoutSecondsEndsAnExpression(t *testing.T) {
	b := newBench(t, runtime.Options{Limits: patient()})
	m := b.machine("m", registry.Standard, strings.Replace(endless, `"StartAt"`, `"TimeoutSeconds":1,"StartAt"`, 1))
	x, err := b.Start(context.Background(), runtime.StartRequest{Machine: m})
	if err != nil {
		t.Fatal(err)
	}
	info, err := x.Wait(context.Background())
	if err != nil || info.Status != interp.TimedOut {
		t.Errorf("%s, %v", info.Status, err)
	}
}

// Closing the engine ends what computes, and leaves the execution as it was: no
// event of the step that was broken off is on record.
func TestClosingEndsExpressions(t *testing.T) {
	n := &notes{}
	b := newBench(t, runtime.Options{Limits: patient(), Journal: n})
	sink := &record{}
	x, err := b.Start(context.Background(), runtime.StartRequest{Machine: b.machine("m", registry.Standard, endless), Sink: sink})
	if err != nil {
		t.Fatal(err)
	}
	b.waitForHeavy()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if info := x.Info(); info.Status != interp.Running || len(sink.all) > 0 || len(n.events) > 0 {
		t.Errorf("%s with %d events, %d in the journal", info.Status, len(sink.all), len(n.events))
	}
}

// What the journal holds of an execution that was stopped in the middle of an
// expression leads to the same history again.
func TestAStoppedExpressionCanBeReplayed(t *testing.T) {
	j := &batches{}
	b := newBench(t, runtime.Options{Limits: patient(), Journal: j})
	sink := &record{}
	m := b.machine("m", registry.Standard, endless)
	x, err := b.Start(context.Background(), runtime.StartRequest{Machine: m, Sink: sink})
	if err != nil {
		t.Fatal(err)
	}
	b.waitForHeavy()
	if _, err := b.Stop(x.ARN(), "E", "C"); err != nil {
		t.Fatal(err)
	}
	core := interp.New(m.Definition)
	var again []string
	for _, batch := range j.all {
		for _, e := range core.Apply(batch...).History {
			again = append(again, e.Value(history.RFC3339).String())
		}
	}
	var live []string
	for _, e := range sink.all {
		live = append(live, e.Value(history.RFC3339).String())
	}
	if got, want := strings.Join(again, "\n"), strings.Join(live, "\n"); got != want {
		t.Errorf("again:\n%s\nlive:\n%s", got, want)
	}
}

// waitForHeavy waits until an execution has come through the gate.
func (b *bench) waitForHeavy() {
	for b.Heavy() == 0 {
		goruntime.Gosched()
	}
}

// batches is a journal that keeps everything.
type batches struct {
	mu  sync.Mutex
	all [][]interp.Event
}

func (j *batches) Append(_ string, events []interp.Event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.all = append(j.all, events)
	return nil
}
