package intrinsic_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/intrinsic"
	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// FuzzEval: no text makes the compiler or an evaluation panic, every error has
// its type, and the same call gives the same value again.
func FuzzEval(f *testing.F) {
	for _, call := range []string{
		`States.Format('{} \'\{\}\' {}', $.name, States.UUID())`,
		`States.Array($.list[0,1], null, true, -1.5e3, $$.a['b)'], $v)`,
		`States.ArrayRange(1, 10.5, 3)`, `States.ArrayPartition($.list, 4)`, `States.ArrayUnique($.twice)`,
		`States.ArrayContains($.list, 5)`, `States.ArrayGetItem($.list, 0)`, `States.ArrayLength($.empty)`,
		`States.Base64Encode('x')`, `States.Base64Decode('eA==')`, `States.Hash('x', 'SHA-1')`,
		`States.JsonMerge($.left, $.right, false)`, `States.StringToJson($.json)`, `States.JsonToString($.object)`,
		`States.MathRandom(1, 9, 3)`, `States.MathAdd(1, -2)`, `States.StringSplit('a,b', ',;')`, `States.Array('\x')`,
	} {
		f.Add(call, document)
	}
	f.Fuzz(func(t *testing.T, text, doc string) {
		c, err := intrinsic.Compile(text)
		if err != nil {
			var e *intrinsic.SyntaxError
			if !errors.As(err, &e) || e.Pos < 0 || e.Pos > len(text) || e.Msg == "" {
				t.Fatalf("%q: error %#v", text, err)
			}
			return
		}
		in, err := jsonvalue.Parse(doc)
		if err != nil {
			return
		}
		v, err := c.Eval(input{in})
		if err != nil {
			var e *intrinsic.Error
			var p *jsonpath.Error
			if !errors.As(err, &e) && !errors.As(err, &p) {
				t.Fatalf("%q: error %#v", text, err)
			}
			return
		}
		again, err := c.Eval(input{in})
		if err != nil || !jsonvalue.Equal(again, v) {
			t.Fatalf("%q gives %s, then %s, %v", text, v, again, err)
		}
		if parsed, err := jsonvalue.Parse(v.String()); utf8.ValidString(text) && (err != nil || !jsonvalue.Equal(parsed, v)) {
			t.Fatalf("%q gives %s, which is not JSON: %v", text, v, err)
		}
	})
}
