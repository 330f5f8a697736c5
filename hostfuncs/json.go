package hostfuncs

import (
	"fmt"
	"unicode/utf8"
)

// MaxOutputDepth is how deep arrays and objects may nest in a task's output.
// It is the depth that the engine's own parser takes.
const MaxOutputDepth = 1000

// checkJSON says why a text is not one JSON value (RFC 8259): strict about
// UTF-8, numbers (no NaN) and depth; members may repeat, of which the engine
// takes the last. It does not allocate unless it fails.
func checkJSON(text []byte) error {
	c := jsonChecker{text: text}
	c.space()
	if !c.value() {
		return c.problem()
	}
	if c.space(); c.pos < len(text) {
		c.what = "there is more after the value"
		return c.problem()
	}
	if !utf8.Valid(text) {
		return fmt.Errorf("it is not UTF-8")
	}
	return nil
}

// jsonChecker moves through a text; its methods report success, and on failure
// pos is where the text stopped being JSON.
type jsonChecker struct {
	text []byte
	pos  int
	what string // the problem, when it is a special one
}

func (c *jsonChecker) problem() error {
	switch {
	case c.what != "":
		return fmt.Errorf("%s (at byte %d)", c.what, c.pos)
	case c.pos >= len(c.text):
		return fmt.Errorf("it ends in the middle, after %d bytes", len(c.text))
	}
	return fmt.Errorf("unexpected %q at byte %d", rune(c.text[c.pos]), c.pos)
}

func (c *jsonChecker) space() {
	for c.pos < len(c.text) {
		switch c.text[c.pos] {
		case ' ', '\t', '\r', '\n':
			c.pos++
		default:
			return
		}
	}
}

// peek is the byte at pos, or 0 at the end, which JSON never has.
func (c *jsonChecker) peek() byte {
	if c.pos < len(c.text) {
		return c.text[c.pos]
	}
	return 0
}

func (c *jsonChecker) take(b byte) bool {
	if c.peek() != b || c.pos >= len(c.text) {
		return false
	}
	c.pos++
	return true
}

// value checks one value without recursion: open holds the closing bracket of
// each array and object that is open.
func (c *jsonChecker) value() bool {
	var stack [64]byte
	open := stack[:0]
	for {
		closed := false
		switch b := c.peek(); b {
		case '{', '[':
			if len(open) == MaxOutputDepth {
				c.what = fmt.Sprintf("it nests deeper than %d levels", MaxOutputDepth)
				return false
			}
			c.pos++
			c.space()
			if closed = c.take(b + 2); !closed { // '[' + 2 == ']', '{' + 2 == '}'
				open = append(open, b+2)
				if b == '{' && !c.key() {
					return false
				}
				continue
			}
		default:
			if !c.scalar(b) {
				return false
			}
		}
		// A value is complete; close what ends with it, or go on to the next.
		for {
			if len(open) == 0 {
				return true
			}
			c.space()
			end := open[len(open)-1]
			if c.take(end) {
				open = open[:len(open)-1]
				continue
			}
			if !c.take(',') {
				return false
			}
			c.space()
			if end == '}' && !c.key() {
				return false
			}
			break
		}
	}
}

// key checks a member's key and the colon, up to its value.
func (c *jsonChecker) key() bool {
	if c.peek() != '"' || !c.str() {
		return false
	}
	c.space()
	if !c.take(':') {
		return false
	}
	c.space()
	return true
}

func (c *jsonChecker) scalar(first byte) bool {
	switch {
	case first == '"':
		return c.str()
	case first == '-' || first >= '0' && first <= '9':
		return c.number()
	case first == 't':
		return c.word("true")
	case first == 'f':
		return c.word("false")
	case first == 'n':
		return c.word("null")
	}
	return false
}

func (c *jsonChecker) word(w string) bool {
	for i := range len(w) {
		if !c.take(w[i]) {
			return false
		}
	}
	return true
}

// str checks a string. That all of the text is UTF-8 is checked elsewhere.
func (c *jsonChecker) str() bool {
	c.pos++
	for c.pos < len(c.text) {
		b := c.text[c.pos]
		if inString[b] {
			c.pos++
			continue
		}
		switch b {
		case '"':
			c.pos++
			return true
		case '\\':
			c.pos++
			if !c.escape() {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// inString are the bytes of a string that stand for themselves.
var inString = func() (table [256]bool) {
	for b := range table {
		table[b] = b >= 0x20 && b != '"' && b != '\\'
	}
	return table
}()

func (c *jsonChecker) escape() bool {
	switch c.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		c.pos++
		return true
	case 'u':
		c.pos++
		for range 4 {
			b := c.peek() | 0x20 // lower case
			if !(b >= 'a' && b <= 'f' || c.peek() >= '0' && c.peek() <= '9') {
				return false
			}
			c.pos++
		}
		return true
	}
	return false
}

func (c *jsonChecker) digits() bool {
	start := c.pos
	for b := c.peek(); b >= '0' && b <= '9'; b = c.peek() {
		c.pos++
	}
	return c.pos > start
}

func (c *jsonChecker) number() bool {
	c.take('-')
	if !c.take('0') && !c.digits() {
		return false
	}
	if c.take('.') && !c.digits() {
		return false
	}
	if c.take('e') || c.take('E') {
		if !c.take('+') {
			c.take('-')
		}
		return c.digits()
	}
	return true
}
