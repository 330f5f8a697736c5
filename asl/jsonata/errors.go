package jsonata

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is what goes wrong in an expression: when it is compiled (codes S…),
// or when it is evaluated (T… for types, D… for values, U… for limits).
// Code and Message are those of the reference implementation.
type Error struct {
	Code    string
	Message string
	// Position is where the cause stands in the expression, in UTF-16 units
	// from its start, as the reference counts; 0 when it is not known.
	Position int
	// Token is the operator or function at fault, "" when there is none.
	Token string

	// What the message's template may ask for.
	literal                 value // the token, where it is no text
	value, value2, exponent value
	index                   int
	elements                string // the kind of elements an argument must have
	text                    string // the message of $error and $assert
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// fault starts an error of a code; its message is written when it leaves the package.
func fault(code string) *Error { return &Error{Code: code} }

func (e *Error) at(position int) *Error { e.Position = position; return e }
func (e *Error) token(t string) *Error  { e.Token = t; return e }

// lexeme sets the token at fault from one that the lexer made.
func (e *Error) lexeme(t token) *Error {
	e.Token, e.literal = t.text, t.literal
	if t.literal.kind == undefined {
		e.literal = stringValue(t.text)
	}
	return e
}

func (e *Error) of(v value) *Error            { e.value = v; return e }
func (e *Error) ofText(s string) *Error       { e.value = stringValue(s); return e }
func (e *Error) ofNumber(f float64) *Error    { e.value = numberValue(f); return e }
func (e *Error) and(v value) *Error           { e.value2 = v; return e }
func (e *Error) argument(i int) *Error        { e.index = i; return e }
func (e *Error) saying(message string) *Error { e.text = message; return e }

// javaScript is an error of JavaScript's own that the reference lets out, which
// has no code there: a TypeError or a RangeError.
func javaScript(message string) *Error { return fault("D3002").saying(message) }

// limit is an error of code U1001: an expression that asks for more than it may.
func limit(format string, args ...any) *Error {
	return fault("U1001").saying(fmt.Sprintf(format, args...))
}

// withMessage writes the message from the code's template.
func (e *Error) withMessage() *Error {
	if e.Message != "" {
		return e
	}
	template, ok := messages[e.Code]
	if !ok {
		e.Message = e.text
		return e
	}
	var b strings.Builder
	for {
		open := strings.Index(template, "{{")
		if open < 0 {
			break
		}
		end := open + strings.Index(template[open:], "}}")
		b.WriteString(template[:open])
		b.WriteString(e.field(template[open+2 : end]))
		template = template[end+2:]
	}
	b.WriteString(template)
	e.Message = b.String()
	return e
}

// field gives what stands for a name in a template; names that start with "="
// are written as they are, others as JSON.
func (e *Error) field(name string) string {
	switch name {
	case "value":
		return quoteValue(e.value)
	case "value2":
		return quoteValue(e.value2)
	case "exp":
		return quoteValue(e.exponent)
	case "token":
		if e.literal.kind != undefined {
			return quoteValue(e.literal)
		}
		return quoteToken(e.Token)
	case "index":
		return strconv.Itoa(e.index)
	case "type":
		return quoteToken(e.elements)
	case "=token":
		return e.Token
	}
	return e.text // "=message"
}

func quoteToken(s string) string {
	if s == "" {
		return "undefined"
	}
	return quoteValue(stringValue(s))
}

func quoteValue(v value) string {
	if v.kind == undefined {
		return "undefined"
	}
	w := jsonWriter{most: 1 << 16} // a message needs no more
	w.write(v)
	return string(w.out)
}
