// Package asl is the Amazon States Language as a syntax tree.
//
// [Parse] reads a definition, JSON or YAML, into a [StateMachine] that knows
// where in its text everything stands. [Validate] finds its mistakes, all at
// once, as [Diagnostic] values. The tree says what was written; what it means
// while running is the business of asl/interp.
//
// Source: the Amazon States Language specification, https://states-language.net.
package asl
