package jsregexp_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonata/jsregexp"
)

func compile(t *testing.T, pattern string) *jsregexp.Regexp {
	t.Helper()
	re, err := jsregexp.Compile(units(pattern), jsregexp.Flags{})
	if err != nil {
		t.Fatal(err)
	}
	return re
}

// stepsOf counts the steps for all matches in a text.
func stepsOf(t *testing.T, re *jsregexp.Regexp, text jsregexp.Text) (steps, matches int) {
	t.Helper()
	budget := jsregexp.Budget{Charge: func(n int) error { steps += n; return nil }}
	for at := 0; at <= text.Len(); matches++ {
		found, err := re.Find(text, at, budget)
		if err != nil {
			t.Fatal(err)
		}
		if found == nil {
			break
		}
		at = max(found[1], at+1)
	}
	return steps, matches
}

// Twice the text takes twice the steps, however many matches there are.
func TestAllMatchesTakeStepsInProportion(t *testing.T) {
	for _, pattern := range []string{"a", "é", `[^a-z]`, `\d+`, "(?:b|c)1", `\bb`, "(?<=b)c", "zz", `(\w)\1`, "(a)|(b)|(c)", ".", `(?=c1)c`} {
		for _, piece := range []string{"abc12 zy", "abc12 éy"} {
			re := compile(t, pattern)
			one, n := stepsOf(t, re, jsregexp.UnitText(units(strings.Repeat(piece, 1000))))
			two, m := stepsOf(t, re, jsregexp.UnitText(units(strings.Repeat(piece, 2000))))
			if two > 2*one+100 || m < 2*n-1 {
				t.Errorf("/%s/ in %q takes %d steps for %d matches, then %d for %d", pattern, piece, one, n, two, m)
			}
		}
	}
}

func TestMatchesThatTakeForeverEnd(t *testing.T) {
	text := jsregexp.ASCIIText(strings.Repeat("a", 60) + "!")
	for _, pattern := range []string{"^(a+)+$", "^(a|aa)*$", "^(a?){60}a{60}$", "(x+x+)+y|^(a*)*$", "(?=(a+)+$)a", `^(?:a|\Ba)+$`} {
		_, err := compile(t, pattern).Find(text, 0, jsregexp.Budget{Steps: 100_000})
		var limit *jsregexp.LimitError
		if !errors.As(err, &limit) || !strings.Contains(err.Error(), "steps") {
			t.Errorf("/%s/ gives %v", pattern, err)
		}
	}
}

// Who pays can end a match.
func TestAChargeEndsTheMatch(t *testing.T) {
	enough := errors.New("enough")
	paid := 0
	_, err := compile(t, "^(a+)+$").Find(jsregexp.ASCIIText(strings.Repeat("a", 60)+"!"), 0, jsregexp.Budget{Charge: func(steps int) error {
		if paid += steps; paid > 5000 {
			return enough
		}
		return nil
	}})
	if !errors.Is(err, enough) || paid > 7000 {
		t.Errorf("gives %v after %d steps", err, paid)
	}
}

func TestAMatchHasBoundedMemory(t *testing.T) {
	_, err := compile(t, "(?:a|b)*c").Find(jsregexp.ASCIIText(strings.Repeat("a", 5<<20)), 0, jsregexp.Budget{})
	var limit *jsregexp.LimitError
	if !errors.As(err, &limit) || !strings.Contains(err.Error(), "memory") {
		t.Errorf("gives %v", err)
	}
}

// A pattern of 30,000 units compiles in a moment, however it nests: its
// message is that it nests too deep.
func TestLargePatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		strings.Repeat("(", 2000) + strings.Repeat(")", 2000):               "Regular expression too large",
		strings.Repeat("(?:a|[^b]", 999) + strings.Repeat(")", 999):         "",
		strings.Repeat("(?:", 999) + "a" + strings.Repeat(")+", 999):        "",
		strings.Repeat("[^a-z]", 5000):                                      "",
		strings.Repeat("(?=", 900) + "a" + strings.Repeat(")", 900):         "",
		strings.Repeat("(?:a*|", 999) + "b" + strings.Repeat("){2,3}", 999): "",
	} {
		re, err := jsregexp.Compile(units(pattern), jsregexp.Flags{IgnoreCase: true})
		if err != nil {
			if got := err.(*jsregexp.SyntaxError).Message; got != want {
				t.Errorf("%.20s… gives %s, want %q", pattern, got, want)
			}
			continue
		}
		if want != "" {
			t.Errorf("%.20s… compiles", pattern)
		}
		if _, err := re.Find(jsregexp.ASCIIText("aaab"), 0, jsregexp.Budget{Steps: 1e6}); err != nil {
			t.Logf("%.20s…: %v", pattern, err)
		}
	}
}

// TestRules holds what the standard says of groups, loops and look-arounds; the
// positions are node's.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          []int
	}{
		{`(?:(a)|b)*`, "ab", []int{0, 2, -1, -1}},           // each turn forgets the groups of the last
		{`(?:(a)|(b)){2}`, "ab", []int{0, 2, -1, -1, 1, 2}}, // a counted one, too
		{`(z)((a+)?(b+)?(c))*`, "zaacbbbcac", []int{0, 10, 0, 1, 8, 10, 8, 9, -1, -1, 9, 10}},
		{`(a*)*`, "b", []int{0, 0, -1, -1}},                                       // a turn that matches nothing is refused
		{`(a*){2}`, "b", []int{0, 0, 0, 0}},                                       // unless it must be
		{`(?<=(a+))b`, "aab", []int{2, 3, 0, 2}},                                  // from right to left, start before end
		{`(?<=(\d+)(\d+))$`, "1053", []int{4, 4, 0, 1, 1, 4}},                     // the last group is the greedy one
		{`(?<=\1(a))b`, "aab", []int{2, 3, 1, 2}},                                 // and is known before the first
		{`(?=(a+))a*b\1`, "baaabac", []int{3, 6, 3, 4}},                           // what has matched is not tried again
		{`(.*?)a(?!(a+)b\2c)\2(.*)`, "baaabaac", []int{0, 8, 0, 2, -1, -1, 3, 8}}, // a negative one captures nothing
		{`\1(a)`, "aa", []int{0, 1, 0, 1}},                                        // a group that took no part matches nothing
		{`(a\1)`, "aa", []int{0, 1, 0, 1}},
		{`a{2,3}?a`, "aaaa", []int{0, 3}},
		{`(?:ab){1,2}?c`, "ababc", []int{0, 5}},
		{`[^]`, "\n", []int{0, 1}},
		{`[]|b`, "ab", []int{1, 2}},
	} {
		got, err := compile(t, c.pattern).Find(jsregexp.UnitText(units(c.text)), 0, jsregexp.Budget{})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("/%s/ on %q gives %v (%v), want %v", c.pattern, c.text, got, err, c.want)
		}
	}
}
