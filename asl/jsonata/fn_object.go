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
	collectKeys(argument(args, 0), out, seen)
	return arrayValue(out), ev.chargeValues(2 * out.len())
}

func collectKeys(v value, out *array, seen map[string]bool) {
	switch v.kind {
	case object:
		m := v.object()
		for i := range m.len() {
			if k := m.key(i); !seen[k] {
				seen[k] = true
				out.push(stringValue(k))
			}
		}
	case list:
		a := v.array()
		for i := range a.len() {
			collectKeys(a.at(i), out, seen)
		}
	default:
	}
}

func fnLookup(ev *evaluation, args []value) (value, error) {
	v := lookup(argument(args, 0), argument(args, 1).text)
	if v.isSequence() {
		return v, ev.chargeValues(v.array().len())
	}
	return v, nil
}

func fnSpread(ev *evaluation, args []value) (value, error) {
	v := argument(args, 0)
	switch v.kind {
	case object, list:
		out := newSequence()
		spread(v, out)
		// What is spread from an array stays one.
		out.sequence = v.kind == object || v.array().len() == 0
		return arrayValue(out), ev.chargeValues(3 * out.len())
	default:
		return v, nil
	}
}

// spread appends an object of one member for each member of the objects in v;
// what is no object stays.
func spread(v value, out *array) {
	switch v.kind {
	case object:
		m := v.object()
		for i := range m.len() {
			one := newObject(1)
			one.set(m.key(i), m.value(i))
			out.push(objectValue(one))
		}
	case list:
		a := v.array()
		for i := range a.len() {
			spread(a.at(i), out)
		}
	case undefined:
	default:
		out.push(v)
	}
}

func fnMerge(ev *evaluation, args []value) (value, error) {
	a, out := args[0].array(), newObject(8)
	for i := range a.len() {
		if v := a.at(i); v.kind == object {
			m := v.object()
			for j := range m.len() {
				out.set(m.key(j), m.value(j))
			}
			if err := ev.chargeValues(2 * m.len()); err != nil {
				return value{}, err
			}
		}
	}
	return objectValue(out), nil
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
			out.push(x)
			if err := ev.chargeValues(1); err != nil {
				return value{}, err
			}
		}
		return arrayValue(out), nil
	case object:
		m := v.object()
		out := newObject(m.len())
		for i := range m.len() {
			x, err := ev.clone(m.value(i))
			if err != nil {
				return value{}, err
			}
			if x.kind != undefined {
				out.set(m.key(i), x)
			}
		}
		return objectValue(out), ev.chargeValues(2 * m.len())
	default:
		return v, nil
	}
}
