package interp_test

import (
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// A machine's time is over when its TimeoutSeconds are, to the millisecond
// (reported as measured on AWS), however late the timer is told.
func TestAMachineEndsWhenItsTimeIsOver(t *testing.T) {
	p := compile(t, `{"TimeoutSeconds":2,"StartAt":"w","States":{"w":{"Type":"Wait","Seconds":60,"End":true}}}`)
	started := startEvent(jsonvalue.EmptyObject)
	for _, late := range []time.Duration{0, 3 * time.Millisecond, time.Hour} {
		x := interp.New(p)
		var deadline *interp.StartTimer
		over := started.Time().Add(2 * time.Second)
		for _, c := range x.Apply(started).Commands {
			if timer, ok := c.(*interp.StartTimer); ok && timer.At.Equal(over) {
				deadline = timer
			}
		}
		if deadline == nil {
			t.Fatal("there is no timer of two seconds")
		}
		step := x.Apply(interp.TimerFired{At: interp.At(over.Add(late)), Timer: deadline.ID})
		last := step.History[len(step.History)-1]
		if last.Type != history.ExecutionTimedOut || !last.Time.Equal(over) {
			t.Errorf("%v late: %v at %v", late, last.Type, last.Time)
		}
		end, ok := step.Commands[len(step.Commands)-1].(*interp.Finish)
		if !ok || end.Status != interp.TimedOut || !end.At.Equal(over) {
			t.Errorf("%v late: %+v", late, end)
		}
	}
}
