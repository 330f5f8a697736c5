package substitution

import (
	"encoding/json"
	"iter"
	"sort"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Lookup gives the value of a name, if there is one.
type Lookup func(name string) (value string, ok bool)

// Values are names with their values.
type Values map[string]string

// Lookup is the [Lookup] of the map.
func (v Values) Lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

// First asks one after the other; the first that has a value gives it.
func First(all ...Lookup) Lookup {
	return func(name string) (string, bool) {
		for _, look := range all {
			if look == nil {
				continue
			}
			if value, ok := look(name); ok {
				return value, true
			}
		}
		return "", false
	}
}

// Place is a ${NAME} in a text: text[Start:End].
type Place struct {
	Name       string
	Start, End int
}

// Places gives each ${NAME} of a text. ${!NAME}, which Fn::Sub takes literally,
// and $${NAME}, which Terraform does, are none.
func Places(text string) iter.Seq[Place] {
	return func(yield func(Place) bool) {
		for from := 0; ; {
			i := strings.Index(text[from:], "${")
			if i < 0 {
				return
			}
			start := from + i
			from = start + 2
			name := nameAt(text[from:])
			if name == "" || start > 0 && text[start-1] == '$' {
				continue
			}
			from += len(name) + 1
			if !yield(Place{name, start, from}) {
				return
			}
		}
	}
}

// maxName is how long a NAME may be; CloudFormation's logical ids have 255.
const maxName = 255

// nameAt gives the NAME that text starts with, or "" where what follows ${ is
// none. Names are those of CloudFormation (a logical id with an attribute, a
// pseudo parameter), of Terraform (var.table) and of serverless.yml (self:stage).
func nameAt(text string) string {
	for i := range min(len(text), maxName+1) {
		c := text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		switch {
		case letter, i > 0 && (c >= '0' && c <= '9' || c == '.' || c == ':' || c == '-'):
		case c == '}':
			return text[:i]
		default:
			return ""
		}
	}
	return ""
}

// IsName tells whether ${name} can stand in a text.
func IsName(name string) bool { return name != "" && nameAt(name+"}") == name }

// Text is a text with its ${NAME}s filled in.
type Text struct {
	Text  string
	edits []edit
	// from and to index the lines of the original and of Text.
	from, to []int
}

// edit is original[start:end] that became Text[at:at+length].
type edit struct{ start, end, at, length int }

// Apply fills in every ${NAME} that look has a value for; the others stay.
//
// A value goes in as it is, as CloudFormation puts it, so "MaxItems": ${n} can
// become a number. Between the quotation marks of JSON a value that would not
// leave a valid text (it has a quotation mark or a line break, for instance) is
// written as JSON writes it.
func Apply(original string, look Lookup) *Text {
	look = First(look) // which may be nil
	t := &Text{from: lineStarts(original)}
	var b strings.Builder
	var quotes quotes
	done := 0
	for p := range Places(original) {
		value, ok := look(p.Name)
		if !ok {
			continue
		}
		b.WriteString(original[done:p.Start])
		if quotes.open(original[done:p.Start]) {
			value = quotable(value)
		}
		t.edits = append(t.edits, edit{p.Start, p.End, b.Len(), len(value)})
		b.WriteString(value)
		done = p.End
	}
	b.WriteString(original[done:])
	t.Text = b.String()
	t.to = lineStarts(t.Text)
	return t
}

// quotes follows the quotation marks of a JSON text, piece by piece.
type quotes struct{ inside, escaped bool }

// open tells whether a text goes on between quotation marks after this piece.
func (q *quotes) open(piece string) bool {
	for i := range len(piece) {
		switch c := piece[i]; {
		case q.escaped:
			q.escaped = false
		case q.inside && c == '\\':
			q.escaped = true
		case c == '"':
			q.inside = !q.inside
		}
	}
	return q.inside
}

// quotable is a value as it can stand between quotation marks.
func quotable(value string) string {
	if json.Valid([]byte(`"` + value + `"`)) {
		return value
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return value
	}
	quoted := strings.TrimSuffix(b.String(), "\n")
	return quoted[1 : len(quoted)-1]
}

// Position gives where a line and column of Text (from 1, columns in bytes)
// stand in the original. What is inside a value stands where its ${NAME} does.
func (t *Text) Position(line, column int) (int, int) {
	if line < 1 || line > len(t.to) {
		return line, column
	}
	at := min(t.to[line-1]+column-1, len(t.Text))
	i := sort.Search(len(t.edits), func(i int) bool { return t.edits[i].at > at }) - 1
	if i >= 0 {
		if e := t.edits[i]; at < e.at+e.length || e.length == 0 && at == e.at {
			at = e.start
		} else {
			at = e.end + at - (e.at + e.length)
		}
	}
	line = sort.SearchInts(t.from, at+1)
	return line, at - t.from[line-1] + 1
}

// lineStarts gives where lines begin.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if jsonvalue.EndsLine(text, i) {
			starts = append(starts, i+1)
		}
	}
	return starts
}
