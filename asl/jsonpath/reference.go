package jsonpath

import (
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Reference is a compiled Reference Path (Amazon States Language, "Reference
// Paths"): one that can only name a single node. It is immutable.
type Reference struct{ path *Path }

// CompileReference reads a Reference Path: names and indexes only. As the
// specification has it, a backslash outside of brackets takes the character
// after it into the name: $.store\.book, $.foo\@bar. The errors are of type
// *SyntaxError.
func CompileReference(text string) (*Reference, error) {
	kind, variable, skip, err := splitRoot(text)
	if err != nil {
		return nil, err
	}
	c := compiler{cursor: cursor{text: "$" + text[skip:], end: len(text) - skip + 1}, escapes: true}
	p, err := c.whole()
	if err != nil {
		return nil, shift(err, skip-1)
	}
	if p.plain == nil {
		return nil, &SyntaxError{Pos: skip, Msg: "A Reference Path names a single node: it has only names and indexes"}
	}
	for _, s := range p.plain {
		if s.indexes && s.index < 0 {
			return nil, &SyntaxError{Pos: skip, Msg: "A Reference Path has no negative indexes"}
		}
	}
	p.text, p.root, p.variable = text, kind, variable
	return &Reference{path: p}, nil
}

// Path gives the Path that reads what the Reference Path names.
func (r *Reference) Path() *Path { return r.path }

// String gives the text that the Reference Path was compiled from.
func (r *Reference) String() string { return r.path.text }

// Set gives a copy of root with v where the Reference Path points to, as
// ResultPath asks for it: "$" replaces all, missing objects on the way are made,
// and array elements must be there already. The error is of type *Error with
// the kind NotSettable, as AWS's States.ResultPathMatchFailure.
func (r *Reference) Set(root, v jsonvalue.Value) (jsonvalue.Value, error) {
	if r.path.root != RootInput {
		return jsonvalue.Value{}, failed(NotSettable, "Reference path %q must start with '$.'", r.path.text)
	}
	return r.set(root, v, 0)
}

func (r *Reference) set(at, v jsonvalue.Value, i int) (jsonvalue.Value, error) {
	if i == len(r.path.plain) {
		return v, nil
	}
	s := r.path.plain[i]
	if s.indexes {
		return r.setElement(at, v, i, s.index)
	}
	if !at.IsValid() {
		at = jsonvalue.EmptyObject // made on the way
	}
	if at.Kind() != jsonvalue.Object {
		return jsonvalue.Value{}, r.unsettable(i, "must point to an object", at)
	}
	member, err := r.set(at.Field(s.name), v, i+1)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	return at.With(s.name, member), nil
}

func (r *Reference) setElement(at, v jsonvalue.Value, i, n int) (jsonvalue.Value, error) {
	if at.Kind() != jsonvalue.Array {
		return jsonvalue.Value{}, r.unsettable(i, "must point to an array", at)
	}
	if n >= at.Len() {
		return jsonvalue.Value{}, failed(NotSettable, "Reference path %q points to index %d of an array of length %d", r.path.text, n, at.Len())
	}
	element, err := r.set(at.At(n), v, i+1)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	elems := append([]jsonvalue.Value(nil), at.Elems()...)
	elems[n] = element
	return jsonvalue.ArrayOf(elems...), nil
}

func (r *Reference) unsettable(i int, what string, at jsonvalue.Value) error {
	found := "nothing"
	if at.IsValid() {
		found = "a value of type " + at.Kind().String()
	}
	return failed(NotSettable, "Reference path %q cannot be applied: %s %s, but there is %s", r.path.text, r.path.normal(i), what, found)
}
