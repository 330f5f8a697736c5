package wat

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a list or an atom of the text.
type node struct {
	atom   string
	quoted bool
	list   []node
	isList bool
}

// head is the first atom of a list.
func (n node) head() string {
	if n.isList && len(n.list) > 0 {
		return n.list[0].atom
	}
	return ""
}

// parse reads one list.
func parse(src string) (node, error) {
	p := &parser{src: src}
	n, err := p.node()
	if err != nil {
		line := 1 + strings.Count(src[:min(p.pos, len(src))], "\n")
		return n, fmt.Errorf("line %d: %w", line, err)
	}
	return n, nil
}

type parser struct {
	src string
	pos int
}

// space skips blanks and comments.
func (p *parser) space() {
	for p.pos < len(p.src) {
		rest := p.src[p.pos:]
		switch {
		case strings.HasPrefix(rest, ";;"):
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				p.pos += end
			} else {
				p.pos = len(p.src)
			}
		case strings.HasPrefix(rest, "(;"):
			end := strings.Index(rest, ";)")
			if end < 0 {
				p.pos = len(p.src)
				return
			}
			p.pos += end + 2
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) node() (node, error) {
	p.space()
	if p.pos >= len(p.src) {
		return node{}, fmt.Errorf("unexpected end of text")
	}
	switch p.src[p.pos] {
	case '(':
		return p.listNode()
	case ')':
		return node{}, fmt.Errorf("unexpected )")
	case '"':
		return p.stringNode()
	}
	start := p.pos
	for p.pos < len(p.src) && !strings.ContainsRune(" \t\r\n()\";", rune(p.src[p.pos])) {
		p.pos++
	}
	return node{atom: p.src[start:p.pos]}, nil
}

func (p *parser) listNode() (node, error) {
	n := node{isList: true}
	p.pos++
	for {
		p.space()
		if p.pos < len(p.src) && p.src[p.pos] == ')' {
			p.pos++
			return n, nil
		}
		child, err := p.node()
		if err != nil {
			return n, err
		}
		n.list = append(n.list, child)
	}
}

func (p *parser) stringNode() (node, error) {
	var out []byte
	for p.pos++; p.pos < len(p.src); p.pos++ {
		c := p.src[p.pos]
		switch {
		case c == '"':
			p.pos++
			return node{atom: string(out), quoted: true}, nil
		case c == '\\' && p.pos+2 < len(p.src):
			if i := strings.IndexByte("nrt\"\\'", p.src[p.pos+1]); i >= 0 {
				out = append(out, "\n\r\t\"\\'"[i])
				p.pos++
				continue
			}
			v, err := strconv.ParseUint(p.src[p.pos+1:p.pos+3], 16, 8)
			if err != nil {
				return node{}, fmt.Errorf("bad escape in a string")
			}
			out = append(out, byte(v))
			p.pos += 2
		default:
			out = append(out, c)
		}
	}
	return node{}, fmt.Errorf("a string that does not end")
}
