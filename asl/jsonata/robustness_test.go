package jsonata_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// TestRobustness evaluates expressions that ask for too much, or that are
// strange: each ends with a value or with a clear error.
func TestRobustness(t *testing.T) {
	want := map[string]string{
		"inf-tail": "U1001", "inf-nontail": "U1001", "inf-mutual": "U1001", "reduce-big": "20000100000",
		"range1e7": "10000000", "range-over": "D2014", "range-nested": "U1001", "cartesian": "2000",
		"pad1e9": "U1001", "dup-str": "U1001", "redos": "U1001",
		"deep-paren": "U1001", "deep-array": "U1001", "deep-neg": "U1001",
		"eval-inf": "T1006", "garbage": "S0202", "emptyexpr": "S0207", "nul": `"a\u0000b1"`,
		"lookahead": `{"match":"foo","index":0,"groups":[]}`, "backref": `{"match":"aa","index":0,"groups":["a"]}`,
		"unicode": "2", "substr-emoji": `"😀"`, "split-emoji": "[\"\uFFFD\",\"\uFFFD\"]",
		"bigint": "9007199254740992", "bigsum": "9007199254740992", "e21": "1e+21", "int1e20": "100000000000000000000",
		"float": "1.1", "div": "3.3333333333333335", "neg0": "0", "half": "2", "num2str": `"0.3"`,
		"tostr1e21": `"1e+21"`, "tostr-small": `"0.000001"`, "tostr-small2": `"1e-7"`,
		// What passes through keeps its text and its order.
		"passbig": "12345678901234567890", "pass10": "1.0", "pass1e2": "100.0",
		"order": `{"z":1,"a":2,"10":3,"2":4}`, "orderw": "[1,2,3,4]", "keys": `["z","a","10","2"]`,
		"merge": `{"z":1,"a":2,"b":1}`, "nullp": "null", "undef": "undefined",
		"proto": `{"p":1}`, "ctor": "undefined", "tostr": "undefined",
	}
	for _, c := range readLines[suiteCase](t, reference(t, "jsonata", "robustness.jsonl")) {
		t.Run(c.ID, func(t *testing.T) {
			r, err := c.run(t)
			got := "undefined"
			var e *jsonata.Error
			switch {
			case errors.As(err, &e):
				got = e.Code
				if e.Message == "" {
					t.Errorf("an error without a message: %#v", e)
				}
			case err != nil:
				t.Fatalf("an error of type %T: %v", err, err)
			case r.Value.Kind() != jsonvalue.Invalid:
				got = r.Value.String()
			}
			if w := want[c.ID]; got != w {
				t.Errorf("gives %s (%v), want %s", got, err, w)
			}
		})
	}
}

// TestHostileExpressions evaluates expressions that try to make what costs far
// more than they take to write: values nested without end, functions composed
// without end, lists walked through again and again.
func TestHostileExpressions(t *testing.T) {
	for expr, want := range map[string]string{
		"($f := function($x, $n){ $n = 0 ? $x : $f([[$x]], $n-1) }; $f(1, 100000))":                         "U1001",
		"($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x}, $n-1) }; $string($f(1, 100000)))":             "U1001",
		"($z := function($x, $n){ $n = 0 ? $x : $z($zip($x), $n-1) }; $z([1], 100000))":                     "U1001",
		"($f := function($g, $n){ $n = 0 ? $g : $f($g ~> $uppercase, $n-1) }; $f($uppercase, 100000)('x'))": "U1001",
		"($f := function($p, $n){ $n = 0 ? $p : $f($substring(?, 0), $n-1) }; $f(1, 10)('abc'))":            `"abc"`,
		"{'a': {}} ~> |a|{'self': $}|":                                      `{"a":{"self":{}}}`,
		"{'a': {'b': {}}} ~> |**|{'all': $}|":                               `{"a":{"b":{"all":{}},"all":{"b":{}}},"all":{"a":{"b":{}}}}`,
		"[1..1000].$sum([1..10000000])":                                     "U1001",
		"[1..10000000][[1..10000000]]":                                      "U1001",
		"($x := {'a': [1..3000], 'b': [1..3000]}; $count($x.a@$v.$x.b@$w))": "U1001",
		"$sort([1..10000000])":                                              "U1001",
		"$length($string([1..100].[[1..10000000]]))":                        "U1001",
		"{'a': [1..10000000], 'b': [1..10000000]}":                          "U1001",
		"$number([1..10000000])":                                            "T0410",
		"$formatInteger(1, $pad('', 1000000, '0,'))":                        "U1001",
		"$fromMillis(0, $pad('', 1000000, '[Y]'))":                          "U1001",
		"$toMillis('x', $pad('', 4000, '[Yw]'))":                            "U1001",
		"$formatNumber(1, $pad('', 1000000, '0,'))":                         "U1001",
		"($x := 'a'; $y := [1..30].($x := $x & $x); $x)":                    `"a"`,
	} {
		e, err := jsonata.Compile(expr)
		got := answer(e, err, jsonata.Input{Limits: jsonata.Limits{Work: 3_000_000}})
		if code, ok := strings.CutPrefix(got, "! "); ok {
			got, _, _ = strings.Cut(code, ":")
		}
		if got != want {
			t.Errorf("%s gives %.200s, want %s", expr, got, want)
		}
	}
}

func TestSlowRegularExpressionsAreWatched(t *testing.T) {
	for pattern, want := range map[string]string{
		"/^(a+)+$/": "U1001", "/^(a|aa)*$/": "U1001", "/^(a?){60}a{60}$/": "U1001", "/(x+x+)+y/": "false",
		"/^[a-z+*?]+!$/": "true", "/^a+?!/": "true", "/(?:a)(?=a)/": "true", `/\(+/`: "false", "/^.*.*.*=/": "false",
	} {
		got := answer(compile(t, "$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', "+pattern+")"), nil,
			jsonata.Input{Limits: jsonata.Limits{Work: 1_000_000}})
		if code, ok := strings.CutPrefix(got, "! "); ok {
			got, _, _ = strings.Cut(code, ":")
		}
		if got != want {
			t.Errorf("%s gives %s, want %s", pattern, got, want)
		}
	}
}
