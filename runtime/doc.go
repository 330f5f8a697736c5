// Package runtime is the engine: it runs executions of state machines.
//
// The interpreter (asl/interp) decides, this package acts. Events enter an
// [Execution] through its mailbox; a small pool of drivers applies them, one
// bounded step at a time and one execution after the other, and one executor
// carries out the commands that come of it: tasks go to a bounded pool of
// workers, timers to one heap on the engine's [Clock], Map Runs to their own
// loop. An execution that waits costs no goroutine.
//
// Start with [New], then [Engine.Start] and [Execution.Wait].
//
// The name meets that of Go's own package runtime: import that one as
// goruntime. No name here is exported by it too.
package runtime
