package jsonvalue

import "strings"

// Spot is where a value stands in a text, and what is inside it. The spots of a
// document are a tree, as its values are, so that they cost what the text costs
// however long its keys are.
type Spot struct {
	// Parent holds the object or array around; nil for the whole document.
	Parent *Spot
	// Key is the member's key; of an element "", and Index is its index.
	Key   string
	Index int
	// Offset is where the value starts, in bytes from 0. KeyOffset is where the
	// member's key starts; -1 when there is none.
	Offset, KeyOffset int

	members map[string]*Spot
	elems   []*Spot
}

// Member gives the spot of an object's member, or nil.
func (s *Spot) Member(key string) *Spot {
	if s == nil {
		return nil
	}
	return s.members[key]
}

// Elem gives the spot of an array's element, or nil.
func (s *Spot) Elem(i int) *Spot {
	if s == nil || i < 0 || i >= len(s.elems) {
		return nil
	}
	return s.elems[i]
}

// Positions tells where the values of a document stand.
type Positions struct {
	Root *Spot
	// Duplicates are the members whose key their object had already: the later
	// ones, which count. There are no more than MaxDuplicates.
	Duplicates []*Spot
}

// MaxDuplicates is how many duplicate keys are remembered.
const MaxDuplicates = 100

// ParseTracked is Parse that also remembers positions.
func ParseTracked(text string) (Value, *Positions, error) {
	p := parser{text: text}
	p.space()
	track := &Positions{Root: &Spot{Offset: p.pos, KeyOffset: -1}}
	p.track, p.spot = track, track.Root
	v, err := p.document()
	return v, track, err
}

// LineColumn turns an offset into a line and a column, both from 1; columns
// count bytes.
func LineColumn(text string, offset int) (line, column int) {
	offset = min(offset, len(text))
	line, start := 1, 0
	for i := range offset {
		if EndsLine(text, i) {
			line, start = line+1, i+1
		}
	}
	return line, offset - start + 1
}

// EndsLine tells whether the byte at i is the last one of a line. Lines end with
// LF, CRLF or CR.
func EndsLine(text string, i int) bool {
	return text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n')
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// EscapePointer escapes one key for use in a JSON Pointer.
func EscapePointer(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return pointerEscaper.Replace(key)
}

// intoElem notes that the parser goes into an element, and out that it is back.
func (p *parser) intoElem(i int) {
	if p.track == nil {
		return
	}
	s := &Spot{Parent: p.spot, Index: i, Offset: p.pos, KeyOffset: -1}
	p.spot.elems = append(p.spot.elems, s)
	p.spot = s
}

func (p *parser) intoMember(key string, keyAt int) {
	if p.track == nil {
		return
	}
	s := &Spot{Parent: p.spot, Key: key, Offset: p.pos, KeyOffset: keyAt}
	if p.spot.members == nil {
		p.spot.members = map[string]*Spot{}
	}
	if _, twice := p.spot.members[key]; twice && len(p.track.Duplicates) < MaxDuplicates {
		p.track.Duplicates = append(p.track.Duplicates, s)
	}
	p.spot.members[key] = s
	p.spot = s
}

func (p *parser) out() {
	if p.track != nil {
		p.spot = p.spot.Parent
	}
}
