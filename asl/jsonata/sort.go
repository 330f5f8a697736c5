package jsonata

// sorting is the step ^(…): it orders the items of a path.
type sorting struct {
	terms    []sortTerm
	position int
}

type sortTerm struct {
	by         *node
	descending bool
}

func (s *sorting) eval(ev *evaluation, items *array, env *frame) (value, error) {
	if items.len() <= 1 {
		return arrayValue(items), nil
	}
	sorted, err := ev.sorted(items, func(a, b value) (bool, error) { return s.after(ev, a, b, env) })
	if err != nil {
		return value{}, err
	}
	sorted.tupleStream = items.tupleStream
	return arrayValue(sorted), nil
}

// after tells whether a comes after b.
func (s *sorting) after(ev *evaluation, a, b value, env *frame) (bool, error) {
	r := ev.enter()
	defer ev.leave(r, value{})
	for _, t := range s.terms {
		x, err := ev.sortKey(t.by, a, env)
		if err != nil {
			return false, err
		}
		y, err := ev.sortKey(t.by, b, env)
		if err != nil {
			return false, err
		}
		order, err := s.compare(x, y)
		if err != nil {
			return false, err
		}
		if order != 0 {
			// Undefined goes last in either direction.
			if t.descending && x.kind != undefined && y.kind != undefined {
				order = -order
			}
			return order > 0, nil
		}
	}
	return false, nil
}

func (ev *evaluation) sortKey(by *node, item value, env *frame) (value, error) {
	if item.kind == bound {
		item, env = item.tuple().open(env)
	}
	return ev.eval(by, item, env)
}

func (s *sorting) compare(x, y value) (int, error) {
	switch {
	case x.kind == undefined && y.kind == undefined:
		return 0, nil
	case x.kind == undefined:
		return 1, nil
	case y.kind == undefined:
		return -1, nil
	case !isOrdered(x):
		return 0, fault("T2008").at(s.position).of(x)
	case !isOrdered(y):
		return 0, fault("T2008").at(s.position).of(y)
	case x.kind != y.kind:
		return 0, fault("T2007").at(s.position).of(x).and(y)
	}
	return order(x, y), nil
}

// isOrdered tells whether a value can be compared by size.
func isOrdered(v value) bool { return v.kind == number || v.kind == text }

// order compares two numbers or two strings.
func order(x, y value) int {
	if x.kind == text {
		return compareText(x.text, y.text)
	}
	switch {
	case x.num == y.num:
		return 0
	case x.num < y.num:
		return -1
	}
	return 1
}

// sorted gives a sorted copy. It asks the questions that the reference asks in
// the same order, since a comparison may be a function of the user's that is
// not consistent.
func (ev *evaluation) sorted(a *array, after func(a, b value) (bool, error)) (*array, error) {
	n := a.len()
	out := &array{}
	if err := ev.pushAll(out, a); err != nil {
		return nil, err
	}
	if err := ev.chargeValues(n); err != nil {
		return nil, err
	}
	return out, ev.mergeSort(out.elems, make([]value, n), after)
}

// mergeSort sorts elems with the help of as much room.
func (ev *evaluation) mergeSort(elems, room []value, after func(a, b value) (bool, error)) error {
	if len(elems) <= 1 {
		return nil
	}
	middle := len(elems) / 2
	if err := ev.mergeSort(elems[:middle], room[:middle], after); err != nil {
		return err
	}
	if err := ev.mergeSort(elems[middle:], room[middle:], after); err != nil {
		return err
	}
	if err := ev.spend(1 + len(elems)/valuesScanned); err != nil {
		return err
	}
	copy(room, elems)
	left, right, out := room[:middle], room[middle:], elems[:0]
	for len(left) > 0 && len(right) > 0 {
		swap, err := after(left[0], right[0])
		if err != nil {
			return err
		}
		if swap {
			out, right = append(out, right[0]), right[1:]
		} else {
			out, left = append(out, left[0]), left[1:]
		}
	}
	n := len(out)
	n += copy(elems[n:], left)
	copy(elems[n:], right)
	return nil
}
