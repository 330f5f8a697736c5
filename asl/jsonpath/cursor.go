package jsonpath

import (
	"fmt"
	"unicode/utf16"
)

// cursor reads the text of a path or a filter. Everything that means something
// in a path is ASCII, so it goes by bytes.
type cursor struct {
	text string
	pos  int
	// end is where reading stops; the text may go on after it.
	end int
}

// exception is what Jayway would not raise as an error in the path but as some
// other Java exception: its filters report that in their own way.
type exception struct{ msg string }

func (e *exception) Error() string { return e.msg }

// invalid makes the error for trouble at pos.
func (c *cursor) invalid(pos int, format string, args ...any) error {
	return &SyntaxError{Pos: pos, Msg: fmt.Sprintf(format, args...)}
}

// java gives a position as Java counts it, in UTF-16 units.
func (c *cursor) java(pos int) int {
	n := 0
	for _, r := range c.text[:min(pos, len(c.text))] {
		n += utf16.RuneLen(r)
	}
	return n
}

func (c *cursor) outOfRange() error {
	return &exception{fmt.Sprintf("java.lang.StringIndexOutOfBoundsException: String index out of range: %d", c.java(len(c.text)))}
}

func (c *cursor) in(i int) bool { return i >= 0 && i < c.end }

// at gives the byte at i, also beyond end; 0 outside of the text.
func (c *cursor) at(i int) byte {
	if i < 0 || i >= len(c.text) {
		return 0
	}
	return c.text[i]
}

func (c *cursor) peek() byte { return c.at(c.pos) }

// atTail tells whether at most one character is left. Jayway stops there after
// a complete step, so that a single stray character is ignored.
func (c *cursor) atTail() bool { return c.pos >= c.end-1 }

// trim leaves blanks at both ends out.
func (c *cursor) trim() {
	c.skipBlanks()
	for c.pos < c.end-1 && c.text[c.end-1] == ' ' {
		c.end--
	}
}

func (c *cursor) skipBlanks() {
	for c.pos < c.end-1 && c.text[c.pos] == ' ' {
		c.pos++
	}
}

// after gives the first position after i that holds no blank.
func (c *cursor) after(i int) int {
	i++
	for c.in(i) && c.text[i] == ' ' {
		i++
	}
	return i
}

// before gives the last position before i that holds no blank, or -1.
func (c *cursor) before(i int) int {
	i--
	for i >= 0 && c.text[i] == ' ' {
		i--
	}
	return i
}

// next gives the position after i when, blanks aside, b stands there; else -1.
func (c *cursor) next(i int, b byte) (int, error) {
	i = c.after(i)
	if i >= len(c.text) {
		return -1, c.outOfRange()
	}
	if c.text[i] != b {
		return -1, nil
	}
	return i, nil
}

func (c *cursor) find(from int, b byte) int {
	for i := from; c.in(i); i++ {
		if c.text[i] == b {
			return i
		}
	}
	return -1
}

// findUnescaped looks for b behind from, where a backslash hides what follows it.
func (c *cursor) findUnescaped(from int, b byte) int {
	for i := from + 1; c.in(i); i++ {
		switch c.text[i] {
		case '\\':
			i++
		case b:
			return i
		}
	}
	return -1
}

// matching gives the position of the bracket that closes the one at open,
// passing over strings and, if told so, regular expressions; -1 when there is none.
func (c *cursor) matching(open int, closing byte, skipRegex bool) (int, error) {
	opening := c.at(open)
	depth := 1
	for i := open + 1; c.in(i); i++ {
		if q := c.text[i]; q == '\'' || q == '"' {
			if i = c.findUnescaped(i, q); i < 0 {
				return -1, c.invalid(open, "Could not find matching close quote for %c when parsing : %s", q, c.text)
			}
			i++
		}
		if skipRegex && c.at(i) == '/' {
			if i = c.findUnescaped(i, '/'); i < 0 {
				return -1, c.invalid(open, "Could not find matching close for / when parsing regex in : %s", c.text)
			}
			i++
		}
		if i >= len(c.text) {
			return -1, c.outOfRange()
		}
		switch c.text[i] {
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				return i, nil
			}
		}
	}
	return -1, nil
}

// expect takes b, blanks before it aside.
func (c *cursor) expect(b byte) error {
	c.skipBlanks()
	if c.peek() != b {
		return c.invalid(c.pos, "Expected character: %c", b)
	}
	c.pos++
	return nil
}

// accept takes s when it stands next, blanks before it aside.
func (c *cursor) accept(s string) bool {
	c.skipBlanks()
	if c.pos+len(s) > c.end || c.text[c.pos:c.pos+len(s)] != s {
		return false
	}
	c.pos += len(s)
	return true
}
