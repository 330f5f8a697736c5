// Package wasl is for tasks that run as WebAssembly modules in wasl.
//
// A task is a handler, which takes the task's input and gives its output:
//
//	package main
//
//	import (
//		"context"
//
//		wasl "github.com/waslrun/wasl/sdk/go"
//	)
//
//	type request struct{ Name string }
//
//	var _ = wasl.Handle(func(ctx context.Context, in request) (string, error) {
//		return "hello " + in.Name, nil
//	})
//
//	func main() {}
//
// Built as a reactor it is fast, since wasl starts each task from a snapshot
// that was made after all packages were initialised:
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o hello.wasm .
//
// The same source also builds as a command (without -buildmode), which reads
// its input on stdin and writes its output on stdout. There the handler runs
// as soon as [Handle] is called, and the program ends with it.
//
// A handler fails by returning an error. An [*Error] gives it a name that
// Retry and Catch can match; a panic has the name Panic.
//
// What the task may touch is granted in wasl's configuration: nothing unless it
// stands there. docs/TASKS.md has the details, and the functions of the host
// that this package hides.
package wasl
