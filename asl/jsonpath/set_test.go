package jsonpath_test

import (
	"errors"
	"testing"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// TestSet follows the specification's section on ResultPath; "!" starts the
// message of an error.
func TestSet(t *testing.T) {
	for _, c := range []struct{ path, root, value, want string }{
		{`$`, `{"a":1}`, `6`, `6`},
		{`$.a`, `{"a":1,"b":2}`, `{"x":3}`, `{"a":{"x":3},"b":2}`},
		{`$.new`, `{"a":1}`, `null`, `{"a":1,"new":null}`},
		{`$.master.detail`, `{"master":{"detail":[1,2,3]}}`, `6`, `{"master":{"detail":6}}`},
		{`$.master.result.sum`, `{"master":{"detail":[1,2,3]}}`, `6`, `{"master":{"detail":[1,2,3],"result":{"sum":6}}}`},
		{`$['a']['b c']`, `{}`, `1`, `{"a":{"b c":1}}`},
		{`$.list[1]`, `{"list":[1,2,3]}`, `"x"`, `{"list":[1,"x",3]}`},
		{`$.list[1].a.b`, `{"list":[1,{"c":2},3]}`, `"x"`, `{"list":[1,{"c":2,"a":{"b":"x"}},3]}`},
		{`$[0]`, `[1]`, `2`, `[2]`},
		{`$.store\.book.\'x\\`, `{}`, `1`, `{"store.book":{"'x\\":1}}`},
		{`$.foo\@bar.baz\[\[.\?pretty`, `{}`, `1`, `{"foo@bar":{"baz[[":{"?pretty":1}}}`},
		{`$.list[3]`, `{"list":[1,2,3]}`, `4`, `!Reference path "$.list[3]" points to index 3 of an array of length 3`},
		{`$.list[0]`, `{}`, `4`, `!Reference path "$.list[0]" cannot be applied: $['list'] must point to an array, but there is nothing`},
		{`$.a[0]`, `{"a":{}}`, `4`, `!Reference path "$.a[0]" cannot be applied: $['a'] must point to an array, but there is a value of type object`},
		{`$.a.b`, `{"a":1}`, `4`, `!Reference path "$.a.b" cannot be applied: $['a'] must point to an object, but there is a value of type number`},
		{`$.a.b`, `{"a":null}`, `4`, `!Reference path "$.a.b" cannot be applied: $['a'] must point to an object, but there is a value of type null`},
		{`$.a`, `"text"`, `4`, `!Reference path "$.a" cannot be applied: $ must point to an object, but there is a value of type string`},
		{`$$.a`, `{}`, `4`, `!Reference path "$$.a" must start with '$.'`},
		{`$v.a`, `{}`, `4`, `!Reference path "$v.a" must start with '$.'`},
	} {
		r, err := jsonpath.CompileReference(c.path)
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		root := jsonvalue.MustParse(c.root)
		before := root.String()
		v, err := r.Set(root, jsonvalue.MustParse(c.value))
		if c.want[0] == '!' {
			var e *jsonpath.Error
			if !errors.As(err, &e) || e.Kind != jsonpath.NotSettable || e.Msg != c.want[1:] {
				t.Errorf("%s in %s: error %v", c.path, c.root, err)
			}
			continue
		}
		if err != nil || v.String() != c.want {
			t.Errorf("%s in %s gives %s, error %v, want %s", c.path, c.root, v, err, c.want)
		}
		if root.String() != before {
			t.Errorf("%s changed its root from %s to %s", c.path, before, root)
		}
		if back, err := r.Path().Eval(v); err != nil || back.String() != c.value {
			t.Errorf("%s reads back %s, error %v, want %s", c.path, back, err, c.value)
		}
	}
}

func TestNoReferencePaths(t *testing.T) {
	for _, path := range []string{
		``, `a`, `$.a[*]`, `$.*`, `$..a`, `$.a[0,1]`, `$.a[0:1]`, `$.a[-1]`, `$.a[?(@.b)]`, `$['a','b']`, `$.a.length()`, `$.`, `$.a b`,
	} {
		r, err := jsonpath.CompileReference(path)
		var e *jsonpath.SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%q gives %v, error %v", path, r, err)
		}
	}
}
