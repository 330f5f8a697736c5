package modules

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Whoever asks, however it asks, learns the same about a call's end.
func TestCallContext(t *testing.T) {
	module := &Module{limits: Limits{Wall: time.Second}}
	errStopped := errors.New("stopped")
	for _, c := range []struct {
		name  string
		limit time.Duration // of the parent; 0: none
		stop  bool          // cancel the parent
		after time.Duration
		err   error
		cause error
	}{
		{"running", 0, false, 999 * time.Millisecond, nil, nil},
		{"the module's wall time", 0, false, time.Second, context.DeadlineExceeded, errWall},
		{"the caller's deadline", 500 * time.Millisecond, false, 500 * time.Millisecond, context.DeadlineExceeded, context.DeadlineExceeded},
		{"a later deadline of the caller", 2 * time.Second, false, time.Second, context.DeadlineExceeded, errWall},
		{"cancelled", 0, true, 0, context.Canceled, errStopped},
	} {
		for _, waits := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				parent, stop := context.WithCancelCause(t.Context())
				defer stop(nil)
				if c.limit > 0 {
					var cancel context.CancelFunc
					parent, cancel = context.WithTimeout(parent, c.limit)
					defer cancel()
				}
				call := module.newCall(parent)
				defer call.end()
				child, cancel := context.Context(call), func() {}
				if waits {
					child, cancel = context.WithCancel(call)
				}
				defer cancel()
				time.Sleep(c.after)
				if c.stop {
					stop(errStopped)
				}
				synctest.Wait()

				if err := child.Err(); err != c.err {
					t.Errorf("%s: Err is %v, want %v", c.name, err, c.err)
				}
				if cause := causeOf(child); cause != c.cause {
					t.Errorf("%s: the cause is %v, want %v", c.name, cause, c.cause)
				}
				select {
				case <-call.Done():
					if c.err == nil {
						t.Errorf("%s: done", c.name)
					}
				default:
					if c.err != nil {
						t.Errorf("%s: not done", c.name)
					}
				}
			})
		}
	}
}

// A context made from a call's ends with it, and nothing stays behind.
func TestCallContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		call := (&Module{limits: Limits{Wall: time.Hour}}).newCall(t.Context())
		child, cancel := context.WithCancel(call)
		defer cancel()
		call.end()
		<-child.Done()
		<-call.Done()
		late := (&Module{limits: Limits{Wall: time.Hour}}).newCall(t.Context())
		late.end()
		<-late.Done() // also when the first to wait comes after the end
	})
}
