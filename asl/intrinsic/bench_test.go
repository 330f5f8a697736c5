package intrinsic_test

import (
	"testing"

	"github.com/waslrun/wasl/asl/intrinsic"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

func BenchmarkEval(b *testing.B) {
	env := input{jsonvalue.MustParse(document)}
	for _, text := range []string{
		`States.MathAdd($.year, 1)`,
		`States.Format('Hello {}, it is {}', $.name, $.year)`,
		`States.ArrayGetItem(States.StringSplit('a-b-c', '-'), 1)`,
		`States.ArrayUnique($.twice)`,
		`States.Hash($.name, 'SHA-256')`,
	} {
		c, err := intrinsic.Compile(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Eval(env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := intrinsic.Compile(`States.Format('Hello {}, it is {}', $.name, States.MathAdd($.year, 1))`); err != nil {
			b.Fatal(err)
		}
	}
}
