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
	depth int32  // how deep its elements nest, what documents hold not counted
	held  weight // of elems; 0: not known

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
	for i := range elems {
		a.notice(&elems[i])
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
	if a.held == 0 {
		a.weight()
	}
	a.elems = append(a.elems, v)
	a.notice(&v)
}

// notice counts a new element.
func (a *array) notice(v *value) {
	a.held = a.held.plus(valueSize)
	if v.kind >= list {
		a.depth = max(a.depth, v.depth())
		a.held = a.held.plus(v.weight())
	} else if v.text != "" {
		a.held = a.held.plus(v.weight())
	}
}

func (a *array) pushAll(b *array) {
	a.weight()
	if b.doc == nil && b.count == 0 {
		a.elems = append(a.elems, b.elems...)
		a.depth = max(a.depth, b.depth)
		a.held = a.held.plus(b.weight())
		return
	}
	for i := range b.len() {
		a.push(b.at(i))
	}
}

// extendedBy gives the array with more values behind it. When the room behind
// its elements is free, they are not copied: a loop that appends one value at a
// time costs what it appends.
func (ev *evaluation) extendedBy(a, b *array) (*array, error) {
	if a.elems != nil && !a.extended && cap(a.elems)-len(a.elems) >= b.len() {
		a.extended = true
		out := &array{elems: a.elems, depth: a.depth, held: a.weight()}
		return out, ev.pushAll(out, b)
	}
	if err := ev.spend((a.len() + b.len()) / valuesCopied); err != nil {
		return nil, err
	}
	room := a.len() + b.len()
	room += room/4 + 4
	out := &array{}
	if err := ev.room(out, room); err != nil {
		return nil, err
	}
	if err := ev.pushAll(out, a); err != nil {
		return nil, err
	}
	return out, ev.pushAll(out, b)
}

// room makes room for n more values and charges for it. For a moment the old
// room is in use beside the new one.
func (ev *evaluation) room(out *array, n int) error {
	old := cap(out.elems)
	need := len(out.elems) + n
	if need <= old {
		return nil
	}
	room := max(need, old+old/4, min(2*old, 64))
	if err := ev.account.Fits(room * valueSize); err != nil {
		return err
	}
	if err := ev.chargeValues(room - old); err != nil {
		return err
	}
	elems := make([]value, len(out.elems), room)
	copy(elems, out.elems)
	out.elems = elems
	return nil
}

// push charges for a value and appends it.
func (ev *evaluation) push(out *array, v value) error {
	if len(out.elems) == cap(out.elems) {
		if err := ev.room(out, 1); err != nil {
			return err
		}
	}
	out.push(v)
	if v.kind < list {
		return nil
	}
	return ev.charge(v.look())
}

// add charges for a value and its work, and appends it.
func (ev *evaluation) add(out *array, v value) error {
	if err := ev.step(); err != nil {
		return err
	}
	return ev.push(out, v)
}

// addList charges for a list that was made, and appends it.
func (ev *evaluation) addList(out, made *array) error {
	if err := ev.charge(listSize); err != nil {
		return err
	}
	return ev.add(out, arrayValue(made))
}

// addObject charges for an object that was made, and appends it.
func (ev *evaluation) addObject(out *array, made *members) error {
	if err := ev.charge(objectSize); err != nil {
		return err
	}
	return ev.add(out, objectValue(made))
}

// set charges for a member and its work, and sets it.
func (ev *evaluation) set(out *members, key string, v value) error {
	if err := ev.step(); err != nil {
		return err
	}
	if err := ev.weigh(stringValue(key)); err != nil {
		return err
	}
	return ev.put(out, key, v)
}

// put charges for a member and sets it.
func (ev *evaluation) put(out *members, key string, v value) error {
	if err := ev.charge(out.memberSize() + v.look()); err != nil {
		return err
	}
	out.set(key, v)
	return nil
}

// pushAll charges for the values of an array and appends them.
func (ev *evaluation) pushAll(out, from *array) error {
	if err := ev.room(out, from.len()); err != nil {
		return err
	}
	before := out.weight()
	out.pushAll(from)
	if from.doc == nil {
		return nil
	}
	return ev.charge(int(out.held-before) - from.len()*valueSize) // what looking takes
}

// look gives the bytes that looking at a part of a document takes.
func (v value) look() int {
	switch {
	case v.kind == object && v.object().isDoc():
		return objectSize
	case v.kind == list && v.array().doc != nil:
		return listSize
	}
	return 0
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
