package conformance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Mock is one answer of a task. Return and Throw are as in AWS's
// MockConfigFile; the others are ours.
type Mock struct {
	Return jsonvalue.Value `json:"Return"`
	// ReturnBytes gives instead a text whose JSON has this many bytes.
	ReturnBytes int     `json:"ReturnBytes"`
	Throw       *Thrown `json:"Throw"`
	// DelaySeconds is how long the task takes.
	DelaySeconds float64 `json:"DelaySeconds"`
	// Hang: the task never answers.
	Hang bool `json:"Hang"`
}

// Thrown is the error of a task.
type Thrown struct {
	Error *string `json:"Error"`
	Cause *string `json:"Cause"`
}

// check tells what is wrong with a mock's form.
func (m Mock) check() error {
	answers := 0
	for _, given := range []bool{m.Return.IsValid(), m.ReturnBytes > 0, m.Throw != nil, m.Hang} {
		if given {
			answers++
		}
	}
	if answers != 1 {
		return fmt.Errorf("a mock needs exactly one of Return, ReturnBytes, Throw and Hang")
	}
	return nil
}

// result is what the task returns; absent when it throws or hangs.
func (m Mock) result() jsonvalue.Value {
	if m.ReturnBytes > 0 {
		const quotes = 2
		return jsonvalue.StringOf(strings.Repeat("x", max(0, m.ReturnBytes-quotes)))
	}
	return m.Return
}

// mocks are a case's answers by state.
type mocks map[string][]span

// span is the answer of some invocations.
type span struct {
	first, last int
	mock        Mock
}

func parseMocks(byState map[string]map[string]Mock) (mocks, error) {
	m := mocks{}
	for state, byInvocation := range byState {
		for key, mock := range byInvocation {
			first, last, ranged := strings.Cut(key, "-")
			if !ranged {
				last = first
			}
			a, err1 := strconv.Atoi(first)
			b, err2 := strconv.Atoi(last)
			if err1 != nil || err2 != nil || b < a {
				return nil, fmt.Errorf("%q is no invocation of %s and no range of them", key, state)
			}
			if err := mock.check(); err != nil {
				return nil, fmt.Errorf("invocation %s of %s: %w", key, state, err)
			}
			m[state] = append(m[state], span{a, b, mock})
		}
	}
	return m, nil
}

// find gives the mock of an invocation.
func (m mocks) find(state string, invocation int) (Mock, bool) {
	for _, s := range m[state] {
		if invocation >= s.first && invocation <= s.last {
			return s.mock, true
		}
	}
	return Mock{}, false
}
