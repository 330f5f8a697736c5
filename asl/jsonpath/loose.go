package jsonpath

import (
	"errors"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// parseLoose reads a JSON literal of a filter. Besides strict JSON it takes
// strings in single quotes and words without quotes.
func parseLoose(text string) (value, error) {
	if v, err := jsonvalue.Parse(text); err == nil {
		return v, nil
	}
	p := looseParser{cursor: cursor{text: text, end: len(text)}}
	v, err := p.value()
	if err == nil && p.skip() {
		err = errors.New("text after the value")
	}
	return v, err
}

type looseParser struct {
	cursor
	depth int
}

// skip passes over white space and tells whether anything is left.
func (p *looseParser) skip() bool {
	for p.in(p.pos) && strings.IndexByte(" \t\r\n", p.peek()) >= 0 {
		p.pos++
	}
	return p.in(p.pos)
}

func (p *looseParser) value() (value, error) {
	if !p.skip() {
		return value{}, errors.New("unexpected end")
	}
	switch p.peek() {
	case '[', '{':
		if p.depth++; p.depth > maxNesting {
			return value{}, errors.New("nested too deep")
		}
		defer func() { p.depth-- }()
		if p.peek() == '[' {
			return p.array()
		}
		return p.object()
	case '\'', '"':
		s, err := p.quoted()
		return jsonvalue.StringOf(s), err
	}
	word := p.word()
	if word == "" {
		return value{}, errors.New("value expected")
	}
	if v, err := jsonvalue.Parse(word); err == nil {
		return v, nil // a number, true, false or null
	}
	return jsonvalue.StringOf(word), nil
}

func (p *looseParser) quoted() (string, error) {
	closing := p.findUnescaped(p.pos, p.peek())
	if closing < 0 {
		return "", errors.New("string not closed")
	}
	s := unescape(p.text[p.pos+1 : closing])
	p.pos = closing + 1
	return s, nil
}

func (p *looseParser) word() string {
	start := p.pos
	for p.in(p.pos) && strings.IndexByte(",:[]{}", p.peek()) < 0 {
		p.pos++
	}
	return strings.TrimSpace(p.text[start:p.pos])
}

// more takes a comma, or the closing bracket and says that it was that.
func (p *looseParser) more(closing byte) (bool, error) {
	if !p.skip() {
		return false, errors.New("unexpected end")
	}
	b := p.peek()
	if b != ',' && b != closing {
		return false, errors.New("comma expected")
	}
	p.pos++
	return b == ',', nil
}

func (p *looseParser) empty(closing byte) bool {
	p.pos++
	if p.skip() && p.peek() == closing {
		p.pos++
		return true
	}
	return false
}

func (p *looseParser) array() (value, error) {
	if p.empty(']') {
		return jsonvalue.EmptyArray, nil
	}
	var list []value
	for {
		v, err := p.value()
		if err != nil {
			return value{}, err
		}
		list = append(list, v)
		more, err := p.more(']')
		if err != nil {
			return value{}, err
		}
		if !more {
			return jsonvalue.ArrayOf(list...), nil
		}
	}
}

func (p *looseParser) object() (value, error) {
	if p.empty('}') {
		return jsonvalue.EmptyObject, nil
	}
	b := jsonvalue.NewObject(4)
	for {
		key, err := p.key()
		if err != nil {
			return value{}, err
		}
		v, err := p.value()
		if err != nil {
			return value{}, err
		}
		b.Set(key, v)
		more, err := p.more('}')
		if err != nil {
			return value{}, err
		}
		if !more {
			return b.Value(), nil
		}
	}
}

func (p *looseParser) key() (key string, err error) {
	if !p.skip() {
		return "", errors.New("unexpected end")
	}
	if b := p.peek(); b == '\'' || b == '"' {
		key, err = p.quoted()
	} else {
		key = p.word()
	}
	if err == nil && (!p.skip() || p.peek() != ':') {
		err = errors.New("colon expected")
	}
	p.pos++
	return key, err
}
