package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/simulate"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// fakeService is the part of the Step Functions API that the runner uses. Its
// executions are simulated; their tasks wait for the workers of its activities.
type fakeService struct {
	lock       sync.Mutex
	machines   map[string]string // definition by ARN
	activities map[string]chan *fakeTask
	tasks      map[string]*fakeTask // by token
	executions map[string]*simulate.Result
	calls      map[string]int
}

type fakeTask struct {
	token, input string
	answer       chan simulate.Answer
}

func newFakeService() *fakeService {
	return &fakeService{
		machines: map[string]string{}, activities: map[string]chan *fakeTask{}, tasks: map[string]*fakeTask{},
		executions: map[string]*simulate.Result{}, calls: map[string]int{},
	}
}

func (s *fakeService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSStepFunctions.")
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("Authorization") == "" {
		http.Error(w, `{"__type":"BadRequest"}`, http.StatusBadRequest)
		return
	}
	text := func(key string) string { s, _ := in[key].(string); return s }
	out, failure := s.serve(r.Context(), operation, text)
	if failure != "" {
		w.WriteHeader(http.StatusBadRequest)
		out = fields{"__type": "com.amazonaws#" + failure, "message": operation}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (s *fakeService) serve(ctx context.Context, operation string, in func(string) string) (out fields, failure string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.calls[operation]++
	switch operation {
	case "ValidateStateMachineDefinition":
		return validateFake(in("definition"), in("type")), ""
	case "CreateStateMachine":
		arn := "machine:" + in("name")
		s.machines[arn] = in("definition")
		return fields{"stateMachineArn": arn}, ""
	case "CreateActivity":
		arn := "arn:aws:states:us-east-1:123456789012:activity:" + in("name")
		s.activities[arn] = make(chan *fakeTask, 100)
		return fields{"activityArn": arn}, ""
	case "StartExecution", "StartSyncExecution":
		return s.start(in)
	case "DescribeExecution":
		return describeFake(s.executions[in("executionArn")]), ""
	case "GetExecutionHistory":
		return s.page(in), ""
	case "GetActivityTask":
		return s.activityTask(ctx, in("activityArn")), ""
	case "SendTaskSuccess":
		v, _ := jsonvalue.Parse(in("output"))
		s.tasks[in("taskToken")].answer <- simulate.Answer{Output: v}
	case "SendTaskFailure":
		e, c := in("error"), in("cause")
		s.tasks[in("taskToken")].answer <- simulate.Answer{Error: &e, Cause: &c}
	}
	return fields{}, ""
}

func validateFake(definition, typ string) fields {
	var opts []asl.Option
	if typ == "EXPRESS" {
		opts = append(opts, asl.Express)
	}
	_, ds := asl.Check("d.json", []byte(definition), opts...)
	list := []fields{}
	for _, d := range ds {
		list = append(list, fields{"code": d.Code, "location": d.Location, "message": d.Message, "severity": d.Severity})
	}
	result := "OK"
	if asl.HasErrors(ds) {
		result = "FAIL"
	}
	return fields{"result": result, "diagnostics": list}
}

// start simulates an execution to its end, or in the background where it waits
// for workers.
func (s *fakeService) start(in func(string) string) (fields, string) {
	m, ds := asl.Parse("d.json", []byte(s.machines[in("stateMachineArn")]))
	if len(ds) > 0 {
		return nil, "InvalidDefinition"
	}
	program, err := interp.Compile(m)
	if err != nil {
		return nil, "InvalidDefinition"
	}
	var input jsonvalue.Value
	if in("input") != "" {
		input, _ = jsonvalue.Parse(in("input"))
	}
	arn := "execution:" + in("name")
	run := simulate.Run{Program: program, Input: input, Limits: quotas, Seed: 1, Answer: s.ask}
	if len(s.activities) == 0 {
		s.executions[arn], _ = simulate.Simulate(run)
	} else {
		go func() {
			r, _ := simulate.Simulate(run)
			s.lock.Lock()
			defer s.lock.Unlock()
			s.executions[arn] = r
		}()
	}
	answer := describeFake(s.executions[arn])
	answer["executionArn"] = arn
	return answer, ""
}

// ask hands a task to the worker of its activity and waits for the answer.
func (s *fakeService) ask(q simulate.Request) simulate.Answer {
	s.lock.Lock()
	t := &fakeTask{token: fmt.Sprintf("token-%d", len(s.tasks)), input: q.Input.String(), answer: make(chan simulate.Answer, 1)}
	s.tasks[t.token] = t
	queue := s.activities[q.Resource.ARN]
	s.lock.Unlock()
	queue <- t
	return <-t.answer
}

func (s *fakeService) activityTask(ctx context.Context, arn string) fields {
	queue := s.activities[arn]
	s.lock.Unlock()
	defer s.lock.Lock()
	select {
	case t := <-queue:
		return fields{"taskToken": t.token, "input": t.input}
	case <-ctx.Done():
		return fields{}
	}
}

func describeFake(r *simulate.Result) fields {
	if r == nil {
		return fields{"status": "RUNNING"}
	}
	f := fields{"status": r.Status}
	if r.Output.IsValid() {
		f["output"] = r.Output.String()
	}
	if r.Error != nil {
		f["error"] = *r.Error
	}
	if r.Cause != nil {
		f["cause"] = *r.Cause
	}
	return f
}

// page gives the history in two pages.
func (s *fakeService) page(in func(string) string) fields {
	events := s.executions[in("executionArn")].History
	half := len(events) / 2
	list := []jsonvalue.Value{}
	first, last, f := 0, half, fields{"nextToken": "second"}
	if in("nextToken") == "second" {
		first, last, f = half, len(events), fields{}
	}
	for _, e := range events[first:last] {
		list = append(list, e.Value(history.Epoch))
	}
	f["events"] = list
	return f
}

// TestEndpoint runs the suite over HTTP. Cases whose tasks hang or take time
// would need a clock of the fake's own.
func TestEndpoint(t *testing.T) {
	var chosen []Case
	for _, c := range cases(t) {
		patient := c.Expect.Seconds == nil || len(c.Mocks) == 0
		for _, m := range c.Mocks {
			for _, mock := range m {
				patient = patient && !mock.Hang && mock.DelaySeconds == 0 && (mock.Throw == nil || mock.Throw.Error != nil && mock.Throw.Cause != nil)
			}
		}
		if patient {
			chosen = append(chosen, c)
		}
	}
	for _, c := range chosen {
		service := newFakeService()
		server := httptest.NewServer(service)
		r := runCase(context.Background(), NewEndpoint(server.URL, EndpointOptions{MaxSeconds: 1e6}), c)
		server.Close()
		if len(r.Differences) > 0 {
			t.Errorf("%s: %v", c.ID(), r.Differences)
		}
		if r.Verdict == Passed && c.Expect.Invalid == nil && service.calls["DeleteStateMachine"] != 1 {
			t.Errorf("%s leaves its state machine behind", c.ID())
		}
		if n := service.calls["CreateActivity"]; n != len(c.Mocks) && r.Verdict == Passed || service.calls["DeleteActivity"] != n {
			t.Errorf("%s makes %d activities for %d mocked states and deletes %d", c.ID(), n, len(c.Mocks), service.calls["DeleteActivity"])
		}
	}
}

func TestEndpointSkips(t *testing.T) {
	e := NewEndpoint("http://127.0.0.1:1", EndpointOptions{MaxSeconds: 5})
	skipped := map[string]int{}
	for _, c := range cases(t) {
		if c.Expect.Invalid == nil {
			if reason := e.cannot(c); reason != "" {
				skipped[reason]++
			}
		}
	}
	for _, reason := range []string{"it reads items from storage", "it takes 10 seconds", "no activity may return so much"} {
		if skipped[reason] == 0 {
			t.Errorf("no case is skipped because %s: %v", reason, skipped)
		}
	}
}

func TestEndpointReportsWhatTheServiceSays(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"__type":"AccessDeniedException","Message":"no"}`))
	}))
	defer server.Close()
	all := cases(t)
	some := all[slices.IndexFunc(all, func(c Case) bool { return c.File == "pass" })]
	r := runCase(context.Background(), NewEndpoint(server.URL, EndpointOptions{}), some)
	if r.Verdict != Failed || !strings.Contains(r.Differences[0], "AccessDeniedException: no") {
		t.Errorf("got %+v", r)
	}
}
