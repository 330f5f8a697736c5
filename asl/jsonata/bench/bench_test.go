// Package bench compares the package with its reference: jsonata's own npm
// package, run in goja. It is a module of its own so that goja stays out of the
// main one.
//
//	npm pack jsonata@2.0.6 && tar xzf jsonata-2.0.6.tgz
//	JSONATA_JS=package/jsonata.js go test -bench . -v
package bench

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// wanted is how many times faster than the reference the package must be.
const wanted = 50

var cases = []struct{ name, expr string }{
	{"path", "$states.input.order.customer.name"},
	{"sum", "$sum(items.(price*qty))"},
	{"map", "$map(items, function($i){ $i.price * 2 })"},
	{"filter", "$filter(items, function($i){ $i.qty > 5 })"},
}

func document() string {
	var b strings.Builder
	b.WriteString(`{"order":{"customer":{"name":"x"}},"items":[`)
	for i := range 1000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"price":%d.5,"qty":%d}`, i, i%97, i%11)
	}
	return b.String() + `]}`
}

// reference makes a function that evaluates an expression with the npm
// package, compiled once, on a document that is parsed already, and gives its
// result as JSON.
func reference(b *testing.B, expr, doc string) func() string {
	source, err := os.ReadFile(os.Getenv("JSONATA_JS"))
	if err != nil {
		b.Skip("JSONATA_JS names no file: ", err)
	}
	vm := goja.New()
	for name, v := range map[string]string{"source": expr, "text": doc} {
		if err := vm.Set(name, v); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := vm.RunString(string(source)); err != nil {
		b.Fatal(err)
	}
	_, err = vm.RunString(`
		const compiled = jsonata(source), doc = JSON.parse(text), states = {states: {input: doc}};
		let result, failure;
		function run() {
			result = failure = undefined;
			compiled.evaluate(doc, states).then(r => { result = r }, e => { failure = e });
		}`)
	if err != nil {
		b.Fatal(err)
	}
	run, _ := goja.AssertFunction(vm.Get("run"))
	return func() string {
		if _, err := run(goja.Undefined()); err != nil { // runs the jobs of its promises, too
			b.Fatal(err)
		}
		v, err := vm.RunString(`if (failure) throw failure; JSON.stringify(result)`)
		if err != nil {
			b.Fatal(err)
		}
		return v.String()
	}
}

// BenchmarkAgainstReference measures both in one run, and reports how many
// times faster the package is.
func BenchmarkAgainstReference(b *testing.B) {
	text := document()
	doc := jsonvalue.MustParse(text)
	in := jsonata.Input{Data: doc, Bindings: map[string]jsonvalue.Value{
		"states": jsonvalue.ObjectOf(jsonvalue.Member{Key: "input", Value: doc}),
	}}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			theirs := reference(b, c.expr, text)
			e, err := jsonata.Compile(c.expr)
			if err != nil {
				b.Fatal(err)
			}
			ours := func() string {
				r, err := e.Eval(context.Background(), in)
				if err != nil {
					b.Fatal(err)
				}
				return r.Value.String()
			}
			if got, want := jsonvalue.MustParse(ours()), jsonvalue.MustParse(theirs()); !jsonvalue.Equal(got, want) {
				b.Fatalf("%s gives %v, the reference %v", c.expr, got, want)
			}
			theirTime, ourTime := perRun(func() { theirs() }), perRun(func() { _, _ = e.Eval(context.Background(), in) })
			for b.Loop() {
				_, _ = e.Eval(context.Background(), in)
			}
			b.ReportMetric(float64(theirTime.Nanoseconds()), "reference-ns/op")
			b.ReportMetric(float64(theirTime)/float64(ourTime), "times-faster")
			if theirTime < wanted*ourTime {
				b.Logf("less than %d times faster", wanted)
			}
		})
	}
}

// perRun measures one call of f over a third of a second.
func perRun(f func()) time.Duration {
	f()
	start, n := time.Now(), 0
	for time.Since(start) < 300*time.Millisecond {
		f()
		n++
	}
	return time.Since(start) / time.Duration(n)
}
