package modules

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules/internal/meter"
)

// Fuel between two yields.
const (
	// fuelSlice is a few tenths of a millisecond of compiled code that touches
	// no new pages, fuelSliceInterpreter a millisecond of interpreted code.
	fuelSlice            = 1 << 20
	fuelSliceInterpreter = 1 << 16

	// A page that is touched for the first time takes the system as long as
	// thousands of instructions, and a guest writes to one in three, or to two
	// where what it writes lies across their border. So a memory with no more than
	// fewFresh bytes of such pages, which are 4,096, is let alone, and others are
	// given fuelSliceFresh, enough to write to 4,096 pages; after a slice that took
	// slowSlice, as those do that touch pages, fuelSliceFaulting.
	fewFresh          = 16 << 20
	fuelSliceFresh    = 6 << 10
	fuelSliceFaulting = 1 << 11
	slowSlice         = 500 * time.Microsecond
	// fastSlice is more than fuelSliceFresh takes where no new page is touched.
	fastSlice = 50 * time.Microsecond
)

// turn is how long a guest runs before it lets other goroutines run once, which
// may take it to another processor and its cold caches.
const turn = 2 * time.Millisecond

// stop is what the host panics with to end a run that may not go on.
type stop struct {
	kind ExitKind
	err  error
}

func (s *stop) Error() string { return s.err.Error() }
func (s *stop) Unwrap() error { return s.err }

var errStack = errors.New("stack overflow")

// account is the fuel of one call. What the guest has not used of what it was
// granted stands in its own counter.
type account struct {
	limit   int64
	granted int64
	yields  int
	slow    bool // the last slice took long

	// left is how long it was to the call's deadline at the last yield, and
	// leftAtTurn when other goroutines were last let run.
	left, leftAtTurn time.Duration
}

// defineMeter defines the import that metered modules yield through.
func defineMeter(ctx context.Context, r wazero.Runtime) error {
	yield := func(ctx context.Context, _ api.Module, stack []uint64) {
		if c := callOf(ctx); c != nil && c.instance != nil {
			stack[0] = uint64(c.instance.yield(c, int64(stack[0])))
		}
	}
	i64 := []api.ValueType{api.ValueTypeI64}
	_, err := r.NewHostModuleBuilder(meter.Module).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(yield), i64, i64).Export(meter.Yield).Instantiate(ctx)
	return err
}

// yield takes the guest's counter and gives its next value, or ends the run.
// That it is an ordinary Go call also lets Go's collector stop the goroutine.
//
// A guest with much memory comes here thousands of times a millisecond. So the
// clock is read once, and the engine's stack is looked at now and then.
func (i *instance) yield(c *callContext, counter int64) int64 {
	if watch := i.module.store.yields; watch != nil {
		watch()
		defer watch()
	}
	a := &i.account
	took, left := i.pace(c)
	if a.yields++; int64(i.depth.Get()) < 0 || (took > fastSlice || a.yields%stackLooks == 0) && i.stackTooLarge() {
		panic(&stop{ExitTrap, errStack})
	}
	used := a.granted - counter
	if used > a.limit {
		i.fuel.Set(uint64(counter))
		panic(&stop{ExitFuel, fmt.Errorf("the call used up its %d units of fuel", a.limit)})
	}
	if left <= 0 || c.parent.Err() != nil {
		i.fuel.Set(uint64(counter))
		panic(&stop{ExitKilled, c.cause()})
	}
	// Within a loop the guest's own counter is older than the one it passes.
	// What it says stays the same to used, so that slices do not show there.
	stored := a.granted - int64(i.fuel.Get())
	next := min(a.limit-used, i.slice())
	a.granted = used + next
	i.fuel.Set(uint64(a.granted - stored))
	return next
}

// stackLooks is how many yields after short slices there are for one look at the
// engine's stack.
const stackLooks = 8

// pace tells how long the last slice took and how long it is to the deadline. It
// has the memory prepared for what comes, and lets others run when it is their
// turn.
func (i *instance) pace(c *callContext) (took, left time.Duration) {
	a := &i.account
	left = time.Until(c.deadline)
	took = a.left - left
	a.slow = took > slowSlice
	if took > fastSlice && i.memory.Fresh() > fewFresh {
		i.memory.Advance()
	}
	if a.leftAtTurn-left > turn {
		i.memory.Unwatch() // to wait its turn on one thread would cost more than it saves
		i.module.store.turns.yield(c, &i.stint)
		goruntime.Gosched()
		left = time.Until(c.deadline)
		a.leftAtTurn = left
	}
	a.left = left
	return took, left
}

// slice is how much fuel the guest is given next.
func (i *instance) slice() int64 {
	most := i.module.store.slice
	switch {
	case i.memory.Fresh() <= fewFresh:
		return most
	case i.account.slow:
		return min(most, fuelSliceFaulting)
	default:
		return min(most, fuelSliceFresh)
	}
}

// stackTooLarge tells whether the engine's stack is beyond the limit although
// the depth counter is not: twice the limit, since it grows by doubling.
func (i *instance) stackTooLarge() bool {
	bytes, ok := engineStack(i.running)
	return ok && bytes > 2*int(i.module.limits.Stack)+1<<20
}

// used is the fuel used so far. For a guest that trapped within a loop, it is
// what had been used before the loop.
func (i *instance) used() uint64 {
	if i.fuel == nil {
		return 0
	}
	return uint64(max(0, i.account.granted-int64(i.fuel.Get())))
}

// Charge takes fuel from the guest that runs in ctx, for work that a host
// function does on its behalf, and tells whether there is any left. When it is
// used up, the guest ends as soon as the host function returns. Every call of a
// host function costs 100 units already; a unit is about a nanosecond or less.
func Charge(ctx context.Context, units uint64) (left bool) {
	i := instanceOf(ctx)
	if i == nil || i.fuel == nil {
		return true
	}
	const most = 1 << 60 // far above any limit, so that nothing overflows
	counter := int64(i.fuel.Get()) - int64(min(units, most))
	i.fuel.Set(uint64(counter))
	return i.account.granted-counter <= i.account.limit
}
