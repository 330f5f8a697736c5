package jsonvalue

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest in a text that Parse takes.
const MaxDepth = 1000

// SyntaxError says where a text stops being JSON, and why.
type SyntaxError struct {
	Offset int // in bytes, from 0
	Line   int // from 1
	Column int // in bytes, from 1
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// Parse reads one JSON text (RFC 8259). Of members with the same key the last
// one counts. Errors are of type *SyntaxError.
func Parse(text string) (Value, error) {
	p := parser{text: text}
	return p.document()
}

// MustParse is Parse for texts that are known to be right, in tests and tables.
func MustParse(text string) Value {
	v, err := Parse(text)
	if err != nil {
		panic(fmt.Sprintf("jsonvalue: %v in %q", err, text))
	}
	return v
}

type parser struct {
	text  string
	pos   int
	depth int
	track *Positions // nil: nobody asks
	spot  *Spot      // where the parser is, when track is set
}

func (p *parser) document() (Value, error) {
	p.space()
	v, err := p.value()
	if err != nil {
		return Value{}, err
	}
	p.space()
	if p.pos < len(p.text) {
		return Value{}, p.fail("unexpected %s after the JSON value", p.here())
	}
	return v, nil
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) value() (Value, error) {
	if p.pos >= len(p.text) {
		return Value{}, p.fail("unexpected end of the text")
	}
	switch c := p.text[p.pos]; c {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		s, err := p.str()
		return Value{kind: String, text: s}, err
	case 't':
		return p.word("true", True)
	case 'f':
		return p.word("false", False)
	case 'n':
		return p.word("null", NullValue)
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return p.number()
		}
		return Value{}, p.fail("unexpected %s where a value should start", p.here())
	}
}

func (p *parser) word(w string, v Value) (Value, error) {
	if len(p.text)-p.pos < len(w) || p.text[p.pos:p.pos+len(w)] != w {
		return Value{}, p.fail("unexpected %s where a value should start", p.here())
	}
	p.pos += len(w)
	return v, nil
}

func (p *parser) digits() bool {
	start := p.pos
	for p.pos < len(p.text) && p.text[p.pos]-'0' <= 9 {
		p.pos++
	}
	return p.pos > start
}

func (p *parser) number() (Value, error) {
	start := p.pos
	if p.text[p.pos] == '-' {
		p.pos++
	}
	if p.pos < len(p.text) && p.text[p.pos] == '0' {
		p.pos++
	} else if !p.digits() {
		return Value{}, p.fail("a number needs a digit here")
	}
	if p.pos < len(p.text) && p.text[p.pos] == '.' {
		p.pos++
		if !p.digits() {
			return Value{}, p.fail("a number needs a digit after its point")
		}
	}
	if p.pos < len(p.text) && p.text[p.pos]|0x20 == 'e' {
		p.pos++
		if p.pos < len(p.text) && (p.text[p.pos] == '+' || p.text[p.pos] == '-') {
			p.pos++
		}
		if !p.digits() {
			return Value{}, p.fail("a number needs a digit in its exponent")
		}
	}
	return Value{kind: Number, text: p.text[start:p.pos]}, nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > MaxDepth {
		return p.fail("nested deeper than %d levels", MaxDepth)
	}
	p.pos++
	p.space()
	return nil
}

func (p *parser) array() (Value, error) {
	if err := p.enter(); err != nil {
		return Value{}, err
	}
	defer func() { p.depth-- }()
	if p.pos < len(p.text) && p.text[p.pos] == ']' {
		p.pos++
		return EmptyArray, nil
	}
	var elems []Value
	for {
		p.intoElem(len(elems))
		v, err := p.value()
		if err != nil {
			return Value{}, err
		}
		p.out()
		elems = append(elems, v)
		p.space()
		end, err := p.separator(']')
		if err != nil {
			return Value{}, err
		}
		if end {
			return Value{kind: Array, node: &node{elems: elems}}, nil
		}
	}
}

// separator takes a comma, or the closing bracket and says so.
func (p *parser) separator(closing byte) (end bool, err error) {
	if p.pos < len(p.text) {
		switch p.text[p.pos] {
		case closing:
			p.pos++
			return true, nil
		case ',':
			p.pos++
			p.space()
			return false, nil
		}
	}
	return false, p.fail("expected ',' or '%c', found %s", closing, p.here())
}

func (p *parser) object() (Value, error) {
	if err := p.enter(); err != nil {
		return Value{}, err
	}
	defer func() { p.depth-- }()
	b := NewObject(4)
	if p.pos < len(p.text) && p.text[p.pos] == '}' {
		p.pos++
		return EmptyObject, nil
	}
	for {
		if err := p.member(b); err != nil {
			return Value{}, err
		}
		p.space()
		end, err := p.separator('}')
		if err != nil {
			return Value{}, err
		}
		if end {
			return b.Value(), nil
		}
	}
}

func (p *parser) member(b ObjectBuilder) error {
	if p.pos >= len(p.text) || p.text[p.pos] != '"' {
		return p.fail("expected a member's name in quotes, found %s", p.here())
	}
	at := p.pos
	key, err := p.str()
	if err != nil {
		return err
	}
	p.space()
	if p.pos >= len(p.text) || p.text[p.pos] != ':' {
		return p.fail("expected ':', found %s", p.here())
	}
	p.pos++
	p.space()
	p.intoMember(key, at)
	v, err := p.value()
	if err != nil {
		return err
	}
	p.out()
	b.Set(key, v)
	return nil
}

// str reads a string; p stands on its opening quote.
func (p *parser) str() (string, error) {
	p.pos++
	start := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		switch {
		case c == '"':
			s := p.text[start:p.pos]
			p.pos++
			if !utf8.ValidString(s) {
				p.pos = start
				return "", p.fail("a string that is not valid UTF-8")
			}
			return s, nil
		case c == '\\':
			return p.escaped(start)
		case c < 0x20:
			return "", p.fail("a control character (U+%04X) must be escaped in a string", c)
		}
		p.pos++
	}
	return "", p.fail("a string without its closing quote")
}

// escaped goes on with a string from its first backslash.
func (p *parser) escaped(start int) (string, error) {
	buf := append(make([]byte, 0, p.pos-start+32), p.text[start:p.pos]...)
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		switch {
		case c == '"':
			p.pos++
			if !utf8.Valid(buf) {
				p.pos = start
				return "", p.fail("a string that is not valid UTF-8")
			}
			return string(buf), nil
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			buf = utf8.AppendRune(buf, r)
		case c < 0x20:
			return "", p.fail("a control character (U+%04X) must be escaped in a string", c)
		default:
			buf = append(buf, c)
			p.pos++
		}
	}
	return "", p.fail("a string without its closing quote")
}

// escape reads one escape sequence. A surrogate without its partner becomes
// U+FFFD, since a Value's strings are UTF-8.
func (p *parser) escape() (rune, error) {
	if p.pos+1 >= len(p.text) {
		return 0, p.fail("a string without its closing quote")
	}
	c := p.text[p.pos+1]
	switch c {
	case '"', '\\', '/':
		p.pos += 2
		return rune(c), nil
	case 'b', 'f', 'n', 'r', 't':
		p.pos += 2
		return map[byte]rune{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[c], nil
	case 'u':
		r, ok := p.hex4(p.pos + 2)
		if !ok {
			return 0, p.fail(`\u needs four hexadecimal digits`)
		}
		p.pos += 6
		if !utf16.IsSurrogate(r) {
			return r, nil
		}
		if p.pos+1 < len(p.text) && p.text[p.pos] == '\\' && p.text[p.pos+1] == 'u' {
			if low, ok := p.hex4(p.pos + 2); ok {
				if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
					p.pos += 6
					return full, nil
				}
			}
		}
		return utf8.RuneError, nil
	}
	return 0, p.fail(`\%c is no escape sequence of JSON`, c)
}

func (p *parser) hex4(at int) (rune, bool) {
	if at+4 > len(p.text) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.text[at:at+4], 16, 16)
	return rune(n), err == nil
}

// here names what stands at the parser's position, for messages.
func (p *parser) here() string {
	if p.pos >= len(p.text) {
		return "the end of the text"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return strconv.QuoteRune(r)
}

func (p *parser) fail(format string, args ...any) error {
	line, col := LineColumn(p.text, p.pos)
	return &SyntaxError{Offset: p.pos, Line: line, Column: col, Msg: fmt.Sprintf(format, args...)}
}
