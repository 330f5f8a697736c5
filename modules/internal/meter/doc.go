// Package meter rewrites a module so that every instruction costs fuel and the
// module hands control to the host when its fuel is used up.
//
// # Fuel
//
// A module gets a counter of fuel, which the host fills with a slice worth
// about a millisecond. The counter is tested at the header of each loop, at the
// entry of functions such that every recursion meets a test, and after each
// call of the host. Below zero, the module calls the imported function yield,
// which gives it the next slice or ends it. So a deadline, a cancellation and
// Go's garbage collector are honoured within about a slice, whatever the module
// does, and what a run costs depends on the module and its input alone: not on
// the engine, the machine or the size of the slices.
//
// What a run costs is the sum of what its instructions cost, whichever way it
// takes. It is charged ahead, for the way that is rather taken, at the entry of
// functions and the header of loops; another way charges or gives back the
// difference. So most of the straight-line stretches of code (segments) charge
// nothing. Besides:
//
//   - A small function without loops is charged by its callers, all of it.
//   - A trap comes after what was charged ahead, and what a function with loops
//     has charged since it was called, or last came back from a call, is lost.
//   - A Go function is taken to start at its start. Where a goroutine is resumed
//     in the middle of one, it may be charged up to mostAhead units too much and
//     up to mostOwed too little, once.
//
// In functions with loops the counter lives in a local, which the engine keeps
// in a register, and is written to a global around calls.
//
// Instructions whose work depends on an operand (memory.copy and its like) are
// charged by length; the long ones run in pieces of 1 MiB, and the module yields
// before each. It yields too after its memory has grown, since the host gives
// smaller slices while there is much memory that was never touched.
//
// # Depth
//
// A second counter bounds recursion: of the functions that may be part of a
// recursion, so many take the estimated size of their machine frame from it
// that what lies between two of them is small. Chains of calls without
// recursion are accounted for where they are deep.
//
// # Shape
//
// The rewriting also does what makes wazero's code better: jumps within Go's
// functions lead to where they go without a detour through the function's
// br_table, and branches take the form that is compiled best.
//
// # Trust
//
// The input must have passed [wasm.Check]: indices that do not exist in the
// original could otherwise name what is added here. Type errors are left to the
// engine, which validates what this package gives out.
package meter
