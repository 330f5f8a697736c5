package jsonpath_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

func BenchmarkEval(b *testing.B) {
	var items strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&items, `,{"id":%d,"total":%d,"tags":["a","b"]}`, i, i%200)
	}
	doc := jsonvalue.MustParse(`{"order":{"id":7,"lines":[1,2,3]},"items":[` + items.String()[1:] + `]}`)
	for _, path := range []string{
		`$.order.id`, `$.order.lines[1]`, `$.items[*].id`, `$.items[?(@.total > 100)].id`, `$..id`,
	} {
		p := jsonpath.MustCompile(path)
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Eval(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonpath.Compile(`$.order.lines[0]['x y']`); err != nil {
			b.Fatal(err)
		}
	}
}

// TestPlainPathsDoNotAllocate: the usual paths cost the walk alone.
func TestPlainPathsDoNotAllocate(t *testing.T) {
	doc := jsonvalue.MustParse(`{"a":{"b":[1,2]}}`)
	p := jsonpath.MustCompile(`$.a.b[1]`)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := p.Eval(doc); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
