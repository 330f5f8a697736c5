package jsonata

// literal is a string, a number, true, false or null.
type literal struct{ v value }

func (l *literal) eval(*evaluation, value, *frame) (value, error) { return l.v, nil }

// current is $, the value in focus.
type current struct{}

func (current) eval(_ *evaluation, input value, _ *frame) (value, error) {
	if input.isWrapper() {
		return input.array().at(0), nil
	}
	return input, nil
}

// variable is $name.
type variable struct{ name symbol }

func (v *variable) eval(ev *evaluation, _ value, env *frame) (value, error) {
	return ev.variable(v.name, env), nil
}

// parent is %: a variable that the step which found it binds.
type parent struct{ label symbol }

func (p *parent) eval(_ *evaluation, _ value, env *frame) (value, error) {
	v, _ := env.lookup(p.label)
	return v, nil
}

// field is a name: the member of the input, or of each object in it.
type field struct{ name string }

func (f *field) eval(ev *evaluation, input value, _ *frame) (value, error) {
	return ev.lookup(input, f.name)
}

// lookup gives the member of an object. Of an array it gives a sequence of
// what its elements give, arrays melted.
func (ev *evaluation) lookup(input value, key string) (value, error) {
	switch input.kind {
	case object:
		return input.object().get(key), ev.spend(len(key) / bytesScanned)
	case list:
		if err := ev.weigh(input); err != nil {
			return value{}, err
		}
		a, out := input.array(), newSequence()
		for i := range a.len() {
			v, err := ev.lookup(a.at(i), key)
			if err == nil && v.kind != undefined {
				err = ev.merge(out, v)
			}
			if err != nil {
				return value{}, err
			}
		}
		return arrayValue(out), nil
	default:
		return value{}, nil
	}
}

// merge appends a value, or the elements of an array.
func (ev *evaluation) merge(out *array, v value) error {
	if v.kind == list {
		return ev.pushAll(out, v.array())
	}
	return ev.push(out, v)
}

// wildcard is *: the values of the input's members.
type wildcard struct{}

func (wildcard) eval(ev *evaluation, input value, _ *frame) (value, error) {
	if input.isWrapper() && input.array().len() > 0 {
		input = input.array().at(0)
	}
	out := newSequence()
	melted := false
	if err := ev.weigh(input); err != nil {
		return value{}, err
	}
	each := func(v value) error {
		melted = melted || v.kind == list
		return ev.flatten(v, out)
	}
	switch input.kind {
	case object:
		m := input.object()
		for i := range m.len() {
			if err := each(m.value(i)); err != nil {
				return value{}, err
			}
		}
	case list:
		a := input.array()
		for i := range a.len() {
			if err := each(a.at(i)); err != nil {
				return value{}, err
			}
		}
	default:
	}
	// The reference appends arrays with a function whose result is no sequence.
	out.sequence = !melted
	return arrayValue(out), nil
}

// flatten appends the leaves of nested arrays.
func (ev *evaluation) flatten(v value, out *array) error {
	if v.kind != list {
		return ev.push(out, v)
	}
	if err := ev.weigh(v); err != nil {
		return err
	}
	a := v.array()
	for i := range a.len() {
		if err := ev.flatten(a.at(i), out); err != nil {
			return err
		}
	}
	return nil
}

// descendants is **: the input and everything below it, arrays left out.
type descendants struct{}

func (descendants) eval(ev *evaluation, input value, _ *frame) (value, error) {
	if input.kind == undefined {
		return value{}, nil
	}
	out := newSequence()
	if err := ev.descend(input, out); err != nil {
		return value{}, err
	}
	if out.len() == 1 {
		return out.at(0), nil
	}
	return arrayValue(out), nil
}

func (ev *evaluation) descend(v value, out *array) error {
	if err := ev.step(); err != nil {
		return err
	}
	if v.kind != list {
		if err := ev.push(out, v); err != nil {
			return err
		}
	}
	switch v.kind {
	case list:
		a := v.array()
		for i := range a.len() {
			if err := ev.descend(a.at(i), out); err != nil {
				return err
			}
		}
	case object:
		m := v.object()
		for i := range m.len() {
			if err := ev.descend(m.value(i), out); err != nil {
				return err
			}
		}
	default:
	}
	return nil
}
