package interp

import (
	"math"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/history"
)

// handling is how Task, Parallel and Map treat their results and errors.
type handling struct {
	resultSelector template // JSONPath; nil: none
	resultPath     *placement
	retriers       []asl.Retrier
	catchers       []catcher
}

// catcher is one element of Catch.
type catcher struct {
	errors     []string
	next       state
	resultPath *placement // JSONPath
	output     template   // JSONata; nil: the error output
	assign     *assignment
}

// compileHandling compiles Retry, Catch and the result fields, and links the
// catchers' targets.
func (c *common) compileHandling(l *linker, h *asl.Handling) (*handling, error) {
	plan := &handling{retriers: h.Retry, catchers: make([]catcher, len(h.Catch))}
	var err error
	if plan.resultSelector, err = c.compileTemplate("ResultSelector", h.ResultSelector); err != nil {
		return nil, err
	}
	if plan.resultPath, err = compilePlacement("ResultPath", h.ResultPath); err != nil {
		return nil, err
	}
	for i, source := range h.Catch {
		to := &plan.catchers[i]
		to.errors = source.ErrorEquals
		l.link("Next of a Catcher", source.Next, &to.next)
		if to.resultPath, err = compilePlacement("ResultPath", source.ResultPath); err != nil {
			return nil, err
		}
		if to.output, err = c.compileTemplate("Output", source.Output); err != nil {
			return nil, err
		}
		if to.assign, err = c.compileAssign("Assign", source.Assign); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// stateFailed deals with a failure of the state that a frame is in: States.Runtime
// ends the execution, a Retrier repeats the state's work, a Catcher leads on, and
// else the frame fails.
func (x *Execution) stateFailed(f *frame, err *failure) {
	if x.inspector != nil {
		x.inspectFailure(f, err)
		return
	}
	c := f.plan.base()
	err.situate(f)
	if err.query {
		x.evaluationFailed(f, err)
	}
	if err.is(errname.Runtime) {
		x.failAt(f, err)
		return
	}
	if c.handling != nil && x.retry(f, c.handling, err) {
		return
	}
	if c.kind.failed != "" {
		x.record(f, c.kind.failed, nil)
	}
	if c.handling != nil {
		if i := c.handling.catcherOf(err); i >= 0 {
			if err = x.catch(f, &c.handling.catchers[i], err); err == nil {
				return
			}
			err.situate(f)
			if err.query {
				x.evaluationFailed(f, err)
			}
			if err.is(errname.Runtime) {
				x.failAt(f, err)
				return
			}
		}
	}
	x.frameFailed(f, err)
}

// evaluationFailed records that a query failed. As long as the state has only
// been entered, the event's parent is the one from before the state; Wait and
// what happens later hang on the cursor.
func (x *Execution) evaluationFailed(f *frame, err *failure) {
	parent := f.cursor
	if f.cursor == f.entered && f.plan.base().kind != waitKind {
		parent = f.before
	}
	f.cursor = x.emit(parent, history.EvaluationFailed, &history.EvaluationFailure{
		Error: *err.name, Cause: *err.cause, Location: err.location, State: f.plan.base().name,
	})
	err.query = false
}

// retrierOf gives the index of the first Retrier that matches a failure, and
// -1 when there is none.
func (h *handling) retrierOf(err *failure) int {
	for i := range h.retriers {
		if err.matches(h.retriers[i].ErrorEquals) {
			return i
		}
	}
	return -1
}

// catcherOf gives the index of the first Catcher that matches a failure, or -1.
func (h *handling) catcherOf(err *failure) int {
	for i := range h.catchers {
		if err.matches(h.catchers[i].errors) {
			return i
		}
	}
	return -1
}

// retry starts the state's work again after the pause that the first matching
// Retrier asks for, unless its attempts are used up. Each Retrier counts for
// itself (spec: Complex retry scenarios).
func (x *Execution) retry(f *frame, h *handling, err *failure) bool {
	i := h.retrierOf(err)
	if i < 0 {
		return false
	}
	if len(f.attempts) < len(h.retriers) {
		f.attempts = append(f.attempts, make([]int64, len(h.retriers)-len(f.attempts))...)
	}
	r := &h.retriers[i]
	if f.attempts[i] >= r.MaxAttempts {
		return false
	}
	delay := backoff(r, f.attempts[i])
	if r.FullJitter {
		delay = time.Duration(x.random.Float64() * float64(delay))
	}
	f.attempts[i]++
	f.retries++
	if delay <= 0 {
		x.wake(f, begin)
	} else {
		x.pause(f, x.now.Add(delay), begin)
	}
	return true
}

// backoff gives the pause before a retry: Interval × BackoffRate^attempt, at
// most MaxDelay. attempt counts from 0.
func backoff(r *asl.Retrier, attempt int64) time.Duration {
	delay := float64(r.Interval) * math.Pow(r.BackoffRate, float64(attempt))
	if r.MaxDelay > 0 {
		delay = min(delay, float64(r.MaxDelay))
	}
	const longest = 100 * 365 * 24 * 3600 // time.Duration holds 292 years
	return time.Duration(min(delay, longest) * float64(time.Second))
}

// catch leaves a state by a Catcher. The state's own ResultSelector,
// ResultPath, OutputPath, Output and Assign are not applied.
func (x *Execution) catch(f *frame, k *catcher, err *failure) *failure {
	c := f.plan.base()
	problem := err.errorOutput()
	s := x.see(f, f.input)
	output := problem
	var failed *failure
	if c.jsonata {
		s.errorOutput = problem
		if k.output != nil {
			if output, failed = k.output.eval(s); failed != nil {
				return failed
			}
		}
	} else {
		if output, failed = k.resultPath.put(f.input, problem); failed != nil {
			return failed
		}
		s.input = problem
	}
	vars, failed := k.assign.eval(s)
	if failed != nil {
		return failed
	}
	return x.leave(f, output, vars, k.next)
}
