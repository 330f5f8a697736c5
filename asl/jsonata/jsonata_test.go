package jsonata_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

func compile(t testing.TB, expr string) *jsonata.Expr {
	t.Helper()
	e, err := jsonata.Compile(expr)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	return e
}

func TestFunctionsOfAWS(t *testing.T) {
	in := jsonata.Input{
		Data:   jsonvalue.MustParse(`{"json":"{\"a\":[1.0,null]}","list":[1,2,3,4,5]}`),
		Now:    time.Date(2024, 11, 22, 10, 11, 12, 345e6, time.UTC),
		Random: jsonata.NewSeeded(1),
	}
	for expr, want := range map[string]string{
		"$partition(list, 2)":            "[[1,2],[3,4],[5]]",
		"$partition(list, 9)":            "[[1,2,3,4,5]]",
		"$partition([], 2)":              "[]",
		"$partition(list, 0)":            `! T0410: Argument 2 of function "partition" does not match function signature`,
		"$range(1, 9, 2)":                "[1,3,5,7,9]",
		"$range(0, 6, 2.9)":              "[0,2,4,6]", // fractions are cut off, as measured on AWS
		"$range(-2.9, 1.9, 1)":           "[-2,-1,0,1]",
		"$range(5.5, 1.2, -1.9)":         "[5,4,3,2,1]",
		"$range(0, 1, 0.5)":              `! T0410: Argument 3 of function "range" does not match function signature`,
		"$range(3, 1, -1)":               "[3,2,1]",
		"$range(3, 1, 1)":                "[]",
		"$range(1, 3, 0)":                `! T0410: Argument 3 of function "range" does not match function signature`,
		"$range(1, 20000000, 1)":         `! D2014: The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate 20000000.`,
		"$hash('input data', 'MD5')":     `"812f45842bc6d66ee14572ce20db8e86"`,
		"$hash('input data', 'SHA-1')":   `"aaff4a450a104cd177d28d18d74485e8cae074b7"`,
		"$hash('input data', 'SHA-256')": `"b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"`,
		"$length($hash('', 'SHA-384'))":  "96",
		"$length($hash('', 'SHA-512'))":  "128",
		"$hash('', 'CRC')":               `! T0410: Argument 2 of function "hash" does not match function signature`,
		"$random(42)":                    "0.7275636800328681", // java.util.Random's
		"$random(7) = $random(7)":        "true",
		"$parse(json)":                   `{"a":[1.0,null]}`,
		"$parse('{')":                    `! D3120: The argument of the parse function is not JSON: line 1, column 2: expected a member's name in quotes, found the end of the text`,
		"$now()":                         `"2024-11-22T10:11:12.345Z"`,
		"$millis()":                      "1732270272345",
		"$eval('1')":                     "! T1006: Attempted to invoke a non-function",
	} {
		e, err := jsonata.Compile(expr)
		if got := answer(e, err, in); got != want {
			t.Errorf("%s\n  gives %s\n  want  %s", expr, got, want)
		}
	}
}

func TestChanceComesFromTheInput(t *testing.T) {
	e := compile(t, "[$uuid(), $string($random()), $string($shuffle([1..9]))]")
	run := func(in jsonata.Input) string { return answer(e, nil, in) }
	first := run(jsonata.Input{Random: jsonata.NewSeeded(1)})
	if again := run(jsonata.Input{Random: jsonata.NewSeeded(1)}); again != first {
		t.Errorf("the same seed gives %s, then %s", first, again)
	}
	if other := run(jsonata.Input{Random: jsonata.NewSeeded(2)}); other == first {
		t.Errorf("another seed gives the same: %s", other)
	}
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	if a, b := run(jsonata.Input{Now: now}), run(jsonata.Input{Now: now}); a != b {
		t.Errorf("without a source, the same time gives %s, then %s", a, b)
	}
}

func TestVariables(t *testing.T) {
	for expr, want := range map[string][]string{
		"$x + $y.z + $x":                     {"x", "y"},
		"$ + $$ + a":                         nil,
		"$sum($list)":                        {"list"},
		"($x := $y; $x)":                     {"y"},
		"($x; $x := 1)":                      {"x"},
		"[($x := 1), $x]":                    {"x"},
		"(($x := 1); $x)":                    {"x"},
		"function($a){ $a + $b }":            {"b"},
		"($f := function($n){ $f($n) }; $f)": nil,
		"a@$v.b[$v = $w]":                    {"w"},
		"a#$i.{'i': $i, 'j': $j}":            {"j"},
		"a.%.b":                              nil,
		"$states.input ~> |a|{'b': $c}, $d|": {"states", "c", "d"},
		"($f := function(){ $g() }; $g := function(){ $f() }; $f())": nil,
		"x ? $a : $b":       {"a", "b"},
		"a^($k)":            {"k"},
		"a{$k: $v}":         {"k", "v"},
		"$substring(?, $n)": {"n"},
		"$nosuch()":         {"nosuch"},
	} {
		got := compile(t, expr).Variables()
		if !slices.Equal(got, want) {
			t.Errorf("%s uses %q, want %q", expr, got, want)
		}
	}
}

func TestResultsKeepWhatTheDocumentSays(t *testing.T) {
	doc := jsonvalue.MustParse(`{"n":1.0,"big":12345678901234567890,"o":{"z":1,"a":2e0,"1":3}}`)
	for expr, want := range map[string]string{
		"n": "1.0", "big": "12345678901234567890", "o": `{"z":1,"a":2e0,"1":3}`, "[n, big]": "[1.0,12345678901234567890]",
		"{'x': o}": `{"x":{"z":1,"a":2e0,"1":3}}`, "n + 0": "1", "big + 0": "12345678901234567000", "$string(n)": `"1"`,
	} {
		if got := answer(compile(t, expr), nil, jsonata.Input{Data: doc}); got != want {
			t.Errorf("%s gives %s, want %s", expr, got, want)
		}
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for expr, want := range map[string]jsonata.Error{
		"1 + 'a'":       {Code: "T2002", Position: 3, Token: "+"},
		"$foo(1)":       {Code: "T1006", Position: 5, Token: "foo"},
		"'😀' & (1 + )":  {Code: "S0211", Position: 13, Token: ")"},
		"a.(b - 'x')":   {Code: "T2002", Position: 6, Token: "-"},
		"$sum('x')":     {Code: "T0412", Position: 5, Token: "sum"},
		"$uppercase(1)": {Code: "T0410", Position: 11, Token: "uppercase"},
	} {
		e, err := jsonata.Compile(expr)
		if err == nil {
			_, err = e.Eval(context.Background(), jsonata.Input{Data: jsonvalue.MustParse(`{"a":{"b":1}}`)})
		}
		var got *jsonata.Error
		if !errors.As(err, &got) {
			t.Errorf("%s gives %v, want an error", expr, err)
		} else if got.Code != want.Code || got.Position != want.Position || got.Token != want.Token {
			t.Errorf("%s gives %s at %d, token %q; want %s at %d, token %q", expr, got.Code, got.Position, got.Token, want.Code, want.Position, want.Token)
		}
	}
}

func TestLimits(t *testing.T) {
	for name, c := range map[string]struct {
		expr   string
		limits jsonata.Limits
		want   string
	}{
		"steps":      {"($f := function($n){ $f($n+1) }; $f(0))", jsonata.Limits{Work: 1000}, "timeout"},
		"depth":      {"($f := function($n){ 1 + $f($n) }; $f(0))", jsonata.Limits{Depth: 100}, "Stack overflow"},
		"memory":     {"$pad('x', 5000)", jsonata.Limits{Memory: 4000}, "memory"},
		"list":       {"[1..2000].{'a': $}", jsonata.Limits{Memory: 4000}, "memory"},
		"range out":  {"[1..2000]", jsonata.Limits{Memory: 4000}, "memory"},
		"regex":      {"$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)", jsonata.Limits{Work: 10_000}, "matching the regular expression /^(a+)+$/"},
		"duplicates": {"$distinct([1..3000].{'a': $})", jsonata.Limits{Work: 100_000}, "timeout"},
	} {
		_, err := compile(t, c.expr).Eval(context.Background(), jsonata.Input{Limits: c.limits})
		var e *jsonata.Error
		if !errors.As(err, &e) || e.Code != "U1001" || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s: %s gives %v", name, c.expr, err)
		}
	}
}

func TestAppendingInALoopCostsWhatItAppends(t *testing.T) {
	e := compile(t, "$count($reduce([1..5000], function($all, $n){ $append($all, $n) }, []))")
	if got := answer(e, nil, jsonata.Input{Limits: jsonata.Limits{Memory: 4 << 20}}); got != "5000" {
		t.Error(got)
	}
	// Two arrays made of the same one do not see each other.
	e = compile(t, "($a := $append([1,2],[3]); $b := $append($a, 4); $c := $append($a, 5); [[$a], [$b], [$c]])")
	if got := answer(e, nil, jsonata.Input{}); got != "[[1,2,3],[1,2,3,4],[1,2,3,5]]" {
		t.Error(got)
	}
}

func TestEvalEndsWithItsContext(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	_, err := compile(t, "($f := function(){ $f() }; $f())").Eval(ctx, jsonata.Input{})
	if !errors.Is(err, cause) {
		t.Errorf("gives %v, want the context's cause", err)
	}
}

func TestManyGoroutinesShareAnExpression(t *testing.T) {
	e := compile(t, "$map(items[n > 2]^(>n), function($i){ $replace($i.s, /a(b)/, '$1') & $n }) ~> $join(',')")
	items := jsonvalue.MustParse(`{"items":[{"n":1,"s":"ab"},{"n":3,"s":"xab"},{"n":4,"s":"abab"}]}`)
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			in := jsonata.Input{Data: items, Bindings: map[string]jsonvalue.Value{"n": jsonvalue.IntOf(int64(g))}}
			for range 50 {
				if got, want := answer(e, nil, in), fmt.Sprintf(`"bb%d,xb%d"`, g, g); got != want {
					t.Errorf("gives %s, want %s", got, want)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestATransformLeavesTheDocumentAlone(t *testing.T) {
	doc := jsonvalue.MustParse(`{"a":{"b":1}}`)
	in := jsonata.Input{Data: doc, Bindings: map[string]jsonvalue.Value{"v": doc}}
	for expr, want := range map[string]string{
		"[$ ~> |a|{'b':2}|, $]":                   `[{"a":{"b":2}},{"a":{"b":1}}]`,
		"[$v ~> |$|{'c':3}, 'a'|, $v]":            `[{"c":3},{"a":{"b":1}}]`,
		"($ ~> |$v.a|{'b':9}|; $v)":               `{"a":{"b":1}}`,
		"($o := {'x':{}}; $o ~> |x|{'y':1}|; $o)": `{"x":{}}`,
	} {
		if got := answer(compile(t, expr), nil, in); got != want {
			t.Errorf("%s gives %s, want %s", expr, got, want)
		}
	}
	if doc.String() != `{"a":{"b":1}}` {
		t.Errorf("the document became %s", doc)
	}
}
