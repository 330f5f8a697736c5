package conformance

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Endpoint is anything that speaks the AWS Step Functions API.
//
// Mocked tasks become activities: the definition's Resources are rewritten, and
// the runner works on them. So any endpoint can run nearly all cases; those that
// read objects from storage, or take longer than MaxSeconds, are skipped, and
// histories are compared only of cases without mocks.
type Endpoint struct {
	client *client
	o      EndpointOptions
}

// EndpointOptions say how to talk to an endpoint. Zero fields have defaults.
type EndpointOptions struct {
	Region  string // us-east-1
	RoleARN string // of the state machines; a role of the account 123456789012
	// Credentials sign the requests; without them they carry a made-up signature.
	AccessKeyID, SecretAccessKey, SessionToken string
	// MaxSeconds is how long a case may take by its own account; 10.
	MaxSeconds float64
	// Patience is how long the runner waits for an execution beyond that; 30 s.
	Patience time.Duration
}

// NewEndpoint makes a target of an URL such as http://127.0.0.1:8083.
func NewEndpoint(url string, o EndpointOptions) *Endpoint {
	set := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	set(&o.Region, "us-east-1")
	set(&o.RoleARN, arn.Home{Region: o.Region, Account: "123456789012"}.Role("conformance"))
	set(&o.AccessKeyID, "conformance")
	set(&o.SecretAccessKey, "conformance")
	if o.MaxSeconds == 0 {
		o.MaxSeconds = 10
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	return &Endpoint{client: newClient(url, o), o: o}
}

// Name implements Target.
func (e *Endpoint) Name() string { return e.client.url }

// Run implements Target.
func (e *Endpoint) Run(ctx context.Context, c Case) (*Outcome, error) {
	if c.Expect.Invalid != nil {
		return e.validate(ctx, c)
	}
	if reason := e.cannot(c); reason != "" {
		return nil, Skip(reason)
	}
	ctx, cancel := context.WithTimeout(ctx, e.o.Patience+time.Duration(e.o.MaxSeconds*float64(time.Second)))
	defer cancel()
	w, err := e.hire(ctx, c)
	if err != nil {
		return nil, err
	}
	defer w.dismiss()
	machine, err := e.client.call(ctx, "CreateStateMachine", fields{
		"name": w.name, "definition": w.definition.String(), "roleArn": e.o.RoleARN, "type": kindOf(c),
	})
	var refused *apiError
	if errors.As(err, &refused) && refused.Type == "InvalidDefinition" {
		return &Outcome{Refused: true, Message: refused.Message}, nil
	}
	if err != nil {
		return nil, err
	}
	arn := machine.Field("stateMachineArn").Text()
	defer e.clean("DeleteStateMachine", fields{"stateMachineArn": arn})
	return e.execute(ctx, c, w, arn)
}

// cannot says why a case cannot run on an endpoint, or nothing.
func (e *Endpoint) cannot(c Case) string {
	switch {
	case c.Read.IsValid():
		return "it reads items from storage"
	case c.Expect.Seconds != nil && *c.Expect.Seconds > e.o.MaxSeconds:
		return fmt.Sprintf("it takes %g seconds", *c.Expect.Seconds)
	case c.Type == "EXPRESS" && len(c.Mocks) > 0:
		return "EXPRESS state machines have no activities, which stand in for the mocked tasks"
	}
	return noActivity(c)
}

// noActivity says why activities cannot stand in for a case's mocked tasks.
func noActivity(c Case) (reason string) {
	for _, byInvocation := range c.Mocks {
		for _, mock := range byInvocation {
			if mock.ReturnBytes > maxTaskOutput {
				return "no activity may return so much"
			}
		}
	}
	if len(c.Mocks) == 0 {
		return ""
	}
	walk(c.Definition, func(key string, v jsonvalue.Value) {
		resource := v.Field("Resource").Text()
		switch _, mocked := c.Mocks[key]; {
		case mocked && (strings.HasSuffix(resource, ".waitForTaskToken") || strings.Contains(resource, ".sync")):
			reason = "an activity is no " + resource
		case key == "ProcessorConfig" && v.Field("ExecutionType").Text() == "EXPRESS":
			reason = "EXPRESS child executions have no activities, which stand in for the mocked tasks"
		}
	})
	return reason
}

// maxTaskOutput is how much SendTaskSuccess takes, in bytes.
const maxTaskOutput = 262_144

// walk visits all members of all objects in a document.
func walk(v jsonvalue.Value, visit func(key string, v jsonvalue.Value)) {
	for key, e := range v.Members() {
		visit(key, e)
	}
	for _, e := range v.Elems() {
		walk(e, visit)
	}
}

func kindOf(c Case) string {
	if c.Type == "" {
		return "STANDARD"
	}
	return c.Type
}

// validate asks whether a definition is refused.
func (e *Endpoint) validate(ctx context.Context, c Case) (*Outcome, error) {
	answer, err := e.client.call(ctx, "ValidateStateMachineDefinition", fields{
		"definition": c.Definition.String(), "type": kindOf(c),
	})
	if err != nil {
		return nil, err
	}
	o := &Outcome{Refused: answer.Field("result").Text() == "FAIL", Diagnostics: []Diagnostic{}}
	for _, d := range answer.Field("diagnostics").Elems() {
		o.Diagnostics = append(o.Diagnostics, Diagnostic{d.Field("code").Text(), d.Field("location").Text()})
		o.Message = d.Field("message").Text()
	}
	return o, nil
}

// execute runs the machine and waits for the end.
func (e *Endpoint) execute(ctx context.Context, c Case, w *workers, machine string) (*Outcome, error) {
	start := fields{"stateMachineArn": machine, "name": w.name}
	if c.Input.IsValid() {
		start["input"] = c.Input.String()
	}
	if c.Type == "EXPRESS" {
		answer, err := e.client.call(ctx, "StartSyncExecution", start)
		if err != nil {
			return nil, err
		}
		return w.outcome(answer)
	}
	answer, err := e.client.call(ctx, "StartExecution", start)
	if err != nil {
		return nil, err
	}
	execution := fields{"executionArn": answer.Field("executionArn").Text()}
	if answer, err = e.wait(ctx, execution); err != nil {
		e.clean("StopExecution", execution)
		return nil, err
	}
	o, err := w.outcome(answer)
	if err != nil || len(c.Mocks) > 0 || c.Expect.History == nil {
		return o, err
	}
	o.History, err = e.history(ctx, execution)
	return o, err
}

// wait polls until the execution is over.
func (e *Endpoint) wait(ctx context.Context, execution fields) (jsonvalue.Value, error) {
	const slowest = time.Second
	pause := 5 * time.Millisecond
	for {
		answer, err := e.client.call(ctx, "DescribeExecution", execution)
		if err != nil || answer.Field("status").Text() != "RUNNING" {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return answer, fmt.Errorf("the execution is still running: %w", ctx.Err())
		case <-time.After(pause):
			pause = min(pause*3/2, slowest)
		}
	}
}

// history gets all pages of the events.
func (e *Endpoint) history(ctx context.Context, execution fields) ([]jsonvalue.Value, error) {
	request := fields{"executionArn": execution["executionArn"], "maxResults": 1000}
	events := []jsonvalue.Value{}
	for {
		page, err := e.client.call(ctx, "GetExecutionHistory", request)
		if err != nil {
			return nil, err
		}
		events = append(events, page.Field("events").Elems()...)
		next, more := page.Get("nextToken")
		if !more || next.IsNull() {
			return events, nil
		}
		request["nextToken"] = next.Text()
	}
}

// clean removes what a case left behind. Its failure is no failure of the case.
func (e *Endpoint) clean(operation string, request fields) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = e.client.call(ctx, operation, request)
}

// outcome reads the answer of DescribeExecution or StartSyncExecution.
func (w *workers) outcome(answer jsonvalue.Value) (*Outcome, error) {
	o := &Outcome{Status: answer.Field("status").Text()}
	if text, ok := answer.Get("output"); ok && !text.IsNull() {
		var err error
		if o.Output, err = jsonvalue.Parse(text.Text()); err != nil {
			return nil, fmt.Errorf("the output is no JSON: %w", err)
		}
	}
	for key, to := range map[string]**string{"error": &o.Error, "cause": &o.Cause} {
		if v := answer.Field(key); v.Kind() == jsonvalue.String {
			s := v.Text()
			*to = &s
		}
	}
	o.TaskInputs = w.seen()
	return o, nil
}

// uniqueName makes a name for a machine and its activities.
func uniqueName() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return "conformance-" + hex.EncodeToString(b[:])
}
