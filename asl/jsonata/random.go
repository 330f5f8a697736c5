package jsonata

import "fmt"

// Seeded is a Random that gives what Java's java.util.Random gives for the
// same seed, from which AWS's $random(seed) draws.
type Seeded struct{ state uint64 }

// NewSeeded makes a source from a seed.
func NewSeeded(seed int64) *Seeded { return newSeeded(seed) }

const (
	lcgFactor = 0x5DEECE66D
	lcgMask   = 1<<48 - 1
)

func newSeeded(seed int64) *Seeded { return &Seeded{state: (uint64(seed) ^ lcgFactor) & lcgMask} }

func (s *Seeded) next(bits uint) uint64 {
	s.state = (s.state*lcgFactor + 0xB) & lcgMask
	return s.state >> (48 - bits)
}

// Float64 gives the next double in [0,1).
func (s *Seeded) Float64() float64 { return float64(s.next(26)<<27+s.next(27)) / (1 << 53) }

// UUID gives a version 4 UUID of the next 128 bits.
func (s *Seeded) UUID() string {
	high, low := s.next(32)<<32|s.next(32), s.next(32)<<32|s.next(32)
	high = high&^0xF000 | 0x4000
	low = low&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&(1<<48-1))
}

// chance gives the evaluation's source, made from its time when it has none.
func (ev *evaluation) chance() Random {
	if ev.random == nil {
		ev.random = newSeeded(ev.now.UnixNano())
	}
	return ev.random
}
