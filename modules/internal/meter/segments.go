package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// segment is a stretch of code that runs as a whole once it is entered, if
// nothing traps.
type segment struct {
	pos  int    // offset in the body at which it starts
	cost uint64 // what is charged there
	// leader is the segment through which every way to this one leads and
	// which can be charged for it; -1 where there is none.
	leader int
	// header says that this is the header of a loop that is continued: it is
	// always charged, and the counter is tested there.
	header bool
	own    uint64
}

// plan says where a function is charged and what.
type plan struct {
	segments []segment
	// lateTest says that every way from the entry to a call leads through the
	// header of a loop, so that the entry needs no test of its own.
	lateTest bool
}

// block is an open block while planning.
type block struct {
	op       wasm.Op
	segment  int  // the one that was current at the block's start
	header   int  // a loop's own segment
	targeted bool // some branch leads to its label
	early    bool // a loop to which the function's first instructions lead
}

// dead is the current segment in code that cannot be reached. Such code may
// get a segment again, which costs nothing but space.
const dead = -1

// planner walks a body and finds its segments.
type planner struct {
	w      *rewriter
	plan   plan
	blocks []block
	cur    int
	called bool
}

// plan divides a body into segments and decides which of them are charged.
func (w *rewriter) plan(index int) plan {
	p := &planner{w: w}
	p.open(0, -1)
	p.plan.segments[0].own = w.m.Bodies[index].NumLocals() / 8
	p.blocks = append(p.blocks, block{op: wasm.OpBlock, segment: dead})
	body := w.m.Bodies[index].Code
	var in wasm.Instr
	for code := wasm.NewCode(body); code.Next(&in); {
		p.step(&in, body)
	}
	fold(p.plan.segments)
	return p.plan
}

// open starts a segment.
func (p *planner) open(pos, leader int) {
	p.plan.segments = append(p.plan.segments, segment{pos: pos, leader: leader})
	p.cur = len(p.plan.segments) - 1
}

func (p *planner) step(in *wasm.Instr, body []byte) {
	p.charge(in)
	switch in.Op {
	case wasm.OpBlock:
		p.blocks = append(p.blocks, block{op: in.Op, segment: p.cur})
	case wasm.OpLoop:
		before := p.cur
		p.open(in.End, before)
		p.blocks = append(p.blocks, block{
			op: in.Op, segment: before, header: p.cur, early: before == 0 && p.cur == 1 && !p.called,
		})
	case wasm.OpIf:
		p.blocks = append(p.blocks, block{op: in.Op, segment: p.cur})
		p.open(in.End, p.cur)
	case wasm.OpElse:
		p.open(in.End, p.blocks[len(p.blocks)-1].segment)
	case wasm.OpEnd:
		p.end(in)
	case wasm.OpBr:
		p.target(in.Arg)
		p.cur = dead
	case wasm.OpBrIf:
		p.target(in.Arg)
		p.open(in.End, p.cur)
	case wasm.OpBrTable:
		p.targets(body[in.Start:in.End])
		p.cur = dead
	case wasm.OpReturn, wasm.OpUnreachable:
		p.cur = dead
	case wasm.OpCall, wasm.OpCallIndirect:
		p.called = true
	}
}

// charge adds an instruction's cost to the current segment.
func (p *planner) charge(in *wasm.Instr) {
	if p.cur == dead {
		return
	}
	cost := costOf(in.Op)
	if in.Op == wasm.OpCall {
		if in.Arg < p.w.imported {
			cost += costHost
		} else if callee := &p.w.funcs[in.Arg-p.w.imported]; !callee.charged() {
			cost += callee.free
		}
	}
	p.plan.segments[p.cur].own += cost
}

func (p *planner) end(in *wasm.Instr) {
	b := p.blocks[len(p.blocks)-1]
	p.blocks = p.blocks[:len(p.blocks)-1]
	if len(p.blocks) == 0 {
		return
	}
	// Code after a block that is only ever left at its end goes on as before.
	if b.op == wasm.OpBlock && !b.targeted {
		return
	}
	p.open(in.End, b.segment)
}

// target marks the label that a branch leads to.
func (p *planner) target(label uint32) {
	i := len(p.blocks) - 1 - int(label)
	b := &p.blocks[i]
	b.targeted = true
	if b.op == wasm.OpLoop && !p.plan.segments[b.header].header {
		p.plan.segments[b.header].header = true
		p.plan.lateTest = p.plan.lateTest || b.early
	}
}

func (p *planner) targets(brTable []byte) {
	r := wasm.NewReader(brTable[1:])
	for range r.U32() + 1 {
		p.target(r.U32())
	}
}

// fold charges short segments with their leaders. A leader takes no more on
// top of its own cost than about as much again.
func fold(segments []segment) {
	const small = 12
	extra := make([]uint64, len(segments))
	for i := len(segments) - 1; i >= 0; i-- {
		s := &segments[i]
		s.cost = s.own + extra[i]
		switch {
		case s.header:
			s.cost = max(s.cost, 1)
		case s.leader >= 0 && extra[s.leader]+s.cost <= max(small, segments[s.leader].own):
			extra[s.leader] += s.cost
			s.cost = 0
		}
	}
}
