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
	if input.kind == list {
		ev.weigh(input)
	}
	v := lookup(input, f.name)
	if v.isSequence() {
		return v, ev.chargeValues(v.array().len())
	}
	return v, nil
}

// lookup gives the member of an object. Of an array it gives a sequence of
// what its elements give, arrays melted.
func lookup(input value, key string) value {
	switch input.kind {
	case object:
		return input.object().get(key)
	case list:
		a, out := input.array(), newSequence()
		for i := range a.len() {
			switch v := lookup(a.at(i), key); v.kind {
			case undefined:
			case list:
				out.pushAll(v.array())
			default:
				out.push(v)
			}
		}
		return arrayValue(out)
	default:
		return value{}
	}
}

// wildcard is *: the values of the input's members.
type wildcard struct{}

func (wildcard) eval(ev *evaluation, input value, _ *frame) (value, error) {
	if input.isWrapper() && input.array().len() > 0 {
		input = input.array().at(0)
	}
	out := newSequence()
	melted := false
	each := func(v value) {
		if v.kind == list {
			flatten(v, out)
			melted = true
		} else {
			out.push(v)
		}
	}
	switch input.kind {
	case object:
		m := input.object()
		for i := range m.len() {
			each(m.value(i))
		}
	case list:
		a := input.array()
		for i := range a.len() {
			each(a.at(i))
		}
	default:
	}
	// The reference appends arrays with a function whose result is no sequence.
	out.sequence = !melted
	return arrayValue(out), ev.chargeValues(out.len())
}

// flatten appends the leaves of nested arrays.
func flatten(v value, out *array) {
	if v.kind != list {
		out.push(v)
		return
	}
	a := v.array()
	for i := range a.len() {
		flatten(a.at(i), out)
	}
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
	switch v.kind {
	case list:
		a := v.array()
		for i := range a.len() {
			if err := ev.descend(a.at(i), out); err != nil {
				return err
			}
		}
		return nil
	case object:
		out.push(v)
		m := v.object()
		for i := range m.len() {
			if err := ev.descend(m.value(i), out); err != nil {
				return err
			}
		}
		return ev.chargeValues(1)
	default:
		out.push(v)
		return ev.chargeValues(1)
	}
}
