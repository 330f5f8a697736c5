package jsonata

var objectFunctions = map[string]builtin{
	"keys":   {"<x-:a<s>>", 1, fnKeys},
	"lookup": {"<x-s:x>", 2, fnLookup},
	"spread": {"<x-:a<o>>", 1, fnSpread},
	"merge":  {"<a<o>:o>", 1, defined(fnMerge)},
	"clone":  {"<(oa)-:o>", 1, defined(fnClone)},
}

func fnKeys(ev *evaluation, args []value) (value, error) {
	out, seen := newSequence(), map[string]bool{}
	err := ev.collectKeys(argument(args, 0), out, seen)
	return arrayValue(out), err
}

func (ev *evaluation) collectKeys(v value, out *array, seen map[string]bool) error {
	if err := ev.weigh(v); err != nil {
		return err
	}
	switch v.kind {
	case object:
		m := v.object()
		for i := range m.len() {
			k := m.key(i)
			if err := ev.spend(len(k) / bytesScanned); err != nil {
				return err
			}
			if seen[k] {
				continue
			}
			seen[k] = true
			if err := ev.charge(valueSize); err != nil { // in seen
				return err
			}
			if err := ev.push(out, stringValue(k)); err != nil {
				return err
			}
		}
	case list:
		a := v.array()
		for i := range a.len() {
			if err := ev.collectKeys(a.at(i), out, seen); err != nil {
				return err
			}
		}
	default:
	}
	return nil
}

func fnLookup(ev *evaluation, args []value) (value, error) {
	return ev.lookup(argument(args, 0), argument(args, 1).text)
}

func fnSpread(ev *evaluation, args []value) (value, error) {
	v := argument(args, 0)
	switch v.kind {
	case object, list:
		out := newSequence()
		if err := ev.spread(v, out); err != nil {
			return value{}, err
		}
		// What is spread from an array stays one.
		out.sequence = v.kind == object || v.array().len() == 0
		return arrayValue(out), nil
	default:
		return v, nil
	}
}

// spread appends an object of one member for each member of the objects in v;
// what is no object stays.
func (ev *evaluation) spread(v value, out *array) error {
	switch v.kind {
	case object:
		m := v.object()
		for i := range m.len() {
			one := newObject(1)
			if err := ev.set(one, m.key(i), m.value(i)); err != nil {
				return err
			}
			if err := ev.addObject(out, one); err != nil {
				return err
			}
		}
	case list:
		a := v.array()
		for i := range a.len() {
			if err := ev.spread(a.at(i), out); err != nil {
				return err
			}
		}
	case undefined:
	default:
		return ev.add(out, v)
	}
	return nil
}

func fnMerge(ev *evaluation, args []value) (value, error) {
	a, out := args[0].array(), newObject(8)
	for i := range a.len() {
		v := a.at(i)
		if v.kind != object {
			continue
		}
		m := v.object()
		if err := ev.spend(1 + m.len()/valuesScanned); err != nil {
			return value{}, err
		}
		for j := range m.len() {
			if err := ev.spend(len(m.key(j)) / bytesScanned); err != nil {
				return value{}, err
			}
			if err := ev.put(out, m.key(j), m.value(j)); err != nil {
				return value{}, err
			}
		}
	}
	return objectValue(out), ev.charge(objectSize)
}

func fnClone(ev *evaluation, args []value) (value, error) { return ev.clone(args[0]) }

// clone copies a value so that a transform may change it. As the reference
// goes through JSON text, numbers are rounded to 15 digits and functions
// become "".
func (ev *evaluation) clone(v value) (value, error) {
	if err := ev.step(); err != nil {
		return value{}, err
	}
	switch v.kind {
	case number:
		if _, err := isNumber(v); err != nil {
			return value{}, err
		}
		return numberValue(round15(v.num)), nil
	case callable:
		return stringValue(""), nil
	case list:
		a := v.array()
		if a.outerWrapper && a.len() > 0 {
			return ev.clone(a.at(0))
		}
		out := &array{}
		for i := range a.len() {
			x, err := ev.clone(a.at(i))
			if err != nil {
				return value{}, err
			}
			if x.kind == undefined {
				x = nullValue
			}
			if err := ev.push(out, x); err != nil {
				return value{}, err
			}
		}
		return arrayValue(out), ev.charge(listSize)
	case object:
		m := v.object()
		out := newObject(m.len())
		for i := range m.len() {
			x, err := ev.clone(m.value(i))
			if err != nil {
				return value{}, err
			}
			if x.kind == undefined {
				continue
			}
			if err := ev.put(out, m.key(i), x); err != nil {
				return value{}, err
			}
		}
		return objectValue(out), ev.charge(objectSize)
	default:
		return v, nil
	}
}
