package jackson

import (
	"unicode"
)

// valid is Jackson's list of what a value may be.
const valid = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// value reads a value, or the beginning of an array or object, whose first
// character was read.
func (r *reader) value(c rune) bool {
	switch c {
	case '"':
		return r.quoted("string value", ": was expecting closing quote for a string value")
	case '[':
		return r.opens(array)
	case '{':
		return r.opens(object)
	case '}':
		return r.unexpected(c, "expected a value")
	case 't':
		return r.word("true")
	case 'f':
		return r.word("false")
	case 'n':
		return r.word("null")
	case '-':
		return r.negative()
	}
	if isDigit(c) {
		return r.number(c)
	}
	return r.odd(c)
}

func (r *reader) opens(k kind) bool {
	if len(r.contexts) > maxDepth {
		return false
	}
	r.contexts = append(r.contexts, context{kind: k, line: r.line, column: r.next - r.rowStart})
	return true
}

// word reads the rest of true, false or null.
func (r *reader) word(word string) bool {
	for i := 1; i < len(word); i++ {
		if r.next == len(r.text) || r.text[r.next] != rune(word[i]) {
			return r.unrecognized(word[:i])
		}
		r.next++
	}
	if r.next < len(r.text) && isIdentifierPart(r.text[r.next]) {
		return r.unrecognized(word)
	}
	return true
}

// maxToken is how much of an unknown word a message shows.
const maxToken = 256

func (r *reader) unrecognized(begun string) bool {
	token := []rune(begun)
	for r.next < len(r.text) && isIdentifierPart(r.text[r.next]) {
		token = append(token, r.text[r.next])
		r.next++
		if len(token) >= maxToken {
			token = append(token, '.', '.', '.')
			break
		}
	}
	return r.fail("Unrecognized token '%s': was expecting %s", string(token), valid)
}

// odd is a value that begins as no value does.
func (r *reader) odd(c rune) bool {
	for word, first := range map[string]rune{"NaN": 'N', "Infinity": 'I'} {
		if c == first && r.word(word) {
			return r.fail("Non-standard token '%s': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow", word)
		} else if c == first {
			return false
		}
	}
	switch {
	case c == '+' && r.next == len(r.text):
		return r.endOfInput("")
	case c == '+':
		c = r.text[r.next]
		r.next++
		return r.inNumber(c, "expected digit (0-9) to follow minus sign, for valid numeric value")
	case isIdentifierStart(c):
		return r.unrecognized(string(c))
	}
	return r.unexpected(c, "expected a valid value "+valid)
}

// inNumber reports a character that ends a number too early.
func (r *reader) inNumber(c rune, comment string) bool {
	return r.fail("Unexpected character (%s) in numeric value: %s", described(c), comment)
}

func (r *reader) negative() bool {
	if r.next == len(r.text) {
		return r.endOfInput("")
	}
	c := r.text[r.next]
	r.next++
	if !isDigit(c) {
		return r.inNumber(c, "expected digit (0-9) to follow minus sign, for valid numeric value")
	}
	return r.number(c)
}

// number reads the rest of a number whose first digit was read.
func (r *reader) number(first rune) bool {
	if first == '0' && r.next < len(r.text) && isDigit(r.text[r.next]) {
		return r.fail("Invalid numeric value: Leading zeroes not allowed")
	}
	r.digits()
	if r.takes(".") && !r.digits() {
		return r.lacksDigit("Decimal point not followed by a digit")
	}
	if r.takes("eE") {
		r.takes("+-")
		if !r.digits() {
			return r.lacksDigit("Exponent indicator not followed by a digit")
		}
	}
	if r.in().kind == root && r.next < len(r.text) && r.text[r.next] > ' ' {
		c := r.text[r.next]
		r.next++
		return r.unexpected(c, "Expected space separating root-level values")
	}
	return true
}

func (r *reader) lacksDigit(comment string) bool {
	if r.next == len(r.text) {
		return r.endOfInput("")
	}
	c := r.text[r.next]
	r.next++
	return r.inNumber(c, comment)
}

func (r *reader) digits() bool {
	from := r.next
	for r.next < len(r.text) && isDigit(r.text[r.next]) {
		r.next++
	}
	return r.next > from
}

// takes reads one of some characters, if it is next.
func (r *reader) takes(chars string) bool {
	if r.next < len(r.text) {
		for _, c := range chars {
			if r.text[r.next] == c {
				r.next++
				return true
			}
		}
	}
	return false
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

// isIdentifierStart and isIdentifierPart are java.lang.Character's.
func isIdentifierStart(c rune) bool {
	return unicode.IsLetter(c) || unicode.In(c, unicode.Nl, unicode.Sc, unicode.Pc)
}

func isIdentifierPart(c rune) bool {
	ignorable := c <= 8 || c >= 0x0e && c <= 0x1b || c >= 0x7f && c <= 0x9f || unicode.Is(unicode.Cf, c)
	return isIdentifierStart(c) || unicode.IsDigit(c) || unicode.In(c, unicode.Mn, unicode.Mc) || ignorable
}
