package jsonata

// tuple is an item on its way through a path, with the variables that earlier
// steps have bound beside it. It is never changed.
type tuple struct {
	item  value
	names []symbol
	vals  []value
}

func (t *tuple) value() value { return value{kind: bound, ref: t} }

// with gives a copy with one variable more.
func (t *tuple) with(name symbol, v value) *tuple {
	n := &tuple{item: t.item, names: make([]symbol, len(t.names), len(t.names)+1), vals: make([]value, len(t.vals), len(t.vals)+1)}
	copy(n.names, t.names)
	copy(n.vals, t.vals)
	n.set(name, v)
	return n
}

func (t *tuple) set(name symbol, v value) {
	for i, n := range t.names {
		if n == name {
			t.vals[i] = v
			return
		}
	}
	t.names = append(t.names, name)
	t.vals = append(t.vals, v)
}

func (t *tuple) get(name symbol) value {
	for i, n := range t.names {
		if n == name {
			return t.vals[i]
		}
	}
	return value{}
}

// open gives the item, and a scope with the variables.
func (t *tuple) open(env *frame) (value, *frame) {
	n := len(t.names)
	return t.item, &frame{parent: env, names: t.names, vals: t.vals[:n:n]}
}

// tupleStep applies a step to every item, binding variables. tuples are the
// items so far; nil when this is the first step that binds any.
func (ev *evaluation) tupleStep(s *step, items, tuples *array, env *frame) (*array, error) {
	if s.sort != nil {
		return ev.tupleSort(s, items, tuples, env)
	}
	if tuples == nil {
		tuples = &array{}
		for i := range items.len() {
			if err := ev.pushTuple(tuples, &tuple{item: items.at(i)}); err != nil {
				return nil, err
			}
		}
	}
	out := &array{sequence: true, tupleStream: true}
	for _, e := range tuples.elems {
		from := e.tuple()
		item, scope := from.open(env)
		r := ev.enter()
		v, err := ev.eval(s.node, item, scope)
		if err != nil {
			return nil, err
		}
		ev.leave(r, v)
		if v.kind == undefined {
			continue
		}
		if v.kind != list {
			v = listOf(v)
		}
		if err := ev.bindItems(s, from, v.array(), out); err != nil {
			return nil, err
		}
	}
	if len(s.stages) == 0 {
		return out, nil
	}
	v, err := ev.stages(s.stages, arrayValue(out), env)
	if err != nil {
		return nil, err
	}
	return v.array(), nil
}

// bindItems makes a tuple of each value that a step gave for one item.
func (ev *evaluation) bindItems(s *step, from *tuple, values, out *array) error {
	for i := range values.len() {
		t := &tuple{item: from.item, names: append([]symbol(nil), from.names...), vals: append([]value(nil), from.vals...)}
		if v := values.at(i); v.kind == bound {
			inner := v.tuple()
			t.item = inner.item
			for j, name := range inner.names {
				t.set(name, inner.vals[j])
			}
		} else {
			s.bind(t, from, v, i)
		}
		if err := ev.pushTuple(out, t); err != nil {
			return err
		}
	}
	return nil
}

// pushTuple charges for a tuple and appends it.
func (ev *evaluation) pushTuple(out *array, t *tuple) error {
	if err := ev.charge(tupleSize + len(t.vals)*valueSize); err != nil {
		return err
	}
	return ev.add(out, t.value())
}

func (s *step) bind(t, from *tuple, v value, index int) {
	if s.focus != noSymbol {
		t.set(s.focus, v)
	} else {
		t.item = v
	}
	if s.index != noSymbol {
		t.set(s.index, numberValue(float64(index)))
	}
	if s.ancestor != noSymbol {
		t.set(s.ancestor, from.item)
	}
}

func (ev *evaluation) tupleSort(s *step, items, tuples *array, env *frame) (*array, error) {
	var sorted value
	var err error
	if tuples != nil {
		sorted, err = s.sort.eval(ev, tuples, env)
	} else if sorted, err = s.sort.eval(ev, items, env); err == nil {
		out := &array{sequence: true, tupleStream: true}
		for i := range sorted.array().len() {
			t := &tuple{item: sorted.array().at(i)}
			if s.index != noSymbol {
				t.set(s.index, numberValue(float64(i)))
			}
			if err := ev.pushTuple(out, t); err != nil {
				return nil, err
			}
		}
		sorted = arrayValue(out)
	}
	if err != nil {
		return nil, err
	}
	if sorted, err = ev.stages(s.stages, sorted, env); err != nil {
		return nil, err
	}
	return sorted.array(), nil
}
