package modules

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errWall = errors.New("the module's limit of wall time")

// callContext is the context of one call. It ends with its parent, and when the
// module's wall time is over; and it leads host functions to the instance.
//
// It is made for each call and most calls are short, so it sets a timer only
// for who waits: whoever just asks, as the guest's yields do, is answered from
// the clock.
type callContext struct {
	parent   context.Context
	deadline time.Time // the parent's, or when the wall time is over
	wall     bool      // it is when the wall time is over
	instance *instance // the call's until it is released; no host function runs after that

	mu    sync.Mutex
	timed context.Context // has the timer; nil until somebody waits
	stop  context.CancelFunc
	ended bool
}

// newCall makes a call's context. The call must end it.
func (m *Module) newCall(ctx context.Context) *callContext {
	c := &callContext{parent: ctx, deadline: time.Now().Add(m.limits.Wall), wall: true}
	if d, ok := ctx.Deadline(); ok && d.Before(c.deadline) {
		c.deadline, c.wall = d, false
	}
	return c
}

// end releases what the context holds. Nobody may wait for it any more.
func (c *callContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended = true; c.stop != nil {
		c.stop()
	}
}

// Deadline implements context.Context.
func (c *callContext) Deadline() (time.Time, bool) {
	return c.deadline, true
}

// Err implements context.Context.
func (c *callContext) Err() error {
	if err := c.parent.Err(); err != nil {
		return err
	}
	if time.Until(c.deadline) <= 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// cause is why the context ended: errWall or the parent's cause.
func (c *callContext) cause() error {
	switch err := c.Err(); {
	case c.parent.Err() != nil:
		return context.Cause(c.parent)
	case err != nil && c.wall:
		return errWall
	default: // the parent's own timer may be late
		return err
	}
}

// Done implements context.Context.
func (c *callContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timed == nil {
		c.timed, c.stop = c.timer()
		if c.ended {
			c.stop()
		}
	}
	return c.timed.Done()
}

// timer is a context that ends when this one does. The caller must hold mu.
func (c *callContext) timer() (context.Context, context.CancelFunc) {
	if c.wall {
		return context.WithDeadlineCause(c.parent, c.deadline, errWall)
	}
	return context.WithCancel(c.parent)
}

// callKey finds the call in a host function's context.
type callKey struct{}

// Value implements context.Context.
func (c *callContext) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	c.mu.Lock()
	timed := c.timed
	c.mu.Unlock()
	if timed != nil {
		return timed.Value(key) // where package context looks for its own
	}
	return c.parent.Value(key)
}

// callOf is the call that ctx belongs to; nil when there is none.
func callOf(ctx context.Context) *callContext {
	c, _ := ctx.Value(callKey{}).(*callContext)
	return c
}

// instanceOf is the instance that runs in ctx; nil when there is none.
func instanceOf(ctx context.Context) *instance {
	if c := callOf(ctx); c != nil {
		return c.instance
	}
	return nil
}

// Waits tells that a host function is about to wait, for time, a network or
// another call. Short calls keep to one thread of the system, which a call that
// waits would hold for nothing, and long ones have a turn that others wait for.
func Waits(ctx context.Context) {
	if i := instanceOf(ctx); i != nil {
		i.memory.Unwatch()
		i.module.store.turns.end(&i.stint)
	}
}

// causeOf is why ctx, a call's context or one made from it, ended.
func causeOf(ctx context.Context) error {
	if c, ok := ctx.Value(callKey{}).(*callContext); ok && c.Err() != nil {
		return c.cause()
	}
	return context.Cause(ctx)
}
