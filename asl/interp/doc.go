// Package interp is the deterministic interpreter of the States Language.
//
// [Compile] turns a definition into a [Program] once; an [Execution] runs it.
// [Execution.Apply] takes an [Event] and gives a [Step]: the commands to carry
// out and the history events that AWS would record. There is no clock, no
// goroutine, no I/O and no global randomness in here: time and chance come in
// with the events, so the same events always give the same steps, and an
// execution can be rebuilt by applying its events again.
//
// # How it works
//
// A Program is made of plans, one a state ([state]; pass.go, task.go, choice.go,
// wait.go, fail.go, parallel.go, map.go, distributed.go). A plan holds what its
// fields say, compiled: paths (path.go), templates (template.go, intrinsic.go,
// jsonata.go), quantities (quantity.go), conditions (choice.go, comparison.go),
// Retry and Catch (handling.go).
//
// An Execution is a tree of frames (frame.go): one for the execution itself, one
// for each branch of a Parallel state and for each running iteration of a Map
// state. A frame walks from state to state until it has to wait: for a command
// of its own, or for its children. Frames that can go on stand in a queue and
// take turns (execution.go). Events wake the frames that wait for them
// (apply.go), after all that the events report has been recorded; children that
// end or fail wake or fail the state that they belong to (children.go).
//
// The history follows AWS event for event. Each frame has a cursor: the event
// that its next event names as its parent (recorder.go). A failure is a value
// (failure.go): States.Runtime ends the execution, everything else goes through
// the state's Retry and Catch, and then to the frame's parent.
//
// Queries see a [scene]: the input, the result, the variables and the context
// object (context.go).
//
// [RunSingle] runs one state on its own, followed by an inspector, for TestState.
package interp
