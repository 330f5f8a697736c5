package teststate

import (
	"fmt"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/interp/teststate/shapes"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// checkMock refuses mocks that say two things or nothing, and parameters that
// go without a mock only, or only with one.
func (r *Request) checkMock() error {
	m := r.Mock
	if m == nil {
		return r.checkWithoutMock()
	}
	switch {
	case r.RevealSecrets:
		return invalid("TestState does not support RevealSecrets when a mock is specified.")
	case m.Result != nil && m.Error != nil:
		return invalid("A test mock should have only one of the following fields: [result, errorOutput].")
	case m.Result == nil && m.Error == nil:
		return invalid("A test mock should have one of the following fields: [result, errorOutput].")
	}
	return nil
}

// checkWithoutMock refuses what is about a mock (the API's description says so
// of each; the text for MapIterationFailureCount is recorded).
func (r *Request) checkWithoutMock() error {
	unsupported := func(what string) error {
		return invalid("TestState does not support " + what + " when a mock is not specified.")
	}
	if r.Context != nil {
		return unsupported("a Context object")
	}
	c := r.Configuration
	switch {
	case c == nil:
	case c.MapIterationFailureCount != nil:
		return unsupported("MapIterationFailureCount")
	case c.ErrorCausedByState != nil:
		return unsupported("ErrorCausedByState")
	}
	return nil
}

// work gives what does the state's work: the mock, or Request.Invoke.
func (r *Request) work(s asl.State) (func(interp.Work) (interp.WorkResult, *Error), error) {
	m := r.Mock
	if m == nil {
		return func(w interp.Work) (interp.WorkResult, *Error) { return r.Invoke(w.Task), nil }, nil
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
	v, err := jsonvalue.Parse(*m.Result)
	if err != nil {
		return v, invalid("Mocked result must be valid JSON.")
	}
	switch s := s.(type) {
	case *asl.Task:
		return v, m.checkAnswer(s.Resource, v)
	case *asl.Map:
		return v, checkMap(s, v)
	case *asl.Parallel:
		return v, checkParallel(s, v)
	case *asl.Pass, *asl.Choice, *asl.Wait, *asl.Succeed, *asl.Fail:
	}
	return v, fmt.Errorf("a %s state takes no mock", asl.Type(s)) // checkType refuses them before
}

// checkAnswer holds a mocked result against what the service answers.
func (m *Mock) checkAnswer(r asl.Resource, v jsonvalue.Value) error {
	if m.Validation == None {
		return nil
	}
	answer := shapes.Of(r)
	if answer == nil {
		return nil
	}
	if v.Kind() != jsonvalue.Object {
		return invalid("Mocked result must be a JSON object.")
	}
	if problem := answer.Check(v, m.Validation != Present); problem != "" {
		return invalid("Mock result schema validation error: " + string(problem))
	}
	return nil
}

// checkMap: a Map gives an array, or tells where its ResultWriter wrote it. No
// mode of validation changes that: it is not about a service's model.
func checkMap(s *asl.Map, v jsonvalue.Value) error {
	switch writes := s.Writer != nil && s.Writer.HasResource; {
	case writes && v.Kind() != jsonvalue.Object:
		return invalid("Mocked result must be a JSON object.")
	case !writes && v.Kind() != jsonvalue.Array:
		return invalid("Mocked result must be an array.")
	}
	return nil
}

// checkParallel: a Parallel state gives an array with what each branch gave.
func checkParallel(s *asl.Parallel, v jsonvalue.Value) error {
	switch {
	case v.Kind() != jsonvalue.Array:
		return invalid("Mocked result must be an array.")
	case v.Len() != len(s.Branches):
		return invalid("Mocked result must contain the same number of items as number of Parallel branches.")
	}
	return nil
}

// mocked gives a mocked result, or the error of a Map whose failed iterations
// are more than it tolerates. A Map that tolerates nothing in so many words
// just gives the result (recorded).
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
		name, cause := errname.ExceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded"
		return interp.WorkResult{Error: &name, Cause: &cause}, nil
	}
	return interp.WorkResult{Output: result}, nil
}
