package archive

import (
	"encoding/binary"
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

// Events gives the events whose ids are from first to last, both included.
func (b Book) Events(first, last int64) []history.Event {
	r := reader{data: b.data}
	var events []history.Event
	for r.at < len(r.data) {
		end := r.at + lengthSize + int(binary.LittleEndian.Uint32(r.data[r.at:]))
		tag := r.data[r.at+lengthSize]
		r.at += lengthSize + 1
		if tag != valueTag {
			e := history.Event{Type: history.Types[tag-1], Time: r.time()}
			r.number(&e.ID)
			if e.ID > last {
				return events
			}
			if e.ID >= first {
				r.rest(&e)
				events = append(events, e)
			}
		}
		r.at = end
	}
	return events
}

// reader reads the bytes of a book. They are known to be right.
type reader struct {
	data []byte
	at   int
	// What was referred to is shared among those that refer to it.
	values map[int]jsonvalue.Value
	texts  map[int]string
}

func (r *reader) time() time.Time {
	at := time.Unix(0, int64(binary.LittleEndian.Uint64(r.data[r.at:])))
	r.at += 8
	return at
}

// rest reads what follows an event's id.
func (r *reader) rest(e *history.Event) {
	r.number(&e.Previous)
	if n := r.byte(); n != noDetails {
		e.Details = shapes[n].empty()
		shapes[n].visit(e.Details, r)
	}
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

func (r *reader) value(v *jsonvalue.Value) { *v = r.next() }

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
		name := r.string()
		*list = append(*list, history.Variable{Name: name, Value: r.next()})
	}
}
