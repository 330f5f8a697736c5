package jsonata

// maxNesting is how deep an expression may nest.
const maxNesting = 1000

// parser is a Pratt parser: each operator has a binding power, and what a token
// means depends on whether something stands to its left.
type parser struct {
	lexer lexer
	token token

	nesting int // open calls of expression
	below   int // depth of the deepest subtree made since expression set it
}

// parse reads an expression into its tree.
func parse(src string) (*syntax, error) {
	p := parser{lexer: lexer{src: src}}
	if err := p.advance(false); err != nil {
		return nil, err
	}
	tree, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.token.kind != endToken {
		return nil, fault("S0201").at(p.token.position).lexeme(p.token)
	}
	return tree, nil
}

func (p *parser) advance(infix bool) (err error) {
	p.token, err = p.lexer.next(infix)
	if err == nil && p.token.kind == operatorToken && (p.token.text == "!" || p.token.text == "~") {
		err = fault("S0204").at(p.token.position).lexeme(p.token)
	}
	return err
}

// is tells whether the current token is this operator.
func (p *parser) is(op string) bool { return p.token.kind == operatorToken && p.token.text == op }

// expect passes over an operator that must stand here.
func (p *parser) expect(op string, infix bool) error {
	if !p.is(op) {
		code := "S0202"
		if p.token.kind == endToken {
			code = "S0203"
		}
		return fault(code).at(p.token.position).lexeme(p.token).ofText(op)
	}
	return p.advance(infix)
}

// accept passes over an operator when it stands here.
func (p *parser) accept(op string) (bool, error) {
	if !p.is(op) {
		return false, nil
	}
	return true, p.advance(false)
}

// power is the left binding power of the current token.
func (p *parser) power() int {
	if p.token.kind != operatorToken {
		return 0
	}
	return operators[p.token.text]
}

func (p *parser) expression(power int) (*syntax, error) {
	if p.nesting++; p.nesting > maxNesting {
		return nil, limit("The expression nests deeper than %d levels", maxNesting).at(p.token.position)
	}
	outer := p.below
	p.below = 0
	t := p.token
	if err := p.advance(true); err != nil {
		return nil, err
	}
	left, err := p.prefix(t)
	if err != nil {
		return nil, err
	}
	left.depth = p.below + 1
	for power < p.power() {
		t = p.token
		if err := p.advance(false); err != nil {
			return nil, err
		}
		p.below = left.depth
		if left, err = p.infix(t, left); err != nil {
			return nil, err
		}
		if left.depth = p.below + 1; left.depth > maxNesting {
			return nil, limit("The expression nests deeper than %d levels", maxNesting).at(t.position)
		}
	}
	p.below = max(outer, left.depth)
	p.nesting--
	return left, nil
}

// prefix makes the tree of a token with nothing to its left.
func (p *parser) prefix(t token) (*syntax, error) {
	n := &syntax{text: t.text, literal: t.literal, position: t.position}
	switch t.kind {
	case endToken:
		n.form = formEnd
	case nameToken:
		n.form = formName
	case variableToken:
		n.form = formVariable
	case stringToken:
		n.form = formString
	case numberToken:
		n.form = formNumber
	case wordToken:
		n.form = formWord
	case regexToken:
		n.form, n.regex = formRegex, t.regex
	case operatorToken:
		return p.prefixOperator(t, n)
	}
	return n, nil
}

func (p *parser) prefixOperator(t token, n *syntax) (*syntax, error) {
	var err error
	switch t.text {
	case "and", "or", "in": // also names of fields
		n.form = formOperator
	case "*":
		n.form = formWildcard
	case "**":
		n.form = formDescendant
	case "%":
		n.form = formParent
	case "-":
		n.form = formUnary
		n.rhs, err = p.expression(70)
	case "(":
		return p.block(n)
	case "[":
		return p.arrayConstructor(n)
	case "{":
		n.form = formUnary
		n.pairs, err = p.pairs()
	case "|":
		return p.transform(n)
	default:
		return nil, fault("S0211").at(t.position).lexeme(t)
	}
	return n, err
}

// infix makes the tree of an operator and what stands to its left.
func (p *parser) infix(t token, left *syntax) (*syntax, error) {
	n := &syntax{form: formBinary, text: t.text, position: t.position, lhs: left}
	var err error
	switch t.text {
	case "(":
		return p.call(n, left)
	case "[":
		return p.predicate(n, left)
	case "^":
		n.terms, err = p.terms()
	case "{":
		n.pairs, err = p.pairs()
	case ":=":
		if left.form != formVariable {
			return nil, fault("S0212").at(left.position).named(left)
		}
		n.rhs, err = p.expression(operators[":="] - 1)
	case "@", "#":
		if n.rhs, err = p.expression(operators[t.text]); err == nil && n.rhs.form != formVariable {
			return nil, fault("S0214").at(n.rhs.position).token(t.text)
		}
	case "?":
		return p.conditional(n, left)
	default:
		n.rhs, err = p.expression(operators[t.text])
	}
	return n, err
}

// named sets the token at fault from a node.
func (e *Error) named(n *syntax) *Error {
	return e.lexeme(token{text: n.text, literal: n.literal})
}

func (p *parser) block(n *syntax) (*syntax, error) {
	n.form = formBlock
	for !p.is(")") {
		item, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
		if more, err := p.accept(";"); err != nil {
			return nil, err
		} else if !more {
			break
		}
	}
	return n, p.expect(")", true)
}

func (p *parser) arrayConstructor(n *syntax) (*syntax, error) {
	n.form = formUnary
	err := p.commaList("]", func() error {
		item, err := p.expression(0)
		if err != nil {
			return err
		}
		if p.is("..") {
			r := &syntax{form: formBinary, text: "..", position: p.token.position, lhs: item, depth: item.depth + 1}
			if err := p.advance(false); err != nil {
				return err
			}
			if r.rhs, err = p.expression(0); err != nil {
				return err
			}
			item = r
		}
		n.items = append(n.items, item)
		return nil
	})
	return n, err
}

// commaList reads items up to a closing bracket, which it passes over.
func (p *parser) commaList(closing string, item func() error) error {
	if !p.is(closing) {
		for {
			if err := item(); err != nil {
				return err
			}
			if more, err := p.accept(","); err != nil {
				return err
			} else if !more {
				break
			}
		}
	}
	return p.expect(closing, true)
}

func (p *parser) pairs() ([]pair, error) {
	var pairs []pair
	err := p.commaList("}", func() error {
		key, err := p.expression(0)
		if err != nil {
			return err
		}
		if err := p.expect(":", false); err != nil {
			return err
		}
		v, err := p.expression(0)
		pairs = append(pairs, pair{key, v})
		return err
	})
	return pairs, err
}

// predicate reads left[…], or left[] which keeps arrays of one.
func (p *parser) predicate(n, left *syntax) (*syntax, error) {
	if p.is("]") {
		step := left
		for step.form == formBinary && step.text == "[" {
			step = step.lhs
		}
		step.keepArray = true
		return left, p.advance(false)
	}
	var err error
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.expect("]", true)
}

func (p *parser) terms() ([]term, error) {
	if err := p.expect("(", false); err != nil {
		return nil, err
	}
	var terms []term
	for {
		var t term
		if less, err := p.accept("<"); err != nil {
			return nil, err
		} else if !less {
			if t.descending, err = p.accept(">"); err != nil {
				return nil, err
			}
		}
		var err error
		if t.by, err = p.expression(0); err != nil {
			return nil, err
		}
		terms = append(terms, t)
		if more, err := p.accept(","); err != nil {
			return nil, err
		} else if !more {
			return terms, p.expect(")", false)
		}
	}
}

func (p *parser) conditional(n, left *syntax) (*syntax, error) {
	n.form, n.lhs, n.condition = formCondition, nil, left
	var err error
	if n.then, err = p.expression(0); err != nil {
		return nil, err
	}
	if more, err := p.accept(":"); err != nil || !more {
		return n, err
	}
	n.otherwise, err = p.expression(0)
	return n, err
}

func (p *parser) transform(n *syntax) (*syntax, error) {
	n.form = formTransform
	var err error
	if n.pattern, err = p.expression(0); err != nil {
		return nil, err
	}
	if err = p.expect("|", false); err != nil {
		return nil, err
	}
	if n.update, err = p.expression(0); err != nil {
		return nil, err
	}
	if more, err := p.accept(","); err != nil {
		return nil, err
	} else if more {
		if n.remove, err = p.expression(0); err != nil {
			return nil, err
		}
	}
	return n, p.expect("|", false)
}
