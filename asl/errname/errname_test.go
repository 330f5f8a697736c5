package errname_test

import (
	"testing"

	"github.com/waslrun/wasl/asl/errname"
)

func TestMatches(t *testing.T) {
	type raised = errname.Raised
	tests := map[string]struct {
		raised raised
		by     []string
		notBy  []string
	}{
		"a function's own error": {
			raised{Name: "Broken", Reported: true},
			[]string{"Broken", errname.All, errname.TaskFailed},
			[]string{"broken", "Broke", errname.Timeout, errname.HeartbeatTimeout, ""},
		},
		"the interpreter's": {
			raised{Name: errname.ParameterPathFailure},
			[]string{errname.ParameterPathFailure, errname.All},
			[]string{errname.TaskFailed, errname.Runtime},
		},
		"a timeout": {
			raised{Name: errname.Timeout, Reported: true},
			[]string{errname.Timeout, errname.All},
			[]string{errname.TaskFailed, errname.HeartbeatTimeout},
		},
		"a heartbeat that stopped": {
			raised{Name: errname.Timeout, Reported: true, Heartbeat: true},
			[]string{errname.Timeout, errname.HeartbeatTimeout, errname.All},
			[]string{errname.TaskFailed},
		},
		"a failure without a name": {
			raised{Reported: true},
			[]string{errname.All, errname.TaskFailed},
			[]string{"", errname.Timeout},
		},
		"States.Runtime": {
			raised{Name: errname.Runtime, Reported: true},
			nil,
			[]string{errname.Runtime, errname.All, errname.TaskFailed},
		},
		"data that is too large": {
			raised{Name: errname.DataLimitExceeded, Reported: true},
			[]string{errname.DataLimitExceeded, errname.All, errname.TaskFailed},
			nil,
		},
	}
	for name, x := range tests {
		t.Run(name, func(t *testing.T) {
			for _, entry := range x.by {
				if !x.raised.Matches(entry) {
					t.Errorf("%q does not match", entry)
				}
			}
			for _, entry := range x.notBy {
				if x.raised.Matches(entry) {
					t.Errorf("%q matches", entry)
				}
			}
		})
	}
}
