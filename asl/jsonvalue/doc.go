// Package jsonvalue holds the one JSON value that the language works with.
//
// A [Value] is immutable and safe to share: states hand their input on, Map
// iterations and Parallel branches see the same document, and history events keep
// what a state saw without copying it. It keeps what encoding/json loses and
// AWS shows: the order of members and the text of numbers (1.0 stays 1.0,
// 2^53+1 is exact).
//
// [Parse] is strict (RFC 8259, bounded depth); [ParseTracked] also remembers
// where in the text each value stands, for messages that point into a file.
package jsonvalue
