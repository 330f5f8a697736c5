package jsonata

import "strings"

// call reads the arguments of left(…), and the rest of a function's definition
// when left is the word function (or λ).
func (p *parser) call(n, left *syntax) (*syntax, error) {
	n.form, n.lhs, n.callee = formFunction, nil, left
	err := p.commaList(")", func() error {
		if p.is("?") {
			n.form = formPartial
			n.items = append(n.items, &syntax{form: formOperator, text: "?", position: p.token.position})
			return p.advance(false)
		}
		item, err := p.expression(0)
		n.items = append(n.items, item)
		return err
	})
	if err != nil {
		return nil, err
	}
	if left.form == formName && (left.text == "function" || left.text == "λ") {
		return p.lambda(n)
	}
	return n, nil
}

func (p *parser) lambda(n *syntax) (*syntax, error) {
	for i, param := range n.items {
		if param.form != formVariable {
			return nil, fault("S0208").at(param.position).named(param).of(numberValue(float64(i + 1)))
		}
	}
	n.form, n.callee = formLambda, nil
	if p.is("<") {
		if err := p.signature(n); err != nil {
			return nil, err
		}
	}
	if err := p.expect("{", false); err != nil {
		return nil, err
	}
	var err error
	if n.body, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.expect("}", false)
}

// signature reads <…>: its tokens are put together again as they stand.
func (p *parser) signature(n *syntax) error {
	position := p.token.position
	var sig strings.Builder
	sig.WriteByte('<')
	for depth := 1; depth > 0 && !p.is("{") && p.token.kind != endToken; {
		if err := p.advance(false); err != nil {
			return err
		}
		switch {
		case p.is(">"):
			depth--
		case p.is("<"):
			depth++
		}
		sig.WriteString(p.token.text)
	}
	if err := p.expect(">", false); err != nil {
		return err
	}
	var err *Error
	if n.signature, err = parseSignature(sig.String()); err != nil {
		err.Position += position
		return err
	}
	return nil
}
