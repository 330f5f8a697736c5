// Package archive holds what an execution leaves on record, its history and
// its values, as bytes.
//
// A tree of JSON values takes several times the bytes of its text, and holds on
// to every text that a part of it was cut from. So a [Writer] copies what it is
// given into one slice of bytes: a text or a container that it has written
// lately is a reference to where that was, so that a payload which goes through
// many states is there once. A [Book] is such a slice, and reads it.
//
// The length of a Book is what it holds, to the byte.
package archive
