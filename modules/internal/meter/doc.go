// Package meter rewrites a module so that every instruction costs fuel and the
// module hands control to the host when its fuel is used up.
//
// # Fuel
//
// A module gets a counter of fuel, which the host fills with a slice worth
// about a millisecond. Straight-line stretches of code (segments) are charged
// as they are entered; the counter is tested at the header of each loop and at
// the entry of each function that can be part of a recursion. Below zero, the
// module calls the imported function yield, which gives it the next slice or
// ends it. So a deadline, a cancellation and Go's garbage collector are
// honoured within about a slice, whatever the module does, and what a run costs
// depends on the module and its input alone: not on the engine, the machine or
// the size of the slices.
//
// A short conditional segment is charged with the segment that leads to it, so
// that short branches cost nothing extra; what is charged too much that way is
// at most about what the leading segment itself costs. A small function without
// loops is charged by its callers.
//
// In functions with loops the counter lives in a local, which the engine keeps
// in a register, and is written to a global around calls.
//
// Instructions whose work depends on an operand (memory.copy and its like) are
// charged by length; the long ones run in pieces of 1 MiB, with a test between.
//
// # Depth
//
// A second counter bounds recursion: every function that may be part of a
// recursion takes the estimated size of its machine frame from it. Chains of
// calls without recursion are accounted for where they are deep.
//
// # Trust
//
// The input must have passed [wasm.Check]: indices that do not exist in the
// original could otherwise name what is added here. Type errors are left to the
// engine, which validates what this package gives out.
package meter
