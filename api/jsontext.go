package api

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// parsePayload reads the JSON that a client hands over as text: an execution's
// input, a task's output. problem is "" or says what is wrong with it in the
// words of AWS's parser, Jackson.
func parsePayload(text string) (v jsonvalue.Value, problem string) {
	v, err := jsonvalue.Parse(text)
	if err == nil {
		return v, ""
	}
	j := jackson{text: text}
	j.value()
	j.space()
	if j.problem == "" && j.at < len(text) {
		j.expected("") // something follows the value
	}
	if j.problem == "" { // ours is the stricter parser here: depth, \u escapes
		return v, err.Error()
	}
	return v, j.problem
}

// jackson walks through JSON text up to its first mistake and names it.
type jackson struct {
	text    string
	at      int
	depth   int
	problem string
}

// valueStart is what Jackson wants where a value is missing.
const valueStart = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// jacksonDepth bounds the recursion; deeper documents are refused anyway.
const jacksonDepth = 1000

func (j *jackson) fail(format string, args ...any) {
	if j.problem == "" {
		j.problem = fmt.Sprintf(format, args...)
	}
}

func (j *jackson) space() {
	for j.at < len(j.text) && strings.IndexByte(" \t\r\n", j.text[j.at]) >= 0 {
		j.at++
	}
}

// peek gives the next character, or 0 at the end.
func (j *jackson) peek() rune {
	if j.at >= len(j.text) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(j.text[j.at:])
	return r
}

// expected complains about the character that stands here, or about the end.
func (j *jackson) expected(what string) {
	if what != "" {
		what = ": " + what
	}
	if j.at >= len(j.text) {
		j.fail("Unexpected end-of-input%s", what)
		return
	}
	r := j.peek()
	j.fail("Unexpected character ('%c' (code %d))%s", r, r, what)
}

func (j *jackson) value() {
	j.space()
	j.depth++
	defer func() { j.depth-- }()
	if j.depth > jacksonDepth {
		j.fail("Document nesting depth exceeds the maximum allowed (%d)", jacksonDepth)
		return
	}
	switch r := j.peek(); {
	case r == 0 && j.at >= len(j.text):
		j.fail("Unexpected end-of-input")
	case r == '{':
		j.container('}', "Object", j.entry)
	case r == '[':
		j.container(']', "Array", j.value)
	case r == '"':
		j.str()
	case r == '-' || r >= '0' && r <= '9':
		j.number()
	default:
		j.word()
	}
}

// container walks through an object or array with its element function.
func (j *jackson) container(end rune, kind string, element func()) {
	j.at++
	j.space()
	if j.peek() == end {
		j.at++
		return
	}
	for j.problem == "" {
		element()
		j.space()
		switch r := j.peek(); {
		case j.problem != "":
		case j.at >= len(j.text):
			j.fail("Unexpected end-of-input: expected close marker for %s", kind)
		case r == end:
			j.at++
			return
		case r == ',':
			j.at++
		default:
			j.expected("was expecting comma to separate " + kind + " entries")
		}
	}
}

func (j *jackson) entry() {
	j.space()
	if j.peek() != '"' {
		j.expected("was expecting double-quote to start field name")
		return
	}
	j.str()
	j.space()
	if j.problem == "" && j.peek() != ':' {
		j.expected("was expecting a colon to separate field name and value")
	}
	if j.problem == "" {
		j.at++
		j.value()
	}
}

func (j *jackson) str() {
	for j.at++; j.at < len(j.text); j.at++ {
		switch c := j.text[j.at]; {
		case c == '"':
			j.at++
			return
		case c == '\\':
			j.at++
			if j.at < len(j.text) && strings.IndexByte(`"\/bfnrtu`, j.text[j.at]) < 0 {
				r := j.peek()
				j.fail("Unrecognized character escape '%c' (code %d)", r, r)
				return
			}
		case c < 0x20:
			j.fail("Illegal unquoted character ((CTRL-CHAR, code %d)): has to be escaped using backslash to be included in string value", c)
			return
		}
	}
	j.fail("Unexpected end-of-input: was expecting closing quote for a string value")
}

func (j *jackson) number() {
	start := j.at
	for j.at < len(j.text) && strings.IndexByte("+-.eE0123456789", j.text[j.at]) >= 0 {
		j.at++
	}
	if _, err := jsonvalue.Parse(j.text[start:j.at]); err != nil {
		j.fail("Invalid numeric value: %s", j.text[start:j.at])
	}
}

// word reads true, false, null, or complains.
func (j *jackson) word() {
	rest := j.text[j.at:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$' })
	if n < 0 {
		n = len(rest)
	}
	switch token := rest[:n]; token {
	case "true", "false", "null":
		j.at += n
	case "":
		j.expected("expected a valid value " + strings.TrimPrefix(valueStart, "was expecting "))
	default:
		j.fail("Unrecognized token '%s': %s", token, valueStart)
	}
}
