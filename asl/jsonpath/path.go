package jsonpath

import (
	"strings"
	"unicode"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// RootKind says which document a Path reads.
type RootKind uint8

// The roots.
const (
	RootInput    RootKind = iota + 1 // "$": the input, result or item at hand
	RootContext                      // "$$": the Context Object
	RootVariable                     // "$name": a workflow variable
)

// MaxSteps bounds the steps of a path. A document from a text is not deeper.
const MaxSteps = jsonvalue.MaxDepth

// Path is a compiled Path. It is immutable.
type Path struct {
	text     string
	root     RootKind
	variable string
	// onItem is set for paths inside filters that start with "@".
	onItem bool
	steps  []step
	// indefinite is the index of the first step that may give several values,
	// len(steps) when none does.
	indefinite int
	// plain holds the steps again when all of them are names and indexes.
	plain []plainStep
}

// plainStep is a member's name, or an index when name is not used.
type plainStep struct {
	name    string
	index   int
	indexes bool
}

// Compile reads a Path. The errors are of type *SyntaxError.
func Compile(text string) (*Path, error) {
	kind, variable, skip, err := splitRoot(text)
	if err != nil {
		return nil, err
	}
	c := compiler{cursor: cursor{text: "$" + text[skip:], end: len(text) - skip + 1}}
	p, err := c.whole()
	if err != nil {
		return nil, shift(err, skip-1)
	}
	p.text, p.root, p.variable = text, kind, variable
	return p, nil
}

// MustCompile is Compile for paths that are known to be right.
func MustCompile(text string) *Path {
	p, err := Compile(text)
	if err != nil {
		panic("jsonpath: " + err.Error() + " in " + text)
	}
	return p
}

// splitRoot reads "$", "$$" or "$name" and gives its length.
func splitRoot(text string) (kind RootKind, variable string, length int, err error) {
	switch {
	case text == "" || text[0] != '$':
		return 0, "", 0, &SyntaxError{Pos: 0, Msg: "Path must start with '$'"}
	case strings.HasPrefix(text, "$$"):
		return RootContext, "", 2, nil
	}
	n := nameLen(text[1:])
	if n == 0 {
		return RootInput, "", 1, nil
	}
	return RootVariable, text[1 : 1+n], 1 + n, nil
}

// nameLen gives the length of the variable's name that s starts with. Names are
// Unicode identifiers (Amazon States Language, "Variables").
func nameLen(s string) int {
	for i, r := range s {
		letter := r == '_' || unicode.IsLetter(r)
		if letter || i > 0 && (unicode.IsDigit(r) || unicode.Is(unicode.M, r)) {
			continue
		}
		return i
	}
	return len(s)
}

// shift makes a SyntaxError of a compiler's error, whose positions the caller's
// text has by bytes further on.
func shift(err error, by int) error {
	switch err := err.(type) {
	case *SyntaxError:
		return &SyntaxError{Pos: max(0, err.Pos+by), Msg: err.Msg}
	default:
		return &SyntaxError{Pos: max(0, by), Msg: err.Error()}
	}
}

// newPath finishes a path from its steps.
func newPath(text string, onItem bool, steps []step) *Path {
	p := &Path{text: text, root: RootInput, onItem: onItem, steps: steps, indefinite: len(steps)}
	for i, s := range steps {
		if !s.definite(i == len(steps)-1) {
			p.indefinite = i
			break
		}
	}
	plain := make([]plainStep, 0, len(steps))
	for _, s := range steps {
		switch s := s.(type) {
		case property:
			if len(s.names) == 1 {
				plain = append(plain, plainStep{name: s.names[0]})
			}
		case indexes:
			if len(s.list) == 1 {
				plain = append(plain, plainStep{index: s.list[0], indexes: true})
			}
		case slice, wildcard, scan, filter, *function:
		}
	}
	if len(plain) == len(steps) {
		p.plain = plain
	}
	return p
}

// Root tells which document the path reads, and for a variable its name.
func (p *Path) Root() (kind RootKind, variable string) { return p.root, p.variable }

// Definite tells whether the path names at most one value. Others give arrays.
func (p *Path) Definite() bool { return p.indefinite == len(p.steps) }

// String gives the text that the path was compiled from.
func (p *Path) String() string { return p.text }

// IsRoot tells whether the path is its root alone: "$", "$$" or "$name".
func (p *Path) IsRoot() bool { return len(p.steps) == 0 }

// Eval applies the path to the document that its root stands for. A definite
// path gives the value, any other one an array of what it found, in document
// order. The errors are of type *Error.
func (p *Path) Eval(root jsonvalue.Value) (jsonvalue.Value, error) {
	return p.EvalWithin(nil, root)
}

// EvalWithin is Eval with an account of what the evaluation does and holds; nil
// is one of its own. Errors may also be what the account's watch gave.
func (p *Path) EvalWithin(a *bounds.Account, root jsonvalue.Value) (jsonvalue.Value, error) {
	if p.plain != nil {
		if v, ok := p.walk(root); ok {
			return v, nil
		}
	}
	if a == nil {
		a = bounds.New(bounds.Limits{}, nil)
	}
	return p.run(root, root, &budget{a}, false)
}

// walk goes along plain steps. When the document lacks one it gives up, and the
// full evaluation finds the words for it.
func (p *Path) walk(v jsonvalue.Value) (jsonvalue.Value, bool) {
	for i := range p.plain {
		s := &p.plain[i]
		if !s.indexes {
			member, ok := v.Get(s.name)
			if !ok {
				return jsonvalue.Value{}, false
			}
			v = member
			continue
		}
		n := s.index
		if n < 0 {
			n += v.Len()
		}
		if v.Kind() != jsonvalue.Array || n < 0 || n >= v.Len() {
			return jsonvalue.Value{}, false
		}
		v = v.At(n)
	}
	return v, v.IsValid()
}

// normal writes the path as Jayway does, in brackets: $['a'][0].
func (p *Path) normal(steps int) string {
	dst := []byte{'$'}
	if p.onItem {
		dst[0] = '@'
	}
	for _, s := range p.steps[:steps] {
		dst = s.appendText(dst)
	}
	return string(dst)
}
