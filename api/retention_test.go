package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// What the API says of an execution that was forgotten for the memory of
// another one, and of its Map Run.
func TestForgottenExecutions(t *testing.T) {
	machines := registry.New(registry.Options{Region: testRegion, Account: testAccount})
	engine := runtime.New(runtime.Options{
		Region: testRegion, Account: testAccount, Registry: machines, Limits: runtime.Limits{ClosedSize: 64 << 10},
	})
	t.Cleanup(func() { _ = engine.Close() })
	server := New(Options{Engine: engine, Registry: machines, Region: testRegion, Account: testAccount})
	call := func(action, request string, args ...any) (jsonvalue.Value, error) {
		return server.Call(context.Background(), action, jsonvalue.MustParse(fmt.Sprintf(request, args...)))
	}
	must := func(action, request string, args ...any) jsonvalue.Value {
		t.Helper()
		v, err := call(action, request, args...)
		if err != nil {
			t.Fatal(action, err)
		}
		return v
	}
	const definition = `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","End":true,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}`
	m := must("CreateStateMachine", `{"name":"m","roleArn":"arn:aws:iam::1:role/r","definition":%s}`,
		jsonvalue.AppendQuoted(nil, definition)).Field("stateMachineArn").Text()
	run := func(name, input string) (arn string) {
		t.Helper()
		v := jsonvalue.MustParse(input)
		resolved, err := machines.Resolve(m)
		if err != nil {
			t.Fatal(err)
		}
		x, err := engine.Start(context.Background(), runtime.StartRequest{Machine: resolved, Name: name, Input: v})
		if err != nil {
			t.Fatal(err)
		}
		if info, err := x.Wait(t.Context()); err != nil || info.Output.String() != v.String() {
			t.Fatal(info.Output, err)
		}
		return x.ARN()
	}
	old := run("old", `[1]`)
	mapRun := must("ListMapRuns", `{"executionArn":%q}`, old).Field("mapRuns").At(0).Field("mapRunArn").Text()
	child := must("ListExecutions", `{"mapRunArn":%q}`, mapRun).Field("executions").At(0).Field("executionArn").Text()
	latest := run("new", `["`+strings.Repeat("x", 100_000)+`"]`)

	const (
		none  = "ExecutionDoesNotExist: Execution Does Not Exist: '%s'"
		noRun = "ResourceNotFound: Request references a resource that does not exist."
	)
	for _, c := range []struct{ action, member, arn, want string }{
		{"DescribeExecution", "executionArn", old, none},
		{"GetExecutionHistory", "executionArn", old, none},
		{"StopExecution", "executionArn", old, none},
		{"DescribeStateMachineForExecution", "executionArn", old, none},
		{"ListMapRuns", "executionArn", old, none},
		{"DescribeExecution", "executionArn", child, none},
		{"GetExecutionHistory", "executionArn", child, none},
		{"DescribeMapRun", "mapRunArn", mapRun, noRun},
		{"ListExecutions", "mapRunArn", mapRun, noRun},
		{"DescribeExecution", "executionArn", latest, ""},
		{"GetExecutionHistory", "executionArn", latest, ""},
	} {
		if strings.Contains(c.want, "%s") {
			c.want = fmt.Sprintf(c.want, c.arn)
		}
		_, err := call(c.action, `{%q:%q}`, c.member, c.arn)
		got := ""
		if known := (*Error)(nil); errors.As(err, &known) {
			got = known.Error()
		}
		if got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.action, c.arn, got, c.want)
		}
	}
	list := must("ListExecutions", `{"stateMachineArn":%q}`, m).Field("executions")
	if list.Len() != 1 || list.At(0).Field("executionArn").Text() != latest {
		t.Errorf("ListExecutions: %s", list)
	}
	// The name is free again.
	if again := run("old", `[2]`); again != old {
		t.Errorf("the new one is %s", again)
	}
}
