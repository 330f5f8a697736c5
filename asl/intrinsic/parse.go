package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// MaxNesting is how many calls may be nested in one.
const MaxNesting = 10

// Compile reads a call. The errors are of type *SyntaxError.
func Compile(text string) (*Call, error) {
	p := parser{text: text}
	p.blanks()
	c, err := p.call(0)
	if err != nil {
		return nil, err
	}
	if p.blanks(); p.pos < len(text) {
		return nil, p.fail(p.pos, "Unexpected %q after the call", text[p.pos:])
	}
	return c, nil
}

type parser struct {
	text string
	pos  int
}

func (p *parser) fail(pos int, format string, args ...any) error {
	return &SyntaxError{Pos: pos, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *parser) blanks() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// word passes over the characters that names and numbers are made of.
func (p *parser) word() string {
	start := p.pos
	for p.pos < len(p.text) {
		b := p.text[p.pos]
		letter := b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9'
		if !letter && strings.IndexByte("._+-", b) < 0 {
			break
		}
		p.pos++
	}
	return p.text[start:p.pos]
}

// call reads name(argument, ...).
func (p *parser) call(depth int) (*Call, error) {
	start := p.pos
	name := p.word()
	fn := functions[strings.TrimPrefix(name, prefix)]
	switch {
	case !IsCall(name):
		return nil, p.fail(start, "Expected an Intrinsic Function, whose names start with %q", prefix)
	case fn == nil:
		return nil, p.fail(start, "There is no Intrinsic Function %s", name)
	case p.peek() != '(':
		return nil, p.fail(p.pos, "Expected '(' after %s", name)
	case depth > MaxNesting:
		return nil, p.fail(start, "More than %d Intrinsic Functions are nested in one", MaxNesting)
	}
	p.pos++
	args, err := p.arguments(fn, depth)
	if err != nil {
		return nil, err
	}
	if n := len(args); n < fn.least || n > fn.most {
		return nil, p.fail(start, "%s takes %s, but is given %d", name, fn.arity(), n)
	}
	return &Call{text: p.text[start:p.pos], fn: fn, args: args}, nil
}

// arguments reads up to the closing parenthesis, and that.
func (p *parser) arguments(fn *function, depth int) ([]argument, error) {
	if p.blanks(); p.peek() == ')' {
		p.pos++
		return nil, nil
	}
	var args []argument
	for {
		p.blanks()
		a, err := p.argument(fn.template && len(args) == 0, depth)
		if err != nil {
			return nil, err
		}
		args = append(args, a)
		p.blanks()
		switch p.peek() {
		case ',':
			p.pos++
		case ')':
			p.pos++
			return args, nil
		default:
			return nil, p.fail(p.pos, "Expected ',' or ')' in the arguments of States.%s", fn.name)
		}
	}
}

func (p *parser) argument(template bool, depth int) (argument, error) {
	switch p.peek() {
	case '\'':
		return p.str(template)
	case '$':
		return p.path()
	}
	start := p.pos
	word := p.word()
	if IsCall(word) {
		p.pos = start
		return p.call(depth + 1)
	}
	v, err := jsonvalue.Parse(word)
	if err != nil { // words have no quotes and brackets: only scalars parse
		return nil, p.fail(start, "Expected a string in apostrophes, a number, true, false, null, a Path or an Intrinsic Function")
	}
	return literal{value: v}, nil
}

// str reads a string in apostrophes. A template keeps its escapes, which say
// which braces are text.
func (p *parser) str(template bool) (argument, error) {
	start := p.pos
	var b strings.Builder
	for p.pos++; p.pos < len(p.text); p.pos++ {
		c := p.text[p.pos]
		switch {
		case c == '\'':
			s := b.String()
			if template {
				s = p.text[start+1 : p.pos]
			}
			p.pos++
			return literal{value: jsonvalue.StringOf(s)}, nil
		case c == '\\' && p.pos+1 < len(p.text):
			p.pos++
			if c = p.text[p.pos]; !isReserved(c) {
				return nil, p.fail(p.pos-1, `Found an open escape backslash; only \', \{, \} and \\ are escape sequences`)
			}
		}
		b.WriteByte(c)
	}
	return nil, p.fail(start, "A string without its closing apostrophe")
}

// isReserved tells whether a character must be escaped in strings.
func isReserved(c byte) bool { return c == '\'' || c == '{' || c == '}' || c == '\\' }

// path reads a Path, which ends before a blank, comma or parenthesis that is
// outside of its own brackets.
func (p *parser) path() (argument, error) {
	start, depth := p.pos, 0
	var quote byte
loop:
	for ; p.pos < len(p.text); p.pos++ {
		c := p.text[p.pos]
		switch {
		case quote != 0 && c == '\\':
			p.pos++
		case c == quote:
			quote = 0
		case quote != 0:
		case depth > 0 && (c == '\'' || c == '"'):
			quote = c
		case c == '[' || c == '(':
			depth++
		case depth == 0 && strings.IndexByte(",) \t\r\n", c) >= 0:
			break loop
		case c == ']' || c == ')':
			depth--
		}
	}
	p.pos = min(p.pos, len(p.text))
	path, err := jsonpath.Compile(p.text[start:p.pos])
	var syntax *jsonpath.SyntaxError
	if errors.As(err, &syntax) {
		return nil, p.fail(start+syntax.Pos, "%s", syntax.Msg)
	}
	return reference{path}, err
}
