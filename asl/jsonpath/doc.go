// Package jsonpath evaluates Paths and Reference Paths (Amazon States Language,
// "Paths") on [jsonvalue.Value].
//
// AWS evaluates Paths with the Java library Jayway JsonPath and quotes its
// error messages in causes, so this package has Jayway's semantics, its
// messages included: which paths are definite, what a filter compares, that a
// missing leaf and a missing step read differently, even where another choice
// would be nicer. There are few differences:
//
//   - A text must start with "$", and "$name" is a variable.
//   - append() gives a longer array; Jayway changes the document.
//   - In $..[0].x the index counts; Jayway's versions disagree about that.
//   - Regular expressions are Go's: no look-around, no back references.
//   - A step may follow a function call: $.a.first().b.
//   - For !@.x in a filter a null counts as absent, and a word without quotes right
//     of an operator is a text: AWS has both, the library by itself has neither.
//
// testdata/exceptions.jsonl lists those that the reference suites show.
//
// A Path is compiled once and may be evaluated by many goroutines:
//
//	p, err := jsonpath.Compile("$.orders[?(@.total > 100)].id")
//	v, err := p.Eval(input)
//
// The text names the document it reads: "$" the input, "$$" the Context Object,
// "$name" a variable. [Path.Root] says which, and the caller hands that document
// to [Path.Eval].
//
// How it is built: a cursor reads the text (cursor.go), compile.go and
// filter_compile.go make steps and filter expressions of it, eval.go walks a
// document along the steps. Paths of names and indexes only, the usual ones,
// take a short cut that allocates nothing.
package jsonpath
