package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
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

// inBubble runs a test on virtual time.
func inBubble(t *testing.T, o runtime.Options, f func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(newBench(t, o)) })
}

func TestATaskTimesOut(t *testing.T) {
	inBubble(t, runtime.Options{Modules: fakeModules{"stubborn": stubborn}}, func(b *bench) {
		x := b.start(task("wasm:stubborn", `,"TimeoutSeconds":5`), `{}`)
		info := b.finish(x)
		if got, took := outcome(info), info.Stopped.Sub(info.Started); got != "FAILED States.Timeout" || took != 5*time.Second {
			b.t.Errorf("%s after %s", got, took)
		}
		want := "ExecutionStarted TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionTimedOut ExecutionFailed"
		if got := strings.ReplaceAll(b.historyOf(x), "\n", " "); got != want {
			b.t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestTasksThatAreDueTogetherTimeOutTogether(t *testing.T) {
	inBubble(t, runtime.Options{Modules: fakeModules{"stubborn": stubborn}}, func(b *bench) {
		x := b.start(`{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
			"T":{"Type":"Task","Resource":"wasm:stubborn","TimeoutSeconds":1,"End":true}}}}}}`, `[1,2,3]`)
		b.finish(x)
		count := 0
		for _, e := range b.types(x) {
			if e == history.LambdaFunctionTimedOut {
				count++
			}
		}
		if count != 3 {
			b.t.Errorf("%d timeouts are in the history:\n%s", count, b.historyOf(x))
		}
	})
}

func TestHeartbeatsKeepATaskAlive(t *testing.T) {
	beating := func(beats int) func(context.Context, runtime.Work) modules.Result {
		return func(ctx context.Context, w runtime.Work) modules.Result {
			for range beats {
				time.Sleep(2 * time.Second)
				w.Heartbeat()
			}
			select {
			case <-time.After(10 * time.Second):
				return modules.Result{Output: []byte(`"done"`)}
			case <-ctx.Done():
				return modules.Result{Killed: true}
			}
		}
	}
	o := runtime.Options{Modules: fakeModules{"beating": beating(10)}}
	inBubble(t, o, func(b *bench) {
		x := b.start(task("wasm:beating", `,"HeartbeatSeconds":3`), `{}`)
		info := b.finish(x)
		// 20 seconds of beats, and then 3 of silence.
		if got, took := outcome(info), info.Stopped.Sub(info.Started); got != "FAILED States.Timeout" || took != 23*time.Second {
			b.t.Errorf("%s after %s", got, took)
		}
	})
	inBubble(t, o, func(b *bench) {
		if got := b.run(task("wasm:beating", `,"HeartbeatSeconds":11`), `{}`); got != `"done"` {
			b.t.Error(got)
		}
	})
}

func TestStopEndsAnExecutionAndItsTasks(t *testing.T) {
	var killed atomic.Bool
	o := runtime.Options{Modules: fakeModules{"stubborn": func(ctx context.Context, w runtime.Work) modules.Result {
		<-ctx.Done()
		killed.Store(true)
		return modules.Result{Killed: true}
	}}}
	inBubble(t, o, func(b *bench) {
		x := b.start(task("wasm:stubborn", ""), `{}`)
		time.Sleep(time.Second)
		if _, err := b.Stop(x.ARN(), "E", "c"); err != nil {
			b.t.Fatal(err)
		}
		if got := outcome(b.finish(x)); got != "ABORTED E c" {
			b.t.Error(got)
		}
		time.Sleep(100 * time.Millisecond) // the grace
		synctest.Wait()
		if !killed.Load() {
			b.t.Error("the task goes on")
		}
		if _, err := b.Stop(x.ARN(), "", ""); err != nil {
			b.t.Errorf("stopping again: %v", err)
		}
		if got := outcome(x.Info()); got != "ABORTED E c" {
			b.t.Errorf("after the second stop: %s", got)
		}
	})
}

func TestExecutionsShareTheWorkersFairly(t *testing.T) {
	var mu sync.Mutex
	var order []string
	o := runtime.Options{Workers: 1, Modules: fakeModules{"slow": func(_ context.Context, w runtime.Work) modules.Result {
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		order = append(order, string(w.Input))
		return modules.Result{Output: []byte("1")}
	}}}
	inBubble(t, o, func(b *bench) {
		m := b.machine("m", registry.Standard, `{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
			"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:slow","End":true}}}}}}`)
		long := b.startMachine(m, `["a","a","a","a","a"]`)
		synctest.Wait()
		short := b.startMachine(m, `["b","b"]`)
		b.finish(long)
		b.finish(short)
		if got, want := strings.Join(order, ""), `"a""a""b""a""b""a""a"`; got != want {
			b.t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestActivities(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		a := b.Activities().Create("add")
		x := b.start(task(a.ARN, `,"TimeoutSeconds":10,"HeartbeatSeconds":5`), `{"n":1}`)
		time.Sleep(time.Hour) // neither clock runs before a worker takes the task
		got, err := b.Activities().GetTask(context.Background(), a.ARN, "me")
		if err != nil || got.Input != `{"n":1}` || got.Token == "" {
			b.t.Fatalf("%+v, %v", got, err)
		}
		time.Sleep(4 * time.Second)
		if err := b.Tokens().Heartbeat(got.Token); err != nil {
			b.t.Fatal(err)
		}
		time.Sleep(4 * time.Second)
		if err := b.Tokens().Succeed(got.Token, jsonvalue.IntOf(2)); err != nil {
			b.t.Fatal(err)
		}
		if got := outcome(b.finish(x)); got != "2" {
			b.t.Error(got)
		}
		if err := b.Tokens().Succeed(got.Token, jsonvalue.IntOf(3)); !errors.Is(err, runtime.ErrTaskTimedOut) {
			b.t.Errorf("a second answer: %v", err)
		}
		want := "ExecutionStarted TaskStateEntered ActivityScheduled ActivityStarted ActivitySucceeded TaskStateExited ExecutionSucceeded"
		if got := strings.ReplaceAll(b.historyOf(x), "\n", " "); got != want {
			b.t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestAnActivitysTimeoutCountsFromItsStart(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		a := b.Activities().Create("add")
		for more, want := range map[string]time.Duration{`,"TimeoutSeconds":10`: 70 * time.Second, `,"TimeoutSeconds":10,"HeartbeatSeconds":3`: 63 * time.Second} {
			m := b.machine(fmt.Sprint("m", len(more)), registry.Standard, task(a.ARN, more))
			x := b.startMachine(m, `{}`)
			time.Sleep(time.Minute)
			got, err := b.Activities().GetTask(context.Background(), a.ARN, "")
			if err != nil {
				b.t.Fatal(err)
			}
			info := b.finish(x)
			if took := info.Stopped.Sub(info.Started); outcome(info) != "FAILED States.Timeout" || took != want {
				b.t.Errorf("%s: %s after %s", more, outcome(info), took)
			}
			if err := b.Tokens().Heartbeat(got.Token); !errors.Is(err, runtime.ErrTaskTimedOut) {
				b.t.Errorf("a late heartbeat: %v", err)
			}
		}
	})
}

func TestGetTaskWaitsAMinute(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		a := b.Activities().Create("add")
		begin := time.Now()
		got, err := b.Activities().GetTask(context.Background(), a.ARN, "")
		if err != nil || got.Token != "" || time.Since(begin) != time.Minute {
			b.t.Errorf("%+v, %v after %s", got, err, time.Since(begin))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := b.Activities().GetTask(ctx, a.ARN, ""); !errors.Is(err, context.DeadlineExceeded) {
			b.t.Errorf("a worker that left: %v", err)
		}
		// Neither of the two stands in the way of the next.
		x := b.start(task(a.ARN, ""), `7`)
		got, err = b.Activities().GetTask(context.Background(), a.ARN, "")
		if err != nil || got.Input != "7" {
			b.t.Fatalf("%+v, %v", got, err)
		}
		name := "E"
		if err := b.Tokens().Fail(got.Token, &name, nil); err != nil {
			b.t.Fatal(err)
		}
		if got := outcome(b.finish(x)); got != "FAILED E" {
			b.t.Error(got)
		}
		if _, err := b.Activities().GetTask(context.Background(), a.ARN+"x", ""); !errors.Is(err, runtime.ErrActivityDoesNotExist) {
			b.t.Errorf("an unknown activity: %v", err)
		}
	})
}

func TestAnActivityThatDoesNotExist(t *testing.T) {
	inBubble(t, runtime.Options{}, func(b *bench) {
		a := b.Activities().Create("gone")
		b.Activities().Delete(a.ARN)
		want := "FAILED States.Runtime An error occurred while executing the state 'T' (entered at the event id #2). The activity " + a.ARN + " does not exist."
		if got := b.run(task(a.ARN, ""), `{}`); got != want {
			b.t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestAModuleWorksForAnActivity(t *testing.T) {
	b := newBench(t, runtime.Options{Modules: fakeModules{"echo": echo}})
	if got := b.run(task("arn:aws:states:eu-central-1:123456789012:activity:echo", ""), `[3]`); got != "[3]" {
		t.Error(got)
	}
}

const waitForToken = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
	"Parameters":{"FunctionName":"call","Payload":{"token.$":"$$.Task.Token"}}%s,"End":true}}}`

func TestTaskTokens(t *testing.T) {
	var given atomic.Value
	answer := func(o runtime.Options) runtime.Options {
		o.Modules = fakeModules{"call": func(_ context.Context, w runtime.Work) modules.Result {
			given.Store(jsonvalue.MustParse(string(w.Input)).Field("token").Text())
			return modules.Result{Output: []byte("null")}
		}}
		return o
	}
	inBubble(t, answer(runtime.Options{}), func(b *bench) {
		x := b.start(fmt.Sprintf(waitForToken, ""), `{}`)
		time.Sleep(24 * time.Hour)
		token := given.Load().(string)
		if err := b.Tokens().Succeed(token, jsonvalue.StringOf("yes")); err != nil {
			b.t.Fatal(err)
		}
		if got := outcome(b.finish(x)); got != `"yes"` {
			b.t.Error(got)
		}
		want := "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded TaskStateExited ExecutionSucceeded"
		if got := strings.ReplaceAll(b.historyOf(x), "\n", " "); got != want {
			b.t.Errorf("got  %s\nwant %s", got, want)
		}
		if err := b.Tokens().Heartbeat("no-token"); !errors.Is(err, runtime.ErrInvalidToken) {
			b.t.Errorf("a token that never was: %v", err)
		}
	})
	inBubble(t, answer(runtime.Options{}), func(b *bench) {
		x := b.start(fmt.Sprintf(waitForToken, `,"HeartbeatSeconds":60`), `{}`)
		for range 10 {
			time.Sleep(50 * time.Second)
			if err := b.Tokens().Heartbeat(given.Load().(string)); err != nil {
				b.t.Fatal(err)
			}
		}
		info := b.finish(x)
		if took := info.Stopped.Sub(info.Started); outcome(info) != "FAILED States.Timeout" || took != 560*time.Second {
			b.t.Errorf("%s after %s", outcome(info), took)
		}
		if err := b.Tokens().Fail(given.Load().(string), nil, nil); !errors.Is(err, runtime.ErrTaskTimedOut) {
			b.t.Errorf("a late answer: %v", err)
		}
	})
}

func TestAnAnswerThatOvertakesItsCallIsKept(t *testing.T) {
	var b *bench
	o := runtime.Options{Modules: fakeModules{"call": func(_ context.Context, w runtime.Work) modules.Result {
		token := jsonvalue.MustParse(string(w.Input)).Field("token").Text()
		if err := b.Tokens().Succeed(token, jsonvalue.StringOf("early")); err != nil {
			return modules.Result{Failure: &modules.Failure{Error: "Test", Cause: err.Error()}}
		}
		time.Sleep(time.Second)
		return modules.Result{Output: []byte("null")}
	}}}
	inBubble(t, o, func(inner *bench) {
		b = inner
		x := b.start(fmt.Sprintf(waitForToken, ""), `{}`)
		if got := outcome(b.finish(x)); got != `"early"` {
			b.t.Error(got)
		}
		types := b.types(x)
		if types[4] != history.TaskSubmitted || types[5] != history.TaskSucceeded {
			b.t.Errorf("the history is\n%s", b.historyOf(x))
		}
	})
}

const startChild = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution%s",
	"Parameters":{"StateMachineArn":"%s","Input.$":"$","Name":"child"},"End":true}}}`

func TestStartExecution(t *testing.T) {
	o := runtime.Options{Modules: fakeModules{"echo": echo, "failing": failing, "stubborn": stubborn}}
	inBubble(t, o, func(b *bench) {
		child := b.machine("child", registry.Standard, task("wasm:echo", ""))
		arn := "arn:aws:states:eu-central-1:123456789012:execution:child:child"
		got := jsonvalue.MustParse(b.run(fmt.Sprintf(startChild, ".sync:2", child.ARN), `{"a":1}`))
		if got.Field("ExecutionArn").Text() != arn || got.Field("Output").String() != `{"a":1}` || got.Field("Status").Text() != "SUCCEEDED" {
			b.t.Errorf("%s", got)
		}
		got = jsonvalue.MustParse(b.run(fmt.Sprintf(strings.Replace(startChild, `"child"`, `"second"`, 1), ".sync", child.ARN), `{"a":1}`))
		if got.Field("Output").Text() != `{"a":1}` {
			b.t.Errorf("%s", got)
		}
		if got := b.run(fmt.Sprintf(startChild, "", child.ARN), `{}`); !strings.HasPrefix(got,
			"FAILED StepFunctions.ExecutionAlreadyExistsException Execution Already Exists: '"+arn+"' (Service: AWSStepFunctions; Status Code: 400; Error Code: ExecutionAlreadyExists; Request ID: ") {
			b.t.Error(got)
		}
		if got := b.run(fmt.Sprintf(startChild, "", child.ARN+"x"), `{}`); !strings.HasPrefix(got,
			"FAILED StepFunctions.StateMachineDoesNotExistException State Machine Does Not Exist: '"+child.ARN+"x' (") {
			b.t.Error(got)
		}
	})
	inBubble(t, o, func(b *bench) {
		child := b.machine("child", registry.Standard, task("wasm:failing", ""))
		got := b.run(fmt.Sprintf(startChild, ".sync", child.ARN), `{}`)
		if !strings.HasPrefix(got, `FAILED States.TaskFailed {"Cause":"{`) || !strings.Contains(got, `"Error":"Broken"`) {
			b.t.Error(got)
		}
	})
	inBubble(t, o, func(b *bench) {
		child := b.machine("child", registry.Standard, task("wasm:stubborn", ""))
		x := b.start(fmt.Sprintf(startChild, ".sync", child.ARN), `{}`)
		time.Sleep(time.Second)
		if _, err := b.Stop(x.ARN(), "", ""); err != nil {
			b.t.Fatal(err)
		}
		synctest.Wait()
		info, err := b.Describe("arn:aws:states:eu-central-1:123456789012:execution:child:child")
		if err != nil || info.Status != interp.Aborted {
			b.t.Errorf("the child of a stopped execution is %s, %v", info.Status, err)
		}
	})
}

// A call of the API that waits for an execution must not keep the worker that
// this execution's task needs.
func TestCallsThatWaitTakeNoWorker(t *testing.T) {
	var b *bench
	o := runtime.Options{
		Workers: 1, Modules: fakeModules{"echo": echo},
		SDK: func(ctx context.Context, _, _ string, args jsonvalue.Value) (jsonvalue.Value, error) {
			m, err := b.registry.Machine(args.Field("StateMachineArn").Text())
			if err != nil {
				return jsonvalue.Value{}, err
			}
			info, err := b.StartSync(ctx, runtime.StartRequest{Machine: m})
			return info.Output, err
		},
	}
	inBubble(t, o, func(inner *bench) {
		b = inner
		child := b.machine("child", registry.Express, task("wasm:echo", ""))
		call := fmt.Sprintf(`,"Parameters":{"StateMachineArn":"%s"}`, child.ARN)
		x := b.start(`{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":`+
			task("arn:aws:states:::aws-sdk:sfn:startSyncExecution", call)+`}}}`, `[1,2,3]`)
		if got := outcome(b.finish(x)); got != "[{},{},{}]" {
			b.t.Error(got)
		}
	})
}
