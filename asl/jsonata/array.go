package jsonata

import "github.com/waslrun/wasl/asl/jsonvalue"

// array is a list of values, in one of three forms: values of its own, a look
// at an array of a document, or a range of integers that nobody has written out.
//
// The flags are what makes the language's sequences: a sequence of one value
// is that value, and a sequence inside a path melts into the next.
type array struct {
	elems []value
	doc   []jsonvalue.Value
	from  float64 // the first of count integers
	count int
	depth int // how deep its elements nest, what documents hold not counted

	extended bool // an array made of this one lies in the room behind elems

	sequence      bool // made by the evaluation, not written by anyone
	keepSingleton bool // of one value, it stays an array: path[]
	cons          bool // written as [ ] in a path: does not melt
	outerWrapper  bool // the wrapping of an input that is an array
	tupleStream   bool // its values are of kind bound
}

// arrayOf makes an array that owns elems.
func arrayOf(elems []value) *array {
	a := &array{elems: elems}
	for _, v := range elems {
		a.depth = max(a.depth, v.depth())
	}
	return a
}

func newSequence(elems ...value) *array {
	a := arrayOf(elems)
	a.sequence = true
	return a
}

func (a *array) len() int {
	switch {
	case a.doc != nil:
		return len(a.doc)
	case a.count > 0:
		return a.count
	}
	return len(a.elems)
}

func (a *array) at(i int) value {
	switch {
	case a.doc != nil:
		return fromJSON(a.doc[i])
	case a.count > 0:
		return numberValue(a.from + float64(i))
	}
	return a.elems[i]
}

// values gives all elements as a slice, which must not be changed.
func (a *array) values() []value {
	if a.doc == nil && a.count == 0 {
		return a.elems
	}
	elems := make([]value, a.len())
	for i := range elems {
		elems[i] = a.at(i)
	}
	return elems
}

func (a *array) push(v value) {
	a.elems = append(a.elems, v)
	a.depth = max(a.depth, v.depth())
}

// melt appends a value, or the elements of an array that melts.
func (a *array) melt(v value) {
	if v.kind != list || v.array().cons {
		a.push(v)
		return
	}
	a.pushAll(v.array())
}

func (a *array) pushAll(b *array) {
	a.depth = max(a.depth, b.depth)
	if b.doc == nil && b.count == 0 {
		a.elems = append(a.elems, b.elems...)
		return
	}
	for i := range b.len() {
		a.elems = append(a.elems, b.at(i))
	}
}

// extendedBy gives the array with more values behind it. When the room behind
// its elements is free, they are not copied: a loop that appends one value at a
// time costs what it appends. It also says how many values were written.
func (a *array) extendedBy(b *array) (*array, int) {
	out := &array{elems: a.elems, depth: a.depth}
	written := b.len()
	if a.elems == nil || a.extended || cap(a.elems)-len(a.elems) < b.len() {
		out.elems = make([]value, 0, 2*(a.len()+b.len()))
		out.pushAll(a)
		written += a.len()
	} else {
		a.extended = true
	}
	out.pushAll(b)
	return out, written
}

// is tells whether two arrays are one and the same.
func (a *array) is(b *array) bool {
	return a == b || a.doc != nil && b.doc != nil && len(a.doc) == len(b.doc) && len(a.doc) > 0 && &a.doc[0] == &b.doc[0]
}

func (a *array) toJSON() (jsonvalue.Value, bool) {
	if a.doc != nil {
		return jsonvalue.ArrayOf(a.doc...), false
	}
	elems := make([]jsonvalue.Value, a.len())
	for i := range elems {
		j, function := toJSON(a.at(i))
		if function {
			return jsonvalue.Value{}, true
		}
		if !j.IsValid() {
			j = jsonvalue.NullValue
		}
		elems[i] = j
	}
	return jsonvalue.ArrayOf(elems...), false
}

// allOf tells whether every element is of a kind.
func (a *array) allOf(k kind) bool {
	for i := range a.len() {
		if a.at(i).kind != k {
			return false
		}
	}
	return true
}

// allNumbers tells whether every element is a number, infinite ones being an
// error.
func (a *array) allNumbers() (bool, error) {
	for i := range a.len() {
		if ok, err := isNumber(a.at(i)); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}
