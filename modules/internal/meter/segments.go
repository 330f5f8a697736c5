package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// segment is a stretch of code that runs as a whole once it is entered, if
// nothing traps.
type segment struct {
	pos int    // offset in the body at which it starts
	own uint64 // cost of its instructions

	exit  exit
	next  [2]int // where it goes on; see exit
	preds int    // how many edges lead here

	// header says that this is the header of a loop that is continued: the
	// counter is tested there.
	header bool
	// table says that a br_table leads here, dispatch that it is the dispatch
	// of a Go function, and back that jumps back come from there.
	table, dispatch, back bool
	// alone says that this is the then part of an if without an else, and away
	// that its end is never reached.
	alone, away bool
	// values says that the br_if at the end takes values along.
	values bool

	charges
}

// exit is how a segment ends.
type exit byte

const (
	exitNone     exit = iota // with a trap
	exitNext                 // goes on at next[0]
	exitIf                   // next[0] is the then part, next[1] what follows the if
	exitIfElse               // next[0] is the then part, next[1] the else part
	exitBrIf                 // next[0] is the branch's target, next[1] what follows
	exitTable                // a br_table
	exitDispatch             // the br_table at the start of a Go function; next[0] is its first target
)

// leaves is the target of an edge that leads out of the function.
const leaves = -1

// plan says where a function is charged and what.
type plan struct {
	segments []segment
	// lateTest says that every way from the entry to a call leads through the
	// header of a loop, so that the entry needs no test of its own.
	lateTest bool
}

// block is an open block while planning.
type block struct {
	op      wasm.Op
	header  int    // a loop's segment
	cond    int    // the segment that ends with the if, while it leads to the end
	sources []edge // what leads to the end
	values  bool   // branches to it take values along
	// table says that a br_table leads to the end, dispatch that it is that of
	// the function.
	table, dispatch bool
}

// edge is one of the ways out of a segment.
type edge struct{ segment, slot int }

// dead is the current segment in code that cannot be reached.
const dead = -2

// planner walks a body and finds its segments.
type planner struct {
	w      *rewriter
	f      *function
	code   []byte
	plan   plan
	blocks []block
	cur    int
	last   [2]wasm.Instr // the two instructions before, the last one first

	called bool
	// early is the segment of the loop to which the function's first
	// instructions lead, and outer counts the blocks around it and itself. If it
	// starts with a dispatch to which all ways are known so far, that is it, and
	// ends has the segments after the blocks that are closed.
	early    int
	outer    int
	dispatch *dispatch
	ends     []int
}

// plan divides a body into segments and decides where they are charged.
func (w *rewriter) plan(index int) plan {
	body := &w.m.Bodies[index]
	p := &planner{w: w, f: &w.funcs[index], code: body.Code, early: dead}
	p.open(0)
	p.plan.segments[0].own = body.NumLocals() / 8
	p.blocks = append(p.blocks, block{op: wasm.OpBlock, cond: dead, values: len(p.f.results) > 0})
	var in wasm.Instr
	for code := wasm.NewCode(body.Code); code.Next(&in); {
		p.step(&in)
		p.last[1], p.last[0] = p.last[0], in
	}
	if w.unmerged {
		unmerged(p.plan.segments)
	} else {
		prepay(p.plan.segments)
	}
	return p.plan
}

// open starts a segment.
func (p *planner) open(pos int) {
	p.plan.segments = append(p.plan.segments, segment{pos: pos})
	p.cur = len(p.plan.segments) - 1
}

// connect makes an edge lead to a segment.
func (p *planner) connect(e edge, to int) {
	p.plan.segments[e.segment].next[e.slot] = to
	if to != leaves {
		p.plan.segments[to].preds++
	}
}

// follow ends the current segment and starts one to which it leads.
func (p *planner) follow(how exit, slot, pos int) {
	from := p.cur
	p.plan.segments[from].exit = how
	p.open(pos)
	p.connect(edge{from, slot}, p.cur)
}

func (p *planner) step(in *wasm.Instr) {
	if p.cur == dead {
		p.stepDead(in)
		return
	}
	p.charge(in)
	switch in.Op {
	case wasm.OpBlock:
		p.push(in, dead)
	case wasm.OpLoop:
		p.loop(in)
	case wasm.OpIf:
		p.push(in, p.cur)
		p.follow(exitIf, 0, in.End)
	case wasm.OpElse:
		b := p.target(0)
		p.leadTo(b, exitNext, 0)
		p.otherwise(b, in)
	case wasm.OpEnd:
		p.end(in)
	case wasm.OpBr:
		p.br(in)
	case wasm.OpBrIf:
		p.brIf(in)
	case wasm.OpBrTable:
		p.brTable(in)
	case wasm.OpReturn:
		p.plan.segments[p.cur].exit = exitNext
		p.connect(edge{p.cur, 0}, leaves)
		p.cur = dead
	case wasm.OpUnreachable:
		p.cur = dead
	case wasm.OpCall, wasm.OpCallIndirect:
		p.called = true
	}
}

// stepDead steps over code that cannot be reached, where only blocks count.
func (p *planner) stepDead(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf:
		p.push(in, dead)
	case wasm.OpElse:
		p.otherwise(p.target(0), in)
	case wasm.OpEnd:
		p.end(in)
	}
}

// charge adds an instruction's cost to the current segment.
func (p *planner) charge(in *wasm.Instr) {
	cost := costOf(in.Op)
	if in.Op == wasm.OpCall {
		if in.Arg < p.w.imported {
			cost += costHost
		} else {
			cost += p.w.funcs[in.Arg-p.w.imported].free
		}
	}
	p.plan.segments[p.cur].own += cost
}

// target gives the block of a label.
func (p *planner) target(label uint32) *block { return &p.blocks[len(p.blocks)-1-int(label)] }

// push opens a block.
func (p *planner) push(in *wasm.Instr, cond int) {
	b := block{op: in.Op, header: dead, cond: cond, values: in.Block != wasm.NoResult}
	if in.Op == wasm.OpLoop {
		b.values = in.Block >= 0 && len(p.w.m.Types[in.Block].Params) > 0
	}
	p.blocks = append(p.blocks, b)
}

// loop opens a loop. It gets a segment, since it may turn out to be continued.
func (p *planner) loop(in *wasm.Instr) {
	early := p.cur == 0 && !p.called
	p.follow(exitNext, 0, in.End)
	p.push(in, dead)
	p.target(0).header = p.cur
	if early {
		p.early, p.outer = p.cur, len(p.blocks)
		p.dispatch = findDispatch(p.code, in)
	}
}

// otherwise starts the else part of an if.
func (p *planner) otherwise(b *block, in *wasm.Instr) {
	if b.cond != dead {
		p.plan.segments[b.cond].exit = exitIfElse
		p.open(in.End)
		p.connect(edge{b.cond, 1}, p.cur)
		b.cond = dead
	}
}

func (p *planner) end(in *wasm.Instr) {
	b := p.blocks[len(p.blocks)-1]
	p.blocks = p.blocks[:len(p.blocks)-1]
	if b.op == wasm.OpLoop {
		if b.header == p.early {
			p.closeDispatch()
		}
		return
	}
	if b.cond != dead {
		b.sources = append(b.sources, edge{b.cond, 1})
		then := &p.plan.segments[p.plan.segments[b.cond].next[0]]
		then.alone, then.away = true, p.cur == dead
	}
	// Code after a block that is only ever left at its end goes on as before.
	if last := len(p.blocks) == 0; last || len(b.sources) > 0 || b.table {
		p.leadTo(&b, exitNext, 0)
		p.after(&b, in.End, last)
	}
}

// after starts the segment after a block, unless that is the function's end.
func (p *planner) after(b *block, pos int, last bool) {
	to := leaves
	if !last {
		p.open(pos)
		to = p.cur
		s := &p.plan.segments[to]
		s.table, s.dispatch = b.table, b.dispatch
		if b.table {
			s.preds++
		}
	}
	for _, e := range b.sources {
		p.connect(e, to)
	}
	if i := len(p.blocks) - p.outer; b.dispatch && i < len(p.ends) {
		p.ends[i] = to
	}
}

// leadTo makes the current segment lead to a label's block.
func (p *planner) leadTo(b *block, how exit, slot int) {
	if p.cur == dead {
		return
	}
	p.plan.segments[p.cur].exit = how
	if b.op != wasm.OpLoop {
		b.sources = append(b.sources, edge{p.cur, slot})
	} else {
		p.turn(b)
		p.connect(edge{p.cur, slot}, b.header)
	}
	if how == exitNext {
		p.cur = dead
	}
}

// turn notes that a loop is continued.
func (p *planner) turn(b *block) {
	s := &p.plan.segments[b.header]
	if !s.header {
		s.header, s.own = true, max(s.own, 1)
		p.plan.lateTest = p.plan.lateTest || b.header == p.early
	}
}

func (p *planner) br(in *wasm.Instr) {
	b := p.target(in.Arg)
	if p.dispatch != nil && b.op == wasm.OpLoop && b.header == p.early {
		p.jumpBack()
	}
	p.leadTo(b, exitNext, 0)
}

func (p *planner) brIf(in *wasm.Instr) {
	b := p.target(in.Arg)
	if b.op == wasm.OpLoop && b.header == p.early {
		p.dispatch = nil
	}
	p.plan.segments[p.cur].values = b.values
	p.leadTo(b, exitBrIf, 0)
	p.follow(exitBrIf, 1, in.End)
}
