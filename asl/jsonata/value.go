package jsonata

import (
	"math"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// kind is what a value is.
type kind uint8

const (
	undefined kind = iota
	null
	boolean
	number
	text
	list
	object
	callable
	bound // inside a path only: an item with the variables bound beside it
	tail  // inside a call only: a call in tail position that is still to be made
)

// value is any value of the language, undefined included (its zero). It is
// passed by value; what documents hold is looked at in place, never copied as
// a whole.
type value struct {
	kind kind
	num  float64 // of a number; 1 for true
	text string  // of a string; the source text of a number that a document holds
	ref  any     // *array, *members, *function, *tuple, *tailCall by kind
}

var (
	nullValue  = value{kind: null}
	trueValue  = value{kind: boolean, num: 1}
	falseValue = value{kind: boolean}
)

func boolValue(b bool) value {
	if b {
		return trueValue
	}
	return falseValue
}

func numberValue(f float64) value     { return value{kind: number, num: f} }
func stringValue(s string) value      { return value{kind: text, text: s} }
func arrayValue(a *array) value       { return value{kind: list, ref: a} }
func objectValue(m *members) value    { return value{kind: object, ref: m} }
func functionValue(f *function) value { return value{kind: callable, ref: f} }
func listOf(elems ...value) value     { return arrayValue(arrayOf(elems)) }
func (v value) array() *array         { return v.ref.(*array) }
func (v value) object() *members      { return v.ref.(*members) }
func (v value) function() *function   { return v.ref.(*function) }
func (v value) tuple() *tuple         { return v.ref.(*tuple) }
func (v value) isSequence() bool      { return v.kind == list && v.array().sequence }
func (v value) isTupleStream() bool   { return v.kind == list && v.array().tupleStream }
func (v value) isWrapper() bool       { return v.kind == list && v.array().outerWrapper }

// depth says how deep a value nests; what a document holds counts as one level.
func (v value) depth() int32 {
	switch v.kind {
	case list:
		return 1 + v.array().depth
	case object:
		return 1 + v.object().depth
	default:
		return 0
	}
}

// fromJSON looks at a JSON value as a value of the language.
func fromJSON(j jsonvalue.Value) value {
	switch j.Kind() {
	case jsonvalue.Null:
		return nullValue
	case jsonvalue.Bool:
		return boolValue(j.Bool())
	case jsonvalue.Number:
		return value{kind: number, num: j.Float64(), text: j.Text()}
	case jsonvalue.String:
		return stringValue(j.Text())
	case jsonvalue.Array:
		return arrayValue(&array{doc: j.Elems()})
	case jsonvalue.Object:
		return objectValue(&members{doc: j})
	case jsonvalue.Invalid:
	}
	return value{}
}

// toJSON gives the JSON of a value as JSON.stringify would: what is undefined
// is left out of objects and null in arrays. function tells that the value is
// or holds a function, for which there is no JSON.
func toJSON(v value) (j jsonvalue.Value, function bool) {
	switch v.kind {
	case null:
		return jsonvalue.NullValue, false
	case boolean:
		return jsonvalue.BoolOf(v.num != 0), false
	case number:
		if v.text != "" && v.text != "-0" { // which JavaScript writes as 0
			return jsonvalue.NumberOf(v.text), false
		}
		return jsonvalue.FloatOf(v.num), false
	case text:
		return jsonvalue.StringOf(wellFormed(v.text)), false
	case list:
		return v.array().toJSON()
	case object:
		return v.object().toJSON()
	case callable:
		return jsonvalue.Value{}, true
	case undefined, bound, tail:
	}
	return jsonvalue.Value{}, false
}

// truth is the language's notion of true: $boolean. Undefined is not true.
func (ev *evaluation) truth(v value) (bool, error) {
	switch v.kind {
	case boolean:
		return v.num != 0, nil
	case number:
		if math.IsInf(v.num, 0) {
			return false, outOfRange(v)
		}
		return v.num != 0 && !math.IsNaN(v.num), nil
	case text:
		return v.text != "", nil
	case object:
		return v.object().len() > 0, nil
	case list:
		if err := ev.weigh(v); err != nil {
			return false, err
		}
		a := v.array()
		for i := range a.len() {
			if t, err := ev.truth(a.at(i)); t || err != nil {
				return t, err
			}
		}
	case callable:
		return v.function().regex == nil, nil // an object with members, in the reference
	case undefined, null, bound, tail:
	}
	return false, nil
}

func outOfRange(v value) error { return fault("D1001").of(v) }

// isNumber tells whether v is a number; infinite ones are an error wherever
// they are used.
func isNumber(v value) (bool, error) {
	if v.kind != number || math.IsNaN(v.num) {
		return false, nil
	}
	if math.IsInf(v.num, 0) {
		return false, outOfRange(v)
	}
	return true, nil
}

// equal is deep equality. Functions equal themselves only.
func (ev *evaluation) equal(a, b value) (bool, error) {
	if a.kind != b.kind {
		return false, nil
	}
	switch a.kind {
	case text:
		return a.text == b.text, ev.weigh(a)
	case list:
		return ev.equalArrays(a.array(), b.array())
	case object:
		return ev.equalObjects(a.object(), b.object())
	default:
		return scalarsEqual(a, b), nil
	}
}

// scalarsEqual compares two values of one kind that hold no others.
func scalarsEqual(a, b value) bool {
	switch a.kind {
	case number, boolean:
		return a.num == b.num
	case text:
		return a.text == b.text
	case callable:
		return a.ref == b.ref
	case undefined, null:
		return true
	case list, object, bound, tail:
	}
	return false
}

func (ev *evaluation) equalArrays(a, b *array) (bool, error) {
	if a == b {
		return true, nil
	}
	if a.len() != b.len() {
		return false, nil
	}
	for i := range a.len() {
		if err := ev.compared(i); err != nil {
			return false, err
		}
		if same, err := ev.equal(a.at(i), b.at(i)); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (ev *evaluation) equalObjects(a, b *members) (bool, error) {
	if a == b {
		return true, nil
	}
	if a.len() != b.len() {
		return false, nil
	}
	for i := range a.len() {
		if err := ev.compared(i); err != nil {
			return false, err
		}
		if !b.has(a.key(i)) {
			return false, nil
		}
		if same, err := ev.equal(a.value(i), b.get(a.key(i))); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

// compared counts the work of comparing element i.
func (ev *evaluation) compared(i int) error {
	if i%(valuesScanned/2) != 0 {
		return nil
	}
	return ev.step()
}

// same is identity, as JavaScript's === has it: arrays and objects are the
// same when they are one and the same.
func same(a, b value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case list:
		return a.array().is(b.array())
	case object:
		return a.object().is(b.object())
	default:
		return scalarsEqual(a, b)
	}
}
