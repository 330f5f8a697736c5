package jsonata

import (
	"math"

	"github.com/waslrun/wasl/asl/bounds"
)

// An evaluation pays for what it does (step, spend, weigh) and for what it is
// about to hold (charge), before it does. What is held falls with the regions
// of the evaluation: a call, and each iteration of a path, a predicate or a
// function such as $map, is one. When it ends, nothing of what was made in it
// is left but its result. That is not walked through: arrays and objects know
// what they weigh, with all that was made for them. What two of them share is
// weighed twice, so of what was taken in the region and what the result weighs
// the smaller one counts. Neither can be less than what is in use.
//
// Two things can outlive a region without being its result: what was bound in
// a frame that is older, and what a function holds that was made in it. Then
// the region gives nothing back.

const (
	valueSize    = 48  // bytes that one value takes in a list
	memberSize   = 64  // and in an object, with its name
	indexSize    = 64  // and with its place in an object that has an index
	listSize     = 80  // a list without its values
	objectSize   = 112 // an object without its members
	frameSize    = 64
	functionSize = 128
	tupleSize    = 96
)

// step counts one unit of work.
func (ev *evaluation) step() error { return ev.account.Step() }

// spend counts n units of work.
func (ev *evaluation) spend(n int) error { return ev.account.Spend(n) }

// charge takes bytes that a new value holds from the account.
func (ev *evaluation) charge(bytes int) error { return ev.account.Take(bytes) }

func (ev *evaluation) chargeValues(n int) error { return ev.charge(n * valueSize) }

// How many bytes or values are looked through for one unit of work, and how many
// values are copied.
const (
	bytesScanned  = 128
	valuesScanned = 8
	valuesCopied  = 2
)

// weigh counts the work of walking once through a value: long lists and
// strings take time in operations that are one step.
func (ev *evaluation) weigh(v value) error {
	switch v.kind {
	case list:
		return ev.spend(2 + v.array().len()/valuesScanned)
	case object:
		return ev.spend(1 + v.object().len()/valuesScanned)
	case text:
		return ev.spend(len(v.text) / bytesScanned)
	default:
		return nil
	}
}

// region is a part of an evaluation of which only the result is left.
type region struct {
	start bounds.Mark
	bound int64
}

func (ev *evaluation) enter() region {
	r := region{ev.account.Mark(), ev.bound}
	ev.bound = math.MaxInt64
	return r
}

// leave ends a region that was left with a result.
func (ev *evaluation) leave(r region, result value) { ev.leaveHolding(r, ev.made(r, result)) }

// leaveHolding ends a region of which so many bytes are left.
func (ev *evaluation) leaveHolding(r region, bytes int64) {
	if ev.bound >= r.start.Taken {
		ev.account.Settle(r.start, bytes)
	}
	ev.bound = min(ev.bound, r.bound)
}

// rest ends an iteration of a region that goes on with so many bytes.
func (ev *evaluation) rest(r *region, bytes int64) {
	if ev.bound >= r.start.Taken {
		ev.account.Settle(r.start, bytes)
		return
	}
	r.start, r.bound = ev.account.Mark(), min(ev.bound, r.bound)
	ev.bound = math.MaxInt64
}

// made gives what a value may hold of all that was made in a region.
func (ev *evaluation) made(r region, v value) int64 {
	if v.kind == callable && v.function().birth != 0 && v.function().birth < r.start.Taken {
		return 0 // it was there before
	}
	return weighed(v.weight())
}

// madeAll is made for a function and its arguments.
func (ev *evaluation) madeAll(r region, callee value, args []value) int64 {
	bytes := ev.made(r, callee)
	for _, a := range args {
		bytes += valueSize + ev.made(r, a)
	}
	return bytes
}

// weighed gives a weight in bytes; one that is not known is that of everything.
func weighed(w weight) int64 {
	if w == heaviest {
		return math.MaxInt64 >> 16
	}
	return int64(w)
}

// weight is how many bytes an evaluation has made for a value, those within it
// included, each as often as it is there.
type weight int32

// heaviest is the weight of what holds more than can be said, and of what is
// not known.
const heaviest = math.MaxInt32

func (w weight) plus(v weight) weight {
	if s := int64(w) + int64(v); s < heaviest {
		return weight(s)
	}
	return heaviest
}

// weight gives what the value weighs beside the value itself.
func (v value) weight() weight {
	switch v.kind {
	case text, number:
		return weight(min(len(v.text), heaviest))
	case list:
		return v.array().weight().plus(listSize)
	case object:
		return v.object().weight().plus(objectSize)
	case bound:
		return v.tuple().weight()
	case callable:
		if v.function().birth == builtinBirth {
			return 0
		}
		return heaviest
	case tail:
		return heaviest
	default:
		return 0
	}
}

// weight gives what the array's values weigh. A look at a document weighs
// nothing, nor does a range.
func (a *array) weight() weight {
	if a.held == 0 && len(a.elems) > 0 {
		for _, v := range a.elems {
			a.held = a.held.plus(valueSize).plus(v.weight())
		}
	}
	return a.held
}

func (m *members) weight() weight {
	if m.held == 0 && len(m.keys) > 0 {
		for i, v := range m.vals {
			m.held = m.held.plus(memberWeight(m.keys[i], v))
		}
		m.held = m.held.plus(weight(indexSize * max(0, len(m.keys)-indexFrom)))
	}
	return m.held
}

// memberSize gives the bytes that one member more takes.
func (m *members) memberSize() int {
	if len(m.keys) < indexFrom {
		return memberSize
	}
	return memberSize + indexSize
}

// memberWeight is what one member of an object weighs.
func memberWeight(key string, v value) weight {
	return v.weight().plus(weight(min(len(key), heaviest))).plus(memberSize)
}

func (t *tuple) weight() weight {
	w := t.item.weight().plus(tupleSize)
	for _, v := range t.vals {
		w = w.plus(valueSize).plus(v.weight())
	}
	return w
}
