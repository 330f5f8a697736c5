package api

import (
	"context"
	"fmt"
	"os"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// soakDefinition has a bit of everything that needs no module.
const soakDefinition = `{"StartAt":"P","TimeoutSeconds":3600,"States":{
	"P":{"Type":"Parallel","Next":"M","Branches":[
		{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"End":true}}},
		{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:none",
			"Retry":[{"ErrorEquals":["Never"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},
			"C":{"Type":"Pass","End":true}}}]},
	"M":{"Type":"Map","ItemsPath":"$","MaxConcurrency":2,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"Next":"W"},
	"W":{"Type":"Choice","Choices":[{"Variable":"$[0].n","NumericGreaterThan":99,"Next":"Long"}],"Default":"End"},
	"Long":{"Type":"Wait","Seconds":3000,"Next":"End"},
	"End":{"Type":"Succeed"}}}`

const (
	soakWorkers = 8
	soakEach    = 2500 // executions a worker and round
	soakRounds  = 10
)

// TestSoak runs many executions through the API, stopped ones among them, and
// expects memory and goroutines to be what they were at the tenth part of it.
func TestSoak(t *testing.T) {
	if os.Getenv("WASL_SOAK") == "" {
		t.Skip("WASL_SOAK is not set")
	}
	s := newSoak(t)
	s.round()
	heap, goroutines := resources()
	for range soakRounds - 1 {
		s.round()
	}
	heapAfter, goroutinesAfter := resources()
	t.Logf("%d executions; heap %d → %d KiB, goroutines %d → %d", s.number.Load(), heap>>10, heapAfter>>10, goroutines, goroutinesAfter)
	if heapAfter > heap+heap/2+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes", heap, heapAfter)
	}
	if goroutinesAfter > goroutines+20 {
		t.Errorf("goroutines grew from %d to %d", goroutines, goroutinesAfter)
	}
}

// resources gives the bytes in use on the heap and the number of goroutines.
func resources() (heap uint64, goroutines int) {
	goruntime.GC()
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return m.HeapAlloc, goruntime.NumGoroutine()
}

type soak struct {
	t                 *testing.T
	server            *Server
	standard, express string // the machines' ARNs
	number            atomic.Int64
}

func newSoak(t *testing.T) *soak {
	machines := registry.New(registry.Options{Region: testRegion, Account: testAccount})
	limits := runtime.AWSLimits
	limits.Closed = 200
	engine := runtime.New(runtime.Options{Region: testRegion, Account: testAccount, Registry: machines, Limits: limits})
	t.Cleanup(func() { _ = engine.Close() })
	s := &soak{t: t, server: New(Options{Engine: engine, Registry: machines, Region: testRegion, Account: testAccount})}
	quoted := string(jsonvalue.AppendQuoted(nil, soakDefinition))
	for kind, arn := range map[string]*string{"STANDARD": &s.standard, "EXPRESS": &s.express} {
		*arn = s.call("CreateStateMachine", `{"name":%q,"type":%q,"roleArn":"arn:aws:iam::1:role/r","definition":%s}`, kind, kind, quoted).
			Field("stateMachineArn").Text()
	}
	return s
}

func (s *soak) call(action, request string, args ...any) jsonvalue.Value {
	v, err := s.server.Call(context.Background(), action, jsonvalue.MustParse(fmt.Sprintf(request, args...)))
	if err != nil {
		s.t.Error(action, err)
	}
	return v
}

// round lets all workers do their share.
func (s *soak) round() {
	var all sync.WaitGroup
	for range soakWorkers {
		all.Go(func() {
			for i := range soakEach {
				s.one(i % 5)
			}
		})
	}
	all.Wait()
}

// one runs an execution of one of five kinds.
func (s *soak) one(kind int) {
	name := fmt.Sprintf("x%d", s.number.Add(1))
	switch kind {
	case 0: // one that waits, and is stopped
		x := s.call("StartExecution", `{"stateMachineArn":%q,"name":%q,"input":"{\"n\":99}"}`, s.standard, name).Field("executionArn")
		s.call("StopExecution", `{"executionArn":%s}`, x)
		s.call("GetExecutionHistory", `{"executionArn":%s,"maxResults":3}`, x)
	case 1:
		s.call("StartExecution", `{"stateMachineArn":%q,"name":%q,"input":"{\"n\":1}"}`, s.standard, name)
		s.call("ListExecutions", `{"stateMachineArn":%q,"maxResults":5}`, s.standard)
	default:
		out := s.call("StartSyncExecution", `{"stateMachineArn":%q,"name":%q,"input":"{\"n\":1}"}`, s.express, name)
		if out.Field("status").Text() != "SUCCEEDED" {
			s.t.Error(out)
		}
	}
}
