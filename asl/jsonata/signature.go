package jsonata

import "strings"

// signature is a function's <…>: what arguments it takes. Each argument is
// written as one letter for its kind, and the parameters are matched against
// that word like the regular expression that the reference makes of them.
type signature struct{ params []param }

// param is one parameter: the kinds it takes, and how many arguments.
type param struct {
	kinds    kindSet
	min, max int
	array    bool   // a: one value stands for an array of it
	context  bool   // -: the value in focus stands in for a missing argument
	subtype  string // a<n>: what the elements must be
	typ      string
}

// kindSet is a set of the letters that name kinds.
type kindSet uint16

const kindLetters = "snblaofm"

func setOf(letters string) kindSet {
	var s kindSet
	for i := range len(letters) {
		if at := strings.IndexByte(kindLetters, letters[i]); at >= 0 {
			s |= 1 << at
		}
	}
	return s
}

// letterOf gives a value's kind: m is for missing.
func letterOf(v value) byte {
	switch v.kind {
	case text:
		return 's'
	case number:
		return 'n'
	case boolean:
		return 'b'
	case null:
		return 'l'
	case list:
		return 'a'
	case object:
		return 'o'
	case callable:
		return 'f'
	case undefined, bound, tail:
	}
	return 'm'
}

func bitOf(v value) kindSet { return 1 << strings.IndexByte(kindLetters, letterOf(v)) }

// many is the max of a parameter that takes any number of arguments.
const many = 1 << 30

// parseSignature reads <…>. The position of an error counts from its start.
func parseSignature(sig string) (*signature, *Error) {
	s := &signature{}
	last := func() *param {
		if len(s.params) == 0 {
			return &param{}
		}
		return &s.params[len(s.params)-1]
	}
	for i := 1; i < len(sig) && sig[i] != ':'; i++ {
		switch c := sig[i]; c {
		case 's', 'n', 'b', 'l', 'o':
			s.add(param{kinds: setOf(string(c) + "m"), typ: string(c)})
		case 'a':
			s.add(param{kinds: setOf(kindLetters), typ: "a", array: true})
		case 'f':
			s.add(param{kinds: setOf("f"), typ: "f"})
		case 'j':
			s.add(param{kinds: setOf("asnblom"), typ: "j"})
		case 'x':
			s.add(param{kinds: setOf(kindLetters), typ: "x"})
		case '-':
			last().context, last().min = true, 0
		case '?':
			last().min = 0
		case '+':
			last().max = many
		case '(':
			end := closing(sig, i, '(', ')')
			choice := sig[min(i+1, end):end]
			if strings.Contains(choice, "<") {
				return nil, fault("S0402").ofText(choice).at(i)
			}
			s.add(param{kinds: setOf(choice + "m"), typ: "(" + choice + ")"})
			i = end
		case '<':
			p := last()
			if p.typ != "a" && p.typ != "f" {
				return nil, fault("S0401").ofText(p.typ).at(i)
			}
			end := closing(sig, i, '<', '>')
			p.subtype = sig[min(i+1, end):end]
			i = end
		}
	}
	return s, nil
}

func (s *signature) add(p param) {
	p.min, p.max = 1, 1
	s.params = append(s.params, p)
}

// closing gives where the bracket that opens at start closes, or the end.
func closing(s string, start int, open, end byte) int {
	depth := 1
	for i := start + 1; i < len(s); i++ {
		switch s[i] {
		case end:
			if depth--; depth == 0 {
				return i
			}
		case open:
			depth++
		}
	}
	return len(s)
}

// match gives how many arguments each parameter takes: greedy, giving back
// when those that follow need them. whole asks for all arguments to be taken.
func match(params []param, args []value, counts []int, whole bool) bool {
	if len(params) == 0 {
		return !whole || len(args) == 0
	}
	p := &params[0]
	n := 0
	for n < len(args) && n < p.max && bitOf(args[n])&p.kinds != 0 {
		n++
	}
	for ; n >= p.min; n-- {
		counts[0] = n
		if match(params[1:], args[n:], counts[1:], whole) {
			return true
		}
	}
	return false
}

// validate gives the arguments as the function takes them: single values in
// arrays where it wants arrays, the value in focus where one is missing.
func (s *signature) validate(args []value, focus value) ([]value, error) {
	var few [8]int
	counts := few[:]
	if len(s.params) > len(few) {
		counts = make([]int, len(s.params))
	}
	if !match(s.params, args, counts, true) {
		return nil, s.mismatch(args)
	}
	if s.fits(args) {
		return args, nil
	}
	out := make([]value, 0, max(len(s.params), len(args)))
	at := 0
	for i := range s.params {
		p := &s.params[i]
		if counts[i] == 0 {
			if p.context {
				if bitOf(focus)&p.kinds == 0 {
					return nil, fault("T0411").of(focus).argument(at + 1)
				}
				out = append(out, focus)
				continue
			}
			v := value{}
			if at < len(args) {
				v = args[at]
			}
			out = append(out, v)
			at++
			continue
		}
		for range counts[i] {
			v, err := p.accept(args[at], at, counts[i])
			if err != nil {
				return nil, err
			}
			out = append(out, v)
			at++
		}
	}
	return out, nil
}

// fits tells whether matching arguments may be passed on as they are: there is
// one for each parameter, and those for arrays are arrays of anything.
func (s *signature) fits(args []value) bool {
	if len(args) != len(s.params) {
		return false
	}
	for i := range s.params {
		p := &s.params[i]
		if p.min == 0 || p.max > 1 || p.array && (p.subtype != "" || args[i].kind != list) {
			return false
		}
	}
	return true
}

// accept gives an argument as the parameter takes it.
func (p *param) accept(v value, at, count int) (value, error) {
	if !p.array || v.kind == undefined {
		return v, nil
	}
	if p.subtype != "" && !p.holds(v, count) {
		return value{}, &Error{Code: "T0412", value: v, index: at + 1, elements: elementKinds[p.subtype]}
	}
	if v.kind != list {
		return listOf(v), nil
	}
	return v, nil
}

var elementKinds = map[string]string{
	"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
}

// holds tells whether an argument is an array of the subtype, or one value of it.
func (p *param) holds(v value, count int) bool {
	if v.kind != list {
		return count == 1 && string(letterOf(v)) == p.subtype
	}
	a := v.array()
	if a.len() == 0 {
		return true
	}
	if letterOf(a.at(0)) != p.subtype[0] {
		return false
	}
	return a.allOf(a.at(0).kind)
}

// mismatch says which argument is the first that does not fit.
func (s *signature) mismatch(args []value) error {
	good := 0
	for n := 1; n <= len(s.params); n++ {
		counts := make([]int, n)
		if !match(s.params[:n], args, counts, false) {
			break
		}
		good = 0
		for _, c := range counts {
			good += c
		}
	}
	e := fault("T0410").argument(good + 1)
	if good < len(args) {
		e.value = args[good]
	}
	return e
}
