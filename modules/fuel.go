package modules

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules/internal/meter"
)

// Fuel between two yields: a few tenths of a millisecond of compiled code, some
// milliseconds of interpreted code.
const (
	fuelSlice            = 1 << 20
	fuelSliceInterpreter = 1 << 16
)

// yieldsATurn is how many yields let other goroutines run once, which may take
// the guest to another processor and its cold caches.
const yieldsATurn = 8

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
}

// defineMeter defines the import that metered modules yield through.
func defineMeter(ctx context.Context, r wazero.Runtime) error {
	yield := func(ctx context.Context, _ api.Module, stack []uint64) {
		if i := instanceOf(ctx); i != nil {
			stack[0] = uint64(i.yield(ctx, int64(stack[0])))
		}
	}
	i64 := []api.ValueType{api.ValueTypeI64}
	_, err := r.NewHostModuleBuilder(meter.Module).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(yield), i64, i64).Export(meter.Yield).Instantiate(ctx)
	return err
}

// yield takes the guest's counter and gives its next value, or ends the run.
// That it is an ordinary Go call also lets Go's collector stop the goroutine.
func (i *instance) yield(ctx context.Context, counter int64) int64 {
	if int64(i.depth.Get()) < 0 || i.stackTooLarge() {
		panic(&stop{ExitTrap, errStack})
	}
	used := i.account.granted - counter
	if used > i.account.limit {
		i.fuel.Set(uint64(counter))
		panic(&stop{ExitFuel, fmt.Errorf("the call used up its %d units of fuel", i.account.limit)})
	}
	if i.account.yields++; i.account.yields%yieldsATurn == 0 {
		i.memory.Unwatch() // to wait its turn on one thread would cost more than it saves
		goruntime.Gosched()
	}
	if ctx.Err() != nil {
		i.fuel.Set(uint64(counter))
		panic(&stop{ExitKilled, causeOf(ctx)})
	}
	// Within a loop the guest's own counter is older than the one it passes.
	// What it says stays the same to used, so that slices do not show there.
	stored := i.account.granted - int64(i.fuel.Get())
	next := min(i.account.limit-used, i.module.store.slice)
	i.account.granted = used + next
	i.fuel.Set(uint64(i.account.granted - stored))
	return next
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
