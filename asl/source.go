package asl

// Source is the text of a definition and where things stand in it.
type Source struct {
	// Name is the file's name for messages; may be empty.
	Name string
	// Text is the definition as given, JSON or YAML.
	Text string
	// locate gives the line and column, from 1, of the value at a JSON Pointer.
	locate func(pointer string) (line, column int, ok bool)
}

// Locate gives the line and column, from 1, of what stands at a JSON Pointer.
func (s *Source) Locate(pointer string) (line, column int, ok bool) {
	if s == nil || s.locate == nil {
		return 0, 0, false
	}
	return s.locate(pointer)
}
