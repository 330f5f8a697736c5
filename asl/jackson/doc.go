// Package jackson says what is wrong with a text that is not JSON, in the words
// of Jackson, the Java library that AWS reads JSON with and whose messages it
// hands on: in diagnostics, in InvalidDefinition, in InvalidExecutionInput.
//
// It follows com.fasterxml.jackson.core.json.ReaderBasedJsonParser of Jackson
// 2.10 to 2.12, the versions whose texts AWS's answers show, with its default
// features. It reads a text to its first mistake and keeps no values.
package jackson
