package jsonpath

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// filterCompiler reads one filter, [?(...)]:
//
//	or         = and { "||" and }
//	and        = term { "&&" term }
//	term       = comparison | "(" or ")" | "!" term
//	comparison = operand [ operator ( operand | word ) ]
type filterCompiler struct {
	cursor
	depth int
	// levels counts open parentheses and negations.
	levels int
}

// whole reads all of the filter; the cursor stands behind its "[" and ends
// before its "]".
func (c *filterCompiler) whole() (expr, error) {
	c.trim()
	c.pos++ // the question mark, which the path's compiler has seen
	c.trim()
	if c.peek() != '(' || c.text[c.end-1] != ')' {
		return nil, c.invalid(c.pos, "Filter must start with '[?(' and end with ')]'. %s", c.text)
	}
	x, err := c.or()
	var other *exception
	if errors.As(err, &other) {
		return nil, c.invalid(c.pos, "Failed to parse filter: %s, error on position: %d, char: %c", c.text, c.java(c.pos), c.peek())
	}
	if err != nil {
		return nil, err
	}
	if c.skipBlanks(); c.in(c.pos) {
		return nil, c.invalid(c.pos, "Expected end of filter expression instead of: %s", c.text[c.pos:c.end])
	}
	return x, nil
}

func isException(err error) bool {
	var e *exception
	return errors.As(err, &e)
}

func (c *filterCompiler) or() (expr, error) {
	list, err := c.chain("||", c.and)
	if err != nil || len(list) == 1 {
		return first(list), err
	}
	return anyOf(list), nil
}

func (c *filterCompiler) and() (expr, error) {
	list, err := c.chain("&&", c.term)
	if err != nil || len(list) == 1 {
		return first(list), err
	}
	return allOf(list), nil
}

func first(list []expr) expr {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// chain reads what read reads, once or more, with an operator between. When
// there is nothing readable behind an operator it stops before that.
func (c *filterCompiler) chain(operator string, read func() (expr, error)) ([]expr, error) {
	x, err := read()
	if err != nil {
		return nil, err
	}
	list := []expr{x}
	for {
		mark := c.pos
		if !c.accept(operator) {
			c.pos = mark
			return list, nil
		}
		x, err := read()
		if isException(err) {
			return nil, err
		}
		if err != nil {
			c.pos = mark
			return list, nil
		}
		list = append(list, x)
	}
}

func (c *filterCompiler) term() (expr, error) {
	if c.levels++; c.levels+c.depth > maxNesting {
		return nil, c.invalid(c.pos, "Filter is nested deeper than %d levels", maxNesting)
	}
	defer func() { c.levels-- }()
	c.skipBlanks()
	mark := c.pos
	if c.peek() == '!' {
		c.pos++
		c.skipBlanks()
		if b := c.peek(); b != '$' && b != '@' {
			x, err := c.term()
			return not{x}, err
		}
		c.pos = mark // part of the check that a path leads somewhere
	}
	if c.peek() != '(' {
		return c.comparison()
	}
	c.pos++
	x, err := c.or()
	if err == nil {
		err = c.expect(')')
	}
	return x, err
}

func (c *filterCompiler) comparison() (expr, error) {
	left, wanted, err := c.operand()
	if err != nil {
		return nil, err
	}
	mark := c.pos
	x, err := c.compared(left)
	if err == nil || isException(err) {
		return x, err
	}
	c.pos = mark
	p, ok := left.(*Path)
	if !ok {
		return nil, c.invalid(c.pos, "Expected path node")
	}
	return exists{p, wanted}, nil
}

// compared reads an operator and what stands right of it.
func (c *filterCompiler) compared(left operand) (expr, error) {
	c.skipBlanks()
	start := c.pos
	symbols := func(b byte) bool { return strings.IndexByte("<>=~!", b) >= 0 && b != 0 }
	if symbols(c.peek()) {
		for c.in(c.pos) && symbols(c.peek()) {
			c.pos++
		}
	} else {
		for c.in(c.pos) && c.peek() != ' ' {
			c.pos++
		}
	}
	name := c.text[start:c.pos]
	compare, ok := operators[strings.ToUpper(name)]
	if !ok {
		return nil, c.invalid(start, "Filter operator %s is not supported!", name)
	}
	right, err := c.right(name)
	if err != nil {
		return nil, err
	}
	return comparison{left, right, compare}, nil
}

// right reads what stands right of an operator. A word that is no literal is a
// text: published workflows have [?(@.Name==Receipt)] and [?(@.Name==/a/b)], which
// AWS takes and Jayway by itself refuses.
func (c *filterCompiler) right(operator string) (operand, error) {
	mark := c.pos
	o, _, err := c.operand()
	if operator == "=~" || err == nil && c.endsWord() {
		return o, err
	}
	end := c.pos
	c.pos = mark
	if word := c.bareWord(); word != "" {
		return literal{value: jsonvalue.StringOf(word)}, nil
	}
	c.pos = end
	return o, err
}

// endsWord tells whether a word that ends here is a whole one.
func (c *filterCompiler) endsWord() bool {
	return !c.in(c.pos) || strings.IndexByte(" )&|", c.peek()) >= 0
}

// bareWord reads a text without quotes. It is empty where something else begins.
func (c *filterCompiler) bareWord() string {
	c.skipBlanks()
	start := c.pos
	first, _ := utf8.DecodeRuneInString(c.text[c.pos:c.end])
	if !unicode.IsLetter(first) && !unicode.IsDigit(first) && first != '/' && first != '_' {
		return ""
	}
	for c.in(c.pos) && strings.IndexByte(" \t\r\n'\"()[]{}<>=!~&|,", c.peek()) < 0 {
		c.pos++
	}
	if !c.endsWord() {
		c.pos = start
	}
	return c.text[start:c.pos]
}

// operand reads a path or a literal; wanted is false behind a "!".
func (c *filterCompiler) operand() (o operand, wanted bool, err error) {
	c.skipBlanks()
	wanted = true
	if c.peek() == '!' {
		c.pos++
		c.skipBlanks()
		if b := c.peek(); b != '$' && b != '@' {
			return nil, false, c.invalid(c.pos, "Unexpected character: !")
		}
		wanted = false
	}
	switch c.peek() {
	case '$', '@':
		o, err = c.path()
	case '\'', '"':
		o, err = c.str()
	case 't', 'f':
		o, err = c.boolean()
	case 'n':
		if !strings.HasPrefix(c.text[c.pos:c.end], "null") {
			return nil, true, c.invalid(c.pos, "Expected <null> value")
		}
		c.pos += len("null")
		o = literal{value: jsonvalue.NullValue}
	case '{':
		o, err = c.json('}')
	case '[':
		o, err = c.json(']')
	case '/':
		o, err = c.pattern()
	default:
		o, err = c.number()
	}
	return o, wanted, err
}

func (c *filterCompiler) str() (operand, error) {
	quote := c.peek()
	closing := c.findUnescaped(c.pos, quote)
	if closing < 0 {
		return nil, c.invalid(c.pos, "String literal does not have matching quotes. Expected %c in %s", quote, c.text)
	}
	s := unescape(c.text[c.pos+1 : closing])
	c.pos = closing + 1
	return literal{value: jsonvalue.StringOf(s)}, nil
}

func (c *filterCompiler) boolean() (operand, error) {
	for _, b := range []bool{true, false} {
		if word := strconv.FormatBool(b); strings.HasPrefix(c.text[c.pos:c.end], word) {
			c.pos += len(word)
			return literal{value: jsonvalue.BoolOf(b)}, nil
		}
	}
	return nil, c.invalid(c.pos, "Expected boolean literal")
}

func (c *filterCompiler) number() (operand, error) {
	start := c.pos
	for c.in(c.pos) && strings.IndexByte("0123456789-.eE", c.peek()) >= 0 {
		c.pos++
	}
	text := c.text[start:c.pos]
	v, err := jsonvalue.Parse(text)
	if err == nil && v.Kind() == jsonvalue.Number {
		return literal{value: v}, nil
	}
	// 007, .5 and 1. are numbers to Java.
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "-.") == "" {
		return nil, &exception{"java.lang.NumberFormatException"}
	}
	return literal{value: jsonvalue.FloatOf(f)}, nil
}

// json reads an array or an object, which Jayway lets be written loosely.
func (c *filterCompiler) json(closing byte) (operand, error) {
	end, err := c.matching(c.pos, closing, false)
	if err != nil {
		return nil, err
	}
	if end < 0 {
		return nil, c.invalid(c.pos, "String not closed. Expected ' in %s", c.text)
	}
	text := c.text[c.pos : end+1]
	v, err := parseLoose(text)
	if err != nil {
		return nil, c.invalid(c.pos, "Failed to parse %s: %v", text, err)
	}
	c.pos = end + 1
	return literal{value: v}, nil
}

// pattern reads /regular expression/flags. Patterns are Go's (RE2), which have
// no look-around and no back references, and take time linear in the text.
func (c *filterCompiler) pattern() (operand, error) {
	closing := c.findUnescaped(c.pos, '/')
	if closing < 0 {
		return nil, c.invalid(c.pos, "Pattern not closed. Expected / in %s", c.text)
	}
	text := strings.ReplaceAll(c.text[c.pos+1:closing], `\/`, `/`)
	start := c.pos
	flags := ""
	for c.pos = closing + 1; c.in(c.pos) && strings.IndexByte("dixmsuU", c.peek()) >= 0; c.pos++ {
		if b := c.peek(); b == 'i' || b == 'm' || b == 's' {
			flags += string(b)
		}
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	re, err := regexp.Compile(flags + `\A(?:` + text + `)\z`)
	if err != nil {
		return nil, c.invalid(start, "Pattern /%s/ is not supported: %v", text, err)
	}
	return literal{pattern: re}, nil
}

// path reads a path, which ends before a blank, a symbol or a parenthesis that
// is not its own.
func (c *filterCompiler) path() (operand, error) {
	start := c.pos
	c.pos++
loop:
	for c.in(c.pos) {
		if c.peek() == '[' {
			closing, err := c.matching(c.pos, ']', false)
			if err != nil {
				return nil, err
			}
			if closing < 0 {
				return nil, c.invalid(c.pos, "Square brackets does not match in filter %s", c.text)
			}
			c.pos = closing + 1
			if !c.in(c.pos) {
				break
			}
		}
		switch c.peek() {
		case '<', '>', '=', '~', '!', ' ':
			break loop
		case ')':
			if !c.closesCall(start) {
				break loop
			}
		}
		c.pos++
	}
	text := c.text[start:c.pos]
	sub := compiler{cursor: cursor{text: text, end: len(text)}, depth: c.depth + c.levels}
	p, err := sub.whole()
	if err != nil {
		return nil, shift(err, start)
	}
	return p, nil
}

// closesCall tells whether the parenthesis at hand closes a function call
// without arguments in the path that starts at start.
func (c *filterCompiler) closesCall(start int) bool {
	open := c.before(c.pos)
	return open > start && c.text[open] == '(' && strings.Contains(c.text[start+1:open], ".")
}
