package asl

import "github.com/waslrun/wasl/asl/jsonvalue"

// Source is the text of a definition and where things stand in it.
type Source struct {
	// Name is the file's name for messages; may be empty.
	Name string
	// Text is the definition as given, JSON or YAML.
	Text string
	// Document is the whole definition as a JSON value, YAML too.
	Document jsonvalue.Value
	// duplicates are the members whose key stood in their object before.
	duplicates []duplicate
	// locate gives the line and column, from 1, of the value at a JSON Pointer.
	locate func(pointer string) (line, column int, ok bool)
}

// duplicate is a key that its object had already, and where the later one is.
type duplicate struct {
	pointer      string
	line, column int
}

// Locate gives the line and column, from 1, of what stands at a JSON Pointer:
// of a member's key, of an element's first byte.
func (s *Source) Locate(pointer string) (line, column int, ok bool) {
	if s == nil || s.locate == nil {
		return 0, 0, false
	}
	return s.locate(pointer)
}
