package jsonpath_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

var fuzzSeeds = []string{
	`$`, `$$.a`, `$v[0]`, `$.a['b',"c"][0,-1][1:][:2][1:2].*[*]..x..[0]`, `$.a[?(@.b == 'x' && !(@.c in ["y"]) || !@.d)].e`,
	`$.a[?(@.b =~ /x\/y/i)]`, `$.sum($..a, 5, "x")`, `$..a.length()`, `$[?(@['a'].length() >= $.b)]`, `$[?(@ == {'a': [1, b]})]`,
	`$[?(@.x === -1e3 && @.y empty true)]`, `$['\u00e9\'']`, `$.é`, `$.a[`, `$[?`, `$.a\.b`,
}

// FuzzEval: no text makes the compiler or an evaluation panic or run away, and
// every error has its type.
func FuzzEval(f *testing.F) {
	for _, path := range fuzzSeeds {
		f.Add(path, store)
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		p, err := jsonpath.Compile(path)
		if err != nil {
			var e *jsonpath.SyntaxError
			if !errors.As(err, &e) || e.Pos < 0 || e.Pos > len(path) || e.Msg == "" {
				t.Fatalf("%q: error %#v", path, err)
			}
			return
		}
		doc, err := jsonvalue.Parse(text)
		if err != nil {
			return
		}
		before := doc.String()
		v, err := p.Eval(doc)
		var e *jsonpath.Error
		switch {
		case err != nil && (!errors.As(err, &e) || e.Msg == ""):
			t.Fatalf("%q: error %#v", path, err)
		case err == nil && !v.IsValid():
			t.Fatalf("%q gives no value", path)
		case err == nil && !p.Definite() && v.Kind() != jsonvalue.Array:
			t.Fatalf("%q is indefinite and gives %s", path, v)
		case doc.String() != before:
			t.Fatalf("%q changed the document", path)
		}
		if err == nil && utf8.ValidString(path) {
			if again, err := jsonvalue.Parse(v.String()); err != nil || !jsonvalue.Equal(again, v) {
				t.Fatalf("%q gives %s, which is not JSON: %v", path, v, err)
			}
		}
	})
}

// FuzzReference: what a Reference Path sets, it reads back.
func FuzzReference(f *testing.F) {
	for _, path := range append(fuzzSeeds, `$.a.b[0]`, `$['x']['y']`) {
		f.Add(path, store)
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		r, err := jsonpath.CompileReference(path)
		if err != nil {
			return
		}
		doc, err := jsonvalue.Parse(text)
		if err != nil {
			return
		}
		want := jsonvalue.StringOf("set")
		v, err := r.Set(doc, want)
		if err != nil {
			var e *jsonpath.Error
			if !errors.As(err, &e) || e.Kind != jsonpath.NotSettable {
				t.Fatalf("%q: error %#v", path, err)
			}
			return
		}
		if got, err := r.Path().Eval(v); err != nil || !jsonvalue.Equal(got, want) {
			t.Fatalf("%q in %s gives %s, which reads back as %s, %v", path, text, v, got, err)
		}
	})
}
