package jsregexp

// opcode says what an instruction does. Those that look at the text do so
// before the position, and move it there, when back is set: lookbehinds read
// from right to left.
type opcode uint8

const (
	opMatch     opcode = iota
	opChar             // the unit
	opSet              // a unit of the set
	opRun              // from min to max units of the set, or of the unit when there is no set
	opSplit            // go on at x; if this fails, at y. set and other are what the two begin with
	opJump             // go on at x
	opSave             // the position becomes capture x
	opClear            // forget the captures from x to before y
	opReference        // what group x captured
	opZero             // counter x becomes 0
	opTurn             // a loop's turn or its end: counter x from min to max, the end at y
	opTurned           // the end of a turn: counter x counts; the turn that begins at y follows
	opMark             // the position becomes register x
	opProgress         // fails where the position is register x
	opLineStart
	opLineEnd
	opWordEdge
	opNoWordEdge
	opLook   // what follows is a look-around, the end of which is at y; x is its register
	opLooked // it has matched
)

type instruction struct {
	op         opcode
	back       bool
	lazy       bool // of opRun and opTurn
	negative   bool // of opLook and opLooked
	unit       uint16
	x, y       int32
	min, max   int32
	set, other *set
}

// program is a compiled pattern.
type program struct {
	code      []instruction
	captures  int // positions: two for each group, and for the whole
	registers int

	anchored bool // it matches at the start of the text only
	first    *set // what a match begins with; nil when it may be nothing
	literal  bool // first is one unit
	unit     uint16
}

// compiler writes a program for a tree.
type compiler struct {
	program
	flags Flags
	back  bool // inside of a lookbehind

	sets       map[node]*set
	beginnings map[node]beginning
}

func compile(n node, groups int, flags Flags) *program {
	c := &compiler{flags: flags, sets: map[node]*set{}, beginnings: map[node]beginning{}}
	c.captures = 2 * (groups + 1)
	c.emit(instruction{op: opSave, x: 0})
	c.node(n)
	c.emit(instruction{op: opSave, x: 1})
	c.emit(instruction{op: opMatch})
	c.anchored = !flags.Multiline && anchored(n)
	if f := c.first(n); f != nil {
		c.program.first = f
		c.unit, c.literal = f.only()
	}
	return &c.program
}

func (c *compiler) emit(i instruction) int {
	c.code = append(c.code, i)
	return len(c.code) - 1
}

func (c *compiler) here() int32 { return int32(len(c.code)) }

func (c *compiler) register() int32 {
	c.registers++
	return int32(c.registers - 1)
}

func (c *compiler) node(n node) {
	switch n := n.(type) {
	case *char, *class:
		c.emit(c.one(n))
	case *sequence:
		for i := range n.items {
			if c.back {
				i = len(n.items) - 1 - i
			}
			c.node(n.items[i])
		}
	case *choice:
		c.choice(n.alternatives)
	case *group:
		open, shut := int32(2*n.index), int32(2*n.index+1)
		if c.back {
			open, shut = shut, open
		}
		c.emit(instruction{op: opSave, x: open})
		c.node(n.body)
		c.emit(instruction{op: opSave, x: shut})
	case *repeat:
		c.repeat(n)
	case *look:
		c.look(n)
	case *reference:
		c.emit(instruction{op: opReference, x: int32(n.index), back: c.back})
	case *assertion:
		op := map[assertionKind]opcode{lineStart: opLineStart, lineEnd: opLineEnd, wordEdge: opWordEdge, noWordEdge: opNoWordEdge}[n.kind]
		c.emit(instruction{op: op})
	}
}

// one gives the instruction for a node that is one unit.
func (c *compiler) one(n node) instruction {
	in := instruction{op: opSet, back: c.back, set: c.setOf(n)}
	if u, ok := in.set.only(); ok {
		in.op, in.unit, in.set = opChar, u, nil
	}
	return in
}

// setOf gives the units that a node of one unit matches, nil for others.
func (c *compiler) setOf(n node) *set {
	s, known := c.sets[n]
	if known {
		return s
	}
	switch n := n.(type) {
	case *char:
		s = setOf(span{n.unit, n.unit})
	case *class:
		s = n.set
	default:
		return nil
	}
	if c.flags.IgnoreCase {
		s = s.folded()
	}
	c.sets[n] = s
	return s
}

func (c *compiler) choice(alternatives []node) {
	var jumps []int
	for i, a := range alternatives[:len(alternatives)-1] {
		split := c.split()
		c.code[split].x = c.here()
		if !c.back {
			c.code[split].set = c.first(a)
			if rest := alternatives[i+1:]; len(rest) == 1 {
				c.code[split].other = c.first(rest[0])
			}
		}
		c.node(a)
		jumps = append(jumps, c.emit(instruction{op: opJump}))
		c.code[split].y = c.here()
	}
	c.node(alternatives[len(alternatives)-1])
	for _, j := range jumps {
		c.code[j].x = c.here()
	}
}

func (c *compiler) split() int { return c.emit(instruction{op: opSplit}) }

// repeat writes a quantifier: a run where the body is one unit, a loop
// otherwise. Turns that match nothing are refused, those that min asks for
// aside.
func (c *compiler) repeat(n *repeat) {
	switch {
	case n.max == 0:
		return
	case n.min == 1 && n.max == 1:
		c.node(n.body)
		return
	case c.setOf(n.body) != nil:
		in := c.one(n.body)
		in.op, in.min, in.max, in.lazy = opRun, int32(n.min), int32(n.max), n.lazy
		c.emit(in)
		return
	case n.min == 0 && (n.max == 1 || n.max == unlimited):
		c.loop(n)
		return
	}
	c.countedLoop(n)
}

// loop writes a body that comes any number of times, or at most once.
func (c *compiler) loop(n *repeat) {
	split := c.split()
	c.clear(n)
	mayBeEmpty := width(n.body) == 0
	r := int32(0)
	if mayBeEmpty {
		r = c.register()
		c.emit(instruction{op: opMark, x: r})
	}
	c.node(n.body)
	if mayBeEmpty {
		c.emit(instruction{op: opProgress, x: r})
	}
	if n.max == unlimited {
		c.emit(instruction{op: opJump, x: int32(split)})
	}
	s := &c.code[split]
	s.x, s.y = int32(split)+1, c.here()
	if n.lazy {
		s.x, s.y = s.y, s.x
		return
	}
	if !c.back {
		s.set = c.first(n.body)
	}
}

// countedLoop writes a body that comes min to max times. Its two registers
// are the count of turns and the position at which the last one began.
func (c *compiler) countedLoop(n *repeat) {
	count := c.register()
	c.register()
	c.emit(instruction{op: opZero, x: count})
	turn := c.emit(instruction{op: opTurn, x: count, min: int32(n.min), max: int32(n.max), lazy: n.lazy})
	c.clear(n)
	c.node(n.body)
	c.emit(instruction{op: opTurned, x: count, y: int32(turn), min: int32(n.min)})
	c.code[turn].y = c.here()
}

func (c *compiler) clear(n *repeat) {
	if n.first <= n.last {
		c.emit(instruction{op: opClear, x: int32(2 * n.first), y: int32(2*n.last + 2)})
	}
}

func (c *compiler) look(n *look) {
	r := c.register()
	at := c.emit(instruction{op: opLook, x: r, negative: n.negative})
	outside := c.back
	c.back = n.behind
	c.node(n.body)
	c.back = outside
	c.emit(instruction{op: opLooked, x: r, negative: n.negative})
	c.code[at].y = c.here()
}

// anchored tells whether a node matches at the start of the text only, ^
// meaning that.
func anchored(n node) bool {
	switch n := n.(type) {
	case *assertion:
		return n.kind == lineStart
	case *sequence:
		return len(n.items) > 0 && anchored(n.items[0])
	case *group:
		return anchored(n.body)
	case *choice:
		for _, a := range n.alternatives {
			if !anchored(a) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// width gives the least number of units that a node matches; large numbers are
// cut.
func width(n node) int {
	switch n := n.(type) {
	case *char, *class:
		return 1
	case *sequence:
		sum := 0
		for _, item := range n.items {
			sum = min(sum+width(item), unlimited)
		}
		return sum
	case *choice:
		least := unlimited
		for _, a := range n.alternatives {
			least = min(least, width(a))
		}
		return least
	case *group:
		return width(n.body)
	case *repeat:
		return min(n.min*width(n.body), unlimited)
	case *look, *reference, *assertion:
	}
	return 0
}

// beginning is what a match of a node can begin with, read from left to right.
// A node that is not sure may match nothing, so that what follows begins there.
type beginning struct {
	set  *set
	sure bool
}

// first gives the units that a match of a node can begin with, nil when it may
// match nothing.
func (c *compiler) first(n node) *set {
	if b := c.beginning(n); b.sure {
		return b.set
	}
	return nil
}

// beginning keeps what it finds: every level of a nested pattern asks.
func (c *compiler) beginning(n node) beginning {
	b, known := c.beginnings[n]
	if !known {
		b = c.findBeginning(n)
		c.beginnings[n] = b
	}
	return b
}

func (c *compiler) findBeginning(n node) beginning {
	var union setBuilder
	switch n := n.(type) {
	case *char, *class:
		return beginning{c.setOf(n), true}
	case *group:
		return c.beginning(n.body)
	case *repeat:
		b := c.beginning(n.body)
		return beginning{b.set, b.sure && n.min > 0}
	case *sequence:
		for _, item := range n.items {
			b := c.beginning(item)
			if union.addSet(b.set); b.sure {
				return beginning{union.set().finished(), true}
			}
		}
	case *choice:
		all := true
		for _, a := range n.alternatives {
			b := c.beginning(a)
			union.addSet(b.set)
			all = all && b.sure
		}
		return beginning{union.set().finished(), all}
	case *reference:
		union.add(0, 0xFFFF)
	case *look, *assertion: // which take nothing
	}
	return beginning{union.set().finished(), false}
}
