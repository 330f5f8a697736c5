package runtime

import (
	"cmp"
	"iter"
	"slices"
)

// shelf holds executions in the order of a number that they have. Taking one out
// leaves nothing of it behind.
type shelf struct {
	places []place // by number
	head   int     // the first place that is taken
	taken  int
}

// place is an execution's place on a shelf; free once x is nil.
type place struct {
	number uint64
	x      *Execution
}

func (s *shelf) len() int { return s.taken }

// add puts an execution last. Its number is higher than all others'.
func (s *shelf) add(number uint64, x *Execution) {
	s.places = append(s.places, place{number, x})
	s.taken++
}

// remove takes the execution of a number out, if it is there.
func (s *shelf) remove(number uint64) {
	i, found := slices.BinarySearchFunc(s.places, number, func(p place, n uint64) int {
		return cmp.Compare(p.number, n)
	})
	if !found || s.places[i].x == nil {
		return
	}
	s.places[i].x = nil
	s.taken--
	for s.head < len(s.places) && s.places[s.head].x == nil {
		s.head++
	}
	if s.taken < len(s.places)/2 {
		s.tidy()
	}
}

// tidy drops the free places.
func (s *shelf) tidy() {
	places := make([]place, 0, s.taken)
	for _, p := range s.places[s.head:] {
		if p.x != nil {
			places = append(places, p)
		}
	}
	s.places, s.head = places, 0
}

// first gives the first execution, or nil.
func (s *shelf) first() *Execution {
	if s.taken == 0 {
		return nil
	}
	return s.places[s.head].x
}

// backward walks through the executions from the last to the first.
func (s *shelf) backward() iter.Seq[*Execution] {
	return func(yield func(*Execution) bool) {
		for _, p := range slices.Backward(s.places[s.head:]) {
			if p.x != nil && !yield(p.x) {
				return
			}
		}
	}
}
