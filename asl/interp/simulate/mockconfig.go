package simulate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// MockConfig is AWS's MockConfigFile: mocked answers by state name and number
// of the invocation, grouped into test cases.
//
//	{"StateMachines": {"Order": {"TestCases": {"HappyPath": {"Charge": "ChargeOK"}}}},
//	 "MockedResponses": {"ChargeOK": {"0": {"Throw": {"Error": "E", "Cause": "c"}},
//	                                  "1-3": {"Return": {"paid": true}}}}}
type MockConfig struct{ document jsonvalue.Value }

// ParseMockConfig reads a MockConfigFile.
func ParseMockConfig(text string) (*MockConfig, error) {
	v, err := jsonvalue.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("mock configuration: %w", err)
	}
	return &MockConfig{document: v}, nil
}

// Case gives the answers of a test case of a state machine.
func (m *MockConfig) Case(machine, name string) (Mocks, error) {
	states, ok := m.document.Field("StateMachines").Field(machine).Field("TestCases").Get(name)
	if !ok {
		return nil, fmt.Errorf("mock configuration: no test case %q of the state machine %q", name, machine)
	}
	mocks := Mocks{}
	for state, ref := range states.Members() {
		responses, ok := m.document.Field("MockedResponses").Get(ref.Text())
		if !ok {
			return nil, fmt.Errorf("mock configuration: no mocked response %q for the state %q", ref.Text(), state)
		}
		list, err := ParseResponses(responses)
		if err != nil {
			return nil, fmt.Errorf("mock configuration: %s: %w", ref.Text(), err)
		}
		mocks[state] = list
	}
	return mocks, nil
}

// Mocks are the answers of the tasks, by the name of their state.
type Mocks map[string]Responses

// Answer answers a task. It is what Run.Answer wants.
func (m Mocks) Answer(r Request) Answer {
	for _, response := range m[r.State] {
		if r.Invocation >= response.First && r.Invocation <= response.Last {
			return response.Answer
		}
	}
	return NotMocked(r.State, r.Invocation)
}

// Responses are the answers of one state's tasks.
type Responses []Response

// Response is the answer of invocations First to Last, from 0.
type Response struct {
	First, Last int
	Answer      Answer
}

// ParseResponses reads an object of answers: the keys are invocations ("0") or
// ranges of them ("1-3"), the values {"Return": result} or
// {"Throw": {"Error": …, "Cause": …}}.
func ParseResponses(v jsonvalue.Value) (Responses, error) {
	var list Responses
	for key, answer := range v.Members() {
		r, err := parseResponse(key, answer)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func parseResponse(key string, v jsonvalue.Value) (Response, error) {
	var r Response
	first, last, ranged := strings.Cut(key, "-")
	if !ranged {
		last = first
	}
	var err error
	if r.First, err = strconv.Atoi(first); err == nil {
		r.Last, err = strconv.Atoi(last)
	}
	if err != nil || r.First < 0 || r.Last < r.First {
		return r, fmt.Errorf("%q is no invocation and no range of them", key)
	}
	if result, ok := v.Get("Return"); ok {
		r.Answer.Output = result
		return r, nil
	}
	thrown, ok := v.Get("Throw")
	if !ok {
		return r, fmt.Errorf("invocation %s has neither Return nor Throw", key)
	}
	r.Answer = Throw(thrown)
	return r, nil
}

// Throw makes the answer of a task that fails with the Error and Cause of an
// object. States.Timeout and States.HeartbeatTimeout end the task as its
// timeouts do.
func Throw(v jsonvalue.Value) Answer {
	a := Answer{Error: optionalText(v, "Error"), Cause: optionalText(v, "Cause")}
	if a.Error != nil {
		a.TimedOut = *a.Error == errname.Timeout
		a.HeartbeatLost = *a.Error == errname.HeartbeatTimeout
	}
	return a
}

func optionalText(v jsonvalue.Value, key string) *string {
	member, ok := v.Get(key)
	if !ok || member.Kind() != jsonvalue.String {
		return nil
	}
	s := member.Text()
	return &s
}
