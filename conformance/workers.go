package conformance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// workers answer the activities that stand in for a case's mocked tasks.
type workers struct {
	endpoint   *Endpoint
	name       string // of the machine and the execution
	definition jsonvalue.Value
	answers    mocks
	activities []string
	cancel     context.CancelFunc
	running    sync.WaitGroup

	lock   sync.Mutex
	inputs map[string][]jsonvalue.Value
}

// hire makes the activities of a case and sets a worker on each.
func (e *Endpoint) hire(ctx context.Context, c Case) (*workers, error) {
	answers, err := parseMocks(c.Mocks)
	if err != nil {
		return nil, err
	}
	w := &workers{
		endpoint: e, name: uniqueName(), answers: answers, inputs: map[string][]jsonvalue.Value{},
		definition: c.Definition, cancel: func() {},
	}
	resources := map[string]string{}
	for i, state := range slices.Sorted(maps.Keys(c.Mocks)) {
		made, err := e.client.call(ctx, "CreateActivity", fields{"name": fmt.Sprintf("%s-%d", w.name, i)})
		if err != nil {
			w.dismiss()
			return nil, err
		}
		resources[state] = made.Field("activityArn").Text()
		w.activities = append(w.activities, resources[state])
	}
	w.definition = withResources(c.Definition, resources)
	ctx, w.cancel = context.WithCancel(ctx)
	for state, activity := range resources {
		w.running.Go(func() { w.work(ctx, state, activity) })
	}
	return w, nil
}

// dismiss ends the workers and removes their activities.
func (w *workers) dismiss() {
	w.cancel()
	w.running.Wait()
	for _, activity := range w.activities {
		w.endpoint.clean("DeleteActivity", fields{"activityArn": activity})
	}
}

// seen are the inputs that the tasks got so far.
func (w *workers) seen() map[string][]jsonvalue.Value {
	w.lock.Lock()
	defer w.lock.Unlock()
	return maps.Clone(w.inputs)
}

// work takes tasks of one activity and answers them until the context ends.
func (w *workers) work(ctx context.Context, state, activity string) {
	for ctx.Err() == nil {
		task, err := w.endpoint.client.call(ctx, "GetActivityTask", fields{"activityArn": activity})
		token := task.Field("taskToken").Text()
		if err != nil || token == "" {
			continue // the long poll ended, or the context
		}
		input, err := jsonvalue.Parse(task.Field("input").Text())
		if err != nil {
			input = jsonvalue.StringOf("no JSON: " + task.Field("input").Text())
		}
		w.lock.Lock()
		invocation := len(w.inputs[state])
		w.inputs[state] = append(w.inputs[state], input)
		w.lock.Unlock()
		w.running.Go(func() { w.answer(ctx, state, invocation, token) })
	}
}

// answer sends the mocked answer of one invocation.
func (w *workers) answer(ctx context.Context, state string, invocation int, token string) {
	mock, ok := w.answers.find(state, invocation)
	if !ok {
		name := "Conformance.NotMocked"
		mock.Throw = &Thrown{Error: &name}
	}
	if mock.Hang {
		return
	}
	if mock.DelaySeconds > 0 {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(mock.DelaySeconds * float64(time.Second))):
		}
	}
	request := fields{"taskToken": token}
	operation := "SendTaskSuccess"
	if mock.Throw != nil {
		operation = "SendTaskFailure"
		if mock.Throw.Error != nil {
			request["error"] = *mock.Throw.Error
		}
		if mock.Throw.Cause != nil {
			request["cause"] = *mock.Throw.Cause
		}
	} else {
		request["output"] = mock.result().String()
	}
	// A task that is over answers TaskTimedOut; the execution shows what counts.
	_, _ = w.endpoint.client.call(ctx, operation, request)
}

// withResources gives a definition with other Resources for some states.
func withResources(v jsonvalue.Value, resources map[string]string) jsonvalue.Value {
	if len(resources) == 0 {
		return v
	}
	switch v.Kind() {
	case jsonvalue.Array:
		elems := make([]jsonvalue.Value, 0, v.Len())
		for _, e := range v.Elems() {
			elems = append(elems, withResources(e, resources))
		}
		return jsonvalue.ArrayOf(elems...)
	case jsonvalue.Object:
		b := jsonvalue.NewObject(v.Len())
		for key, e := range v.Members() {
			e = withResources(e, resources)
			if arn, mocked := resources[key]; mocked && e.Field("Type").Text() == "Task" {
				e = e.With("Resource", jsonvalue.StringOf(arn)).Without("Credentials")
			}
			b.Set(key, e)
		}
		return b.Value()
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.String:
	}
	return v
}
