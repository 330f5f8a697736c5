package jsonata

import "github.com/waslrun/wasl/asl/jsonvalue"

// path is a chain of steps, each applied to every item that the one before it
// gave.
type path struct {
	steps         []*step
	lead          operation // the first step when it is a variable and nothing else
	names         []string  // the steps at the start (after lead) that are names and nothing else
	bound         bool      // the first step is a variable: an input array is one item
	keepSingleton bool      // a step is followed by []
	tuples        bool      // part of a path whose items carry variables
	group         *grouping
}

// step is one step of a path. Either node or sort is set.
type step struct {
	plain  bool   // nothing follows the node
	name   string // of a plain step that is a name
	node   *node
	sort   *sorting
	stages []stageOp
	cons   bool // a [ ] at an end of the path

	// What the step binds beside its items: the item itself (@$v), its index
	// (#$i), the item it came from (for a later %).
	tuple                  bool
	focus, index, ancestor symbol
}

// stageOp is a predicate, or the binding of the index.
type stageOp struct {
	filter *node
	index  symbol
}

func (p *path) eval(ev *evaluation, input value, env *frame) (value, error) {
	from := input
	if p.lead != nil {
		var err error
		if from, err = p.lead.eval(ev, input, env); err != nil {
			return value{}, err
		}
	}
	if from.kind == object && len(p.names) > 0 {
		return p.evalNames(ev, from, input, env)
	}
	return p.evalFrom(ev, input, env)
}

func (p *path) evalFrom(ev *evaluation, input value, env *frame) (value, error) {
	if input.kind == list && !p.bound {
		return p.run(ev, 0, input.array(), env)
	}
	return p.run(ev, 0, newSequence(input), env)
}

// evalNames evaluates a path that starts with names, from an object: as long
// as there are objects only, it takes no sequences.
func (p *path) evalNames(ev *evaluation, from, input value, env *frame) (value, error) {
	v, done := p.descend(from)
	if err := ev.step(); err != nil {
		return value{}, err
	}
	whole := done == len(p.steps)
	switch {
	case p.group == nil && v.kind == undefined,
		p.group == nil && whole && !p.keepSingleton && !v.isSequence():
		return v, nil
	case whole || v.kind == undefined:
		return p.evalFrom(ev, input, env)
	case v.kind == list && !v.array().cons:
		return p.run(ev, done, v.array(), env)
	}
	return p.run(ev, done, newSequence(v), env)
}

// descend follows the path's names through objects. It stops where a value is
// no object, and says how many steps it took.
func (p *path) descend(v value) (value, int) {
	taken := 0
	if p.lead != nil {
		taken = 1
	}
	if m := v.object(); m.isDoc() {
		j := m.doc // stays inside the document: nothing to wrap on the way
		for _, name := range p.names {
			taken++
			if j = j.Field(name); j.Kind() != jsonvalue.Object {
				break
			}
		}
		return fromJSON(j), taken
	}
	for _, name := range p.names {
		taken++
		if v = v.object().get(name); v.kind != object {
			break
		}
	}
	return v, taken
}

func (p *path) run(ev *evaluation, first int, items *array, env *frame) (value, error) {
	var result value
	var tuples *array // once a step has bound something
	binds := false
	for i := first; i < len(p.steps); i++ {
		s := p.steps[i]
		binds = binds || s.tuple
		var err error
		switch {
		case i == 0 && s.cons:
			result, err = ev.eval(s.node, arrayValue(items), env)
		case binds:
			if tuples, err = ev.tupleStep(s, items, tuples, env); err == nil {
				result = arrayValue(tuples)
			}
		default:
			result, err = ev.plainStep(s, items, env, i == len(p.steps)-1)
		}
		if err != nil {
			return value{}, err
		}
		if !binds && (result.kind == undefined || result.kind == list && result.array().len() == 0) {
			break
		}
		if tuples == nil && s.focus == noSymbol {
			if items, err = ev.itemsOf(result); err != nil {
				return value{}, err
			}
		}
	}
	return p.finish(ev, result, tuples, env)
}

var emptyArray = &array{}

// itemsOf gives what the next step is applied to: the elements of a list. What
// a [ ] and a predicate at the start of the path give may be no list; of a
// string the reference takes the units then, of anything else nothing.
func (ev *evaluation) itemsOf(v value) (*array, error) {
	switch v.kind {
	case list:
		return v.array(), nil
	case text:
		out := &array{}
		for _, u := range splitUnits(v.text) {
			if err := ev.push(out, stringValue(u)); err != nil {
				return nil, err
			}
		}
		return out, nil
	default:
		return emptyArray, nil
	}
}

func (p *path) finish(ev *evaluation, result value, tuples *array, env *frame) (value, error) {
	if tuples != nil && !p.tuples {
		out := newSequence()
		for _, t := range tuples.elems {
			if err := ev.push(out, t.tuple().item); err != nil {
				return value{}, err
			}
		}
		result = arrayValue(out)
	}
	if p.keepSingleton {
		if result.kind == list && result.array().cons && !result.array().sequence {
			result = arrayValue(newSequence(result))
		}
		switch result.kind {
		case list:
			result.array().keepSingleton = true
		case undefined:
			return value{}, javaScript("Cannot set properties of undefined (setting 'keepSingleton')")
		default:
		}
	}
	if p.group == nil {
		return result, nil
	}
	if tuples != nil {
		return p.group.eval(ev, arrayValue(tuples), env)
	}
	return p.group.eval(ev, result, env)
}

// plainStep applies a step that binds nothing to every item.
func (ev *evaluation) plainStep(s *step, items *array, env *frame, last bool) (value, error) {
	if s.sort != nil {
		v, err := s.sort.eval(ev, items, env)
		if err != nil || len(s.stages) == 0 {
			return v, err
		}
		return ev.stages(s.stages, v, env)
	}
	var first value // melted into out only when a second one comes
	out, found := newSequence(), 0
	for i := range items.len() {
		v, err := ev.stepItem(s, items, i, env)
		if err != nil {
			return value{}, err
		}
		if v.kind == undefined {
			continue
		}
		if found++; found == 1 {
			first = v
			continue
		}
		if found == 2 {
			if err := ev.melt(out, first); err != nil {
				return value{}, err
			}
		}
		if err := ev.melt(out, v); err != nil {
			return value{}, err
		}
	}
	if found == 1 {
		if last && first.kind == list && !first.isSequence() {
			return first, nil
		}
		if err := ev.melt(out, first); err != nil {
			return value{}, err
		}
	}
	return arrayValue(out), nil
}

// melt charges for a value and appends it, or the elements of an array that
// melts.
func (ev *evaluation) melt(out *array, v value) error {
	if v.kind != list || v.array().cons {
		return ev.push(out, v)
	}
	return ev.pushAll(out, v.array())
}

// stepItem applies a step to item i.
func (ev *evaluation) stepItem(s *step, items *array, i int, env *frame) (value, error) {
	if s.name != "" && items.doc != nil && items.doc[i].Kind() == jsonvalue.Object {
		return fromJSON(items.doc[i].Field(s.name)), ev.step()
	}
	item := items.at(i)
	if s.name != "" && item.kind == object {
		return item.object().get(s.name), ev.step()
	}
	r := ev.enter()
	v, err := ev.eval(s.node, item, env)
	for i := 0; i < len(s.stages) && err == nil; i++ {
		v, err = ev.filter(s.stages[i].filter, v, env)
	}
	ev.leave(r, v)
	return v, err
}

// filter keeps the values for which a predicate is true, or at whose index it
// points.
func (ev *evaluation) filter(predicate *node, v value, env *frame) (value, error) {
	out := newSequence()
	out.tupleStream = v.isTupleStream()
	items := (*array)(nil)
	if v.kind == list {
		items = v.array()
	} else {
		items = newSequence(v)
	}
	if l, ok := predicate.op.(*literal); ok && l.v.kind == number {
		item := items.pick(l.v.num)
		if item.kind == list {
			return item, nil
		}
		if item.kind != undefined {
			out.push(item)
		}
		return arrayValue(out), nil
	}
	for i := range items.len() {
		item := items.at(i)
		context, scope := item, env
		if item.kind == bound {
			context, scope = item.tuple().open(env)
		}
		keep, err := ev.keeps(predicate, context, scope, i, items.len())
		if err != nil {
			return value{}, err
		}
		for range keep {
			if err := ev.push(out, item); err != nil {
				return value{}, err
			}
		}
	}
	return arrayValue(out), nil
}

// keeps tells how many times a predicate selects the item at an index.
func (ev *evaluation) keeps(predicate *node, context value, scope *frame, index, size int) (int, error) {
	r := ev.enter()
	verdict, err := ev.eval(predicate, context, scope)
	if err != nil {
		return 0, err
	}
	if err := ev.weigh(verdict); err != nil {
		return 0, err
	}
	keep, err := ev.times(verdict, index, size)
	ev.leave(r, value{})
	return keep, err
}

// pick gives the element at an index; negative ones count from the end.
func (a *array) pick(index float64) value {
	i := floor(index)
	if i < 0 {
		i += float64(a.len())
	}
	if i < 0 || i >= float64(a.len()) {
		return value{}
	}
	return a.at(int(i))
}

// times tells how many times a predicate's value selects the item at an index:
// numbers are indexes, and several of them may be the same.
func (ev *evaluation) times(verdict value, index, size int) (int, error) {
	switch verdict.kind {
	case number:
		if ok, err := isNumber(verdict); err != nil {
			return 0, err
		} else if ok {
			return pointsAt(verdict.num, index, size), nil
		}
	case list:
		a := verdict.array()
		numbers, err := a.allNumbers()
		if err != nil {
			return 0, err
		}
		if numbers {
			n := 0
			for i := range a.len() {
				n += pointsAt(a.at(i).num, index, size)
			}
			return n, nil
		}
	default:
	}
	t, err := ev.truth(verdict)
	if t {
		return 1, err
	}
	return 0, err
}

func pointsAt(n float64, index, size int) int {
	i := floor(n)
	if i < 0 {
		i += float64(size)
	}
	if i == float64(index) {
		return 1
	}
	return 0
}

// stages applies the predicates and index bindings of a step to all its items.
func (ev *evaluation) stages(stages []stageOp, v value, env *frame) (value, error) {
	for _, s := range stages {
		var err error
		if s.filter != nil {
			if v, err = ev.filter(s.filter, v, env); err != nil {
				return value{}, err
			}
			continue
		}
		if v.kind != list {
			continue
		}
		a := v.array()
		a.held = 0 // tuples get heavier
		for i, item := range a.elems {
			if item.kind == bound {
				if err := ev.charge(tupleSize + (len(item.tuple().names)+1)*valueSize); err != nil {
					return value{}, err
				}
				a.elems[i] = item.tuple().with(s.index, numberValue(float64(i))).value()
			}
		}
	}
	return v, nil
}
