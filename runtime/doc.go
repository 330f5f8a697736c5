// Package runtime is the engine: it runs executions of state machines.
//
// The interpreter (asl/interp) decides, this package acts. Events enter an
// [Execution] through its mailbox (execution.go); a small pool of drivers
// applies them, one bounded step at a time and one execution after the other,
// and one executor carries out the commands that come of it: tasks go to a
// bounded pool of workers (task.go, pool.go), timers to one heap on the engine's
// [Clock] (alarm.go), Map Runs to a loop of their own (maprun.go). An execution
// that waits costs no goroutine. Workers are shared by module, and of a module the
// executions take turns, the children of a Map Run as one with their parent. A
// task waits for its module to be compiled without a worker, and its time begins
// when that is done.
//
// Start with [New], then [Engine.Start] and [Execution.Wait].
//
// What a Resource means is package integration's business, which machine an ARN
// names package registry's, and where a Distributed Map's items come from
// package dataset's. [ModuleSet] runs modules in the sandbox, and a [UsageSink]
// learns what each call of them cost.
//
// # What is kept
//
// Everything is in memory. A STANDARD execution stays on record after its end,
// with its history, until Limits.Closed others have ended after it, or until
// those that have ended hold more than Limits.ClosedSize bytes and it is the
// oldest of them; the children of a Map Run until Limits.ClosedChildren of their
// siblings have ended. Counts of a Map Run are exact all the same, and its
// ResultWriter sees every child. EXPRESS executions leave nothing. So memory
// follows what is open: a Map Run holds at most MaxConcurrency children (1000
// where the state does not say), and of its results one file of 4 MiB, or as
// much as fits into a state's output.
//
// A record (record.go) is an archive.Book: the history, written down as bytes
// while the execution runs, and at its end the input and the outcome. What it
// holds is therefore known from its length (weight.go).
//
// # Cancellation
//
// A task that nobody waits for any more is asked to stop: [Work].Stop is closed,
// and heartbeats answer so. After 100 ms its context ends, which kills the
// guest. An execution does not wait for that; [Engine.Close] does.
//
// The name meets that of Go's own package runtime: import that one as
// goruntime. No name here is exported by it too.
package runtime
