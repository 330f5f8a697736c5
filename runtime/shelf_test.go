package runtime

import (
	"slices"
	"testing"
)

// numbers gives the numbers on a shelf from the last to the first.
func numbers(s *shelf) (list []uint64) {
	for x := range s.backward() {
		list = append(list, x.number)
	}
	return list
}

func TestAShelf(t *testing.T) {
	const added = 12 // executions, numbered from 1
	cases := []struct {
		name    string
		removed []uint64
		want    []uint64
	}{
		{"none", nil, []uint64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{"the first ones", []uint64{1, 2, 3}, []uint64{12, 11, 10, 9, 8, 7, 6, 5, 4}},
		{"the last", []uint64{12}, []uint64{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{"some in the middle", []uint64{5, 3}, []uint64{12, 11, 10, 9, 8, 7, 6, 4, 2, 1}},
		{"those up to one that went before", []uint64{2, 1}, []uint64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3}},
		{"most", []uint64{2, 3, 4, 6, 7, 8, 9, 11}, []uint64{12, 10, 5, 1}},
		{"all", []uint64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, nil},
		{"one twice, and one that is not there", []uint64{4, 4, 99}, []uint64{12, 11, 10, 9, 8, 7, 6, 5, 3, 2, 1}},
	}
	for _, c := range cases {
		var s shelf
		for n := range uint64(added) {
			s.add(n+1, &Execution{number: n + 1})
		}
		for _, n := range c.removed {
			s.remove(n)
		}
		if got := numbers(&s); !slices.Equal(got, c.want) || s.len() != len(c.want) {
			t.Errorf("without %s: %d, %d, want %d", c.name, s.len(), got, c.want)
		}
		var first uint64
		if x := s.first(); x != nil {
			first = x.number
		}
		if n := len(c.want); n == 0 && first != 0 || n > 0 && first != c.want[n-1] {
			t.Errorf("without %s the first is %d", c.name, first)
		}
	}
}

// A shelf whose first executions leave while others come does not grow.
func TestAShelfDoesNotGrow(t *testing.T) {
	var s shelf
	for n := range uint64(100_000) {
		s.add(n, &Execution{number: n})
		if n >= 10 {
			s.remove(n - 10)
		}
	}
	if s.len() != 10 || cap(s.places) > 100 {
		t.Errorf("%d executions have room for %d", s.len(), cap(s.places))
	}
}
