package jsonata

// transform is |pattern|update, remove|: a function that copies its argument
// and changes what the pattern finds in it.
type transform struct {
	pattern, update, remove *node
	clone                   symbol
	position                int
}

var transformSignature, _ = parseSignature("<(oa):o>")

func (t *transform) eval(_ *evaluation, _ value, env *frame) (value, error) {
	return functionValue(&function{arity: 1, signature: transformSignature, native: func(ev *evaluation, args []value) (value, error) {
		if !given(args, 0) {
			return value{}, nil
		}
		return t.apply(ev, args[0], env)
	}}), nil
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
	return result, nil
}

// unshared copies the arrays and objects that the evaluation has made, so that
// what is put into a match cannot be, or change with, the match itself.
func unshared(v value) value {
	switch v.kind {
	case list:
		if a := v.array(); a.elems != nil {
			out := &array{}
			for _, e := range a.elems {
				out.push(unshared(e))
			}
			return arrayValue(out)
		}
	case object:
		if m := v.object(); !m.isDoc() {
			out := newObject(m.len())
			for i, k := range m.keys {
				out.set(k, unshared(m.vals[i]))
			}
			return objectValue(out)
		}
	default:
	}
	return v
}

// change updates one match in place. What does not belong to the copy, such
// as a value that the pattern has made or a variable's, is left as it is.
func (t *transform) change(ev *evaluation, match value, env *frame) error {
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
		for i := 0; own && i < m.len(); i++ {
			match.object().set(m.key(i), unshared(m.value(i)))
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
			match.object().remove(keys.array().at(i).text)
		}
	}
	return nil
}
