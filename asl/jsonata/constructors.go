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
			out.push(v)
		case len(c.items) == 1 && v.array().count > 0:
			r := v.array()
			out = &array{from: r.from, count: r.count} // a range is not written out
		default:
			if err := ev.chargeValues(v.array().len()); err != nil {
				return value{}, err
			}
			out.pushAll(v.array())
		}
	}
	out.cons = c.cons
	if err := ev.chargeValues(len(c.items)); err != nil {
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

func (g *group) add(v value) {
	if g.merged == nil {
		g.merged = &array{}
		g.merge(g.data)
		g.data = arrayValue(g.merged)
	}
	g.merge(v)
}

func (g *group) merge(v value) {
	if v.kind == list {
		g.merged.pushAll(v.array())
	} else if v.kind != undefined {
		g.merged.push(v)
	}
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
			context, scope = reduceTuples(e.data).open(env)
		}
		v, err := ev.eval(g.values[e.pair], context, scope)
		if err != nil {
			return value{}, err
		}
		if v.kind != undefined {
			out.set(key, v)
		}
	}
	if err := ev.chargeValues(2 * len(keys)); err != nil {
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
		key, err := ev.eval(k, context, scope)
		if err != nil {
			return err
		}
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
			e.add(item)
		}
		if err := ev.chargeValues(2); err != nil {
			return err
		}
	}
	return nil
}

// reduceTuples makes one tuple of a group: each variable holds the values of
// all.
func reduceTuples(v value) *tuple {
	if v.kind == bound {
		return v.tuple()
	}
	elems := v.array().elems
	first := elems[0].tuple()
	out := &tuple{item: first.item, names: append([]symbol(nil), first.names...), vals: append([]value(nil), first.vals...)}
	for _, e := range elems[1:] {
		t := e.tuple()
		out.item, _ = appendValues(out.item, t.item)
		for i, name := range t.names {
			joined, _ := appendValues(out.get(name), t.vals[i])
			out.set(name, joined)
		}
	}
	return out
}

// appendValues joins two values to one array: $append. It also says how many
// values were written.
func appendValues(a, b value) (value, int) {
	if a.kind == undefined {
		return b, 0
	}
	if b.kind == undefined {
		return a, 0
	}
	out, written := a.asArray().extendedBy(b.asArray())
	return arrayValue(out), written
}

// asArray is an array as it is, and anything else as an array of it.
func (v value) asArray() *array {
	if v.kind == list {
		return v.array()
	}
	return arrayOf([]value{v})
}
