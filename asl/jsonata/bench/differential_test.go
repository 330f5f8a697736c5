package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

const fuzzDocument = `{"a":[1,[2,3],{"b":4}],"c":{"d":[{"e":1},{"e":[2,3]},{"e":[]}]},"n":null,"s":"str","t":true}`

// oracle evaluates expressions with the npm package, in at most so many steps.
type oracle struct {
	run goja.Callable
	vm  *goja.Runtime
}

func newOracle(tb testing.TB) *oracle {
	source, err := os.ReadFile(os.Getenv("JSONATA_JS"))
	if err != nil {
		tb.Skip("JSONATA_JS names no file: ", err)
	}
	vm := goja.New()
	if err := vm.Set("text", fuzzDocument); err != nil {
		tb.Fatal(err)
	}
	if _, err := vm.RunString(string(source)); err != nil {
		tb.Fatal(err)
	}
	_, err = vm.RunString(`
		let answer;
		function isPlain(v) {
			if (typeof v === 'function' || (v && (v._jsonata_lambda || v._jsonata_function))) return false;
			return v === null || typeof v !== 'object' || Object.values(v).every(isPlain);
		}
		function run(source) {
			answer = '';
			try {
				const e = jsonata(source);
				let steps = 0;
				e.assign(Symbol.for('jsonata.__evaluate_entry'), () => { if (++steps > 2000) throw {code: 'U1001'} });
				e.evaluate(JSON.parse(text)).then(
					r => { answer = r === undefined ? 'undefined' : isPlain(r) ? JSON.stringify(r) : '' }, () => {});
			} catch (e) {}
		}`)
	if err != nil {
		tb.Fatal(err)
	}
	run, _ := goja.AssertFunction(vm.Get("run"))
	return &oracle{run, vm}
}

// answer gives the JSON of an expression's value, "undefined", or "" when the
// expression fails or gives a function.
func (o *oracle) answer(tb testing.TB, expr string) string {
	// Some functions of the reference loop without end, outside of its steps.
	stop := time.AfterFunc(200*time.Millisecond, func() { o.vm.Interrupt("too long") })
	_, err := o.run(goja.Undefined(), o.vm.ToValue(expr))
	stop.Stop()
	o.vm.ClearInterrupt()
	var interrupted *goja.InterruptedError
	if errors.As(err, &interrupted) {
		return ""
	}
	if err != nil {
		tb.Fatal(err)
	}
	return o.vm.Get("answer").String()
}

// FuzzAgainstReference looks for expressions to which the reference gives a
// value, and the package another one.
func FuzzAgainstReference(f *testing.F) {
	o := newOracle(f)
	files, _ := filepath.Glob("../testdata/cases/*.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if i%2 == 0 {
				f.Add(line)
			}
		}
	}
	in := jsonata.Input{Data: jsonvalue.MustParse(fuzzDocument)}
	f.Fuzz(func(t *testing.T, expr string) {
		for _, word := range []string{"eval", "now", "millis", "random", "shuffle", "uuid", "0.."} {
			if strings.Contains(expr, word) {
				t.Skip() // changed by AWS, by chance or by time, or too long for goja
			}
		}
		want := o.answer(t, expr)
		if want == "" {
			t.Skip()
		}
		e, err := jsonata.Compile(expr)
		if err != nil {
			t.Fatalf("%q: %v; the reference gives %s", expr, err, want)
		}
		r, err := e.Eval(context.Background(), in)
		if err != nil {
			t.Fatalf("%q: %v; the reference gives %s", expr, err, want)
		}
		got := "undefined"
		if r.Value.IsValid() {
			got = r.Value.String()
		}
		if got == want {
			return
		}
		a, errA := jsonvalue.Parse(got)
		b, errB := jsonvalue.Parse(want)
		if errA != nil || errB != nil || !jsonvalue.Equal(a, b) {
			t.Fatalf("%q gives %s; the reference gives %s", expr, got, want)
		}
	})
}
