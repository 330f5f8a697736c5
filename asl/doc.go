// Package asl is the Amazon States Language as a syntax tree.
//
// [Parse] reads a definition, JSON or YAML, into a [StateMachine] that knows
// where in its text everything stands. [Validate] finds its mistakes, all at
// once, as [Diagnostic] values; [Check] does both. The tree says what was
// written; what it means while running is the business of asl/interp.
//
// Validation works on the document itself, not on the tree, since the tree has
// no room for what is wrong. It is driven by tables: a shape lists the fields
// that a kind of object may have, each with the check of its value and the query
// language it belongs to (validate_shapes.go is the place to start). What the
// tables cannot say are the checks between fields, and the graph of transitions
// (validate_graph.go).
//
// Definitions are untrusted. Parsing and validation cost time and memory in
// proportion to the text, whatever is in it: places are linked instead of
// written out, YAML's aliases unfold to a bounded size, nesting and the number
// of diagnostics are limited.
//
// Source: the Amazon States Language specification, https://states-language.net.
package asl
