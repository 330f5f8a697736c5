package jsonata

// binding is $name := value.
type binding struct {
	name  symbol
	value *node
}

func (b *binding) eval(ev *evaluation, input value, env *frame) (value, error) {
	v, err := ev.eval(b.value, input, env)
	if err != nil {
		return value{}, err
	}
	env.bind(b.name, v)
	ev.bound = min(ev.bound, env.birth)
	return v, ev.chargeValues(1)
}

// conditional is condition ? then : otherwise.
type conditional struct{ condition, then, otherwise *node }

func (c *conditional) eval(ev *evaluation, input value, env *frame) (value, error) {
	v, err := ev.eval(c.condition, input, env)
	if err != nil {
		return value{}, err
	}
	t, err := ev.truth(v)
	switch {
	case err != nil:
		return value{}, err
	case t:
		return ev.eval(c.then, input, env)
	case c.otherwise != nil:
		return ev.eval(c.otherwise, input, env)
	}
	return value{}, nil
}

// block is ( a; b; … ): a scope whose value is that of its last expression.
type block struct {
	items []*node
	binds bool // it needs a scope
}

func (b *block) eval(ev *evaluation, input value, env *frame) (v value, err error) {
	scope := env
	if b.binds {
		if scope, err = ev.scope(env, nil, nil); err != nil {
			return value{}, err
		}
	}
	for _, item := range b.items {
		if v, err = ev.eval(item, input, scope); err != nil {
			return value{}, err
		}
	}
	return v, nil
}
