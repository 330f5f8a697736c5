package jsonata

import (
	"fmt"
	"testing"
)

// What refers to the input document is the specification's ("JSONata
// Restrictions"): names and $ at the top level, but not those nested inside an
// expression, and $$ anywhere.
func TestInputs(t *testing.T) {
	for expr, want := range map[string]string{
		`total`:                              `[total]`,
		`$.total`:                            `[$]`,
		`$`:                                  `[$]`,
		`$$`:                                 `[$$]`,
		`street.number`:                      `[street]`,
		`"quoted name".b`:                    `[quoted name]`,
		"`back quoted`":                      `[back quoted]`,
		`"text"`:                             `[]`,
		`*`:                                  `[*]`,
		`**.x`:                               `[**]`,
		`$order[$.total > 10]`:               `[]`,
		`$order[total > 10]`:                 `[]`,
		`$order[total > $$.limit]`:           `[$$]`,
		`$order.(a + b)`:                     `[]`,
		`$order{name: price}`:                `[]`,
		`$order^(>price, name)`:              `[]`,
		`$order@$o#$i.items[$o.x = y].z`:     `[]`,
		`[$count(goods), tax + 1]`:           `[goods tax]`,
		`{"a": b, c: 1}`:                     `[b c]`,
		`$map($x, function($v){ $v.price })`: `[]`,
		`$map($x, function($v){ rate * $v.price })`: `[rate]`,
		`($a := goods; $a[price > 3])`:              `[goods]`,
		`($a := $x; $a)`:                            `[]`,
		`$x ? yes : no`:                             `[yes no]`,
		`$x ~> $map(f)`:                             `[f]`,
		`$x ~> |items|{"sum": a * b}, ["c"]|`:       `[]`,
		`-n`:                                        `[n]`,
		`count($x)`:                                 `[count]`,
		`($f := function($n){ $n <= 1 ? 1 : $n }; $f(5))`: `[]`,
		`$substring(?, 0, 2)`:                             `[]`,
		`rows[price > 3]`:                                 `[rows]`,
		`(total)`:                                         `[total]`,
		`(rows).price`:                                    `[rows]`,
		`a.b.a`:                                           `[a]`,
	} {
		e, err := Compile(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := fmt.Sprint(e.Inputs()); got != want {
			t.Errorf("%s reads %s of the input document, want %s", expr, got, want)
		}
	}
}

func TestPaths(t *testing.T) {
	for expr, want := range map[string]string{
		`$states.input.a[0].b`: `[[input a b]]`,
		`$states`:              `[[]]`,
		`$states.*`:            `[[]]`,
		`[$states.result, $states.context.Task.Token]`:        `[[result] [context Task Token]]`,
		`$x.($states.errorOutput)`:                            `[[errorOutput]]`,
		`$y[z = $states.input.k]`:                             `[[input k]]`,
		`function($a){ $states.result }`:                      `[[result]]`,
		`$merge([$states.input, {"e": $states.errorOutput}])`: `[[input] [errorOutput]]`,
		`$other`: `[]`,
	} {
		e, err := Compile(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := fmt.Sprint(e.Paths("states")); got != want {
			t.Errorf("%s reads %s of $states, want %s", expr, got, want)
		}
	}
}
