package meter

// calls is what the call graph says of a function.
type calls struct {
	visit visit

	// recurs marks functions such that every recursion by direct calls goes
	// through one.
	recurs bool
	// charged says that the function takes its fuel itself; otherwise its
	// callers pay free.
	charged bool
	free    uint64
	// touches says that the counter can be another one after a call.
	touches bool
	// tested says that the counter is tested before the function calls any
	// other, or at its entry. straight is the most that it and what it calls can
	// cost between two tests.
	tested   bool
	straight uint64

	// deep says that the function takes stack from the depth counter, as many
	// bytes as take says. Otherwise chain is the stack that it and all below it
	// use until one takes its own; leads says that there may be one.
	deep  bool
	take  uint64
	chain uint64
	leads bool
}

type visit byte

const (
	unvisited visit = iota
	visiting
	visited
)

const (
	// callerPays is the most that a function without loops may cost to be
	// charged by its callers.
	callerPays = 64
	// longest is the most that runs without a test where calls do not recur.
	longest = 10_000

	// shallow is the most stack that is not accounted for at the end of a chain
	// of calls.
	shallow = 16 << 10
	// between is the most that is not accounted for between two functions of a
	// chain that take theirs.
	between = 512
)

// resolve visits a function and all that it calls, callees first. One that is
// called while it is being visited closes a recursion.
func (w *rewriter) resolve(index uint32) {
	f := &w.funcs[index]
	f.visit = visiting
	for _, c := range f.callees {
		switch callee := &w.funcs[c]; callee.visit {
		case unvisited:
			w.resolve(c)
		case visiting:
			callee.recurs = true
		}
	}
	w.settleFuel(f)
	w.settleStack(f)
	f.visit = visited
}

// settleFuel decides whether a function is charged by itself and tests the
// counter: every recursion has to meet a test, and so has a long run of calls.
func (w *rewriter) settleFuel(f *function) {
	pays := f.own
	for _, c := range f.callees {
		callee := &w.funcs[c]
		pays += callee.free
		f.touches = f.touches || callee.touches || callee.recurs
	}
	f.straight = w.untested(f)
	if f.straight > longest {
		for _, c := range f.callees {
			if callee := &w.funcs[c]; callee.visit == visited && callee.straight > callerPays {
				callee.tested, callee.charged, callee.free = true, true, 0
			}
		}
		f.straight = w.untested(f)
	}
	f.tested = f.recurs || f.indirect || f.straight > longest
	f.charged = f.tested || f.loops > 0 || f.host || f.bulk || pays > callerPays
	f.touches = f.touches || f.charged
	if !f.charged {
		f.free = pays
	}
}

// untested is the most that a function and what it calls can cost between two
// tests.
func (w *rewriter) untested(f *function) uint64 {
	total := f.own
	for _, c := range f.callees {
		if callee := &w.funcs[c]; callee.visit == visited && !callee.tested {
			total = min(total+callee.straight, 1<<40)
		}
	}
	return total
}

// settleStack decides whether a function takes its stack. Those do that every
// recursion goes through, and enough of the others that what is not accounted
// for between them is at most twice what is.
func (w *rewriter) settleStack(f *function) {
	below := uint64(0)
	for _, c := range f.callees {
		callee := &w.funcs[c]
		if callee.deep || callee.recurs {
			f.leads = true
		} else {
			below, f.leads = max(below, callee.chain), f.leads || callee.leads
		}
	}
	f.chain = f.frame + below
	f.deep = f.recurs || f.indirect || f.chain > shallow || f.leads && f.chain > between
	if f.indirect { // whatever is called may be the start of a chain
		below = between
	}
	f.take = max(f.frame, min(below, between)/2)
}
