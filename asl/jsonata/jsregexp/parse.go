package jsregexp

import (
	"unicode"
	"unicode/utf16"
)

// parser reads a pattern. Its methods panic with a SyntaxError, which parse
// returns.
type parser struct {
	src   []uint16
	pos   int
	depth int

	// Of the whole pattern, known before it is read: what \2 and \k mean
	// depends on the groups that follow, too.
	groups int
	named  bool

	opened  int // groups so far
	names   map[string]int
	pending []pendingName
}

// pendingName is a \k<name> whose group may still follow.
type pendingName struct {
	name string
	at   *reference
}

const (
	// maxDepth bounds how deep groups nest.
	maxDepth = 1000
	end      = -1
)

type failure string

func (p *parser) fail(message string) { panic(failure(message)) }

// parse reads a whole pattern; message says what is wrong with it.
func parse(src []uint16) (n node, groups int, message string) {
	p := &parser{src: src, names: map[string]int{}}
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(failure)
			if !ok {
				panic(r)
			}
			message = string(f)
		}
	}()
	p.countGroups()
	n = p.disjunction()
	if p.peek() == ')' {
		p.fail("Unmatched ')'")
	}
	for _, r := range p.pending {
		index, ok := p.names[r.name]
		if !ok {
			p.fail("Invalid named capture referenced")
		}
		r.at.index = index
	}
	return n, p.opened, ""
}

func (p *parser) countGroups() {
	for i := 0; i < len(p.src); i++ {
		switch p.src[i] {
		case '\\':
			i++
		case '[':
			for i++; i < len(p.src) && p.src[i] != ']'; i++ {
				if p.src[i] == '\\' {
					i++
				}
			}
		case '(':
			switch {
			case p.unitAt(i+1) != '?':
				p.groups++
			case p.unitAt(i+2) == '<' && p.unitAt(i+3) != '=' && p.unitAt(i+3) != '!':
				p.groups++
				p.named = true
			}
		}
	}
}

func (p *parser) unitAt(i int) rune {
	if i < len(p.src) {
		return rune(p.src[i])
	}
	return end
}

func (p *parser) peek() rune { return p.unitAt(p.pos) }

func (p *parser) take() rune {
	c := p.peek()
	p.pos++
	return c
}

// accept takes a text if it stands next.
func (p *parser) accept(s string) bool {
	for i, c := range s {
		if p.unitAt(p.pos+i) != c {
			return false
		}
	}
	p.pos += len(s)
	return true
}

func (p *parser) disjunction() node {
	if p.depth++; p.depth > maxDepth {
		p.fail("Regular expression too large")
	}
	alternatives := []node{p.alternative()}
	for p.accept("|") {
		alternatives = append(alternatives, p.alternative())
	}
	p.depth--
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	return &choice{alternatives}
}

func (p *parser) alternative() node {
	var items []node
	for c := p.peek(); c != end && c != '|' && c != ')'; c = p.peek() {
		items = append(items, p.term())
	}
	if len(items) == 1 {
		return items[0]
	}
	return &sequence{items}
}

// term reads an assertion, or an atom and its quantifier.
func (p *parser) term() node {
	first := p.opened + 1
	n, repeatable := p.atom()
	c := p.peek()
	if !repeatable {
		if l, ok := n.(*look); ok && l.behind && p.quantifierFollows() {
			p.fail("Invalid quantifier")
		}
		return n
	}
	least, most := 1, 1
	switch {
	case c == '*':
		least, most = 0, unlimited
		p.pos++
	case c == '+':
		most = unlimited
		p.pos++
	case c == '?':
		least = 0
		p.pos++
	case c == '{':
		var ok bool
		if least, most, ok = p.braces(); !ok {
			return n
		}
		if least > most {
			p.fail("numbers out of order in {} quantifier")
		}
	default:
		return n
	}
	return &repeat{body: n, min: least, max: most, lazy: p.accept("?"), first: first, last: p.opened}
}

func (p *parser) quantifierFollows() bool {
	switch p.peek() {
	case '*', '+', '?':
		return true
	case '{':
		_, _, ok := p.braces()
		return ok
	}
	return false
}

// braces reads {n}, {n,} or {n,m}; what is none of them is taken as it stands.
func (p *parser) braces() (least, most int, ok bool) {
	start := p.pos
	p.pos++
	least, ok = p.decimal()
	most = least
	if ok && p.accept(",") {
		if most, ok = p.decimal(); !ok {
			most, ok = unlimited, true
		}
	}
	if !ok || !p.accept("}") {
		p.pos = start
		return 0, 0, false
	}
	return least, most, true
}

// decimal reads digits; what is too large for a count is as good as unlimited.
func (p *parser) decimal() (n int, ok bool) {
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		n, ok = min(n*10+int(c-'0'), unlimited), true
		p.pos++
	}
	return n, ok
}

// atom reads what a quantifier may follow, or an assertion, which it may not.
func (p *parser) atom() (n node, repeatable bool) {
	c := p.take()
	switch c {
	case '^':
		return &assertion{lineStart}, false
	case '$':
		return &assertion{lineEnd}, false
	case '(':
		return p.group()
	case '[':
		return p.class(), true
	case '.':
		return &class{notLineEnds}, true
	case '\\':
		return p.escape()
	case '*', '+', '?':
		p.fail("Nothing to repeat")
	case '{':
		p.pos--
		if _, _, ok := p.braces(); ok {
			p.fail("Nothing to repeat")
		}
		p.pos++
	}
	return &char{uint16(c)}, true
}

// group reads what follows an opening parenthesis.
func (p *parser) group() (n node, repeatable bool) {
	index, name := 0, ""
	switch {
	case !p.accept("?"):
		index = p.open()
	case p.accept(":"):
	case p.accept("="):
		return p.look(&look{}), true // Annex B lets one repeat them
	case p.accept("!"):
		return p.look(&look{negative: true}), true
	case p.accept("<="):
		return p.look(&look{behind: true}), false
	case p.accept("<!"):
		return p.look(&look{behind: true, negative: true}), false
	case p.accept("<"):
		index = p.open()
		name = p.name()
	default:
		p.fail("Invalid group")
	}
	n = p.disjunction()
	p.close()
	if name != "" {
		if _, taken := p.names[name]; taken {
			p.fail("Duplicate capture group name")
		}
		p.names[name] = index
	}
	if index > 0 {
		n = &group{n, index}
	}
	return n, true
}

func (p *parser) open() int {
	p.opened++
	return p.opened
}

func (p *parser) look(l *look) node {
	l.body = p.disjunction()
	p.close()
	return l
}

func (p *parser) close() {
	if !p.accept(")") {
		p.fail("Unterminated group")
	}
}

// name reads a group's name and the > behind it.
func (p *parser) name() string {
	var name []rune
	for {
		c := p.nameRune()
		if c == '>' && len(name) > 0 {
			return string(name)
		}
		if !isNameRune(c, len(name) == 0) {
			p.fail("Invalid capture group name")
		}
		name = append(name, c)
	}
}

// nameRune reads a code point of a name; \u may stand for it.
func (p *parser) nameRune() rune {
	c := p.take()
	switch {
	case c == '\\' && p.accept("u"):
		var ok bool
		if c, ok = p.nameEscape(); !ok {
			p.fail("Invalid Unicode escape")
		}
	case utf16.IsSurrogate(c):
		if full := utf16.DecodeRune(c, p.peek()); full != unicode.ReplacementChar {
			p.pos++
			return full
		}
	}
	return c
}

// nameEscape reads what follows \u.
func (p *parser) nameEscape() (rune, bool) {
	if !p.accept("{") {
		c, ok := p.hex(4)
		if ok && utf16.IsSurrogate(c) && p.accept(`\u`) {
			low, lowOK := p.hex(4)
			return utf16.DecodeRune(c, low), lowOK
		}
		return c, ok
	}
	c, digits := rune(0), 0
	for d := hexDigit(p.peek()); d >= 0 && c <= unicode.MaxRune; d = hexDigit(p.peek()) {
		c = c<<4 | d
		digits++
		p.pos++
	}
	return c, digits > 0 && c <= unicode.MaxRune && p.accept("}")
}

func isNameRune(c rune, first bool) bool {
	if c == '$' || c == '_' || unicode.In(c, unicode.L, unicode.Nl, unicode.Other_ID_Start) {
		return !unicode.In(c, unicode.Pattern_Syntax) || c == '$' || c == '_'
	}
	return !first && (unicode.In(c, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue) ||
		c == 0x200C || c == 0x200D)
}

// escape reads what follows a backslash outside of a class.
func (p *parser) escape() (n node, repeatable bool) {
	switch c := p.peek(); {
	case c == end:
		p.fail(`\ at end of pattern`)
	case c == 'b':
		p.pos++
		return &assertion{wordEdge}, false
	case c == 'B':
		p.pos++
		return &assertion{noWordEdge}, false
	case c >= '1' && c <= '9':
		if index, ok := p.groupNumber(); ok {
			return &reference{index}, true
		}
		if c >= '8' {
			p.pos++
			return &char{uint16(c)}, true
		}
	case c == 'k' && p.named:
		p.pos++
		return p.namedReference(), true
	}
	if s := p.classEscape(); s != nil {
		return &class{s}, true
	}
	return &char{p.unitEscape(false)}, true
}

// groupNumber reads the digits of a back reference: they are one only if the
// pattern has so many groups.
func (p *parser) groupNumber() (int, bool) {
	start := p.pos
	n, _ := p.decimal()
	if n > p.groups {
		p.pos = start
		return 0, false
	}
	return n, true
}

func (p *parser) namedReference() node {
	if !p.accept("<") {
		p.fail("Invalid named reference")
	}
	r := &reference{}
	p.pending = append(p.pending, pendingName{p.name(), r})
	return r
}

// classEscape reads the letter of \d, \s, \w and their opposites.
func (p *parser) classEscape() *set {
	s := escapedSets[p.peek()]
	if s != nil {
		p.pos++
	}
	return s
}

// unitEscape reads what follows a backslash and stands for one unit.
func (p *parser) unitEscape(inClass bool) uint16 {
	c := p.take()
	switch c {
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	case 'c':
		return p.control(inClass)
	case 'x', 'u':
		digits := 2
		if c == 'u' {
			digits = 4
		}
		if u, ok := p.hex(digits); ok {
			return uint16(u)
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return p.octal(uint16(c - '0'))
	case 'k':
		if p.named {
			p.fail("Invalid escape")
		}
	case end:
		p.fail(`\ at end of pattern`)
	}
	return uint16(c)
}

// control reads the letter of \cA; without one the backslash stands for itself,
// and the c is read again.
func (p *parser) control(inClass bool) uint16 {
	c := p.peek()
	letter := c|0x20 >= 'a' && c|0x20 <= 'z'
	if letter || inClass && (c >= '0' && c <= '9' || c == '_') {
		p.pos++
		return uint16(c & 0x1F)
	}
	p.pos--
	return '\\'
}

// octal reads up to two more octal digits, as long as the value fits a byte.
func (p *parser) octal(value uint16) uint16 {
	for range 2 {
		c := p.peek()
		if c < '0' || c > '7' || value >= 32 {
			break
		}
		value = value<<3 | uint16(c-'0')
		p.pos++
	}
	return value
}

// hex reads so many digits, or nothing.
func (p *parser) hex(digits int) (rune, bool) {
	value := rune(0)
	for i := range digits {
		d := hexDigit(p.unitAt(p.pos + i))
		if d < 0 {
			return 0, false
		}
		value = value<<4 | d
	}
	p.pos += digits
	return value, true
}

func hexDigit(c rune) rune {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return -1
}

// class reads what follows an opening bracket.
func (p *parser) class() node {
	negative := p.accept("^")
	var b setBuilder
	for p.peek() != ']' {
		p.classRange(&b)
	}
	p.pos++
	s := b.set()
	s.negative = negative
	return &class{s.finished()}
}

// classRange reads a member of a class: a unit, a set, or a range of units. A
// dash beside a set is a dash.
func (p *parser) classRange(b *setBuilder) {
	from, fromSet := p.classAtom()
	if p.peek() != '-' || p.unitAt(p.pos+1) == ']' {
		b.addAtom(from, fromSet)
		return
	}
	p.pos++
	to, toSet := p.classAtom()
	if fromSet != nil || toSet != nil {
		b.addAtom(from, fromSet)
		b.add('-', '-')
		b.addAtom(to, toSet)
		return
	}
	if from > to {
		p.fail("Range out of order in character class")
	}
	b.add(from, to)
}

func (p *parser) classAtom() (uint16, *set) {
	c := p.take()
	switch c {
	case end:
		p.fail("Unterminated character class")
	case '\\':
		if p.peek() == 'b' {
			p.pos++
			return '\b', nil
		}
		if s := p.classEscape(); s != nil {
			return 0, s
		}
		return p.unitEscape(true), nil
	}
	return uint16(c), nil
}
