package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind tells names from operators.
type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	variableToken
	operatorToken
	stringToken
	numberToken
	wordToken // true, false, null
	regexToken
)

// token is one lexeme. text holds a name, an operator or a string's content.
type token struct {
	kind     tokenKind
	text     string
	literal  value // of a string, number or word
	regex    *regex
	position int // UTF-16 units from the start
}

// operators are the symbols with their left binding powers, 0 for those that
// only stand first or between; every character here also ends a name.
var operators = map[string]int{
	".": 75, "[": 80, "]": 0, "{": 70, "}": 0, "(": 80, ")": 0, ",": 0, "@": 80, "#": 80, ";": 0, ":": 0,
	"?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "|": 0, "=": 40, "<": 40, ">": 40, "^": 40,
	"**": 0, "..": 0, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "and": 30, "or": 25, "in": 40,
	"&": 50, "!": 0, "~": 0,
}

// lexer cuts an expression into tokens.
type lexer struct {
	src string
	pos int // in bytes

	// where the last asked position stands, so that counting UTF-16 units
	// need not start again at the beginning.
	seenBytes, seenUnits int
}

// units gives the UTF-16 position of a byte offset.
func (l *lexer) units(offset int) int {
	offset = min(offset, len(l.src))
	if offset < l.seenBytes {
		l.seenBytes, l.seenUnits = 0, 0
	}
	l.seenUnits += utf16Len(l.src[l.seenBytes:offset])
	l.seenBytes = offset
	return l.seenUnits
}

func (l *lexer) fail(code string, offset int) *Error { return fault(code).at(l.units(offset)) }

// char gives the byte at an offset, 0 at the end.
func (l *lexer) char(offset int) byte {
	if offset < len(l.src) {
		return l.src[offset]
	}
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\f' }

// skip passes over white space and comments.
func (l *lexer) skip() error {
	for l.pos < len(l.src) {
		switch {
		case isSpace(l.src[l.pos]):
			l.pos++
		case strings.HasPrefix(l.src[l.pos:], "/*"):
			end := strings.Index(l.src[l.pos+2:], "*/")
			if end < 0 {
				return l.fail("S0106", l.pos)
			}
			l.pos += 2 + end + 2
		default:
			return nil
		}
	}
	return nil
}

// next gives the next token. Where an operator is expected (infix) a slash
// divides; elsewhere it starts a regular expression.
func (l *lexer) next(infix bool) (token, error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	start := l.pos
	c := l.char(start)
	if start >= len(l.src) {
		return token{kind: endToken, text: "(end)", position: l.units(start)}, nil
	}
	if c == '/' && !infix {
		return l.regex()
	}
	if op := l.operator(); op != "" {
		l.pos += len(op)
		return token{kind: operatorToken, text: op, position: l.units(l.pos)}, nil
	}
	switch {
	case c == '"' || c == '\'':
		return l.str(c)
	case c == '-' || c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		return l.quotedName()
	}
	return l.name()
}

// operator gives the operator symbol at the lexer's position, "" for none.
func (l *lexer) operator() string {
	if l.pos+2 <= len(l.src) {
		switch two := l.src[l.pos : l.pos+2]; two {
		case "..", ":=", "!=", ">=", "<=", "**", "~>":
			return two
		}
	}
	one := l.src[l.pos : l.pos+1]
	if _, ok := operators[one]; ok {
		return one
	}
	return ""
}

func (l *lexer) str(quote byte) (token, error) {
	l.pos++
	var b []byte
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case quote:
			l.pos++
			s := joinSurrogates(string(b))
			return token{kind: stringToken, text: s, literal: stringValue(s), position: l.units(l.pos)}, nil
		case '\\':
			l.pos++
			r, err := l.escape()
			if err != nil {
				return token{}, err
			}
			b = appendUnit(b, r)
		default:
			b = append(b, c)
			l.pos++
		}
	}
	return token{}, l.fail("S0101", l.pos)
}

// escape reads what follows a backslash.
func (l *lexer) escape() (rune, error) {
	c := l.char(l.pos)
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 && c != 0 {
		l.pos++
		return rune("\"\\/\b\f\n\r\t"[i]), nil
	}
	if c == 'u' {
		if l.pos+5 <= len(l.src) {
			if n, err := strconv.ParseUint(l.src[l.pos+1:l.pos+5], 16, 16); err == nil {
				l.pos += 5
				return rune(n), nil
			}
		}
		return 0, l.fail("S0104", l.pos)
	}
	_, size := utf8.DecodeRuneInString(l.src[l.pos:])
	return 0, l.fail("S0103", l.pos).token(l.src[l.pos : l.pos+size])
}

// numberLen gives the length of the JSON number at the start of s, 0 for none.
func numberLen(s string) int {
	digits := func(i int) int {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i
	}
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++
	case digits(i) > i:
		i = digits(i)
	default:
		return 0
	}
	if i < len(s) && s[i] == '.' && digits(i+1) > i+1 {
		i = digits(i + 1)
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if digits(j) > j {
			i = digits(j)
		}
	}
	return i
}

func (l *lexer) number() (token, error) {
	text := l.src[l.pos : l.pos+numberLen(l.src[l.pos:])]
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && math.IsInf(f, 0) {
		return token{}, l.fail("S0102", l.pos).token(text)
	}
	l.pos += len(text)
	return token{kind: numberToken, text: text, literal: numberValue(f), position: l.units(l.pos)}, nil
}

func (l *lexer) quotedName() (token, error) {
	end := strings.IndexByte(l.src[l.pos+1:], '`')
	if end < 0 {
		return token{}, l.fail("S0105", len(l.src))
	}
	name := l.src[l.pos+1 : l.pos+1+end]
	l.pos += end + 2
	return token{kind: nameToken, text: name, position: l.units(l.pos)}, nil
}

func (l *lexer) name() (token, error) {
	start := l.pos
	for l.pos < len(l.src) && !isSpace(l.src[l.pos]) {
		if _, stop := operators[l.src[l.pos:l.pos+1]]; stop {
			break
		}
		l.pos++
	}
	name := l.src[start:l.pos]
	t := token{kind: nameToken, text: name, position: l.units(l.pos)}
	switch name {
	case "or", "in", "and":
		t.kind = operatorToken
	case "true", "false":
		t.kind, t.literal = wordToken, boolValue(name == "true")
	case "null":
		t.kind, t.literal = wordToken, nullValue
	default:
		if name[0] == '$' {
			t.kind, t.text = variableToken, name[1:]
		}
	}
	return t, nil
}

// regex reads a regular expression literal; the lexer stands on its slash.
// Slashes inside brackets do not end it.
func (l *lexer) regex() (token, error) {
	l.pos++
	start, depth := l.pos, 0
	for ; l.pos < len(l.src); l.pos++ {
		escaped := l.src[l.pos-1] == '\\'
		switch c := l.src[l.pos]; {
		case c == '/' && depth == 0 && !oddBackslashes(l.src[:l.pos]):
			return l.regexEnd(start)
		case strings.IndexByte("([{", c) >= 0 && !escaped:
			if depth++; depth > maxNesting {
				return token{}, limit("The regular expression nests deeper than %d levels", maxNesting).at(l.units(l.pos))
			}
		case strings.IndexByte(")]}", c) >= 0 && !escaped:
			depth--
		}
	}
	return token{}, l.fail("S0302", l.pos)
}

func oddBackslashes(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}

func (l *lexer) regexEnd(start int) (token, error) {
	pattern := l.src[start:l.pos]
	if pattern == "" {
		return token{}, l.fail("S0301", l.pos)
	}
	l.pos++
	flags := l.pos
	for l.char(l.pos) == 'i' || l.char(l.pos) == 'm' {
		l.pos++
	}
	re, err := newRegex(pattern, l.src[flags:l.pos])
	if err != nil {
		err.Position = l.units(start)
		return token{}, err
	}
	return token{kind: regexToken, regex: re, position: l.units(l.pos)}, nil
}
