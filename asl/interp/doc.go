// Package interp is the deterministic interpreter of the States Language.
//
// [Compile] turns a definition into a [Program] once; an [Execution] runs it.
// [Execution.Apply] takes an [Event] and gives a [Step]: the commands to carry
// out and the history events that AWS would record. There is no clock, no
// goroutine, no I/O and no global randomness in here: time and chance come in
// with the events, so the same events always give the same steps, and an
// execution can be rebuilt by applying its events again.
package interp
