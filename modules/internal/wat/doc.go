// Package wat assembles the part of the WebAssembly text format that the tests
// and benchmarks of the sandbox are written in, so that hostile modules are
// kept as readable source.
//
// It knows the fields type (as part of a function), import, func, table,
// memory, global, export, start, elem and data, with identifiers; instructions
// flat or folded; all instructions of WebAssembly 2.0 but the vector ones. It
// does not validate: a test may well want an invalid module.
package wat
