package api

import (
	"context"
	"fmt"
	"os"
	goruntime "runtime"
	"strings"
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
	soakRounds  = 10
	// soakSettled is the round after which memory must not grow any more.
	soakSettled = 3
)

// TestSoak runs many executions through the API, stopped ones among them, and
// expects memory and goroutines to level off.
func TestSoak(t *testing.T) {
	if os.Getenv("WASL_SOAK") == "" {
		t.Skip("WASL_SOAK is not set")
	}
	few, small := runtime.AWSLimits, runtime.AWSLimits
	few.Closed, small.ClosedSize = 200, 16<<20
	for _, c := range []struct {
		name   string
		limits runtime.Limits
		// each is the number of executions a worker and round, and filler the
		// number of bytes in the input of every STANDARD one.
		each, filler int
	}{
		{"records bounded by count", few, 2500, 0},
		{"records bounded by size", small, 250, 50_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSoak(t, c.limits, c.filler)
			var settled memory
			for round := 1; round <= soakRounds; round++ {
				s.round(c.each)
				m := inUse(t)
				t.Logf("%d executions: %s", s.number.Load(), m)
				switch {
				case round == soakSettled:
					settled = m
				case round > soakSettled:
					m.mustNotExceed(t, settled)
				}
			}
		})
	}
}

// memory is what a process holds.
type memory struct {
	heap       uint64 // without garbage
	resident   uint64 // all of the process; 0 where it cannot be told
	goroutines int
}

func (m memory) String() string {
	return fmt.Sprintf("heap %d KiB, resident %d KiB, %d goroutines", m.heap>>10, m.resident>>10, m.goroutines)
}

// inUse looks at the memory as it is, and then at what is not garbage.
func inUse(t *testing.T) memory {
	status, _ := os.ReadFile("/proc/self/status")
	var kilobytes uint64
	if _, line, ok := strings.Cut(string(status), "VmRSS:"); ok {
		if _, err := fmt.Sscan(line, &kilobytes); err != nil {
			t.Fatal(err)
		}
	}
	goruntime.GC()
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return memory{m.HeapAlloc, kilobytes << 10, goruntime.NumGoroutine()}
}

// mustNotExceed allows for what varies from round to round.
func (m memory) mustNotExceed(t *testing.T, settled memory) {
	const slack = 4 << 20
	if m.heap > settled.heap*5/4+slack || m.resident > settled.resident*5/4+slack || m.goroutines > settled.goroutines+20 {
		t.Errorf("memory grows: from %s to %s", settled, m)
	}
}

type soak struct {
	t                 *testing.T
	server            *Server
	standard, express string // the machines' ARNs
	filler            string
	number            atomic.Int64
}

func newSoak(t *testing.T, limits runtime.Limits, filler int) *soak {
	machines := registry.New(registry.Options{Region: testRegion, Account: testAccount})
	engine := runtime.New(runtime.Options{Region: testRegion, Account: testAccount, Registry: machines, Limits: limits})
	t.Cleanup(func() { _ = engine.Close() })
	s := &soak{
		t: t, filler: strings.Repeat("x", filler),
		server: New(Options{Engine: engine, Registry: machines, Region: testRegion, Account: testAccount}),
	}
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
func (s *soak) round(each int) {
	var all sync.WaitGroup
	for range soakWorkers {
		all.Go(func() {
			for i := range each {
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
		x := s.call("StartExecution", `{"stateMachineArn":%q,"name":%q,"input":"{\"n\":99,\"filler\":\"%s\"}"}`, s.standard, name, s.filler).Field("executionArn")
		s.call("StopExecution", `{"executionArn":%s}`, x)
		s.call("GetExecutionHistory", `{"executionArn":%s,"maxResults":3}`, x)
	case 1:
		s.call("StartExecution", `{"stateMachineArn":%q,"name":%q,"input":"{\"n\":1,\"filler\":\"%s\"}"}`, s.standard, name, s.filler)
		s.call("ListExecutions", `{"stateMachineArn":%q,"maxResults":5}`, s.standard)
	default:
		out := s.call("StartSyncExecution", `{"stateMachineArn":%q,"name":%q,"input":"{\"n\":1}"}`, s.express, name)
		if out.Field("status").Text() != "SUCCEEDED" {
			s.t.Error(out)
		}
	}
}
