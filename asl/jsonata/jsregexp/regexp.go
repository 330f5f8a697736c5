package jsregexp

import (
	"sync"
	"unsafe"
)

// Flags are those of a regular expression that change what it matches.
type Flags struct {
	IgnoreCase bool // i
	Multiline  bool // m: ^ and $ match at line terminators, too
}

// String gives the letters of the flags, in the order that JavaScript has for
// them.
func (f Flags) String() string {
	s := ""
	if f.IgnoreCase {
		s += "i"
	}
	if f.Multiline {
		s += "m"
	}
	return s
}

// SyntaxError says why a pattern is none, in node's words: "Nothing to repeat".
type SyntaxError struct{ Message string }

func (e *SyntaxError) Error() string { return e.Message }

// LimitError tells that a match needs more than it may have.
type LimitError struct{ What string }

func (e *LimitError) Error() string { return "the match needs more than " + e.What }

// Regexp is a compiled regular expression. It is safe for use by many
// goroutines.
type Regexp struct {
	program  *program
	flags    Flags
	machines sync.Pool // of *machine
}

// Compile reads a pattern, given as UTF-16 units; unpaired surrogates are units
// like others. Errors are of type *SyntaxError.
func Compile(pattern []uint16, flags Flags) (*Regexp, error) {
	n, groups, message := parse(pattern)
	if message != "" {
		return nil, &SyntaxError{message}
	}
	return &Regexp{program: compile(n, groups, flags), flags: flags}, nil
}

// Text is what is searched: a sequence of UTF-16 units.
type Text struct {
	ascii []byte
	units []uint16
}

// ASCIIText makes a text of a string that is all ASCII: its bytes are its units.
func ASCIIText(s string) Text { return Text{ascii: unsafe.Slice(unsafe.StringData(s), len(s))} }

// UnitText makes a text of units, which must not change while it is used.
func UnitText(units []uint16) Text { return Text{units: units} }

// Len gives the number of units.
func (t Text) Len() int { return len(t.ascii) + len(t.units) }

// Budget bounds a match, in steps: an instruction is one, and so are 8 units
// that are passed over. Equal matches take equal steps.
type Budget struct {
	Steps  int                   // that one match may take; 0: as many as it needs
	Charge func(steps int) error // called for steps taken, a thousand at a time; nil: no one pays
}

// Find searches the first match at or after a position. It gives the positions
// of the match and of each group, start and end, -1 for a group that takes no
// part; nil when there is no match. Errors are of type *LimitError, or those of
// budget.Charge.
func (r *Regexp) Find(t Text, from int, budget Budget) ([]int, error) {
	m, _ := r.machines.Get().(*machine)
	if m == nil {
		m = newMachine(r.program, r.flags)
	}
	m.begin(budget)
	var found bool
	if t.units != nil {
		found = search(m, t.units, from)
	} else {
		found = search(m, t.ascii, from)
	}
	m.settle()
	err := m.err
	var positions []int
	if err == nil && found {
		positions = make([]int, len(m.captures))
		for i, p := range m.captures {
			positions[i] = int(p)
		}
	}
	if cap(m.stack) <= keptStack {
		r.machines.Put(m)
	}
	return positions, err
}
