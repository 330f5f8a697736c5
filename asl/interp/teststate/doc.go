// Package teststate answers TestState: it checks a [Request], runs the one
// state in it with [interp.RunSingle] and says how it ended and what it made of
// its data.
//
// A definition is a state by itself, or a state machine with the name of one of
// its states. A mock stands for the work of a Task or the children of a Map or
// Parallel state; its result is checked against the shape of the service's
// answer (package shapes). Without a mock, a Task's work is done by Request.Invoke.
package teststate
