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
	// positions is where the document stands in the text.
	positions position
	// original gives positions of the file that the text was made of; nil: the
	// text is the file's.
	original func(line, column int) (int, int)
}

// duplicate is a key that its object had already, and where the later one is.
type duplicate struct {
	at           *Place
	line, column int
}

// position is where a value stands, JSON or YAML: of a member's key, of an
// element's first byte. member and elem are nil for what is not there.
type position interface {
	lineColumn() (line, column int)
	member(key string) position
	elem(i int) position
}

// Locate gives the line and column, from 1, of what stands at a place.
func (s *Source) Locate(p *Place) (line, column int, ok bool) {
	if s == nil || s.positions == nil {
		return 0, 0, false
	}
	at := s.positions
	for _, step := range p.path() {
		if step.index >= 0 {
			at = at.elem(step.index)
		} else {
			at = at.member(step.key)
		}
		if at == nil {
			return 0, 0, false
		}
	}
	line, column = s.inFile(at.lineColumn())
	return line, column, true
}

// inFile gives where a position of the text is in the file.
func (s *Source) inFile(line, column int) (int, int) {
	if s.original == nil {
		return line, column
	}
	return s.original(line, column)
}
