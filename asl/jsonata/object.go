package jsonata

import "github.com/waslrun/wasl/asl/jsonvalue"

// members is an object: a look at one of a document, or one of its own. Members
// keep the order in which they were first set.
type members struct {
	doc   jsonvalue.Value
	keys  []string
	vals  []value
	depth int32          // how deep the values nest, what documents hold not counted
	held  weight         // of keys and vals; 0: not known
	index map[string]int // beside keys, from indexFrom members on
}

const indexFrom = 12

func newObject(size int) *members {
	return &members{keys: make([]string, 0, size), vals: make([]value, 0, size)}
}

func (m *members) isDoc() bool { return m.doc.IsValid() }

func (m *members) len() int {
	if m.isDoc() {
		return m.doc.Len()
	}
	return len(m.keys)
}

func (m *members) key(i int) string {
	if m.isDoc() {
		return m.doc.KeyAt(i)
	}
	return m.keys[i]
}

func (m *members) value(i int) value {
	if m.isDoc() {
		return fromJSON(m.doc.At(i))
	}
	return m.vals[i]
}

// get gives the member of a key, undefined when there is none.
func (m *members) get(key string) value {
	if m.isDoc() {
		return fromJSON(m.doc.Field(key))
	}
	if i := m.find(key); i >= 0 {
		return m.vals[i]
	}
	return value{}
}

func (m *members) has(key string) bool {
	if m.isDoc() {
		_, ok := m.doc.Get(key)
		return ok
	}
	return m.find(key) >= 0
}

func (m *members) find(key string) int {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range m.keys {
		if k == key {
			return i
		}
	}
	return -1
}

// set adds or replaces a member of an object of its own.
func (m *members) set(key string, v value) {
	m.depth = max(m.depth, v.depth())
	i := m.find(key)
	if i >= 0 {
		m.release(i)
		m.held = m.held.plus(memberWeight(key, v))
		m.vals[i] = v
		return
	}
	m.held = m.weight().plus(memberWeight(key, v)).plus(weight(m.memberSize() - memberSize))
	m.keys = append(m.keys, key)
	m.vals = append(m.vals, v)
	switch {
	case m.index != nil:
		m.index[key] = len(m.keys) - 1
	case len(m.keys) == indexFrom:
		m.reindex()
	}
}

// release takes what member i weighs from the object's weight.
func (m *members) release(i int) {
	if w := m.weight(); w != heaviest {
		m.held = w - memberWeight(m.keys[i], m.vals[i])
	}
}

func (m *members) reindex() {
	m.index = make(map[string]int, 2*indexFrom)
	for i, k := range m.keys {
		m.index[k] = i
	}
}

// remove takes a member out of an object of its own.
func (m *members) remove(key string) {
	i := m.find(key)
	if i < 0 {
		return
	}
	m.release(i)
	m.keys = append(m.keys[:i], m.keys[i+1:]...)
	m.vals = append(m.vals[:i], m.vals[i+1:]...)
	if m.index != nil {
		m.reindex()
	}
}

// is tells whether two objects are one and the same.
func (m *members) is(n *members) bool {
	return m == n || m.isDoc() && m.doc == n.doc
}

func (m *members) toJSON() (jsonvalue.Value, bool) {
	if m.isDoc() {
		return m.doc, false
	}
	b := jsonvalue.NewObject(len(m.keys))
	for i, k := range m.keys {
		j, function := toJSON(m.vals[i])
		if function {
			return jsonvalue.Value{}, true
		}
		if j.IsValid() {
			b.Set(wellFormed(k), j)
		}
	}
	return b.Value(), false
}
