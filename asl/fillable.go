package asl

import (
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/asl/substitution"
)

// unfilled gives the first ${NAME} in a text.
func unfilled(text string) (name string, ok bool) {
	for p := range substitution.Places(text) {
		return p.Name, true
	}
	return "", false
}

// Unfilled names every ${NAME} in a definition that nothing gives a value to.
func Unfilled(m *StateMachine) []Diagnostic {
	c := newChecker(m.Source, m.QueryLanguage, nil)
	c.warnUnfilled(root, m.Source.Document)
	return c.sorted()
}

// isUnfilled tells whether the value at a place, or the key that it has, is not
// known before somebody fills in its ${NAME}.
func (c *checker) isUnfilled(at *Place) bool {
	if !c.fillable || at == nil {
		return false
	}
	v := c.source.Document
	for _, step := range at.path() {
		if step.index >= 0 {
			if v.Kind() != jsonvalue.Array || step.index >= v.Len() {
				return false
			}
			v = v.Elems()[step.index]
			continue
		}
		v = v.Field(step.key)
	}
	if v.Kind() == jsonvalue.String {
		if _, ok := unfilled(v.Text()); ok {
			return true
		}
	}
	_, ok := unfilled(at.key)
	return ok
}

// warnUnfilled names every ${NAME} that nothing gives a value to.
func (c *checker) warnUnfilled(at *Place, v jsonvalue.Value) {
	switch v.Kind() {
	case jsonvalue.String:
		c.warnUnfilledText(at, v.Text())
	case jsonvalue.Array:
		for i, e := range v.Elems() {
			c.warnUnfilled(at.Index(i), e)
		}
	case jsonvalue.Object:
		for key, e := range v.Members() {
			c.warnUnfilledText(at.Field(key), key)
			c.warnUnfilled(at.Field(key), e)
		}
	case jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.Invalid:
	}
}

func (c *checker) warnUnfilledText(at *Place, text string) {
	seen := map[string]bool{}
	for p := range substitution.Places(text) {
		if !seen[p.Name] {
			seen[p.Name] = true
			c.warn(at, UnfilledSubstitution, "Nothing gives a value to ${%s}", p.Name).hint(fillHint, shortened(p.Name))
		}
	}
}

const fillHint = "--set %s=VALUE fills it, and so does [substitutions] in the configuration"

// nameUnfilled says of a text that cannot be read that it has a ${NAME} where
// the mistake is, or else in that line.
func (d *Diagnostic) nameUnfilled(text string) {
	lines := strings.Split(text, "\n")
	if d.Line < 1 || d.Line > len(lines) {
		return
	}
	line := lines[d.Line-1]
	for p := range substitution.Places(line) {
		if d.Column-1 >= p.Start && d.Column-1 < p.End {
			d.Code, d.Column = UnfilledSubstitution, p.Start+1
			d.Message = "Nothing gives a value to ${" + shortened(p.Name) + "}, and the text cannot be read without one"
		}
		d.hint(fillHint, p.Name)
		return
	}
}
