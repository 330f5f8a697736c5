package jsonata

var higherFunctions = map[string]builtin{
	"map":    {"<af>", 2, defined(fnMap)},
	"filter": {"<af>", 2, defined(fnFilter)},
	"single": {"<af?>", 2, defined(fnSingle)},
	"reduce": {"<afj?:j>", 3, defined(fnReduce)},
	"sift":   {"<o-f?:o>", 2, fnSift},
	"each":   {"<o-f:a>", 2, fnEach},
}

// callWith calls a function with as many of the arguments as it takes, one at
// least.
func (ev *evaluation) callWith(f, v value, more ...value) (value, error) {
	if f.kind != callable {
		return value{}, fault("T1006")
	}
	n := min(max(1, f.function().arguments()), 1+len(more))
	args := make([]value, 1, n)
	args[0] = v
	return ev.call(f, append(args, more[:n-1]...)...)
}

func fnMap(ev *evaluation, args []value) (value, error) {
	a, out := args[0].array(), newSequence()
	for i := range a.len() {
		v, err := ev.callWith(argument(args, 1), a.at(i), numberValue(float64(i)), args[0])
		if err != nil {
			return value{}, err
		}
		if v.kind == undefined {
			continue
		}
		if err := ev.push(out, v); err != nil {
			return value{}, err
		}
	}
	return arrayValue(out), nil
}

func fnFilter(ev *evaluation, args []value) (value, error) {
	a, out := args[0].array(), newSequence()
	for i := range a.len() {
		item := a.at(i)
		v, err := ev.callWith(argument(args, 1), item, numberValue(float64(i)), args[0])
		if err != nil {
			return value{}, err
		}
		keep, err := ev.truth(v)
		if keep && err == nil {
			err = ev.push(out, item)
		}
		if err != nil {
			return value{}, err
		}
	}
	return arrayValue(out), nil
}

func fnSingle(ev *evaluation, args []value) (value, error) {
	a := args[0].array()
	var single value
	matches := false
	for i := range a.len() {
		item, keep := a.at(i), true
		if given(args, 1) {
			v, err := ev.callWith(args[1], item, numberValue(float64(i)), args[0])
			if err != nil {
				return value{}, err
			}
			if keep, err = ev.truth(v); err != nil {
				return value{}, err
			}
		}
		if !keep {
			continue
		}
		if matches {
			return value{}, fault("D3138").argument(i)
		}
		single, matches = item, true
	}
	if !matches {
		return value{}, fault("D3139")
	}
	return single, nil
}

func fnReduce(ev *evaluation, args []value) (value, error) {
	a, f, result := args[0].array(), argument(args, 1), argument(args, 2)
	if f.kind != callable {
		return value{}, fault("T1006")
	}
	arity := f.function().arguments()
	if arity < 2 {
		return value{}, fault("D3050").argument(1)
	}
	first := 0
	if result.kind == undefined && a.len() > 0 {
		result, first = a.at(0), 1
	}
	r := ev.enter()
	for i := first; i < a.len(); i++ {
		given := append(make([]value, 0, 4), result, a.at(i), numberValue(float64(i)), args[0])
		var err error
		if result, err = ev.apply(f, given[:min(arity, 4)], nullValue, nil); err != nil {
			return value{}, err
		}
		ev.rest(&r, ev.made(r, result))
	}
	ev.leave(r, result)
	return result, nil
}

// entries calls f with the members of an object; of an array, with its
// elements and their indexes as keys.
func entries(v value, f func(key string, v value) error) error {
	if v.kind != object {
		return nil
	}
	m := v.object()
	for i := range m.len() {
		if err := f(m.key(i), m.value(i)); err != nil {
			return err
		}
	}
	return nil
}

func fnSift(ev *evaluation, args []value) (value, error) {
	from := argument(args, 0)
	out := newObject(4)
	err := entries(from, func(key string, v value) error {
		verdict, err := ev.callWith(argument(args, 1), v, stringValue(key), from)
		if err != nil {
			return err
		}
		keep, err := ev.truth(verdict)
		if keep && err == nil {
			err = ev.set(out, key, v)
		}
		return err
	})
	if err != nil || out.len() == 0 {
		return value{}, err
	}
	return objectValue(out), ev.charge(objectSize)
}

func fnEach(ev *evaluation, args []value) (value, error) {
	from := argument(args, 0)
	out := newSequence()
	err := entries(from, func(key string, v value) error {
		result, err := ev.callWith(argument(args, 1), v, stringValue(key), from)
		if err == nil && result.kind != undefined {
			err = ev.push(out, result)
		}
		return err
	})
	return arrayValue(out), err
}
