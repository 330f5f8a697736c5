package jackson

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a mistake in a text.
type Error struct {
	// Message is Jackson's own, without the place.
	Message string
	// Line and Column are Jackson's, from 1: where its reader stood, which is
	// behind the mistake. Columns count characters.
	Line, Column int
	source       string
}

// Error is the message with its place, as AWS quotes it in one text.
func (e *Error) Error() string { return e.Message + " at " + e.Location() }

// Location is the place as JsonLocation writes it:
// [Source: (String)"…"; line: 1, column: 4].
func (e *Error) Location() string { return location(e.source, e.Line, e.Column) }

// Check reads a text to its end or its first mistake; nil: it is JSON, or nests
// so deep that the answer is not Jackson's to give.
func Check(text string) *Error {
	r := &reader{source: text, text: []rune(text), line: 1}
	r.contexts = []context{{kind: root}}
	for r.failure == nil && r.token() {
	}
	return r.failure
}

// Of a text, Jackson's locations quote at most this many characters.
const maxSnippet = 500

func location(source string, line, column int) string {
	snippet, rest := source, ""
	if n := utf8.RuneCountInString(source); n > maxSnippet {
		snippet = string([]rune(source)[:maxSnippet])
		rest = fmt.Sprintf("[truncated %d chars]", n-maxSnippet)
	}
	return fmt.Sprintf(`[Source: (String)"%s"%s; line: %d, column: %d]`, snippet, rest, line, column)
}

// kind is the kind of a context.
type kind int

const (
	root kind = iota
	array
	object
)

func (k kind) String() string { return [...]string{"root", "Array", "Object"}[k] }

// context is what the reader stands in, and where that began.
type context struct {
	kind         kind
	values       int
	line, column int
}

// maxDepth is how deep Check follows: the parsers behind it allow less.
const maxDepth = 10_000

// reader is the parser's state. next is the index of the character that it
// reads next; rowStart that of the first one in the line.
type reader struct {
	source   string
	text     []rune
	next     int
	line     int
	rowStart int
	contexts []context
	failure  *Error
}

func (r *reader) in() *context { return &r.contexts[len(r.contexts)-1] }

func (r *reader) fail(format string, args ...any) bool {
	r.failure = &Error{Message: fmt.Sprintf(format, args...), Line: r.line, Column: r.next - r.rowStart + 1, source: r.source}
	return false
}

// unexpected reports a character that does not belong there.
func (r *reader) unexpected(c rune, comment string) bool {
	return r.fail("Unexpected character (%s): %s", described(c), comment)
}

func (r *reader) endOfInput(what string) bool { return r.fail("Unexpected end-of-input%s", what) }

// described is a character as Jackson shows it in messages.
func described(c rune) string {
	switch {
	case c < 0x20 || c >= 0x7f && c <= 0x9f:
		return fmt.Sprintf("(CTRL-CHAR, code %d)", c)
	case c > 255:
		return fmt.Sprintf("'%c' (code %d / 0x%x)", c, c, c)
	}
	return fmt.Sprintf("'%c' (code %d)", c, c)
}

// space skips white space and gives the character behind it, which is read
// then; ok is false at the end, and when something in between is a mistake.
func (r *reader) space() (c rune, ok bool) {
	for r.next < len(r.text) {
		c := r.text[r.next]
		r.next++
		switch {
		case c == '/':
			return 0, r.unexpected(c, "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)")
		case c > ' ':
			return c, true
		case c == '\n' || c == '\r':
			if c == '\r' && r.next < len(r.text) && r.text[r.next] == '\n' {
				r.next++
			}
			r.line++
			r.rowStart = r.next
		case c != ' ' && c != '\t':
			return 0, r.fail(`Illegal character (%s): only regular white space (\r, \n, \t) is allowed between tokens`, described(c))
		}
	}
	return 0, false
}

// token reads one token with what stands before it, a member's name included.
// It gives false at the end and after a mistake.
func (r *reader) token() bool {
	c, ok := r.space()
	if !ok {
		return r.failure == nil && r.end()
	}
	if c == ']' || c == '}' {
		return r.closes(c)
	}
	in := r.in()
	if in.values++; in.values > 1 && in.kind != root {
		if c != ',' {
			return r.unexpected(c, fmt.Sprintf("was expecting comma to separate %s entries", in.kind))
		}
		if c, ok = r.space(); !ok {
			return r.failure == nil && r.fail("Unexpected end-of-input within/between %s entries", in.kind)
		}
	}
	if in.kind == object {
		if c, ok = r.name(c); !ok {
			return false
		}
	}
	if in.kind == root && in.values > 1 {
		return r.trailing(c)
	}
	return r.value(c)
}

// trailing is a second value, where the reader's user wants one alone.
func (r *reader) trailing(c rune) bool {
	types := map[rune]string{
		'{': "START_OBJECT", '[': "START_ARRAY", '"': "VALUE_STRING",
		't': "VALUE_TRUE", 'f': "VALUE_FALSE", 'n': "VALUE_NULL",
	}
	name, ok := types[c]
	if !ok {
		name = "VALUE_NUMBER_INT"
	}
	return r.value(c) && r.fail("Trailing token (of type %s) found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): "+
		"not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`", name)
}

// end is the end of the text between two tokens.
func (r *reader) end() bool {
	if in := r.in(); in.kind != root {
		return r.endOfInput(fmt.Sprintf(": expected close marker for %s (start marker at %s)", in.kind, location(r.source, in.line, in.column)))
	}
	return false
}

func (r *reader) closes(c rune) bool {
	in, want := r.in(), map[kind]rune{array: ']', object: '}'}
	if in.kind == root {
		// Jackson expects the other mark where there is none to close.
		other := map[rune]rune{']': '}', '}': ']'}[c]
		return r.fail("Unexpected close marker '%c': expected '%c' (for root starting at %s)", c, other, location(r.source, 1, 0))
	}
	if c != want[in.kind] {
		return r.fail("Unexpected close marker '%c': expected '%c' (for %s starting at %s)",
			c, want[in.kind], in.kind, location(r.source, in.line, in.column))
	}
	r.contexts = r.contexts[:len(r.contexts)-1]
	return true
}

// name reads a member's name and the colon, and gives the character behind.
func (r *reader) name(c rune) (rune, bool) {
	if c != '"' {
		return 0, r.unexpected(c, "was expecting double-quote to start field name")
	}
	if !r.quoted("name", " in field name") {
		return 0, false
	}
	c, ok := r.space()
	if ok && c != ':' {
		return 0, r.unexpected(c, "was expecting a colon to separate field name and value")
	}
	if ok {
		c, ok = r.space()
	}
	if !ok && r.failure == nil {
		r.endOfInput(" within/between Object entries")
	}
	return c, ok
}

// quoted reads what follows an opening quotation mark. what names it in
// messages, ended says what is missing when the text ends.
func (r *reader) quoted(what, ended string) bool {
	for r.next < len(r.text) {
		c := r.text[r.next]
		r.next++
		switch {
		case c == '"':
			return true
		case c == '\\':
			if !r.escape() {
				return false
			}
		case c < ' ':
			return r.fail("Illegal unquoted character (%s): has to be escaped using backslash to be included in %s", described(c), what)
		}
	}
	return r.endOfInput(ended)
}

func (r *reader) escape() bool {
	const ended = " in character escape sequence"
	if r.next == len(r.text) {
		return r.endOfInput(ended)
	}
	c := r.text[r.next]
	r.next++
	if strings.ContainsRune(`bfnrt"/\`, c) {
		return true
	}
	if c != 'u' {
		return r.fail("Unrecognized character escape %s", described(c))
	}
	for range 4 {
		if r.next == len(r.text) {
			return r.endOfInput(ended)
		}
		c := r.text[r.next]
		r.next++
		if !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return r.unexpected(c, "expected a hex-digit for character escape sequence")
		}
	}
	return true
}
