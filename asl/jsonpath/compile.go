package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxNesting bounds filters in filters and functions in functions.
const maxNesting = 40

// compiler reads one path.
type compiler struct {
	cursor
	depth int
	steps []step
	// escapes is set for Reference Paths: a backslash outside of brackets takes
	// the next character as it is.
	escapes bool
}

// whole reads all of the text as one path that starts with "$" or "@".
func (c *compiler) whole() (*Path, error) {
	if c.depth > maxNesting {
		return nil, c.invalid(0, "Path is nested deeper than %d levels", maxNesting)
	}
	text := c.text
	c.trim()
	if c.text[c.end-1] == '.' {
		return nil, c.invalid(c.end-1, "Path must not end with a '.' or '..'")
	}
	root := c.peek()
	if c.atTail() {
		return newPath(text, root == '@', nil), nil
	}
	c.pos++
	if b := c.peek(); b != '.' && b != '[' {
		return nil, c.invalid(c.pos, "Illegal character at position %d expected '.' or '['", c.java(c.pos))
	}
	for {
		if err := c.step(); err != nil {
			return nil, err
		}
		if c.atTail() {
			return newPath(text, root == '@', invertScan(c.steps)), nil
		}
		if len(c.steps) >= MaxSteps {
			return nil, c.invalid(c.pos, "Path has more than %d steps", MaxSteps)
		}
	}
}

// step reads the next step, or the dots before it.
func (c *compiler) step() error {
	switch c.peek() {
	case '[':
		return c.bracket()
	case '.':
		return c.dot()
	case '*':
		c.pos++
		c.add(wildcard{})
		return nil
	}
	return c.name()
}

func (c *compiler) add(s step) { c.steps = append(c.steps, s) }

func (c *compiler) unparsable(suffix string) error {
	return c.invalid(c.pos, "Could not parse token starting at position %d%s", c.java(c.pos), suffix)
}

// dot reads "." or "..", and the step after it: there must be one.
func (c *compiler) dot() error {
	if c.at(c.pos+1) == '.' {
		c.add(scan{})
		c.pos++
	}
	c.pos++
	if c.peek() == '.' {
		return c.invalid(c.pos, "Character '.' on position %d is not valid.", c.java(c.pos))
	}
	return c.step()
}

// name reads a property in dot notation, or a function call.
func (c *compiler) name() error {
	start := c.pos
	if c.peek() == ' ' {
		return c.unparsable("")
	}
	for i := start; c.in(i); i++ {
		switch c.text[i] {
		case ' ':
			return c.invalid(start, "Use bracket notion ['my prop'] if your property contains blank characters. position: %d", c.java(start))
		case '.', '[':
			c.property(start, i)
			return nil
		case '(':
			return c.call(start, i)
		case '\\':
			if c.escapes {
				i++
			}
		}
	}
	c.property(start, c.end)
	return nil
}

func (c *compiler) property(start, end int) {
	name := c.text[start:end]
	if c.escapes && strings.Contains(name, `\`) {
		name = dropBackslashes(name)
	}
	c.add(property{names: []string{name}, quote: '\''})
	c.pos = end
}

func dropBackslashes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// bracket reads what stands in square brackets.
func (c *compiler) bracket() error {
	switch b := c.at(c.after(c.pos)); {
	case !c.in(c.after(c.pos)):
		return c.outOfRange()
	case b == '\'' || b == '"':
		return c.quoted(b)
	case b == '*':
		return c.star()
	case b == '?':
		return c.filter()
	case b >= '0' && b <= '9' || b == '-' || b == ':':
		return c.numbers()
	}
	return c.unparsable(". Expected ?, ', 0-9, * ")
}

func (c *compiler) star() error {
	star := c.after(c.pos)
	closing, err := c.next(star, ']')
	if err != nil || closing < 0 {
		return c.invalid(star, "Expected wildcard token to end with ']' on position %d", c.java(star+1))
	}
	c.pos = closing + 1
	c.add(wildcard{})
	return nil
}

// quoted reads names in brackets: ['a'], ["a", "b"].
func (c *compiler) quoted(quote byte) error {
	var names []string
	open, last := -1, 0 // where the open name starts; where the last one ended
	comma := false
	i := c.pos + 1
loop:
	for ; c.in(i); i++ {
		switch b := c.text[i]; {
		case b == '\\':
			i++
		case b == ']' && open < 0:
			if comma {
				return c.emptyName(i)
			}
			break loop
		case b == quote && open >= 0:
			if n := c.at(c.after(i)); n != ']' && n != ',' || !c.in(c.after(i)) {
				return c.invalid(i, "Property must be separated by comma or Property must be terminated close square bracket at index %d", c.java(i))
			}
			names = append(names, unescapeName(c.text[open:i], quote))
			open, last = -1, i
		case b == quote:
			open, comma = i+1, false
		case b == ',' && open < 0:
			if comma {
				return c.emptyName(i)
			}
			comma = true
		}
	}
	if open >= 0 {
		return c.invalid(c.pos, "Property has not been closed - missing closing %c", quote)
	}
	closing := c.after(last)
	if c.at(closing) != ']' {
		return c.invalid(c.pos, "Property has not been closed - missing closing ]")
	}
	c.pos = closing + 1
	c.add(property{names: names, quote: quote})
	return nil
}

func (c *compiler) emptyName(i int) error {
	return c.invalid(i, "Found empty property at index %d", c.java(i))
}

// javaEscapes are the escapes of Java strings that stand for something else.
var javaEscapes = map[byte]byte{'r': '\r', 'f': '\f', 't': '\t', 'n': '\n', 'b': '\b'}

// unescape resolves the escapes of a quoted name or string: those of Java
// strings, and every other character stands for itself.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if r, n := unicodeEscape(s[i:]); n > 0 {
			b.WriteRune(r)
			i += n - 1
		} else if c, ok := javaEscapes[s[i]]; ok {
			b.WriteByte(c)
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// unescapeName is unescape for a name in brackets. Here AWS parts from Jayway:
// a backslash before a quote that is not the name's own stays in the name.
func unescapeName(s string, quote byte) string {
	other := `"`
	if quote == '"' {
		other = "'"
	}
	return unescape(strings.ReplaceAll(s, `\`+other, `\\`+other))
}

// unicodeEscape reads uXXXX, or two of them that make a surrogate pair, and
// gives its length, 0 when there is none.
func unicodeEscape(s string) (r rune, length int) {
	unit := func(s string) rune {
		if len(s) >= 5 && s[0] == 'u' {
			if n, err := strconv.ParseUint(s[1:5], 16, 16); err == nil {
				return rune(n)
			}
		}
		return -1
	}
	r = unit(s)
	if r < 0 {
		return 0, 0
	}
	if utf16.IsSurrogate(r) && len(s) > 5 && s[5] == '\\' {
		if pair := utf16.DecodeRune(r, unit(s[6:])); pair != utf8.RuneError {
			return pair, 11
		}
	}
	return r, 5
}

// numbers reads indexes or a slice.
func (c *compiler) numbers() error {
	closing := c.find(c.pos+1, ']')
	if closing < 0 {
		return c.unparsable(". Expected ?, ', 0-9, * ")
	}
	text := strings.TrimSpace(c.text[c.pos+1 : closing])
	for i := range len(text) {
		if !strings.ContainsRune("0123456789,-: ", rune(text[i])) {
			return c.unparsable(". Expected ?, ', 0-9, * ")
		}
	}
	var s step
	var err error
	if strings.Contains(text, ":") {
		s, err = c.slice(text)
	} else {
		s, err = c.indexes(text)
	}
	if err != nil {
		return err
	}
	c.pos = closing + 1
	c.add(s)
	return nil
}

func (c *compiler) indexes(text string) (step, error) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		n, err := strconv.ParseInt(part, 10, 32)
		if err != nil {
			return nil, c.invalid(c.pos, "Failed to parse token in ArrayIndexOperation: %s", part)
		}
		list = append(list, int(n))
	}
	return indexes{list}, nil
}

// slice reads from:to, where either may lack; a step after a second colon is
// ignored, as Jayway has none.
func (c *compiler) slice(text string) (step, error) {
	var s slice
	parts := strings.Split(text, ":")
	for i, part := range parts[:2] {
		if part == "" {
			continue
		}
		n, err := strconv.ParseInt(part, 10, 32)
		if strings.Contains(part, " ") || strings.Contains(part, ",") {
			return nil, c.invalid(c.pos, "Failed to parse SliceOperation: %s", text)
		}
		if err != nil {
			return nil, c.invalid(c.pos, "java.lang.NumberFormatException: For input string: %q", part)
		}
		v := int(n)
		if i == 0 {
			s.from = &v
		} else {
			s.to = &v
		}
	}
	if s.from == nil && s.to == nil {
		return nil, c.invalid(c.pos, "Failed to parse SliceOperation: %s", text)
	}
	return s, nil
}

// filter reads [?(...)].
func (c *compiler) filter() error {
	mark := c.after(c.pos)
	open, err := c.next(mark, '(')
	if err != nil {
		return err
	}
	if open < 0 {
		return c.placeholder(mark)
	}
	closing, err := c.matching(open, ')', true)
	if err != nil {
		return err
	}
	end := c.after(closing)
	if closing < 0 || !c.in(end) || c.text[end] != ']' {
		return c.unparsable(". Expected ?, ', 0-9, * ")
	}
	f := filterCompiler{cursor: cursor{text: c.text[c.pos : end+1], pos: 1, end: end - c.pos}, depth: c.depth}
	x, err := f.whole()
	if err != nil {
		return shift(err, c.pos)
	}
	c.pos = end + 1
	c.add(filter{x})
	return nil
}

// placeholder refuses [?], which Jayway fills with predicates from Java code.
func (c *compiler) placeholder(mark int) error {
	closing := c.find(c.pos+1, ']')
	if n := c.at(c.after(mark)); closing < 0 || n != ']' && n != ',' {
		return c.unparsable(". Expected ?, ', 0-9, * ")
	}
	return c.invalid(c.pos, "Not enough predicates supplied for filter %s at position %d",
		fmt.Sprintf("[%s]", c.text[c.pos+1:closing]), c.java(c.pos))
}
