package jsonpath

import (
	"math"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// parameter is an argument of a function: a path, or a JSON value.
type parameter struct {
	path  *Path
	value value
	err   *Error // what is wrong with the JSON value
}

// call reads a function call; its name stands from start to open.
func (c *compiler) call(start, open int) error {
	name := c.text[start:open]
	unclosed := func() error {
		return c.invalid(start, "Arguments to function: '%s' are not closed properly.", name)
	}
	depth := 0
	for i := open; ; i++ {
		if !c.in(i) {
			return unclosed()
		}
		if c.text[i] == '(' {
			depth++
		} else if c.text[i] == ')' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	f := &function{name: name}
	c.pos = open + 1
	if c.peek() != ')' {
		var ok bool
		var err error
		if f.parameters, ok, err = c.parameters(); err != nil {
			return err
		} else if !ok {
			return unclosed()
		}
	} else if c.at(c.pos+1) == '.' || c.at(c.pos+1) == '[' {
		c.pos++ // another step follows
	}
	if name == "length" || name == "size" {
		f.lengthOfChildren()
	}
	c.add(f)
	return nil
}

// parameters reads arguments up to the closing parenthesis and behind it; not
// ok when there is none.
func (c *compiler) parameters() (list []parameter, ok bool, err error) {
	round, square, curly := 1, 0, 0
	inString := false
	start := c.pos
	for ; c.in(c.pos); c.pos++ {
		b := c.text[c.pos]
		if inString {
			switch b {
			case '\\':
				c.pos++
			case '"':
				inString = false
			}
			continue
		}
		switch b {
		case '"':
			inString = true
		case '(':
			round++
		case '[':
			square++
		case '{':
			curly++
		case '}':
			if curly--; curly < 0 {
				return nil, false, c.invalid(c.pos, "Unexpected close brace '}' at character position: %d", c.java(c.pos+1))
			}
		case ']':
			if square--; square < 0 {
				return nil, false, c.invalid(c.pos, "Unexpected close bracket ']' at character position: %d", c.java(c.pos+1))
			}
		case ')':
			round--
		}
		between := b == ',' && round == 1 || b == ')' && round == 0
		if !between || square > 0 || curly > 0 {
			continue
		}
		p, given, err := c.parameter(start, c.pos)
		if err != nil {
			return nil, false, err
		}
		if given {
			list = append(list, p)
		}
		start = c.pos + 1
		if b == ')' {
			c.pos++
			return list, true, nil
		}
	}
	return nil, false, nil
}

// parameter reads one argument. What is neither a path nor JSON counts as not
// given.
func (c *compiler) parameter(start, end int) (p parameter, given bool, err error) {
	text := strings.TrimSpace(c.text[start:end])
	switch {
	case text == "":
		return p, false, nil
	case text[0] == '$' || text[0] == '@':
		sub := compiler{cursor: cursor{text: text, end: len(text)}, depth: c.depth + 1}
		if p.path, err = sub.whole(); err != nil {
			return p, false, shift(err, start)
		}
		return p, true, nil
	case strings.IndexByte(`{"-0123456789`, text[0]) >= 0:
		if p.value, err = jsonvalue.Parse(text); err != nil {
			p.err = failed(InvalidPath, "Argument %s is not JSON: %v", text, err)
		}
		return p, true, nil
	}
	return p, false, nil
}

// lengthOfChildren makes length($.a) count what is in $.a.
func (f *function) lengthOfChildren() {
	if len(f.parameters) == 0 || f.parameters[0].path == nil {
		return
	}
	p := f.parameters[0].path
	if n := len(p.steps); n > 0 && !isFunction(p.steps[n-1]) {
		f.parameters[0].path = newPath(p.text, p.onItem, append(p.steps[:n:n], wildcard{}))
	}
}

func isFunction(s step) bool {
	_, ok := s.(*function)
	return ok
}

// invertScan turns $..path.f() into $.f($..path): f works on all that was found.
func invertScan(steps []step) []step {
	if len(steps) == 0 || !isFunction(steps[len(steps)-1]) {
		return steps
	}
	if _, ok := steps[0].(scan); !ok {
		return steps
	}
	for i, s := range steps {
		if f, ok := s.(*function); ok {
			f.parameters = []parameter{{path: newPath("$", false, steps[:i:i])}}
			if f.name == "length" || f.name == "size" {
				f.lengthOfChildren()
			}
			return steps[i:]
		}
	}
	return steps
}

func (s *function) eval(e *evaluation, i int, model value) error {
	invoke, ok := functions[s.name]
	if !ok {
		return failed(InvalidPath, "Function with name: %s does not exist.", s.name)
	}
	args := make([]value, len(s.parameters))
	work := weight(model)
	for n, p := range s.parameters {
		switch {
		case p.err != nil:
			return p.err
		case p.path == nil:
			args[n] = p.value
		default:
			v, err := p.path.run(e.document, e.document, e.budget, false)
			if err != nil {
				return err
			}
			args[n] = v
		}
		work += weight(args[n])
	}
	if err := e.budget.spend(work); err != nil {
		return err
	}
	result, err := invoke(model, args)
	if err != nil {
		return err
	}
	return e.from(i+1, result)
}

// functions are Jayway's path functions: what they are applied to, and their
// arguments.
var functions = map[string]func(model value, args []value) (value, error){
	"min":    aggregate(func(n []float64) float64 { return fold(n, math.Min) }),
	"max":    aggregate(func(n []float64) float64 { return fold(n, math.Max) }),
	"sum":    aggregate(sum),
	"avg":    aggregate(func(n []float64) float64 { return sum(n) / float64(len(n)) }),
	"stddev": aggregate(deviation),
	"concat": concat,
	"length": length,
	"size":   length,
	"append": appendAll,
	"keys":   keys,
	"first":  func(model value, _ []value) (value, error) { return elementAt(model, 0) },
	"last":   func(model value, _ []value) (value, error) { return elementAt(model, -1) },
	"index":  index,
}

func noNumbers() error {
	return failed(FunctionFailed, "Aggregation function attempted to calculate value using empty array")
}

// numbersOf collects the numbers of an array, or a number itself.
func numbersOf(list []float64, v value) []float64 {
	switch v.Kind() {
	case jsonvalue.Number:
		return append(list, v.Float64())
	case jsonvalue.Array:
		for _, e := range v.Elems() {
			if e.Kind() == jsonvalue.Number {
				list = append(list, e.Float64())
			}
		}
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.String, jsonvalue.Object:
	}
	return list
}

// aggregate makes a function of the numbers it is applied to and given.
func aggregate(f func([]float64) float64) func(value, []value) (value, error) {
	return func(model value, args []value) (value, error) {
		var list []float64
		if model.Kind() == jsonvalue.Array {
			list = numbersOf(list, model)
		}
		for _, a := range args {
			list = numbersOf(list, a)
		}
		if len(list) == 0 {
			return value{}, noNumbers()
		}
		x := f(list)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return jsonvalue.StringOf(JavaDouble(x)), nil // as Jackson writes it
		}
		return jsonvalue.NumberOf(JavaDouble(x)), nil
	}
}

func fold(list []float64, f func(a, b float64) float64) float64 {
	x := list[0]
	for _, n := range list[1:] {
		x = f(x, n)
	}
	return x
}

func sum(list []float64) float64 {
	return fold(list, func(a, b float64) float64 { return a + b })
}

func deviation(list []float64) float64 {
	n, squares := float64(len(list)), 0.0
	for _, x := range list {
		squares += x * x
	}
	total := sum(list)
	return math.Sqrt(squares/n - total*total/n/n)
}

// concat joins the strings it is applied to, and all values it is given.
func concat(model value, args []value) (value, error) {
	var b strings.Builder
	if model.Kind() == jsonvalue.Array {
		for _, e := range model.Elems() {
			if e.Kind() == jsonvalue.String {
				b.WriteString(e.Text())
			}
		}
	}
	for _, a := range args {
		switch a.Kind() {
		case jsonvalue.String:
			b.WriteString(a.Text())
		case jsonvalue.Array:
			for _, e := range a.Elems() {
				if !e.IsNull() {
					b.WriteString(JavaText(e))
				}
			}
		case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.Object:
		}
	}
	return jsonvalue.StringOf(b.String()), nil
}

// length counts an argument's elements, else what it is applied to; null when
// that has none to count.
func length(model value, args []value) (value, error) {
	if len(args) > 0 && args[0].Kind() == jsonvalue.Array {
		return jsonvalue.IntOf(int64(args[0].Len())), nil
	}
	if model.Kind() == jsonvalue.Array || model.Kind() == jsonvalue.Object {
		return jsonvalue.IntOf(int64(model.Len())), nil
	}
	return jsonvalue.NullValue, nil
}

func appendAll(model value, args []value) (value, error) {
	if model.Kind() != jsonvalue.Array {
		return model, nil
	}
	list := make([]value, 0, model.Len()+len(args))
	return jsonvalue.ArrayOf(append(append(list, model.Elems()...), args...)...), nil
}

func keys(model value, _ []value) (value, error) {
	if model.Kind() != jsonvalue.Object {
		return jsonvalue.NullValue, nil
	}
	list := make([]value, model.Len())
	for i := range list {
		list[i] = jsonvalue.StringOf(model.KeyAt(i))
	}
	return jsonvalue.ArrayOf(list...), nil
}

func index(model value, args []value) (value, error) {
	var list []float64
	for _, a := range args {
		list = numbersOf(list, a)
	}
	if len(list) == 0 {
		return value{}, noNumbers()
	}
	return elementAt(model, int(max(math.MinInt32, min(math.MaxInt32, list[0]))))
}

// elementAt gives an element. Jayway refuses the negative index that names the
// first one.
func elementAt(model value, n int) (value, error) {
	if model.Kind() != jsonvalue.Array {
		return value{}, noNumbers()
	}
	size := model.Len()
	switch {
	case n >= size:
		return value{}, failed(FunctionFailed, "Index %d out of bounds for length %d", n, size)
	case n >= 0:
		return model.At(n), nil
	case size+n > 0:
		return model.At(size + n), nil
	}
	return value{}, failed(FunctionFailed, "Target index:%d larger than object count:%d", n, size)
}
