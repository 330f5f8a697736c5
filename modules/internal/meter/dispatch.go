package meter

import "github.com/waslrun/wasl/modules/internal/wasm"

// brTable ends a segment with a br_table.
func (p *planner) brTable(in *wasm.Instr) {
	labels := tableLabels(p.code, in)
	dispatches := p.dispatches(labels)
	p.plan.segments[p.cur].exit = exitTable
	if dispatches {
		p.plan.segments[p.cur].exit = exitDispatch
		first := p.target(labels[0])
		first.sources = append(first.sources, edge{p.cur, 0})
	}
	for _, label := range labels {
		switch b := p.target(label); {
		case b.op != wasm.OpLoop:
			b.table, b.dispatch = true, b.dispatch || dispatches
		case b.header != dead:
			p.turn(b)
			p.plan.segments[b.header].preds++
			if b.header == p.early {
				p.dispatch = nil
			}
		}
	}
	p.cur = dead
}

// dispatches tells whether the br_table that ends the current segment is the
// dispatch of a Go function: at the function's start, over its only parameter.
func (p *planner) dispatches(labels []uint32) bool {
	get := &p.last[0]
	ok := get.Op == wasm.OpLocalGet && get.Arg == 0 && labels[0] == 0 && len(p.f.params) == 1 && p.f.params[0] == wasm.I32
	inLoop := p.cur == p.early && p.dispatch != nil
	ok = ok && (p.cur == 0 || inLoop)
	for _, label := range labels {
		ok = ok && p.target(label).op == wasm.OpBlock
	}
	switch {
	case !ok && inLoop:
		p.dispatch = nil
	case ok && inLoop:
		p.ends = make([]int, len(p.blocks)-p.outer)
		for i := range p.ends {
			p.ends[i] = dead
		}
	}
	return ok
}

// jumpBack notes a jump to the dispatch. If it is not known where to, the
// dispatch is a br_table like any other.
func (p *planner) jumpBack() {
	block, ok := p.dispatch.target(p.code, &p.last)
	if !ok || p.ends[block] < 0 {
		p.dispatch = nil
		return
	}
	p.plan.segments[p.ends[block]].back = true
}

// closeDispatch ends the loop that may start with the dispatch, and gives that
// up if not all ways to it are known.
func (p *planner) closeDispatch() {
	if p.dispatch == nil && p.ends != nil {
		p.plan.segments[p.early].exit = exitTable
		for _, end := range p.ends {
			if end >= 0 {
				p.plan.segments[end].dispatch = false
			}
		}
	}
	p.ends = nil
}
