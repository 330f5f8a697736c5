package asl

import (
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Place is where something stands in a definition: a path of members and
// elements from the whole. Places are linked to the place around them, so that
// they cost the same however long the keys on the way are. nil is the whole.
type Place struct {
	around *Place
	key    string
	index  int // of an element; -1: a member
}

// Field is the place of an object's member.
func (p *Place) Field(key string) *Place { return &Place{p, key, -1} }

// Index is the place of an array's element.
func (p *Place) Index(i int) *Place { return &Place{p, "", i} }

// Around is the place that p is a member or an element of.
func (p *Place) Around() *Place {
	if p == nil {
		return nil
	}
	return p.around
}

// path gives the steps from the whole to p.
func (p *Place) path() []*Place {
	var steps []*Place
	for ; p != nil; p = p.around {
		steps = append(steps, p)
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return steps
}

// Pointer is the place as a JSON Pointer (RFC 6901): /States/a~1b/Choices/0.
func (p *Place) Pointer() string {
	var b strings.Builder
	for _, s := range p.path() {
		b.WriteByte('/')
		if s.index >= 0 {
			b.WriteString(strconv.Itoa(s.index))
		} else {
			b.WriteString(jsonvalue.EscapePointer(s.key))
		}
	}
	return b.String()
}

// String is the place as AWS writes it: /States/a/Choices[0]/Next, and / for
// the whole. Of long keys only the beginning is shown.
func (p *Place) String() string {
	if p == nil {
		return "/"
	}
	var b strings.Builder
	for _, s := range p.path() {
		if s.index >= 0 {
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
			continue
		}
		b.WriteString("/" + shortened(s.key))
	}
	return b.String()
}

// shortened gives the beginning of a long text.
func shortened(s string) string {
	const most = 200 // characters; no state's name, label or path of use is longer
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
