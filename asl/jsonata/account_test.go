package jsonata_test

import (
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonata"
)

// What an expression no longer holds is no memory: each of these makes many
// times of what it may hold.
func TestWhatIsNotHeldIsNotCounted(t *testing.T) {
	for expr, want := range map[string]string{
		"$length($reduce([1..2000], function($t, $n){ $t & 'line ' & $string($n) & ',' }, ''))":                    "18893",
		"$count($keys($reduce([1..1000], function($o, $n){ $merge([$o, {$string($n): $n}]) }, {})))":               "1000",
		"($f := function($n, $t){ $n = 0 ? $length($t) : $f($n - 1, $t & 'x') }; $f(8000, ''))":                    "8000",
		"$sum([1..2000].$length($pad('', 10000, 'x')))":                                                            "20000000",
		"$count([1..2000][$length($pad('', 10000, 'x')) > 0])":                                                     "2000",
		"$count([1..200]^($length($pad('', 10000, 'x')) - $))":                                                     "200",
		"$sum($map([1..2000], function($i){ ($s := $pad('', 10000, 'x'); $length($s)) }))":                         "20000000",
		"$count($filter([1..2000], function($i){ $length($pad('', 10000, 'x')) > 0 }))":                            "2000",
		"$count($sort([1..100], function($a, $b){ $length($pad('', 10000, 'x')) > $a }))":                          "100",
		"$count($keys([1..2000]{$substring($pad('', 10000, 'x') & $string($), 9990): 1}))":                         "2000",
		"$count($map([1..2000], function($i){ $substring($pad('', 10000, 'x'), 0, 1) }))":                          "2000",
		"$count($map([1..2000], function($i){ $match($pad('', 10000, 'x'), /x/, 1) }))":                            "2000",
		"$sum([1..60].$count($parse('[' & $pad('', 10000, '1,') & '1]')))":                                         "300060",
		"$sum([1..2000].($add := function($s){ function($n){ $length($s) + $n } }; $add($pad('', 10000))(1)))":     "20002000",
		"($f := function($n){ $n = 0 ? 0 : $length($pad('', 10000, 'x')) + $f($n - 1) }; $f(1000))":                "10000000",
		"$count($reduce([1..20000], function($all, $n){ $append($all, $n) }, []))":                                 "20000",
		"$sum([1..1000].({'a': {'b': 1}} ~> |a|{'b': $length($pad('', 10000, 'x'))}|).a.b)":                        "10000000",
		"$sum($each($merge([1..2000].{$string($): $}), function($v, $k){ $length($pad('', 10000, 'x')) }))":        "20000000",
		"$sum({'n': [1..2000]}.n@$a.($length($pad('', 10000, 'x')) + $a))":                                         "22001000",
		"$length($join([1..2000].$string($length($pad('', 10000, 'x'))), ','))":                                    "11999",
		"$count($split($reduce([1..2000], function($t, $n){ $replace($pad('', 5000, 'x'), 'x', 'y') }, ''), 'y'))": "5001",
	} {
		if got := answer(compile(t, expr), nil, jsonata.Input{Limits: jsonata.Limits{Memory: 4 << 20}}); got != want {
			t.Errorf("%s gives %.200s, want %s", expr, got, want)
		}
	}
}

// What can still be reached is counted, wherever it is kept.
func TestWhatIsHeldIsCounted(t *testing.T) {
	for _, expr := range []string{
		"$map([1..2000], function($i){ $pad('', 10000, 'x') })",
		"$filter([1..2000].$pad('', 10000, 'x'), function($s){ true })",
		"[1..2000].$pad('', 10000, 'x')",
		"[1..2000].[$pad('', 10000, 'x')]",
		"[1..2000].{'s': $pad('', 10000, 'x')}",
		"[1..2000]{$string($): $pad('', 10000, 'x')}",
		"{'a': [1..100000], 'b': [1..100000]}",
		"$merge([1..2000].{$pad($string($), 10000, 'x'): 1})",
		"$reduce([1..2000], function($a, $n){ $append($a, $pad('', 10000, 'x')) }, [])",
		"$reduce([1..2000], function($a, $n){ [$a, [$pad('', 10000, 'x')]] }, [])",
		"($exists($s := $pad('', 3000000, 'x')); $exists($t := $pad('', 3000000, 'x')); 1)",
		"[1..2000].({'a': {'b': 1}} ~> |a|{'s': $pad('', 10000, 'x')}|)",
		"$map([1..2000], function($i){ ($s := $pad('', 10000, 'x'); function(){ $s }) })",
		"$map([1..2000], function($i){ [function(){ $i & $pad }, $pad('', 10000, 'x')] })",
		"$map([1..2000], function($i){ $substring($pad('', 10000, 'x'), ?) })",
		"$map([1..2000], function($i){ $match($pad('', 10000, 'x'), /x+/) })",
		"$map([1..2000], function($i){ /x/($pad('', 10000, 'x')) })",
		"{'n': [1..2000]}.n@$a.($pad('', 10000, 'x'))@$b.[$b]",
		"[1..2000].$parse('[' & $pad('', 10000, '1,') & '1]')",
		"[1..2000].$parse('{\"a\":\"' & $pad('', 10000, 'x') & '\"}').a",
		"($f := function($n){ $n = 0 ? '' : $pad('', 10000, 'x') & $f($n - 1) }; $length($f(1000)))",
		"($f := function($n){ $n = 0 ? [] : $append($f($n - 1), $pad('', 10000, 'x')) }; $count($f(1000)))",
		"($f := function($n, $l){ $n = 0 ? $count($l) : $f($n - 1, $append($l, $pad('', 10000, 'x'))) }; $f(1000, []))",
		"$sort([1..100000])", "$reverse([1..100000])", "$shuffle([1..100000])", "$zip([1..50000], [1..50000])",
		"$partition([1..100000], 2)", "$distinct([1..50000])", "$string([1..500000])", "[1..100000]^(>$)",
		"$count($map([1..10000000], $abs))", "$count($append([1..9000000], 1))",
	} {
		got := answer(compile(t, expr), nil, jsonata.Input{Limits: jsonata.Limits{Memory: 4 << 20}})
		if !strings.HasPrefix(got, "! U1001") || !strings.Contains(got, "expression_memory allows (4194304 bytes)") &&
			!strings.Contains(got, "The string takes more than") {
			t.Errorf("%s gives %.200s, want U1001 for memory", expr, got)
		}
	}
}

// Functions that do much in one step pay for it: none of these ends early by
// itself, and each of the values is walked through again and again.
func TestWorkIsPaidFor(t *testing.T) {
	const shared = "($f := function($x, $n){ $n = 0 ? $x : $f([$x, $x], $n - 1) }; $x := $f(false, 60); "
	for _, expr := range []string{
		"[1..1000].$sum([1..1000000])", "[1..1000].$max([1..1000000])", "[1..100000].$count([1..1000])[$ < 0]",
		"($s := $pad('', 1000000, 'x'); [1..1000].$uppercase($s))",
		"($s := $pad('', 1000000, 'x'); [1..1000].$length($s))",
		"($s := $pad('', 1000000, 'x'); [1..1000].($s = $s & ''))",
		"($s := $pad('', 1000000, 'x'); [1..1000].$contains($s, 'y'))",
		"($s := $pad('', 1000000, 'x'); [1..1000].$hash($s, 'MD5'))",
		"($s := $pad('', 1000000, 'x'); [1..1000].$lookup({'a': 1}, $s))",
		"[1..1000].$reverse([1..10000])", "[1..1000].($ in [5000..10000])",
		"[1..1000].$sort([1..10000])",
		"[1..200].$distinct([1..10000])", "[1..500].$string([1..10000])", "[1..1000].$merge([1..100].{$string($): $})",
		shared + "$boolean($x))", shared + "$keys($x))", shared + "$x.a)", shared + "$spread($x))", shared + "$x.*)",
		shared + "$y := $f(false, 60); $x = $y)",
	} {
		e, err := jsonata.Compile(expr)
		got := answer(e, err, jsonata.Input{Limits: jsonata.Limits{Work: 100_000}})
		if !strings.HasPrefix(got, "! U1001") || !strings.Contains(got, "allows") {
			t.Errorf("%s gives %.200s, want U1001", expr, got)
		}
	}
}

// What is left on the account is the result, so that the next evaluation counts
// on from there.
func TestEvaluationsShareAnAccount(t *testing.T) {
	account := bounds.New(bounds.Limits{Memory: 1_300_000}, nil)
	e := compile(t, "$pad('', 200000, 'x')")
	for i := range 5 {
		if got := answer(e, nil, jsonata.Input{Account: account}); len(got) != 200_002 {
			t.Fatalf("evaluation %d gives %.100s", i, got)
		}
	}
	if held := account.Held(); held < 1_000_000 || held > 1_001_000 {
		t.Errorf("five results of 200,000 bytes hold %d", held)
	}
	if got := answer(e, nil, jsonata.Input{Account: account}); !strings.HasPrefix(got, "! U1001") {
		t.Errorf("the sixth gives %.100s", got)
	}
}
