// Package modules turns a module reference into a ready sandbox.
//
// A binary passes through one pipeline: it is inspected against limits before
// any compiler sees it, rewritten so that every instruction costs fuel,
// compiled (in a child process where possible) into a cache on disk, run up to
// the end of its own initialisation, and kept as a snapshot. Each
// [Module.Invoke] then gets an instance that is byte for byte that snapshot,
// from a pool where the platform allows it, and no call ever sees what another
// call did.
//
// A program begins with [NewStore], opens modules with [Store.Open] and calls
// them with [Module.Invoke]. It calls [RunCompileHelper] first thing in main, so
// that hostile binaries are compiled in a child process; docs/SECURITY.md says
// what is at stake otherwise. The work is done by the packages below internal:
// wasm reads and writes binaries, meter and state rewrite them, linear provides
// memories that go back to an image.
//
// The package knows nothing of the States Language. What a guest may call is
// given to it as a [Host]; what a call means is the caller's business.
package modules
