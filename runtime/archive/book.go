package archive

import (
	"encoding/binary"
	"iter"
	"slices"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Book is what a Writer wrote. It never changes; the zero Book is empty.
type Book struct{ data []byte }

// Len is the number of bytes that the book holds.
func (b Book) Len() int { return len(b.data) }

// Value gives the value at a place that Writer.Value gave.
func (b Book) Value(place int) jsonvalue.Value {
	r := reader{data: b.data, at: place}
	return r.next()
}

// Events gives the events from the id first on until the id end, which is not
// among them; backward when end is lower. With each comes the size of its
// payloads as text.
func (b Book) Events(first, end int64) iter.Seq2[history.Event, int] {
	return func(yield func(history.Event, int) bool) {
		places := b.places(first, end)
		if end < first {
			places = b.places(end+1, first+1)
			slices.Reverse(places)
		}
		r := reader{data: b.data}
		for _, place := range places {
			r.at, r.size = place, 0
			if e := r.event(); !yield(e, r.size) {
				return
			}
		}
	}
}

// places gives the places of the events with ids from first on, below end.
func (b Book) places(first, end int64) (places []int) {
	for at := 0; at < len(b.data) && first < end; {
		place := at + lengthSize
		if b.data[place] != valueTag {
			id, _ := binary.Varint(b.data[place+idAt:])
			if id >= end {
				break
			}
			if id >= first {
				places = append(places, place)
			}
		}
		at = place + int(binary.LittleEndian.Uint32(b.data[at:]))
	}
	return places
}

// idAt is where the id of an event is, from its tag on.
const idAt = 1 + 8

// reader reads the bytes of a book. They are known to be right.
type reader struct {
	data []byte
	at   int
	size int // of the values that were read, as text
	// What was referred to is shared among those that refer to it.
	values map[int]jsonvalue.Value
	texts  map[int]string
}

func (r *reader) event() history.Event {
	e := history.Event{Type: history.Types[r.byte()-1]}
	e.Time = time.Unix(0, int64(binary.LittleEndian.Uint64(r.data[r.at:])))
	r.at += 8
	r.number(&e.ID)
	r.number(&e.Previous)
	if n := r.byte(); n != noDetails {
		e.Details = shapes[n].empty()
		shapes[n].visit(e.Details, r)
	}
	return e
}

func (r *reader) byte() byte {
	r.at++
	return r.data[r.at-1]
}

func (r *reader) uint() int {
	n, size := binary.Uvarint(r.data[r.at:])
	r.at += size
	return int(n)
}

func (r *reader) bytes(n int) string {
	r.at += n
	return string(r.data[r.at-n : r.at])
}

func (r *reader) value(v *jsonvalue.Value) {
	*v = r.next()
	r.size += v.EncodedLen()
}

func (r *reader) next() jsonvalue.Value {
	switch r.byte() {
	case formNull:
		return jsonvalue.NullValue
	case formFalse:
		return jsonvalue.False
	case formTrue:
		return jsonvalue.True
	case formNumber:
		return jsonvalue.NumberOf(r.bytes(r.uint()))
	case formText:
		return jsonvalue.StringOf(r.string())
	case formArray:
		elems := make([]jsonvalue.Value, r.uint())
		for i := range elems {
			elems[i] = r.next()
		}
		return jsonvalue.ArrayOf(elems...)
	case formObject:
		n := r.uint()
		b := jsonvalue.NewObject(n)
		for range n {
			key := r.string()
			b.Set(key, r.next())
		}
		return b.Value()
	case formReference:
		return r.referred(r.uint())
	}
	return jsonvalue.Value{}
}

// referred gives the value at a place that is referred to.
func (r *reader) referred(place int) jsonvalue.Value {
	if v, ok := r.values[place]; ok {
		return v
	}
	back := r.at
	r.at = place
	v := r.next()
	r.at = back
	if r.values == nil {
		r.values = map[int]jsonvalue.Value{}
	}
	r.values[place] = v
	return v
}

func (r *reader) string() string {
	n := r.uint()
	if n&1 == 0 {
		return r.bytes(n >> 1)
	}
	place := n >> 1
	if s, ok := r.texts[place]; ok {
		return s
	}
	back := r.at
	r.at = place
	s := r.bytes(r.uint() >> 1)
	r.at = back
	if r.texts == nil {
		r.texts = map[int]string{}
	}
	r.texts[place] = s
	return s
}

func (r *reader) text(s *string) { *s = r.string() }

func (r *reader) optional(s **string) {
	if r.byte() != 0 {
		text := r.string()
		*s = &text
	}
}

func (r *reader) number(n *int64) {
	v, size := binary.Varint(r.data[r.at:])
	r.at += size
	*n = v
}

func (r *reader) variables(list *[]history.Variable) {
	for range r.uint() {
		v := history.Variable{Name: r.string()}
		r.value(&v.Value)
		*list = append(*list, v)
	}
}
