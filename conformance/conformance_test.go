package conformance

import (
	"context"
	"testing"
)

func TestConformance(t *testing.T) {
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.ID(), func(t *testing.T) {
			r := runCase(context.Background(), InProcess{}, c)
			for _, d := range r.Differences {
				t.Error(d)
			}
			if r.Verdict != Passed && len(r.Differences) == 0 {
				t.Errorf("%s: %s", r.Verdict, r.Reason)
			}
		})
	}
}
