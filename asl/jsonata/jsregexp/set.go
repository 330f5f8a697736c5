package jsregexp

import (
	"slices"
	"sort"
	"sync"
	"unicode"
	"unicode/utf16"
)

// set is a set of units. It is not changed once a program uses it.
type set struct {
	low      [4]uint64 // a bit for each unit below 256, negative applied
	ranges   []span    // in order, without gaps of nothing between them
	negative bool      // it has what the ranges have not
}

type span struct{ from, to uint16 }

// has tells whether a unit belongs to the set.
func (s *set) has(u uint16) bool {
	if u < 256 {
		return s.low[u>>6]>>(u&63)&1 != 0
	}
	return s.find(u) != s.negative
}

// find looks into the ranges.
func (s *set) find(u uint16) bool {
	i := sort.Search(len(s.ranges), func(i int) bool { return s.ranges[i].to >= u })
	return i < len(s.ranges) && s.ranges[i].from <= u
}

// finished fills in what has looks at first.
func (s *set) finished() *set {
	s.low = [4]uint64{}
	for u := range uint16(256) {
		if s.find(u) != s.negative {
			s.low[u>>6] |= 1 << (u & 63)
		}
	}
	return s
}

// only gives the one unit of a set that has no other.
func (s *set) only() (uint16, bool) {
	if s.negative || len(s.ranges) != 1 || s.ranges[0].from != s.ranges[0].to {
		return 0, false
	}
	return s.ranges[0].from, true
}

// setBuilder collects the members of a set.
type setBuilder struct{ ranges []span }

func (b *setBuilder) add(from, to uint16) { b.ranges = append(b.ranges, span{from, to}) }

// addAtom adds a unit, or a set when there is one.
func (b *setBuilder) addAtom(u uint16, s *set) {
	if s == nil {
		b.add(u, u)
		return
	}
	b.addSet(s)
}

func (b *setBuilder) addSet(s *set) {
	if !s.negative {
		b.ranges = append(b.ranges, s.ranges...)
		return
	}
	from := 0
	for _, r := range s.ranges {
		if from < int(r.from) {
			b.add(uint16(from), r.from-1)
		}
		from = int(r.to) + 1
	}
	if from <= 0xFFFF {
		b.add(uint16(from), 0xFFFF)
	}
}

// set gives the set of what was added.
func (b *setBuilder) set() *set {
	slices.SortFunc(b.ranges, func(x, y span) int { return int(x.from) - int(y.from) })
	s := &set{}
	for _, r := range b.ranges {
		if n := len(s.ranges); n > 0 && int(r.from) <= int(s.ranges[n-1].to)+1 {
			s.ranges[n-1].to = max(s.ranges[n-1].to, r.to)
			continue
		}
		s.ranges = append(s.ranges, r)
	}
	return s
}

func setOf(spans ...span) *set { return (&setBuilder{spans}).set().finished() }

func except(s *set) *set {
	n := &set{ranges: s.ranges, negative: !s.negative}
	return n.finished()
}

// The sets that have names. White space is what the standard calls so, line
// terminators included.
var (
	digits      = setOf(span{'0', '9'})
	words       = setOf(span{'0', '9'}, span{'A', 'Z'}, span{'_', '_'}, span{'a', 'z'})
	spaces      = setOf(span{'\t', '\r'}, span{' ', ' '}, span{0xA0, 0xA0}, span{0x1680, 0x1680}, span{0x2000, 0x200A}, span{0x2028, 0x2029}, span{0x202F, 0x202F}, span{0x205F, 0x205F}, span{0x3000, 0x3000}, span{0xFEFF, 0xFEFF})
	notLineEnds = except(setOf(span{'\n', '\n'}, span{'\r', '\r'}, span{0x2028, 0x2029}))

	escapedSets = map[rune]*set{
		'd': digits, 'D': except(digits), 's': spaces, 'S': except(spaces), 'w': words, 'W': except(words),
	}
)

func isLineEnd(u uint16) bool { return u == '\n' || u == '\r' || u == 0x2028 || u == 0x2029 }
func isWord(u uint16) bool    { return u < 128 && words.has(u) }

// canonical is the standard's Canonicalize without the flag u: the upper case
// of a unit, where this is one unit, and not an ASCII one for another.
func canonical(u uint16) uint16 {
	if u < 128 {
		if u >= 'a' && u <= 'z' {
			return u - ('a' - 'A')
		}
		return u
	}
	if utf16.IsSurrogate(rune(u)) || growsInUpperCase(u) {
		return u
	}
	upper := unicode.ToUpper(rune(u))
	if upper < 128 || upper > 0xFFFF {
		return u
	}
	return uint16(upper)
}

// growsInUpperCase tells of the units whose full upper case is longer than one
// unit (Unicode's SpecialCasing.txt): Canonicalize leaves them alone.
func growsInUpperCase(u uint16) bool {
	switch u {
	case 0xDF, 0x149, 0x1F0, 0x390, 0x3B0, 0x587:
		return true
	}
	if u >= 0x1E96 && u <= 0x1E9A || u >= 0xFB00 && u <= 0xFB06 || u >= 0xFB13 && u <= 0xFB17 {
		return true
	}
	if u < 0x1F50 || u > 0x1FFC {
		return false
	}
	switch {
	case u <= 0x1F56:
		return u%2 == 0
	case u >= 0x1F80 && u <= 0x1FAF:
		return true
	}
	return slices.Contains(greekThatGrows, u)
}

var greekThatGrows = []uint16{
	0x1FB2, 0x1FB3, 0x1FB4, 0x1FB6, 0x1FB7, 0x1FBC, 0x1FC2, 0x1FC3, 0x1FC4, 0x1FC6, 0x1FC7, 0x1FCC, 0x1FD2, 0x1FD3, 0x1FD6, 0x1FD7,
	0x1FE2, 0x1FE3, 0x1FE4, 0x1FE6, 0x1FE7, 0x1FF2, 0x1FF3, 0x1FF4, 0x1FF6, 0x1FF7, 0x1FFC,
}

// folding holds the units that are not alone in their class of case: in their
// order, and by their canonical unit.
type folding struct {
	units   []uint16
	members map[uint16][]uint16
}

var foldings = sync.OnceValue(func() *folding {
	f := &folding{members: map[uint16][]uint16{}}
	for u := range 1 << 16 {
		if c := canonical(uint16(u)); c != uint16(u) {
			f.members[c] = append(f.members[c], uint16(u))
		}
	}
	for c := range f.members {
		f.members[c] = append(f.members[c], c)
		f.units = append(f.units, f.members[c]...)
	}
	slices.Sort(f.units)
	return f
})

// folded gives the set of all units whose canonical unit is that of a member.
// What a negative set leaves out is folded before it is left out.
func (s *set) folded() *set {
	f := foldings()
	b := setBuilder{ranges: slices.Clone(s.ranges)}
	for _, r := range s.ranges {
		i, _ := slices.BinarySearch(f.units, r.from)
		for ; i < len(f.units) && f.units[i] <= r.to; i++ {
			for _, u := range f.members[canonical(f.units[i])] {
				b.add(u, u)
			}
		}
	}
	out := b.set()
	out.negative = s.negative
	return out.finished()
}
