package jsonata

// arrayConstructor is [a, b, …]. Sequences melt into it, arrays written inside
// it do not.
type arrayConstructor struct {
	items []*node
	whole []bool // items that are written with [ ] themselves
	cons  bool
}

func (c *arrayConstructor) eval(ev *evaluation, input value, env *frame) (value, error) {
	out := &array{}
	for i, item := range c.items {
		v, err := ev.eval(item, input, env)
		if err != nil {
			return value{}, err
		}
		switch {
		case v.kind == undefined:
		case c.whole[i] || v.kind != list:
			err = ev.push(out, v)
		case len(c.items) == 1 && v.array().count > 0:
			r := v.array()
			out = &array{from: r.from, count: r.count} // a range is not written out
		default:
			if err = ev.weigh(v); err == nil {
				err = ev.pushAll(out, v.array())
			}
		}
		if err != nil {
			return value{}, err
		}
	}
	out.cons = c.cons
	if err := ev.charge(listSize); err != nil {
		return value{}, err
	}
	return bounded(arrayValue(out))
}

// objectConstructor is {key: value, …} where it stands alone.
type objectConstructor struct{ group *grouping }

func (c *objectConstructor) eval(ev *evaluation, input value, env *frame) (value, error) {
	return c.group.eval(ev, input, env)
}

// grouping is {key: value, …}: the items are grouped by the keys, and each
// value is evaluated for its group.
type grouping struct {
	keys, values []*node
	position     int
}

// group is the items of one key.
type group struct {
	pair   int
	data   value
	merged *array // the data, once there is more than one item
}

func (g *group) add(ev *evaluation, v value) error {
	if g.merged == nil {
		g.merged = &array{}
		if err := g.merge(ev, g.data); err != nil {
			return err
		}
		g.data = arrayValue(g.merged)
	}
	return g.merge(ev, v)
}

func (g *group) merge(ev *evaluation, v value) error {
	if v.kind == undefined {
		return nil
	}
	return ev.merge(g.merged, v)
}

func (g *grouping) eval(ev *evaluation, input value, env *frame) (value, error) {
	items := newSequence(input)
	if input.kind == list {
		items = input.array()
	}
	if items.len() == 0 {
		items = newSequence(value{})
	}
	var keys []string
	groups := map[string]*group{}
	for i := range items.len() {
		if err := g.collect(ev, items.at(i), env, groups, &keys); err != nil {
			return value{}, err
		}
	}
	out := newObject(len(keys))
	for _, key := range keys {
		e := groups[key]
		context, scope := e.data, env
		if items.tupleStream {
			t, err := ev.reduceTuples(e.data)
			if err != nil {
				return value{}, err
			}
			context, scope = t.open(env)
		}
		r := ev.enter()
		v, err := ev.eval(g.values[e.pair], context, scope)
		if err != nil {
			return value{}, err
		}
		ev.leave(r, v)
		if v.kind != undefined {
			if err := ev.put(out, key, v); err != nil {
				return value{}, err
			}
		}
	}
	if err := ev.charge(objectSize); err != nil {
		return value{}, err
	}
	return bounded(objectValue(out))
}

// maxDepth is how deep a value that an expression makes may nest.
const maxDepth = 1000

// bounded refuses values that nest too deep to be walked through.
func bounded(v value) (value, error) {
	if v.depth() > maxDepth {
		return value{}, limit("The value nests deeper than %d levels", maxDepth)
	}
	return v, nil
}

// collect puts an item into the groups of its keys.
func (g *grouping) collect(ev *evaluation, item value, env *frame, groups map[string]*group, keys *[]string) error {
	context, scope := item, env
	if item.kind == bound {
		context, scope = item.tuple().open(env)
	}
	for pair, k := range g.keys {
		r := ev.enter()
		key, err := ev.eval(k, context, scope)
		if err != nil {
			return err
		}
		ev.leave(r, key)
		if key.kind == undefined {
			continue
		}
		if key.kind != text {
			return fault("T1003").at(g.position).of(key)
		}
		e, ok := groups[key.text]
		switch {
		case !ok:
			groups[key.text] = &group{pair: pair, data: item}
			*keys = append(*keys, key.text)
		case e.pair != pair:
			return fault("D1009").at(g.position).of(key)
		default:
			if err := e.add(ev, item); err != nil {
				return err
			}
		}
		if err := ev.chargeValues(2); err != nil {
			return err
		}
	}
	return nil
}

// reduceTuples makes one tuple of a group: each variable holds the values of
// all.
func (ev *evaluation) reduceTuples(v value) (*tuple, error) {
	if v.kind == bound {
		return v.tuple(), nil
	}
	elems := v.array().elems
	first := elems[0].tuple()
	out := &tuple{item: first.item, names: append([]symbol(nil), first.names...), vals: append([]value(nil), first.vals...)}
	for _, e := range elems[1:] {
		if err := ev.step(); err != nil {
			return nil, err
		}
		t := e.tuple()
		var err error
		if out.item, err = ev.appendValues(out.item, t.item); err != nil {
			return nil, err
		}
		for i, name := range t.names {
			joined, err := ev.appendValues(out.get(name), t.vals[i])
			if err != nil {
				return nil, err
			}
			out.set(name, joined)
		}
	}
	return out, nil
}

// appendValues joins two values to one array: $append.
func (ev *evaluation) appendValues(a, b value) (value, error) {
	if a.kind == undefined {
		return b, nil
	}
	if b.kind == undefined {
		return a, nil
	}
	out, err := ev.extendedBy(a.asArray(), b.asArray())
	return arrayValue(out), err
}

// asArray is an array as it is, and anything else as an array of it.
func (v value) asArray() *array {
	if v.kind == list {
		return v.array()
	}
	return arrayOf([]value{v})
}
