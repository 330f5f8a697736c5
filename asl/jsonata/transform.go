package jsonata

// transform is |pattern|update, remove|: a function that copies its argument
// and changes what the pattern finds in it.
type transform struct {
	pattern, update, remove *node
	clone                   symbol
	position                int
}

var transformSignature, _ = parseSignature("<(oa):o>")

func (t *transform) eval(ev *evaluation, _ value, env *frame) (value, error) {
	return ev.function(&function{arity: 1, signature: transformSignature, native: func(ev *evaluation, args []value) (value, error) {
		if !given(args, 0) {
			return value{}, nil
		}
		return t.apply(ev, args[0], env)
	}})
}

func (t *transform) apply(ev *evaluation, v value, env *frame) (value, error) {
	clone := ev.variable(t.clone, env)
	if clone.kind != callable {
		return value{}, fault("T2013").at(t.position)
	}
	result, err := ev.call(clone, v)
	if err != nil {
		return value{}, err
	}
	matches, err := ev.eval(t.pattern, result, env)
	if err != nil || matches.kind == undefined {
		return result, err
	}
	if matches.kind != list {
		matches = listOf(matches)
	}
	a := matches.array()
	for i := range a.len() {
		if err := t.change(ev, a.at(i), env); err != nil {
			return value{}, err
		}
	}
	reweigh(result)
	return result, nil
}

// reweigh weighs anew what was changed somewhere below.
func reweigh(v value) {
	switch v.kind {
	case list:
		a := v.array()
		a.held = 0
		for _, e := range a.elems {
			reweigh(e)
		}
	case object:
		m := v.object()
		m.held = 0
		for _, e := range m.vals {
			reweigh(e)
		}
	default:
	}
}

// unshared copies the arrays and objects that the evaluation has made, so that
// what is put into a match cannot be, or change with, the match itself.
func (ev *evaluation) unshared(v value) (value, error) {
	switch v.kind {
	case list:
		if a := v.array(); a.elems != nil {
			out := &array{}
			for _, e := range a.elems {
				x, err := ev.unshared(e)
				if err == nil {
					err = ev.add(out, x)
				}
				if err != nil {
					return value{}, err
				}
			}
			return arrayValue(out), nil
		}
	case object:
		if m := v.object(); !m.isDoc() {
			out := newObject(m.len())
			for i, k := range m.keys {
				x, err := ev.unshared(m.vals[i])
				if err == nil {
					err = ev.set(out, k, x)
				}
				if err != nil {
					return value{}, err
				}
			}
			return objectValue(out), nil
		}
	default:
	}
	return v, nil
}

// holdsMembers tells whether JavaScript sets members of a value without an error.
func holdsMembers(v value) bool { return v.kind == object || v.kind == list || v.kind == callable }

// change updates one match in place. What does not belong to the copy, such
// as a value that the pattern has made or a variable's, is left as it is.
func (t *transform) change(ev *evaluation, match value, env *frame) error {
	if err := ev.step(); err != nil {
		return err
	}
	update, err := ev.eval(t.update, match, env)
	if err != nil {
		return err
	}
	own := match.kind == object && !match.object().isDoc()
	if update.kind != undefined {
		if update.kind != object {
			return fault("T2011").at(t.update.position).of(update)
		}
		m := update.object()
		if m.len() > 0 && !holdsMembers(match) {
			return javaScript("Cannot create property '" + m.key(0) + "' on " + quoteValue(match))
		}
		for i := 0; own && i < m.len(); i++ {
			v, err := ev.unshared(m.value(i))
			if err == nil {
				err = ev.set(match.object(), m.key(i), v)
			}
			if err != nil {
				return err
			}
		}
	}
	if t.remove == nil {
		return nil
	}
	deletions, err := ev.eval(t.remove, match, env)
	if err != nil || deletions.kind == undefined {
		return err
	}
	keys := deletions
	if keys.kind != list {
		keys = listOf(keys)
	}
	if !keys.array().allOf(text) {
		return fault("T2012").at(t.remove.position).of(deletions)
	}
	for i := range keys.array().len() {
		if own {
			if err := ev.spend(1 + match.object().len()/valuesScanned); err != nil {
				return err
			}
			match.object().remove(keys.array().at(i).text)
		}
	}
	return nil
}
