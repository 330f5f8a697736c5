package jsregexp_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"unicode/utf16"

	"github.com/waslrun/wasl/asl/jsonata/jsregexp"
)

// FuzzFind compiles and searches whatever it is given: every search ends
// within its steps, with positions inside of the text and in their order, and
// takes the same steps again.
func FuzzFind(f *testing.F) {
	g := generator{rand.New(rand.NewPCG(3, 4))}
	for range 200 {
		m := g.matching()
		f.Add(string(utf16.Decode(m.Pattern)), string(utf16.Decode(m.Text)), m.Flags == "i", m.Flags == "m")
	}
	f.Fuzz(func(t *testing.T, pattern, text string, ignoreCase, multiline bool) {
		re, err := jsregexp.Compile(utf16.Encode([]rune(pattern)), jsregexp.Flags{IgnoreCase: ignoreCase, Multiline: multiline})
		if err != nil {
			if syntax := (*jsregexp.SyntaxError)(nil); !errors.As(err, &syntax) || syntax.Message == "" {
				t.Fatalf("an error that says nothing: %#v", err)
			}
			return
		}
		in := jsregexp.UnitText(utf16.Encode([]rune(text)))
		steps, found, err := counted(re, in)
		again, _, _ := counted(re, in)
		if steps != again {
			t.Fatalf("%d steps, then %d", steps, again)
		}
		if limit := (*jsregexp.LimitError)(nil); err != nil && !errors.As(err, &limit) {
			t.Fatalf("an error of another kind: %v", err)
		}
		for i := 0; i+1 < len(found); i += 2 {
			from, to := found[i], found[i+1]
			if (from != -1 || to != -1) && (from < 0 || from > to || to > in.Len()) {
				t.Fatalf("positions %v in a text of %d", found, in.Len())
			}
		}
	})
}

// counted searches, and counts the steps that are charged.
func counted(re *jsregexp.Regexp, in jsregexp.Text) (steps int, found []int, err error) {
	found, err = re.Find(in, 0, jsregexp.Budget{Steps: 20_000, Charge: func(n int) error {
		steps += n
		return nil
	}})
	return steps, found, err
}
