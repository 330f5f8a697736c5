package jsonata

import "slices"

var listFunctions = map[string]builtin{
	"append":   {"<xx:a>", 2, fnAppend},
	"reverse":  {"<a:a>", 1, defined(fnReverse)},
	"distinct": {"<x:x>", 1, defined(fnDistinct)},
	"shuffle":  {"<a:a>", 1, defined(fnShuffle)},
	"zip":      {"<a+>", 0, fnZip},
	"sort":     {"<af?:a>", 2, defined(fnSort)},
	"exists":   {"<x:b>", 1, fnExists},
	"boolean":  {"<x-:b>", 1, defined(fnBoolean)},
	"not":      {"<x-:b>", 1, defined(fnNot)},
	"type":     {"<x:s>", 1, defined(fnType)},
	"error":    {"<s?:x>", 1, fnError},
	"assert":   {"<bs?:x>", 2, fnAssert},
}

func fnAppend(ev *evaluation, args []value) (value, error) {
	return ev.appendValues(argument(args, 0), argument(args, 1))
}

// copied gives an array with the values of another as its own.
func (ev *evaluation) copied(a *array) (*array, error) {
	if err := ev.spend(a.len() / valuesCopied); err != nil {
		return nil, err
	}
	out := &array{}
	return out, ev.pushAll(out, a)
}

func fnReverse(ev *evaluation, args []value) (value, error) {
	a := args[0].array()
	n := a.len()
	if n <= 1 {
		return args[0], nil
	}
	out, err := ev.copied(a)
	if err != nil {
		return value{}, err
	}
	slices.Reverse(out.elems)
	return arrayValue(out), nil
}

func fnShuffle(ev *evaluation, args []value) (value, error) {
	a := args[0].array()
	n := a.len()
	if n <= 1 {
		return args[0], nil
	}
	if err := ev.spend(n); err != nil {
		return value{}, err
	}
	out, err := ev.copied(a)
	if err != nil {
		return value{}, err
	}
	for i, v := range out.elems {
		j := int(ev.chance().Float64() * float64(i+1))
		out.elems[i] = out.elems[j]
		out.elems[j] = v
	}
	return arrayValue(out), nil
}

func fnDistinct(ev *evaluation, args []value) (value, error) {
	if args[0].kind != list || args[0].array().len() <= 1 {
		return args[0], nil
	}
	a := args[0].array()
	out := &array{sequence: a.sequence}
	seen := map[value]bool{} // scalars, which a map can compare
	for i := range a.len() {
		v := a.at(i)
		fresh := false
		var err error
		if v.kind == list || v.kind == object {
			fresh, err = ev.isNew(out, v)
		} else {
			key := v
			if v.kind == number {
				key.text = ""
			}
			fresh = !seen[key]
			seen[key] = true
			err = ev.weigh(key)
		}
		if err == nil && fresh {
			err = ev.charge(2 * valueSize) // in seen
		}
		if err == nil && fresh {
			err = ev.add(out, v)
		}
		if err != nil {
			return value{}, err
		}
	}
	return arrayValue(out), nil
}

// isNew tells whether a list or an object equals nothing in an array.
func (ev *evaluation) isNew(among *array, v value) (bool, error) {
	for _, other := range among.elems {
		if err := ev.step(); err != nil {
			return false, err
		}
		if other.kind != v.kind {
			continue
		}
		if same, err := ev.equal(other, v); same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func fnZip(ev *evaluation, args []value) (value, error) {
	n := -1
	for _, a := range args {
		size := 0
		if a.kind == list {
			size = a.array().len()
		}
		if n < 0 || size < n {
			n = size
		}
	}
	out := &array{}
	for i := range max(0, n) {
		row := &array{}
		for _, a := range args {
			if err := ev.push(row, a.array().at(i)); err != nil {
				return value{}, err
			}
		}
		if err := ev.addList(out, row); err != nil {
			return value{}, err
		}
	}
	return arrayValue(out), nil
}

func fnSort(ev *evaluation, args []value) (value, error) {
	a := args[0].array()
	if a.len() <= 1 {
		return args[0], nil
	}
	after := func(x, y value) (bool, error) { return order(x, y) > 0, ev.weigh(x) }
	if by := argument(args, 1); by.kind == callable {
		after = func(x, y value) (bool, error) {
			v, err := ev.call(by, x, y)
			if err != nil {
				return false, err
			}
			return jsTruth(v), nil
		}
	} else {
		numbers, err := a.allNumbers()
		if err != nil {
			return value{}, err
		}
		if !numbers && !a.allOf(text) {
			return value{}, fault("D3070").argument(1)
		}
	}
	sorted, err := ev.sorted(a, after)
	return arrayValue(sorted), err
}

// jsTruth is JavaScript's notion of true, to which the reference falls back
// where it asks a comparison function.
func jsTruth(v value) bool {
	switch v.kind {
	case boolean, number:
		return v.num != 0 && v.num == v.num
	case text:
		return v.text != ""
	case list, object, callable:
		return true
	case undefined, null, bound, tail:
	}
	return false
}

func fnExists(_ *evaluation, args []value) (value, error) { return boolValue(given(args, 0)), nil }

func fnBoolean(ev *evaluation, args []value) (value, error) {
	if args[0].kind == callable {
		return falseValue, nil
	}
	t, err := ev.truth(args[0])
	return boolValue(t), err
}

func fnNot(ev *evaluation, args []value) (value, error) {
	v, err := fnBoolean(ev, args)
	return boolValue(v.num == 0), err
}

func fnType(_ *evaluation, args []value) (value, error) {
	switch args[0].kind {
	case null:
		return stringValue("null"), nil
	case boolean:
		return stringValue("boolean"), nil
	case number:
		is, err := isNumber(args[0])
		if !is {
			return stringValue("object"), err // NaN, by the reference
		}
		return stringValue("number"), nil
	case text:
		return stringValue("string"), nil
	case list:
		return stringValue("array"), nil
	case object:
		return stringValue("object"), nil
	case callable:
		return stringValue("function"), nil
	case undefined, bound, tail:
	}
	return value{}, nil
}

func fnError(_ *evaluation, args []value) (value, error) {
	message := argument(args, 0).text
	if message == "" {
		message = "$error() function evaluated"
	}
	return value{}, fault("D3137").saying(message)
}

func fnAssert(_ *evaluation, args []value) (value, error) {
	if argument(args, 0).num != 0 {
		return value{}, nil
	}
	message := argument(args, 1).text
	if message == "" {
		message = "$assert() statement failed"
	}
	return value{}, fault("D3141").saying(message)
}
