package hostfuncs

import (
	"context"

	"github.com/waslrun/wasl/modules"
)

// What the host does for a guest costs the guest's fuel, about as much as the
// same time of the guest's own instructions: a unit is a nanosecond or less.
// The meter takes 100 units for each call of a host function; these prices come
// on top. docs/TASKS.md has the same table.
//
// Type memory counts every byte that passes between a guest's memory and the
// host, and bind adds a function's own price, so that no function is free by
// having been forgotten here.
const (
	// bytesPerUnit is how many bytes a unit moves, the price of memory.copy.
	bytesPerUnit = 16

	unitsRandomByte = 1
	unitsOutputByte = 1 // which is looked at again: is it JSON?
	unitsLogByte    = 4
	unitsLogLine    = 2_000
	unitsHeartbeat  = 1_000
	unitsContext    = 4 // for each byte of the text, when it is made
	unitsVariable   = 100
	unitsStorage    = 20_000 // a call, and each object of a listing
	unitsStoredByte = 1
	unitsHTTP       = 100_000 // a request
	unitsHTTPByte   = 1
	unitsPoll       = 100   // a subscription
	unitsSleep      = 5_000 // a wait that took place
	unitsPath       = 3_000 // a name of a path that is looked up
	unitsFile       = 1_000 // a file that is opened, read, written or described
	unitsEntry      = 200   // a name in a directory that is listed
	unitsSync       = 1_000_000
)

// fixedPrices are the functions that cost more than 100 units whatever their
// arguments.
var fixedPrices = map[string]uint64{
	"wasl.heartbeat":               unitsHeartbeat,
	"wasl.storage_get":             unitsStorage,
	"wasl.storage_put":             unitsStorage,
	"wasl.storage_delete":          unitsStorage,
	"wasl.storage_list":            unitsStorage,
	"wasl.http_fetch":              unitsHTTP,
	"extism:host/env.http_request": unitsHTTP,
}

// spend counts units that are charged when the host function returns, or when
// it pays before.
func (s *session) spend(units int64) { s.owed += uint64(max(units, 0)) }

// pay charges what was spent. It is false when the fuel is used up, or the call
// has come to its end: a host function that has more to do stops then. The
// guest itself ends once the host function returns.
func (s *session) pay(ctx context.Context) bool {
	left := true
	if s.owed > 0 {
		left = modules.Charge(ctx, s.owed)
		s.spent += s.owed
		s.owed = 0
	}
	return left && ctx.Err() == nil
}

// settle charges what is left when a host function returns.
func (s *session) settle(ctx context.Context) {
	if s.owed > 0 {
		modules.Charge(ctx, s.owed)
		s.spent += s.owed
		s.owed = 0
	}
}
