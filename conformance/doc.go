// Package conformance is a suite of cases for implementations of the Amazon
// States Language, and the runner that carries them out.
//
// The cases are data: JSON files in cases/, described in README.md and
// case.schema.json. Each names the section of the specification that it tests.
// [Load] reads them, [Run] gives them to a [Target]: the interpreter of this
// module on virtual time ([InProcess]), or anything that speaks the AWS Step
// Functions API ([Endpoint]).
//
// What a case expects comes from the specification and from what AWS does, not
// from what an implementation prints.
package conformance
