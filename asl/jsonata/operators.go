package jsonata

import "math"

// operands are the two sides of an operator.
type operands struct {
	lhs, rhs *node
	symbol   string
	position int
}

func (o *operands) both(ev *evaluation, input value, env *frame) (l, r value, err error) {
	if l, err = ev.eval(o.lhs, input, env); err != nil {
		return l, r, err
	}
	r, err = ev.eval(o.rhs, input, env)
	return l, r, err
}

// blame puts the operator into an error.
func (o *operands) blame(err error) error {
	if e, ok := err.(*Error); ok {
		e.Position, e.Token, e.literal = o.position, o.symbol, value{}
	}
	return err
}

// arithmetic is + - * / %.
type arithmetic struct {
	operands
	op byte
}

func (a *arithmetic) eval(ev *evaluation, input value, env *frame) (value, error) {
	l, r, err := a.both(ev, input, env)
	if err != nil {
		return value{}, err
	}
	if l.kind == number && r.kind == number && finite(l.num) && finite(r.num) {
		return numberValue(calculate(a.op, l.num, r.num)), nil
	}
	if l.kind != undefined {
		if ok, err := isNumber(l); err != nil {
			return value{}, a.blame(err)
		} else if !ok {
			return value{}, a.blame(fault("T2001").of(l))
		}
	}
	if r.kind != undefined {
		if ok, err := isNumber(r); err != nil {
			return value{}, a.blame(err)
		} else if !ok {
			return value{}, a.blame(fault("T2002").of(r))
		}
	}
	return value{}, nil // one side is undefined
}

func finite(f float64) bool { return f-f == 0 }

func calculate(op byte, x, y float64) float64 {
	switch op {
	case '+':
		return x + y
	case '-':
		return x - y
	case '*':
		return x * y
	case '/':
		return x / y
	}
	return math.Mod(x, y)
}

// negation is unary minus.
type negation struct {
	of       *node
	position int
}

func (n *negation) eval(ev *evaluation, input value, env *frame) (value, error) {
	v, err := ev.eval(n.of, input, env)
	if err != nil || v.kind == undefined {
		return value{}, err
	}
	ok, err := isNumber(v)
	if err != nil {
		return value{}, err
	}
	if !ok {
		return value{}, fault("D1002").at(n.position).token("-").of(v)
	}
	return numberValue(-v.num), nil
}

// equality is = and !=. Nothing equals or differs from undefined.
type equality struct {
	operands
	not bool
}

func (e *equality) eval(ev *evaluation, input value, env *frame) (value, error) {
	l, r, err := e.both(ev, input, env)
	if err != nil || l.kind == undefined || r.kind == undefined {
		return falseValue, err
	}
	same, err := ev.equal(l, r)
	return boolValue(same != e.not), err
}

// comparison is < <= > >=.
type comparison struct{ operands }

func (c *comparison) eval(ev *evaluation, input value, env *frame) (value, error) {
	l, r, err := c.both(ev, input, env)
	if err != nil {
		return value{}, err
	}
	if l.kind != undefined && !isOrdered(l) || r.kind != undefined && !isOrdered(r) {
		bad := l
		if isOrdered(l) {
			bad = r
		}
		return value{}, c.blame(fault("T2010").of(bad))
	}
	if l.kind == undefined || r.kind == undefined {
		return value{}, nil
	}
	if l.kind != r.kind {
		return value{}, c.blame(fault("T2009").of(l).and(r))
	}
	if math.IsNaN(l.num) || math.IsNaN(r.num) {
		return falseValue, nil
	}
	if err := ev.weigh(l); err != nil {
		return value{}, err
	}
	o := order(l, r)
	switch c.symbol {
	case "<":
		return boolValue(o < 0), nil
	case "<=":
		return boolValue(o <= 0), nil
	case ">":
		return boolValue(o > 0), nil
	}
	return boolValue(o >= 0), nil
}

// concatenation is &.
type concatenation struct{ operands }

func (c *concatenation) eval(ev *evaluation, input value, env *frame) (value, error) {
	start := ev.enter()
	l, r, err := c.both(ev, input, env)
	if err != nil {
		return value{}, err
	}
	a, err := ev.asText(l)
	if err != nil {
		return value{}, c.blame(err)
	}
	b, err := ev.asText(r)
	if err != nil {
		return value{}, c.blame(err)
	}
	if err := ev.spend((len(a) + len(b)) / bytesScanned); err != nil {
		return value{}, err
	}
	if err := ev.charge(len(a) + len(b)); err != nil {
		return value{}, err
	}
	s := stringValue(concat(a, b))
	ev.leave(start, s)
	return s, nil
}

// asText is $string with "" for undefined.
func (ev *evaluation) asText(v value) (string, error) {
	if v.kind == undefined {
		return "", nil
	}
	return ev.stringify(v, false)
}

// maxRange is how many integers a range may have.
const maxRange = 1e7

// integers is the range l..r.
type integers struct{ operands }

func (i *integers) eval(ev *evaluation, input value, env *frame) (value, error) {
	l, r, err := i.both(ev, input, env)
	if err != nil {
		return value{}, err
	}
	if l.kind != undefined && !isInteger(l) {
		return value{}, i.blame(fault("T2003").of(l))
	}
	if r.kind != undefined && !isInteger(r) {
		return value{}, i.blame(fault("T2004").of(r))
	}
	if l.kind == undefined || r.kind == undefined || l.num > r.num {
		return value{}, nil
	}
	size := r.num - l.num + 1
	if size > maxRange {
		return value{}, i.blame(fault("D2014").ofNumber(size))
	}
	return arrayValue(&array{from: l.num, count: int(size), sequence: true}), nil
}

func isInteger(v value) bool { return v.kind == number && finite(v.num) && v.num == math.Trunc(v.num) }

// membership is in.
type membership struct{ operands }

func (m *membership) eval(ev *evaluation, input value, env *frame) (value, error) {
	l, r, err := m.both(ev, input, env)
	if err != nil || l.kind == undefined || r.kind == undefined {
		return falseValue, err
	}
	if r.kind != list {
		return boolValue(same(l, r)), nil
	}
	a := r.array()
	for i := range a.len() {
		if i%valuesScanned == 0 {
			if err := ev.step(); err != nil {
				return value{}, err
			}
		}
		item := a.at(i)
		if l.kind == text && len(item.text) == len(l.text) {
			if err := ev.weigh(l); err != nil {
				return value{}, err
			}
		}
		if same(item, l) {
			return trueValue, nil
		}
	}
	return falseValue, nil
}

// logical is and and or.
type logical struct {
	operands
	or bool
}

func (o *logical) eval(ev *evaluation, input value, env *frame) (value, error) {
	l, err := ev.eval(o.lhs, input, env)
	if err != nil {
		return value{}, err
	}
	t, err := ev.truth(l)
	if err != nil {
		return value{}, o.blame(err)
	}
	if t == o.or {
		return boolValue(t), nil
	}
	r, err := ev.eval(o.rhs, input, env)
	if err != nil {
		return value{}, o.blame(err)
	}
	if t, err = ev.truth(r); err != nil {
		return value{}, o.blame(err)
	}
	return boolValue(t), nil
}
