package teststate

import (
	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// work gives what does the state's work: the mock, or Request.Invoke.
func (r *Request) work(s asl.State) (func(interp.Work) (interp.WorkResult, *Error), error) {
	m := r.Mock
	if m == nil {
		return func(w interp.Work) (interp.WorkResult, *Error) {
			if r.Invoke == nil {
				return interp.WorkResult{}, invalid("TestState cannot invoke the Task: specify a mock")
			}
			return r.Invoke(w.Task), nil
		}, nil
	}
	if m.Error != nil {
		failure := interp.WorkResult{Error: m.Error.Error, Cause: m.Error.Cause}
		return func(interp.Work) (interp.WorkResult, *Error) { return failure, nil }, nil
	}
	result, err := m.result(s)
	if err != nil {
		return nil, err
	}
	return func(w interp.Work) (interp.WorkResult, *Error) { return r.mocked(result, w) }, nil
}

// result reads the mocked result and checks that the state can give it.
func (m *Mock) result(s asl.State) (jsonvalue.Value, error) {
	if m.Result == nil {
		return jsonvalue.Value{}, invalid("A test mock should have one of the following fields: [result, errorOutput].")
	}
	v, err := jsonvalue.Parse(*m.Result)
	if err != nil {
		return v, invalid("Mocked result must be a valid JSON string.")
	}
	switch s := s.(type) {
	case *asl.Task:
		return v, m.checkShape(s.Resource, v)
	case *asl.Map:
		if s.Writer != nil && s.Writer.HasResource {
			if v.Kind() != jsonvalue.Object {
				return v, invalid("Mocked result must be a JSON object.")
			}
			return v, nil
		}
	}
	if v.Kind() != jsonvalue.Array && m.Validation != None {
		return v, invalid("Mocked result must be a JSON array.")
	}
	return v, nil
}

// mocked gives a mocked result, or the error of a Map whose failed iterations
// are more than it tolerates. A Map that tolerates nothing in so many words
// just gives the result.
func (r *Request) mocked(result jsonvalue.Value, w interp.Work) (interp.WorkResult, *Error) {
	c := r.Configuration
	if w.Task != nil || c == nil || c.MapIterationFailureCount == nil {
		return interp.WorkResult{Output: result}, nil
	}
	failures, items := *c.MapIterationFailureCount, w.Items
	if items == 0 {
		items = result.Len()
	}
	switch {
	case failures > int64(items):
		return interp.WorkResult{}, invalid("Map iteration failure count must be less than or equal to the number of Map iterations")
	case w.ToleratedCount >= 0 && failures > w.ToleratedCount,
		w.ToleratedPercentage >= 0 && float64(failures)*100 > w.ToleratedPercentage*float64(items):
		name, cause := "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded"
		return interp.WorkResult{Error: &name, Cause: &cause}, nil
	}
	return interp.WorkResult{Output: result}, nil
}
