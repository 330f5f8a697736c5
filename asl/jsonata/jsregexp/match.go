package jsregexp

import "bytes"

// unit is what a text is made of: bytes where all are ASCII.
type unit interface{ uint8 | uint16 }

// machine runs a program. Its stack holds what is to be tried when a way
// fails, and what is to be undone before it is tried.
type machine struct {
	program   *program
	flags     Flags
	captures  []int32
	registers []int32
	stack     []entry

	budget Budget
	taken  int // steps charged so far
	left   int // steps before the next charge
	err    error
}

// entry is something to come back to.
type entry struct {
	kind entryKind
	at   int32 // an instruction, or the number of a capture or register
	pos  int32 // a position, or the value to restore
	last int32 // of a run: the position at which it ends
}

type entryKind uint8

const (
	tryAt        entryKind = iota // go on at an instruction
	giveBack                      // make a run shorter by one unit, down to last
	takeMore                      // make a run longer by one unit, up to last
	undoCapture                   // restore a capture
	undoRegister                  // restore a register
	barrier                       // a look-around has failed
	barrierNot                    // a negative look-around has failed: go on behind it
)

const (
	chargeEvery = 1 << 10
	unitsAStep  = 8
	maxStack    = 4 << 20 // entries
	keptStack   = 1 << 12 // entries that a machine keeps between matches
)

func newMachine(p *program, flags Flags) *machine {
	return &machine{program: p, flags: flags, captures: make([]int32, p.captures), registers: make([]int32, p.registers)}
}

func (m *machine) begin(b Budget) {
	m.budget, m.taken, m.left, m.err = b, 0, chargeEvery, nil
	m.reset()
}

// reset forgets what an attempt has left.
func (m *machine) reset() {
	m.stack = m.stack[:0]
	for i := range m.captures {
		m.captures[i] = -1
	}
}

// spend counts steps; it tells whether the match may go on.
func (m *machine) spend(steps int) bool {
	if m.left -= steps; m.left > 0 {
		return true
	}
	return m.pay()
}

// pay charges the steps that were taken since the last time.
func (m *machine) pay() bool {
	steps := chargeEvery - m.left
	m.left = chargeEvery
	m.taken += steps
	if m.budget.Charge != nil {
		if m.err = m.budget.Charge(steps); m.err != nil {
			return false
		}
	}
	if m.budget.Steps > 0 && m.taken > m.budget.Steps {
		m.err = &LimitError{"the steps that one match may take"}
		return false
	}
	return true
}

// settle charges what is left to charge at the end.
func (m *machine) settle() {
	if m.err == nil && m.left < chargeEvery {
		m.pay()
	}
}

func (m *machine) push(e entry) {
	if len(m.stack) >= maxStack {
		m.err = &LimitError{"the memory that one match may take"}
		return
	}
	m.stack = append(m.stack, e)
}

func (m *machine) setCapture(i, pos int32) {
	if old := m.captures[i]; old != pos {
		m.push(entry{kind: undoCapture, at: i, pos: old})
		m.captures[i] = pos
	}
}

func (m *machine) setRegister(i, value int32) {
	if old := m.registers[i]; old != value {
		m.push(entry{kind: undoRegister, at: i, pos: old})
		m.registers[i] = value
	}
}

// search tries the program at one position after the other.
func search[U unit](m *machine, text []U, from int) bool {
	p := m.program
	for pos := from; pos <= len(text); pos++ {
		if p.anchored && pos > 0 {
			return false
		}
		if p.first != nil {
			next := skip(p, text, pos)
			if !m.spend((next-pos)/unitsAStep) || next >= len(text) {
				return false
			}
			pos = next
		}
		if run(m, text, int32(pos)) {
			return true
		}
		if m.err != nil {
			return false
		}
	}
	return false
}

// skip gives the next position at which a match may begin.
func skip[U unit](p *program, text []U, pos int) int {
	if p.literal {
		return indexUnit(text, pos, p.unit)
	}
	for pos < len(text) && !p.first.has(uint16(text[pos])) {
		pos++
	}
	return pos
}

func indexUnit[U unit](text []U, pos int, u uint16) int {
	if ascii, ok := any(text).([]uint8); ok {
		if u < 128 {
			if i := bytes.IndexByte(ascii[pos:], byte(u)); i >= 0 {
				return pos + i
			}
		}
		return len(text)
	}
	for pos < len(text) && uint16(text[pos]) != u {
		pos++
	}
	return pos
}

// run runs the program at a position. When it fails, everything is undone.
func run[U unit](m *machine, text []U, pos int32) bool {
	code := m.program.code
	pc := int32(0)
	size := int32(len(text))
	for {
		if !m.spend(1) || m.err != nil {
			return false
		}
		in := &code[pc]
		ok := false
		switch in.op {
		case opMatch:
			return true
		case opChar:
			if in.back {
				if ok = pos > 0 && uint16(text[pos-1]) == in.unit; ok {
					pos--
				}
			} else if ok = pos < size && uint16(text[pos]) == in.unit; ok {
				pos++
			}
		case opSet:
			if in.back {
				if ok = pos > 0 && in.set.has(uint16(text[pos-1])); ok {
					pos--
				}
			} else if ok = pos < size && in.set.has(uint16(text[pos])); ok {
				pos++
			}
		case opRun:
			pos, ok = startRun(m, text, pc, pos)
		case opSplit:
			pc = split(m, text, in, pos)
			continue
		case opJump:
			pc = in.x
			continue
		case opSave:
			m.setCapture(in.x, pos)
			ok = true
		case opClear:
			for i := in.x; i < in.y; i++ {
				m.setCapture(i, -1)
			}
			ok = m.spend(int(in.y-in.x) / 2)
		case opReference:
			pos, ok = again(m, text, in, pos)
		case opZero:
			m.setRegister(in.x, 0)
			ok = true
		case opTurn:
			pc = m.turn(in, pc, pos)
			continue
		case opTurned:
			if count := m.registers[in.x]; count < in.min || m.registers[in.x+1] != pos {
				m.setRegister(in.x, count+1)
				pc = in.y
				continue
			}
		case opMark:
			m.setRegister(in.x, pos)
			ok = true
		case opProgress:
			ok = m.registers[in.x] != pos
		case opLineStart:
			ok = pos == 0 || m.flags.Multiline && isLineEnd(uint16(text[pos-1]))
		case opLineEnd:
			ok = pos == size || m.flags.Multiline && isLineEnd(uint16(text[pos]))
		case opWordEdge:
			ok = wordAt(text, pos-1) != wordAt(text, pos)
		case opNoWordEdge:
			ok = wordAt(text, pos-1) == wordAt(text, pos)
		case opLook:
			m.registers[in.x] = int32(len(m.stack))
			kind := barrier
			if in.negative {
				kind = barrierNot
			}
			m.push(entry{kind: kind, at: in.y, pos: pos})
			ok = true
		case opLooked:
			pos, ok = m.looked(in)
		}
		if ok {
			pc++
			continue
		}
		if pc, pos, ok = back(m, text); !ok {
			return false
		}
	}
}

func wordAt[U unit](text []U, pos int32) bool {
	return pos >= 0 && int(pos) < len(text) && isWord(uint16(text[pos]))
}

// split gives where to go on; a way that cannot begin here is not tried.
func split[U unit](m *machine, text []U, in *instruction, pos int32) int32 {
	if in.set != nil && (int(pos) >= len(text) || !in.set.has(uint16(text[pos]))) {
		return in.y
	}
	if in.other == nil || int(pos) < len(text) && in.other.has(uint16(text[pos])) {
		m.push(entry{kind: tryAt, at: in.y, pos: pos})
	}
	return in.x
}

// turn begins the next turn of a counted loop, or ends it.
func (m *machine) turn(in *instruction, pc, pos int32) int32 {
	count := m.registers[in.x]
	body, after := pc+1, in.y
	switch {
	case count >= in.max:
		return after
	case count < in.min:
	case in.lazy:
		// What begins the turn is done when it is tried.
		m.push(entry{kind: tryAt, at: pc, pos: pos, last: 1})
		return after
	default:
		m.push(entry{kind: tryAt, at: after, pos: pos})
	}
	m.setRegister(in.x+1, pos)
	return body
}

// startRun takes the units of a run: as many as there are, or as few as may be
// when it is lazy.
func startRun[U unit](m *machine, text []U, pc, pos int32) (int32, bool) {
	in := &m.program.code[pc]
	if in.back {
		return startRunBack(m, text, pc, pos)
	}
	room := int32(len(text)) - pos
	if in.min > room {
		return pos, false
	}
	most := min(in.max, room)
	wanted := most
	if in.lazy {
		wanted = in.min
	}
	n := runLength(text[pos:pos+wanted], in)
	if !m.spend(int(n)/unitsAStep) || n < in.min {
		return pos, false
	}
	switch {
	case in.lazy && most > in.min:
		m.push(entry{kind: takeMore, at: pc, pos: pos + n, last: pos + most})
	case !in.lazy && n > in.min:
		m.push(entry{kind: giveBack, at: pc, pos: pos + n, last: pos + in.min})
	}
	return pos + n, true
}

// runLength tells how many of the first units belong to a run.
func runLength[U unit](text []U, in *instruction) int32 {
	if in.set == nil {
		for i, u := range text {
			if uint16(u) != in.unit {
				return int32(i)
			}
		}
		return int32(len(text))
	}
	for i, u := range text {
		if !in.set.has(uint16(u)) {
			return int32(i)
		}
	}
	return int32(len(text))
}

func (in *instruction) takes(u uint16) bool {
	if in.set == nil {
		return u == in.unit
	}
	return in.set.has(u)
}

// startRunBack is startRun from right to left.
func startRunBack[U unit](m *machine, text []U, pc, pos int32) (int32, bool) {
	in := &m.program.code[pc]
	if in.min > pos {
		return pos, false
	}
	most := min(in.max, pos)
	wanted := most
	if in.lazy {
		wanted = in.min
	}
	n := int32(0)
	for n < wanted && in.takes(uint16(text[pos-n-1])) {
		n++
	}
	if !m.spend(int(n)/unitsAStep) || n < in.min {
		return pos, false
	}
	switch {
	case in.lazy && most > in.min:
		m.push(entry{kind: takeMore, at: pc, pos: pos - n, last: pos - most})
	case !in.lazy && n > in.min:
		m.push(entry{kind: giveBack, at: pc, pos: pos - n, last: pos - in.min})
	}
	return pos - n, true
}

// again matches what a group captured once more; a group that took no part
// captured nothing.
func again[U unit](m *machine, text []U, in *instruction, pos int32) (int32, bool) {
	from, to := m.captures[2*in.x], m.captures[2*in.x+1]
	if from < 0 || to < 0 {
		return pos, true
	}
	n := to - from
	start := pos
	if in.back {
		start -= n
	}
	if start < 0 || int(start+n) > len(text) || !m.spend(int(n)/unitsAStep) {
		return pos, false
	}
	for i := range n {
		a, b := uint16(text[from+i]), uint16(text[start+i])
		if a != b && !(m.flags.IgnoreCase && canonical(a) == canonical(b)) {
			return pos, false
		}
	}
	if in.back {
		return start, true
	}
	return pos + n, true
}

// looked ends a look-around that has matched. What it might have tried besides
// is forgotten; a negative one has failed thereby.
func (m *machine) looked(in *instruction) (int32, bool) {
	base := int(m.registers[in.x])
	pos := m.stack[base].pos
	m.spend((len(m.stack) - base) / unitsAStep)
	if in.negative {
		for i := len(m.stack) - 1; i > base; i-- {
			m.undo(&m.stack[i])
		}
		m.stack = m.stack[:base]
		return pos, false
	}
	kept := m.stack[:base]
	for _, e := range m.stack[base+1:] {
		if e.kind == undoCapture || e.kind == undoRegister {
			kept = append(kept, e)
		}
	}
	m.stack = kept
	return pos, true
}

func (m *machine) undo(e *entry) {
	switch e.kind {
	case undoCapture:
		m.captures[e.at] = e.pos
	case undoRegister:
		m.registers[e.at] = e.pos
	case tryAt, giveBack, takeMore, barrier, barrierNot:
	}
}

// back undoes what was done since the last choice, and gives where its next
// alternative goes on.
func back[U unit](m *machine, text []U) (pc, pos int32, ok bool) {
	for len(m.stack) > 0 {
		top := len(m.stack) - 1
		e := &m.stack[top]
		switch e.kind {
		case tryAt:
			m.stack = m.stack[:top]
			if e.last == 0 {
				return e.at, e.pos, true
			}
			in := &m.program.code[e.at] // a lazy loop's next turn
			pc, pos = e.at+1, e.pos
			m.setRegister(in.x+1, pos)
			return pc, pos, true
		case giveBack:
			pc = e.at + 1
			if m.program.code[e.at].back {
				e.pos++
			} else {
				e.pos--
			}
			pos = e.pos
			if pos == e.last {
				m.stack = m.stack[:top]
			}
			return pc, pos, true
		case takeMore:
			if pc, pos, ok = more(m, text, e); ok {
				return pc, pos, true
			}
			m.stack = m.stack[:top]
		case barrierNot:
			m.stack = m.stack[:top]
			return e.at, e.pos, true
		case barrier, undoCapture, undoRegister:
			m.undo(e)
			m.stack = m.stack[:top]
		}
	}
	return 0, 0, false
}

// more takes one more unit for a lazy run.
func more[U unit](m *machine, text []U, e *entry) (pc, pos int32, ok bool) {
	in := &m.program.code[e.at]
	if e.pos == e.last {
		return 0, 0, false
	}
	if in.back {
		if !in.takes(uint16(text[e.pos-1])) {
			return 0, 0, false
		}
		e.pos--
	} else {
		if !in.takes(uint16(text[e.pos])) {
			return 0, 0, false
		}
		e.pos++
	}
	return e.at + 1, e.pos, true
}
