package jsonpath

import (
	"errors"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

type value = jsonvalue.Value

// evaluation is one run of a path over a document.
type evaluation struct {
	path *Path
	// document is what "$" means in filters and function arguments.
	document value
	// strict makes a missing property an error wherever it is missing; filters
	// check so that something exists.
	strict  bool
	budget  *budget
	results []value
}

// budget is the account of an evaluation. It spends nodeWork for each node that
// it visits, and more where the work goes by the size of a value.
type budget struct{ account *bounds.Account }

// nodeWork is the work of visiting a node, in units of the account.
const nodeWork = 10

func (b *budget) spend(nodes int) error { return exceeded(b.account.Spend(nodes * nodeWork)) }

// take counts values that are about to be held.
func (b *budget) take(values int) error { return exceeded(b.account.Take(values * valueSize)) }

// valueSize is how many bytes one value takes in a list.
const valueSize = 32

// exceeded makes an error of the package's own of one that says that the path
// asks for too much.
func exceeded(err error) error {
	var over *bounds.Exceeded
	if err != nil && errors.As(err, &over) {
		return failed(LimitExceeded, "The path takes too many steps to evaluate. %s", over)
	}
	return err
}

// weight is what reading all of a value costs, next to visiting a node.
func weight(v value) int {
	switch v.Kind() {
	case jsonvalue.String:
		return len(v.Text()) / 64
	case jsonvalue.Array, jsonvalue.Object:
		return v.EncodedLen() / 64
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number:
	}
	return 0
}

// run evaluates the path on model.
func (p *Path) run(model, document value, b *budget, strict bool) (value, error) {
	e := evaluation{path: p, document: document, strict: strict, budget: b}
	if err := e.from(0, model); err != nil {
		return value{}, err
	}
	if !p.Definite() {
		return jsonvalue.ArrayOf(e.results...), nil
	}
	if len(e.results) == 0 {
		return value{}, failed(PathNotFound, "No results for path: %s", p.normal(len(p.steps)))
	}
	return e.results[len(e.results)-1], nil
}

// from goes on with step i, or takes model as a result behind the last one.
func (e *evaluation) from(i int, model value) error {
	if err := e.budget.spend(1); err != nil {
		return err
	}
	if i == len(e.path.steps) {
		if err := e.budget.take(1); err != nil {
			return err
		}
		e.results = append(e.results, model)
		return nil
	}
	return e.path.steps[i].eval(e, i, model)
}

func (e *evaluation) leaf(i int) bool { return i == len(e.path.steps)-1 }

// upstreamDefinite tells whether the steps before i lead to one value: only
// then is it an error that a step does not fit it.
func (e *evaluation) upstreamDefinite(i int) bool { return i <= e.path.indefinite }

// rest writes step i and all after it.
func (e *evaluation) rest(i int) string {
	var dst []byte
	for _, s := range e.path.steps[i:] {
		dst = s.appendText(dst)
	}
	return string(dst)
}

func (s property) eval(e *evaluation, i int, model value) error {
	if model.Kind() != jsonvalue.Object {
		if !e.upstreamDefinite(i) {
			return nil
		}
		return failed(PathNotFound, "Expected to find an object with property %s in path %s but found '%s'. "+
			"This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
			s.appendText(nil), e.path.normal(i), javaClass(model))
	}
	if len(s.names) > 1 && e.leaf(i) {
		return s.merge(e, i, model)
	}
	for _, name := range s.names {
		if err := e.member(i, name, model); err != nil {
			return err
		}
	}
	return nil
}

// member goes on with one member of an object; step i named it.
func (e *evaluation) member(i int, name string, model value) error {
	if v, ok := model.Get(name); ok {
		return e.from(i+1, v)
	}
	switch {
	case e.leaf(i) && e.strict:
		return failed(PathNotFound, "No results for path: %s['%s']", e.path.normal(i), name)
	case e.leaf(i), !e.strict && e.path.indefinite <= i:
		return nil
	}
	return failed(PathNotFound, "Missing property in path %s['%s']", e.path.normal(i), name)
}

// merge gives an object of the members that are there.
func (s property) merge(e *evaluation, i int, model value) error {
	b := jsonvalue.NewObject(len(s.names))
	for _, name := range s.names {
		if v, ok := model.Get(name); ok {
			b.Set(name, v)
		} else if e.strict {
			return failed(PathNotFound, "Missing property in path %s%s", e.path.normal(i), s.appendText(nil))
		}
	}
	return e.from(i+1, b.Value())
}

// array tells whether step i can go into model, and whether it is an error that
// it cannot.
func (e *evaluation) array(i int, model value) (bool, error) {
	switch {
	case model.Kind() == jsonvalue.Array:
		return true, nil
	case !e.upstreamDefinite(i):
		return false, nil
	case model.IsNull():
		return false, failed(PathNotFound, "The path %s is null", e.path.normal(i))
	}
	return false, failed(PathNotFound, "Filter: %s can only be applied to arrays. Current context is: %s", e.rest(i), JavaText(model))
}

// element goes on with element n of an array, if it has one.
func (e *evaluation) element(i, n int, model value) error {
	if n < 0 {
		n += model.Len()
	}
	if n < 0 || n >= model.Len() {
		return nil
	}
	return e.from(i+1, model.At(n))
}

func (s indexes) eval(e *evaluation, i int, model value) error {
	if ok, err := e.array(i, model); !ok {
		return err
	}
	for _, n := range s.list {
		if err := e.element(i, n, model); err != nil {
			return err
		}
	}
	return nil
}

func (s slice) eval(e *evaluation, i int, model value) error {
	if ok, err := e.array(i, model); !ok {
		return err
	}
	from, to := s.bounds(model.Len())
	for n := from; n < to; n++ {
		if err := e.element(i, n, model); err != nil {
			return err
		}
	}
	return nil
}

// bounds gives the indexes that a slice walks through. When both ends are given
// Jayway does not resolve negative ones: [-1:2] is the last element and the
// first two.
func (s slice) bounds(length int) (from, to int) {
	switch {
	case s.to == nil:
		if from = *s.from; from < 0 {
			from = max(0, from+length)
		}
		return from, length
	case s.from == nil:
		if to = *s.to; to < 0 {
			to += length
		}
		return 0, min(to, length)
	}
	return max(*s.from, -length), min(*s.to, length)
}

func (s wildcard) eval(e *evaluation, i int, model value) error {
	if model.Kind() != jsonvalue.Array && model.Kind() != jsonvalue.Object {
		return nil
	}
	for _, v := range model.Elems() {
		if err := e.from(i+1, v); err != nil && (e.strict || !isKind(err, PathNotFound)) {
			return err
		}
	}
	return nil
}

func isKind(err error, kinds ...Kind) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, k := range kinds {
		if e.Kind == k {
			return true
		}
	}
	return false
}

func (s filter) eval(e *evaluation, i int, model value) error {
	look := scope{document: e.document, budget: e.budget}
	switch model.Kind() {
	case jsonvalue.Object:
		return s.keep(e, i, &look, model)
	case jsonvalue.Array:
		for _, v := range model.Elems() {
			if err := s.keep(e, i, &look, v); err != nil {
				return err
			}
		}
		return nil
	case jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.String, jsonvalue.Invalid:
	}
	if !e.upstreamDefinite(i) {
		return nil
	}
	return failed(InvalidPath, "Filter: %s can not be applied to primitives. Current context is: %s", e.rest(i), JavaText(model))
}

// keep goes on with an item if the filter accepts it.
func (s filter) keep(e *evaluation, i int, look *scope, item value) error {
	look.item = item
	if ok, err := s.accepts(look); !ok {
		return err
	}
	return e.from(i+1, item)
}

// accepts tells whether the filter's expression holds. That a path in it leads
// nowhere is an answer too: no.
func (s filter) accepts(look *scope) (bool, error) {
	if err := look.budget.spend(1); err != nil {
		return false, err
	}
	before := look.budget.account.Mark()
	ok, err := s.expr.holds(look)
	look.budget.account.Settle(before, 0)
	if err != nil && isKind(err, PathNotFound, InvalidPath) {
		return false, nil
	}
	return ok, err
}

func (s scan) eval(e *evaluation, i int, model value) error {
	if err := e.budget.spend(1); err != nil {
		return err
	}
	if model.Kind() != jsonvalue.Array && model.Kind() != jsonvalue.Object {
		return nil
	}
	ok, err := e.scans(i+1, model)
	if ok && err == nil {
		err = e.from(i+1, model)
	}
	if err != nil {
		return err
	}
	for _, v := range model.Elems() {
		if err := s.eval(e, i, v); err != nil {
			return err
		}
	}
	return nil
}

// scans tells whether step i, which stands behind "..", is worth applying.
func (e *evaluation) scans(i int, model value) (bool, error) {
	if i == len(e.path.steps) {
		return false, nil
	}
	switch s := e.path.steps[i].(type) {
	case property:
		if model.Kind() != jsonvalue.Object {
			return false, nil
		}
		if !s.definite(e.leaf(i)) {
			return true, nil
		}
		for _, name := range s.names {
			if _, ok := model.Get(name); !ok {
				return false, nil
			}
		}
		return true, nil
	case indexes, slice:
		return model.Kind() == jsonvalue.Array, nil
	case wildcard:
		return true, nil
	case filter:
		return s.accepts(&scope{item: model, document: e.document, budget: e.budget})
	case scan, *function:
	}
	return false, nil
}
