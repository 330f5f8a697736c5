package archive

import (
	"encoding/binary"
	"fmt"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Writer writes a Book, by one goroutine.
type Writer struct {
	data  []byte
	known *known
}

// NewWriter makes a Writer. Most executions are small: what comes to them is
// set aside at once.
func NewWriter() *Writer {
	return &Writer{data: make([]byte, 0, 512), known: knowns.Get().(*known)}
}

// An entry of a book is a value or an event: its length, its tag, its content.
const (
	lengthSize = 4
	valueTag   = 0 // an event's tag is the number of its type, from 1
)

// container is what two values have in common when they are the same array or
// object and not merely equal ones. Values are immutable, so one key always
// means the same content.
type container struct {
	first *jsonvalue.Value
	count int
	kind  jsonvalue.Kind
}

// Value adds a value and gives its place.
func (w *Writer) Value(v jsonvalue.Value) (place int) {
	start := w.begin(valueTag)
	place = len(w.data)
	w.value(&v)
	w.finish(start)
	return place
}

// Events adds events.
func (w *Writer) Events(events []history.Event) {
	for i := range events {
		e := &events[i]
		shape := shapeNumber(e.Details)
		start := w.begin(typeNumber(e.Type))
		w.data = binary.LittleEndian.AppendUint64(w.data, uint64(e.Time.UnixNano()))
		w.number(&e.ID)
		w.number(&e.Previous)
		w.data = append(w.data, shape)
		if shape != noDetails {
			shapes[shape].visit(e.Details, w)
		}
		w.finish(start)
	}
}

// Book gives what was written so far. It stays as it is when more is written.
func (w *Writer) Book() Book { return Book{w.data[:len(w.data):len(w.data)]} }

// Close gives what was written, in no more memory than it needs. Nothing can be
// written after.
func (w *Writer) Close() Book {
	w.known.forget()
	knowns.Put(w.known)
	w.known = nil
	return Book{append(make([]byte, 0, len(w.data)), w.data...)}
}

func (w *Writer) begin(tag byte) (start int) {
	start = len(w.data)
	w.data = append(w.data, 0, 0, 0, 0, tag)
	return start
}

// finish fills in the length of an entry. One of 4 GiB has no place in a book:
// no execution could hold its value either.
func (w *Writer) finish(start int) {
	n := len(w.data) - start - lengthSize
	if uint64(n) > 1<<32-1 {
		panic(fmt.Sprintf("archive: an entry of %d bytes", n))
	}
	binary.LittleEndian.PutUint32(w.data[start:], uint32(n))
}

func (w *Writer) uint(n int) { w.data = binary.AppendUvarint(w.data, uint64(n)) }

// The forms of values.
const (
	formAbsent = iota
	formNull
	formFalse
	formTrue
	formNumber
	formText
	formArray
	formObject
	formReference
)

func (w *Writer) value(v *jsonvalue.Value) {
	switch v.Kind() {
	case jsonvalue.Invalid:
		w.data = append(w.data, formAbsent)
	case jsonvalue.Null:
		w.data = append(w.data, formNull)
	case jsonvalue.Bool:
		form := byte(formFalse)
		if v.Bool() {
			form = formTrue
		}
		w.data = append(w.data, form)
	case jsonvalue.Number:
		w.data = append(w.data, formNumber)
		w.uint(len(v.Text()))
		w.data = append(w.data, v.Text()...)
	case jsonvalue.String:
		w.data = append(w.data, formText)
		w.string(v.Text())
	case jsonvalue.Array, jsonvalue.Object:
		w.container(v)
	}
}

func (w *Writer) container(v *jsonvalue.Value) {
	elems, isObject, form := v.Elems(), v.Kind() == jsonvalue.Object, byte(formArray)
	if isObject {
		form = formObject
	}
	if len(elems) == 0 {
		w.data = append(w.data, form, 0)
		return
	}
	same := container{&elems[0], len(elems), v.Kind()}
	if at, ok := w.known.values.find(same); ok {
		w.data = append(w.data, formReference)
		w.uint(at)
		return
	}
	at := len(w.data)
	w.data = append(w.data, form)
	w.uint(len(elems))
	for i := range elems {
		if isObject {
			w.string(v.KeyAt(i))
		}
		w.value(&elems[i])
	}
	w.known.values.add(same, at)
}

// shortest is the length from which a text is worth a reference.
const shortest = 4

// string writes a text: twice its length and the text, or twice the place of an
// equal one and one.
func (w *Writer) string(s string) {
	if len(s) < shortest {
		w.uint(len(s) << 1)
		w.data = append(w.data, s...)
		return
	}
	if at, ok := w.known.texts.find(s); ok {
		w.uint(at<<1 | 1)
		return
	}
	w.known.texts.add(s, len(w.data))
	w.uint(len(s) << 1)
	w.data = append(w.data, s...)
}

func (w *Writer) text(s *string) { w.string(*s) }

func (w *Writer) optional(s **string) {
	if *s == nil {
		w.data = append(w.data, 0)
		return
	}
	w.data = append(w.data, 1)
	w.string(**s)
}

func (w *Writer) number(n *int64) { w.data = binary.AppendVarint(w.data, *n) }

func (w *Writer) variables(list *[]history.Variable) {
	w.uint(len(*list))
	for i := range *list {
		v := &(*list)[i]
		w.string(v.Name)
		w.value(&v.Value)
	}
}
