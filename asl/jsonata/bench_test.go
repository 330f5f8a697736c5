package jsonata_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// The expressions of the benchmarks. text is 100 KB of which one in eight
// characters is beyond ASCII, ascii as much without them.
var benchmarks = []struct{ name, expr string }{
	{"path", "$states.input.order.customer.name"},
	{"sum", "$sum(items.(price*qty))"},
	{"map", "$map(items, function($i){ $i.price * 2 })"},
	{"filter", "$filter(items, function($i){ $i.qty > 5 })"},
	{"reduce", "$reduce(items, function($r, $i){ $r + $i.price }, 0)"},
	{"sort", "items^(>price, qty).id"},
	{"group", "items{$string(qty): $sum(price)}"},
	{"contains", "$count(items[$contains(name, /m[0-4]$/)])"},
	{"replace", "$length($replace(text, /é/, 'e'))"},
	{"replace-groups", "$length($replace(ascii, /(\\w)(\\d+)/, '$2-$1'))"},
	{"replace-function", "$length($replace(ascii, /b/, function($m){ $uppercase($m.match) }))"},
	{"replace-text", "$length($replace(ascii, 'bc', 'x'))"},
	{"split", "$count($split(text, /é/))"},
	{"split-text", "$count($split(text, ' '))"},
	{"match", "$count($match(ascii, /[a-c]+(\\d)/))"},
	{"match-units", "$count($match(text, /\\s(?=é)/))"},
	{"pictures", "$join(items.($formatNumber(price, '#,##0.00') & $fromMillis(id * 86400000, '[D1o] [MNn] [Y]')))"},
}

func benchmarkDocument() string {
	var b strings.Builder
	b.WriteString(`{"order":{"customer":{"name":"x"}},"items":[`)
	for i := range 1000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"item%d","price":%d.5,"qty":%d}`, i, i, i%97, i%11)
	}
	fmt.Fprintf(&b, `],"text":%q,"ascii":%q}`, strings.Repeat("abc12 éy", 12800), strings.Repeat("abc12 zy", 12800))
	return b.String()
}

func benchmarkInput() jsonata.Input {
	doc := jsonvalue.MustParse(benchmarkDocument())
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

// benchmarkScript measures an expression in node over a third of a second,
// after it has run a while, and writes nanoseconds and the result.
const benchmarkScript = `
const jsonata = require(process.argv[1]), doc = JSON.parse(require('fs').readFileSync(0, 'utf8'));
(async () => {
	const e = jsonata(process.argv[2]), bindings = {states: {input: doc}};
	let result, n = 0, start = performance.now();
	for (; performance.now() - start < 300;) result = await e.evaluate(doc, bindings);
	start = performance.now();
	for (; performance.now() - start < 300; n++) result = await e.evaluate(doc, bindings);
	console.log(JSON.stringify({ns: (performance.now() - start) * 1e6 / n, result}));
})();`

// slowest is how many times the reference's time a case may take.
const slowest = 4

// BenchmarkAgainstReference measures both in one run: the package and npm's
// jsonata in node (make jsonata-bench).
func BenchmarkAgainstReference(b *testing.B) {
	library := os.Getenv("JSONATA_NPM")
	if library == "" {
		b.Skip("JSONATA_NPM names no folder of the npm package: run make jsonata-bench")
	}
	doc, in := benchmarkDocument(), benchmarkInput()
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			cmd := exec.Command("node", "-e", benchmarkScript, library, bench.expr)
			cmd.Stdin, cmd.Stderr = strings.NewReader(doc), os.Stderr
			out, err := cmd.Output()
			if err != nil {
				b.Fatal(err)
			}
			var theirs struct {
				NS     float64
				Result jsonvalue.Value
			}
			if err := json.Unmarshal(out, &theirs); err != nil {
				b.Fatal(err)
			}
			e, err := jsonata.Compile(bench.expr)
			if err != nil {
				b.Fatal(err)
			}
			r, err := e.Eval(context.Background(), in)
			if err != nil || !jsonvalue.Equal(r.Value, theirs.Result) {
				b.Fatalf("gives %.200v (%v), the reference %.200v", r.Value, err, theirs.Result)
			}
			start, n := time.Now(), 0
			for ; time.Since(start) < 300*time.Millisecond; n++ {
				_, _ = e.Eval(context.Background(), in)
			}
			ours := float64(time.Since(start).Nanoseconds()) / float64(n)
			for b.Loop() {
				_, _ = e.Eval(context.Background(), in)
			}
			b.ReportMetric(theirs.NS, "node-ns/op")
			b.ReportMetric(ours/theirs.NS, "of-node's-time")
			if ours > slowest*theirs.NS {
				b.Errorf("%.1f times slower than node", ours/theirs.NS)
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

// BenchmarkTextLength shows that the functions of patterns take time in
// proportion to the text: ns/KB stays.
func BenchmarkTextLength(b *testing.B) {
	for _, kb := range []int{25, 50, 100, 200, 400, 800} {
		text := jsonvalue.StringOf(strings.Repeat("abc12 éy", kb*128))
		in := jsonata.Input{Bindings: map[string]jsonvalue.Value{"t": text}}
		for name, expr := range map[string]string{
			"replace": "$length($replace($t, /é/, 'e'))", "split": "$count($split($t, /é/))", "match": "$count($match($t, /b(c)/))",
			"contains": "$contains($t, /q/)", "replace-text": "$length($replace($t, 'é', 'e'))",
		} {
			e, err := jsonata.Compile(expr)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/%dKB", name, kb), func(b *testing.B) {
				for b.Loop() {
					if _, err := e.Eval(context.Background(), in); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(kb), "ns/KB")
			})
		}
	}
}
