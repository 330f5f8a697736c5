package jsonvalue

import (
	"iter"
	"math"
	"strconv"
	"sync/atomic"
)

// Kind is the type of a JSON value.
type Kind uint8

// The kinds. Invalid is the kind of the zero Value, which stands for "absent"
// and is no JSON value.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String gives the name of the kind as JSON Schema writes it.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String:
		return "string"
	case Array:
		return "array"
	case Object:
		return "object"
	case Invalid:
		return "invalid"
	}
	return "kind(" + strconv.Itoa(int(k)) + ")"
}

// Value is one immutable JSON value. Copying it is cheap: containers are shared.
// The zero Value is absent ([Value.IsValid] is false).
type Value struct {
	kind Kind
	// text is a string's content, a number's source text, "true" or "false".
	text string
	node *node
}

// node is the body of an array or object.
type node struct {
	elems []Value
	keys  []string       // of an object, beside elems
	index map[string]int // of a large object
	size  atomic.Int64   // encoded length + 1, once somebody asked
}

// indexFrom is the number of members from which a map beats a linear search.
const indexFrom = 12

// The values that need no data.
var (
	NullValue  = Value{kind: Null}
	True       = Value{kind: Bool, text: "true"}
	False      = Value{kind: Bool, text: "false"}
	EmptyArray = Value{kind: Array, node: &node{}}
	// EmptyObject is {}: what an execution without input gets.
	EmptyObject = Value{kind: Object, node: &node{}}
)

// Member is one member of an object.
type Member struct {
	Key   string
	Value Value
}

// BoolOf gives True or False.
func BoolOf(b bool) Value {
	if b {
		return True
	}
	return False
}

// StringOf makes a string. Invalid UTF-8 is written as U+FFFD when encoded.
func StringOf(s string) Value { return Value{kind: String, text: s} }

// IntOf makes a number from an integer.
func IntOf(i int64) Value { return Value{kind: Number, text: strconv.FormatInt(i, 10)} }

// FloatOf makes a number, written as JavaScript writes it. JSON has no NaN and
// no infinities: they become null, as JSON.stringify does it.
func FloatOf(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return NullValue
	}
	return Value{kind: Number, text: FormatFloat(f)}
}

// NumberOf makes a number from its JSON text, which the caller knows to be one.
func NumberOf(text string) Value { return Value{kind: Number, text: text} }

// ArrayOf makes an array that owns elems: the caller must not change it after.
func ArrayOf(elems ...Value) Value {
	if len(elems) == 0 {
		return EmptyArray
	}
	return Value{kind: Array, node: &node{elems: elems}}
}

// ObjectOf makes an object. When a key repeats, the last value counts and
// stands where the key first stood.
func ObjectOf(members ...Member) Value {
	b := NewObject(len(members))
	for _, m := range members {
		b.Set(m.Key, m.Value)
	}
	return b.Value()
}

// Kind gives the kind of v.
func (v Value) Kind() Kind { return v.kind }

// IsValid tells whether v is a JSON value at all.
func (v Value) IsValid() bool { return v.kind != Invalid }

// IsNull tells whether v is JSON null.
func (v Value) IsNull() bool { return v.kind == Null }

// Bool gives a boolean's value, and false for every other kind.
func (v Value) Bool() bool { return v.kind == Bool && v.text == "true" }

// Text gives a string's content or a number's text, and "" for other kinds.
func (v Value) Text() string {
	if v.kind == String || v.kind == Number {
		return v.text
	}
	return ""
}

// Float64 gives the double nearest to a number, and 0 for other kinds.
func (v Value) Float64() float64 {
	if v.kind != Number {
		return 0
	}
	if n, ok := smallInt(v.text); ok {
		return float64(n)
	}
	f, _ := strconv.ParseFloat(v.text, 64) // ±Inf beyond the range
	return f
}

// Int64 gives a number that is a whole one in range, however it is written
// (1.0 and 1e2 are whole).
func (v Value) Int64() (int64, bool) {
	if v.kind != Number {
		return 0, false
	}
	if n, ok := smallInt(v.text); ok {
		return n, true
	}
	if n, err := strconv.ParseInt(v.text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(v.text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// smallInt reads plain integers of up to 15 digits, which doubles hold exactly.
func smallInt(s string) (int64, bool) {
	digits := s
	neg := s != "" && s[0] == '-'
	if neg {
		digits = s[1:]
	}
	if digits == "" || len(digits) > 15 {
		return 0, false
	}
	var n int64
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if neg {
		if n == 0 {
			return 0, false // "-0" is a double only
		}
		n = -n
	}
	return n, true
}

// Len gives the number of elements or members, and 0 for other kinds.
func (v Value) Len() int {
	if v.node == nil {
		return 0
	}
	return len(v.node.elems)
}

// At gives element i of an array, or the value of member i of an object.
func (v Value) At(i int) Value { return v.node.elems[i] }

// KeyAt gives the key of member i of an object.
func (v Value) KeyAt(i int) string { return v.node.keys[i] }

// Elems gives an array's elements (an object's values, in order). The slice is
// shared: it must not be changed.
func (v Value) Elems() []Value {
	if v.node == nil {
		return nil
	}
	return v.node.elems
}

// Get gives the member of an object with this key.
func (v Value) Get(key string) (Value, bool) {
	if v.kind != Object {
		return Value{}, false
	}
	i := v.node.find(key)
	if i < 0 {
		return Value{}, false
	}
	return v.node.elems[i], true
}

// Field is Get for callers to whom absent and no object are the same: they
// give the zero Value.
func (v Value) Field(key string) Value {
	x, _ := v.Get(key)
	return x
}

// Members walks through an object's members in order.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.kind != Object {
			return
		}
		for i, k := range v.node.keys {
			if !yield(k, v.node.elems[i]) {
				return
			}
		}
	}
}

func (n *node) find(key string) int {
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range n.keys {
		if k == key {
			return i
		}
	}
	return -1
}

// With gives a copy of an object with one member set. A new key goes last.
// On any other kind it gives an object of that one member.
func (v Value) With(key string, x Value) Value {
	b := NewObject(v.Len() + 1)
	for k, m := range v.Members() {
		b.Set(k, m)
	}
	b.Set(key, x)
	return b.Value()
}

// Without gives a copy of an object that lacks a key.
func (v Value) Without(key string) Value {
	if _, ok := v.Get(key); !ok {
		return v
	}
	b := NewObject(v.Len())
	for k, m := range v.Members() {
		if k != key {
			b.Set(k, m)
		}
	}
	return b.Value()
}

// ObjectBuilder makes an object member by member.
type ObjectBuilder struct{ n *node }

// NewObject starts an object that will have about size members.
func NewObject(size int) ObjectBuilder {
	return ObjectBuilder{&node{elems: make([]Value, 0, size), keys: make([]string, 0, size)}}
}

// Set adds a member, or replaces the value of one that is there.
func (b ObjectBuilder) Set(key string, v Value) {
	if i := b.n.find(key); i >= 0 {
		b.n.elems[i] = v
		return
	}
	b.add(key, v)
}

func (b ObjectBuilder) add(key string, v Value) {
	n := b.n
	n.keys = append(n.keys, key)
	n.elems = append(n.elems, v)
	switch {
	case n.index != nil:
		n.index[key] = len(n.keys) - 1
	case len(n.keys) == indexFrom:
		n.index = make(map[string]int, 2*indexFrom)
		for i, k := range n.keys {
			n.index[k] = i
		}
	}
}

// Get gives a member that was set before.
func (b ObjectBuilder) Get(key string) (Value, bool) {
	i := b.n.find(key)
	if i < 0 {
		return Value{}, false
	}
	return b.n.elems[i], true
}

// Value gives the object. The builder must not be used after.
func (b ObjectBuilder) Value() Value {
	if len(b.n.keys) == 0 {
		return EmptyObject
	}
	return Value{kind: Object, node: b.n}
}
