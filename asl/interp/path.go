package interp

import (
	"errors"
	"fmt"
	"strings"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// pathQuery is a compiled Path.
type pathQuery struct {
	text string
	path *jsonpath.Path
}

func compilePath(field, source string) (*pathQuery, error) {
	p, err := jsonpath.Compile(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %q: %w", field, source, err)
	}
	return &pathQuery{text: source, path: p}, nil
}

// errNoVariable says that a path starts from a variable that nothing assigned.
var errNoVariable = errors.New("no such variable")

// errNullInput is what AWS says of a path that is to read a null document, the
// whole of it ("$") not excepted (reported as measured).
const errNullInput = inAWSWords("Unable to apply Path transformation to null or empty input.")

// inAWSWords is an error whose text AWS wrote.
type inAWSWords string

func (e inAWSWords) Error() string { return string(e) }

// readPath evaluates a path: "$…" reads the scene's input, "$$…" the context
// object, "$name…" a variable. A path that may give several values gives none
// where there is nothing for it; only a definite one fails. Other errors than
// errNoVariable and errNullInput are jsonpath's, whose texts AWS quotes.
func readPath(s *scene, p *jsonpath.Path) (jsonvalue.Value, error) {
	root, variable := p.Root()
	document := s.input
	switch root {
	case jsonpath.RootContext:
		document = s.context()
	case jsonpath.RootVariable:
		var ok bool
		if document, ok = s.vars.get(variable); !ok {
			return document, fmt.Errorf("%w: %s", errNoVariable, variable)
		}
	case jsonpath.RootInput:
		if document.IsNull() {
			return document, errNullInput
		}
	}
	if p.IsRoot() {
		return document, nil
	}
	v, err := p.EvalWithin(s.account, document)
	if err != nil {
		interruptedBy(err)
	}
	if err != nil && !p.Definite() {
		var e *jsonpath.Error
		if errors.As(err, &e) && e.Kind == jsonpath.PathNotFound {
			return jsonvalue.EmptyArray, nil
		}
	}
	return v, err
}

func (q *pathQuery) read(s *scene) (jsonvalue.Value, error) { return readPath(s, q.path) }

// eval reads the path for a field that needs a value there.
func (q *pathQuery) eval(s *scene) (jsonvalue.Value, *failure) {
	v, err := q.read(s)
	if err != nil {
		return v, invalidPath(q.text, err)
	}
	return v, nil
}

// invalidPath is what AWS says of a path that leads nowhere.
func invalidPath(path string, err error) *failure {
	if errors.Is(err, errNullInput) {
		return runtimeError("%s", err)
	}
	return runtimeError("Invalid path '%s' : %s", path, err)
}

// selector is InputPath, OutputPath or ItemsPath. nil selects everything.
type selector struct {
	discard bool // the field is null: {} is selected
	query   *pathQuery
}

func compileSelector(field string, p asl.PathField) (*selector, error) {
	if !p.Set || p.Text == "$" {
		return nil, nil
	}
	if p.Null {
		return &selector{discard: true}, nil
	}
	q, err := compilePath(field, p.Text)
	if err != nil {
		return nil, err
	}
	return &selector{query: q}, nil
}

// from applies the selector to the scene's input.
func (p *selector) from(s *scene) (jsonvalue.Value, *failure) {
	switch {
	case p == nil:
		return s.input, nil
	case p.discard:
		return jsonvalue.EmptyObject, nil
	}
	return p.query.eval(s)
}

// normal gives the selector as AWS quotes it: from the root of whatever
// document it reads.
func (p *selector) normal() string {
	if p == nil || p.discard {
		return "$"
	}
	return strings.Replace(p.query.text, "$$", "$", 1)
}

// placement is ResultPath. nil replaces the input with the result.
type placement struct {
	discard bool // the field is null: the input stays as it is
	text    string
	path    *jsonpath.Reference
}

func compilePlacement(field string, p asl.PathField) (*placement, error) {
	if !p.Set || p.Text == "$" {
		return nil, nil
	}
	if p.Null {
		return &placement{discard: true}, nil
	}
	r, err := jsonpath.CompileReference(p.Text)
	if err != nil {
		return nil, fmt.Errorf("%s: %q: %w", field, p.Text, err)
	}
	return &placement{text: p.Text, path: r}, nil
}

// put combines a state's raw input with its result.
func (p *placement) put(input, result jsonvalue.Value) (jsonvalue.Value, *failure) {
	switch {
	case p == nil:
		return result, nil
	case p.discard:
		return input, nil
	}
	v, err := p.path.Set(input, result)
	if err != nil {
		return v, failed(errname.ResultPathMatchFailure, "Unable to apply ReferencePath %s to input %s", p.text, input)
	}
	return v, nil
}
