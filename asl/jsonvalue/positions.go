package jsonvalue

import "strings"

// Positions tells where in a text the values of a document stand. Values are
// named by their JSON Pointer (RFC 6901): "" is the whole, "/States/a" a member.
type Positions struct {
	text   string
	values map[string]int
	keys   map[string]int
	// Duplicates are the pointers of members whose key was there before, with
	// the offset of the later key.
	Duplicates []Duplicate
}

// Duplicate is a member whose key its object had already.
type Duplicate struct {
	Pointer string
	Offset  int
}

// ParseTracked is Parse that also remembers positions.
func ParseTracked(text string) (Value, *Positions, error) {
	track := &Positions{text: text, values: map[string]int{}, keys: map[string]int{}}
	p := parser{text: text, track: track}
	p.space()
	track.values[""] = p.pos
	v, err := p.document()
	return v, track, err
}

// Value gives the offset of the value at pointer.
func (p *Positions) Value(pointer string) (offset int, ok bool) {
	offset, ok = p.values[pointer]
	return offset, ok
}

// Key gives the offset of the key of the member at pointer.
func (p *Positions) Key(pointer string) (offset int, ok bool) {
	offset, ok = p.keys[pointer]
	return offset, ok
}

// LineColumn turns an offset into a line and a column, both from 1; columns
// count bytes.
func LineColumn(text string, offset int) (line, column int) {
	offset = min(offset, len(text))
	line = 1 + strings.Count(text[:offset], "\n")
	return line, offset - strings.LastIndexByte(text[:offset], '\n')
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// EscapePointer escapes one key for use in a JSON Pointer.
func EscapePointer(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return pointerEscaper.Replace(key)
}

// push notes that the parser goes into element i, and pop that it is back.
func (p *parser) push(name func(int) string, i int) int {
	if p.track == nil {
		return 0
	}
	mark := len(p.pointer)
	p.pointer = append(append(p.pointer, '/'), name(i)...)
	p.track.values[string(p.pointer)] = p.pos
	return mark
}

func (p *parser) pushKey(b ObjectBuilder, key string, keyAt int) int {
	if p.track == nil {
		return 0
	}
	mark := len(p.pointer)
	p.pointer = append(append(p.pointer, '/'), EscapePointer(key)...)
	pointer := string(p.pointer)
	if _, twice := b.Get(key); twice {
		p.track.Duplicates = append(p.track.Duplicates, Duplicate{pointer, keyAt})
	}
	p.track.values[pointer] = p.pos
	p.track.keys[pointer] = keyAt
	return mark
}

func (p *parser) pop(mark int) {
	if p.track != nil {
		p.pointer = p.pointer[:mark]
	}
}
