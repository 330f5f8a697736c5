package jsonata_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// The four expressions of the benchmarks; bench/ runs the same ones against
// the reference implementation.
var benchmarks = []struct{ name, expr string }{
	{"path", "$states.input.order.customer.name"},
	{"sum", "$sum(items.(price*qty))"},
	{"map", "$map(items, function($i){ $i.price * 2 })"},
	{"filter", "$filter(items, function($i){ $i.qty > 5 })"},
}

func benchmarkInput() jsonata.Input {
	var b strings.Builder
	b.WriteString(`{"order":{"customer":{"name":"x"}},"items":[`)
	for i := range 1000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"price":%d.5,"qty":%d}`, i, i%97, i%11)
	}
	b.WriteString(`]}`)
	doc := jsonvalue.MustParse(b.String())
	states := jsonvalue.ObjectOf(jsonvalue.Member{Key: "input", Value: doc})
	return jsonata.Input{Data: doc, Bindings: map[string]jsonvalue.Value{"states": states}}
}

func BenchmarkEval(b *testing.B) {
	in := benchmarkInput()
	for _, bench := range benchmarks {
		e, err := jsonata.Compile(bench.expr)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(context.Background(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonata.Compile("$sum(items[qty > 5].(price*qty)) ~> $round(2)"); err != nil {
			b.Fatal(err)
		}
	}
}
