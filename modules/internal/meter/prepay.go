package meter

// charges are what the plan says of a segment.
type charges struct {
	total   int64 // cost of the segment and of what it pays ahead
	prepaid int64 // how much of that whoever leads here has paid
	charge  int64 // what is charged at the start; less than zero gives back
	edge    int64 // what is charged when the br_if before it is taken
}

const (
	// mostAhead bounds what is charged ahead.
	mostAhead = 1000
	// mostOwed bounds what a Go function that is resumed in the middle can be
	// charged too little.
	mostOwed = 128
	// mostSplit is the most segments of a function whose br_ifs are given
	// charges of their own, which makes blocks of them.
	mostSplit = 4000
)

// prepay decides where the segments are charged. Each is paid for ahead, by
// those that lead to it, as far as all of them can: so most segments charge
// nothing. Where ways part, the one that is rather taken is paid for, and what
// another way costs more or less is charged or given back when that is taken.
// The sum over any way through the function is that of the segments' own costs.
//
// The headers of loops cannot be paid for ahead, nor what a br_table leads to.
// The dispatch of a Go function is taken as one that always leads to its first
// target, which is where it leads unless a goroutine is resumed, but for the
// jumps back, which are known.
func prepay(segments []segment) {
	first := leaves
	for i := range segments {
		if s := &segments[i]; s.exit == exitDispatch {
			first = s.next[0]
			if s.header {
				s.prepaid = int64(s.own)
			}
		}
	}
	for i := len(segments) - 1; i >= 0; i-- {
		s := &segments[i]
		s.total = int64(s.own) + ahead(segments, i)
		most := int64(mostAhead)
		switch {
		case s.header && s.exit == exitDispatch:
			continue // those that lead to it pay for it alone
		case i == 0, s.back, s.header, s.table && !s.dispatch:
			most = 0
		case s.dispatch && i != first:
			most = mostOwed
		}
		if s.total <= most {
			s.prepaid = s.total
		}
		s.charge = s.total - s.prepaid
	}
}

// ahead settles what a segment pays ahead and what is charged on its ways out.
func ahead(segments []segment, i int) int64 {
	s := &segments[i]
	switch s.exit {
	case exitNext:
		paid := due(segments, s.next[0])
		if next := s.next[0]; next > i && segments[next].header && segments[next].exit == exitDispatch {
			paid += due(segments, segments[next].next[0])
		}
		return paid
	case exitIf:
		return settle(segments, s.next[0], due(segments, s.next[1]))
	case exitIfElse:
		return settle(segments, s.next[1], due(segments, s.next[0]))
	case exitBrIf:
		taken, on := due(segments, s.next[0]), due(segments, s.next[1])
		if back := s.next[0] != leaves && s.next[0] <= i; back || s.values || len(segments) > mostSplit {
			return settle(segments, s.next[1], taken)
		}
		segments[s.next[1]].edge = taken - on
		return on
	case exitDispatch:
		if s.header {
			return 0
		}
		return aheadOfDispatch(segments, i)
	default:
		return 0
	}
}

// due is what has to be paid on an edge to a segment.
func due(segments []segment, to int) int64 {
	if to == leaves {
		return 0
	}
	return segments[to].prepaid
}

// settle makes a segment, to which one way leads, charge what is not paid.
func settle(segments []segment, to int, paid int64) int64 {
	s := &segments[to]
	s.charge += s.prepaid - paid
	s.prepaid = paid
	return paid
}

// aheadOfDispatch is ahead for a dispatch that runs once.
func aheadOfDispatch(segments []segment, i int) int64 {
	paid := due(segments, segments[i].next[0])
	for to := i + 1; to < len(segments); to++ {
		if s := &segments[to]; s.dispatch && s.preds == 1 {
			settle(segments, to, paid)
		}
	}
	return paid
}

// unmerged charges each segment at its start.
func unmerged(segments []segment) {
	for i := range segments {
		segments[i].charge = int64(segments[i].own)
	}
}
