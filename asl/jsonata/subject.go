package jsonata

import (
	"strings"

	"github.com/waslrun/wasl/asl/jsonata/jsregexp"
)

// subject is a string that is searched and cut by UTF-16 positions. It is
// looked through once, however many matches there are.
type subject struct {
	text  string
	units []uint16 // nil where all is ASCII: the bytes are the units
}

// subject makes one of a string, and pays for it.
func (ev *evaluation) subject(s string) (*subject, error) {
	if err := ev.spend(len(s) / bytesScanned); err != nil {
		return nil, err
	}
	if isASCII(s) {
		return &subject{text: s}, nil
	}
	if err := ev.charge(2 * len(s)); err != nil {
		return nil, err
	}
	return &subject{s, toUnits(s)}, ev.spend(len(s) / (bytesScanned / 8))
}

func (s *subject) searchable() jsregexp.Text {
	if s.units == nil {
		return jsregexp.ASCIIText(s.text)
	}
	return jsregexp.UnitText(s.units)
}

// len gives the number of units.
func (s *subject) len() int { return s.searchable().Len() }

// part gives what stands between two positions, as JavaScript's substring does,
// in a string of its own, which does not keep the whole.
func (s *subject) part(from, to int) string {
	n := s.len()
	from, to = min(max(from, 0), n), min(max(to, 0), n)
	from, to = min(from, to), max(from, to)
	if s.units == nil {
		return strings.Clone(s.text[from:to])
	}
	return fromUnits(s.units[from:to])
}
