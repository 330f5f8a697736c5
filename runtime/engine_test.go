package runtime_test

import (
	"context"
	"fmt"
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

// fakeModules are modules written in Go.
type fakeModules map[string]func(ctx context.Context, w runtime.Work) modules.Result

func (f fakeModules) Exists(name string) bool { return f[name] != nil }

func (f fakeModules) Concurrency(string) int { return 0 }

func (f fakeModules) Prepare(string, func()) bool { return true }

func (f fakeModules) Invoke(ctx context.Context, name string, w runtime.Work) modules.Result {
	return f[name](ctx, w)
}

// echo answers with its input.
func echo(_ context.Context, w runtime.Work) modules.Result {
	return modules.Result{Output: w.Input}
}

// panics has a host that is broken.
func panics(context.Context, runtime.Work) modules.Result { panic("out of order") }

// failing fails as a function of Lambda does.
func failing(context.Context, runtime.Work) modules.Result {
	return modules.Result{Failure: &modules.Failure{
		Error: "Broken", Cause: `{"errorType":"Broken","errorMessage":"it broke","stackTrace":[]}`,
	}}
}

// stubborn goes on until it is killed.
func stubborn(ctx context.Context, _ runtime.Work) modules.Result {
	<-ctx.Done()
	return modules.Result{Killed: true}
}

// bench is an engine with what a test needs around it.
type bench struct {
	*runtime.Engine
	t        testing.TB
	registry *registry.Registry
}

func newBench(t testing.TB, o runtime.Options) *bench {
	t.Helper()
	b := &bench{t: t}
	if o.Registry == nil {
		o.Registry = registry.New(registry.Options{Region: "eu-central-1", Account: "123456789012"})
	}
	o.Region, o.Account = "eu-central-1", "123456789012"
	b.registry = o.Registry
	b.Engine = runtime.New(o)
	t.Cleanup(func() { b.Close() })
	return b
}

// machine makes a state machine.
func (b *bench) machine(name string, kind registry.Type, definition string) *registry.Machine {
	b.t.Helper()
	d, diagnostics := interp.Load(name+".json", []byte(definition))
	if d == nil {
		b.t.Fatalf("%s: %v", name, diagnostics)
	}
	m, err := b.registry.Create(name, kind, registry.Properties{Definition: d, RoleARN: "arn:aws:iam::123456789012:role/r"})
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

// start starts an execution of a definition.
func (b *bench) start(definition, input string) *runtime.Execution {
	b.t.Helper()
	m := b.machine(fmt.Sprintf("m%d", len(b.registry.Machines())), registry.Standard, definition)
	return b.startMachine(m, input)
}

func (b *bench) startMachine(m *registry.Machine, input string) *runtime.Execution {
	b.t.Helper()
	x, err := b.Start(context.Background(), runtime.StartRequest{Machine: m, Input: jsonvalue.MustParse(input)})
	if err != nil {
		b.t.Fatal(err)
	}
	return x
}

// finish waits for an execution's end.
func (b *bench) finish(x *runtime.Execution) runtime.ExecutionInfo {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	info, err := x.Wait(ctx)
	if err != nil {
		b.t.Fatalf("%v; the history:\n%s", err, b.historyOf(x))
	}
	return info
}

// run runs a definition and gives its outcome in one line: the output, or
// STATUS ERROR CAUSE.
func (b *bench) run(definition, input string) string {
	b.t.Helper()
	return outcome(b.finish(b.start(definition, input)))
}

func outcome(i runtime.ExecutionInfo) string {
	if i.Status == interp.Succeeded {
		return i.Output.String()
	}
	text := string(i.Status)
	for _, s := range []*string{i.Error, i.Cause} {
		if s != nil {
			text += " " + *s
		}
	}
	return text
}

// types gives the types of an execution's history events.
func (b *bench) types(x *runtime.Execution) []history.Type {
	b.t.Helper()
	page, err := b.History(runtime.HistoryRequest{ARN: x.ARN(), Page: runtime.Page{Max: 1000}})
	if err != nil {
		b.t.Fatal(err)
	}
	types := make([]history.Type, len(page.Events))
	for i, e := range page.Events {
		types[i] = e.Type
	}
	return types
}

func (b *bench) historyOf(x *runtime.Execution) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(b.types(x)), " ", "\n"), "[]")
}

const taskMachine = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s"%s,"End":true}}}`

func task(resource, more string) string { return fmt.Sprintf(taskMachine, resource, more) }

const functionARN = "arn:aws:lambda:eu-central-1:123456789012:function:"

func TestOutcomes(t *testing.T) {
	b := newBench(t, runtime.Options{Modules: fakeModules{"echo": echo, "failing": failing, "panics": panics}})
	cases := []struct{ name, definition, input, want string }{
		{"pass", `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`, `{"a":1.0}`, `{"a":1.0}`},
		{"function", task(functionARN+"echo", ""), `{"a":1}`, `{"a":1}`},
		{"module", task("wasm:echo", ""), `[1]`, `[1]`},
		{"qualified function", task(functionARN+"echo:prod", ""), `2`, `2`},
		{"module whose host panics", task("wasm:panics", `,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"T"}]`), `{}`, `FAILED States.Runtime An error occurred while executing the state 'T' (entered at the event id #2). wasl failed: out of order`},
		{"no module", task("wasm:none", ""), `{}`, `FAILED Wasm.BadModule There is no module "none": neither a section [modules.none] nor a file none.wasm in the module directory.`},
		{"unbound", task("arn:aws:states:::sns:publish", ""), `{}`, `FAILED States.TaskFailed Nothing here does the work of arn:aws:states:::sns:publish. Bind it to a module in the configuration: [resources] "arn:aws:states:::sns:publish" = "module NAME".`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			if got := b.run(c.definition, c.input); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestSiblingsAreCancelledSoftThenHard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var log []string
		begin := time.Now()
		note := func(text string) {
			mu.Lock()
			defer mu.Unlock()
			log = append(log, fmt.Sprintf("%s at %s", text, time.Since(begin)))
		}
		b := newBench(t, runtime.Options{Modules: fakeModules{
			"fails": func(context.Context, runtime.Work) modules.Result {
				time.Sleep(time.Second)
				return modules.Result{Failure: &modules.Failure{Error: "E", Cause: "c"}}
			},
			"tidy": func(_ context.Context, w runtime.Work) modules.Result {
				<-w.Stop
				note("tidy")
				return modules.Result{Output: []byte("1")}
			},
			"deaf": func(ctx context.Context, w runtime.Work) modules.Result {
				<-ctx.Done()
				note("deaf")
				return modules.Result{Killed: true}
			},
		}})
		branch := func(m string) string { return strings.ReplaceAll(task("wasm:"+m, ""), `"T"`, `"`+m+`"`) }
		got := b.run(fmt.Sprintf(`{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[%s,%s,%s],"End":true}}}`,
			branch("fails"), branch("tidy"), branch("deaf")), `{}`)
		if got != "FAILED E c" {
			t.Error(got)
		}
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		if got, want := fmt.Sprint(log), "[tidy at 1s deaf at 1.1s]"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
