package interp

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

func TestStringMatches(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"foo*.log", "foo23.log", true},
		{"*.log", "zebra.log", true},
		{"*.log", ".log", true},
		{"foo*.*", "foobar.zebra", true},
		{"foo*.*", "foobar", false},
		{"a*b*a", "aba", true},
		{"a*a", "a", false},
		{"*", "", true},
		{"", "", true},
		{"", "x", false},
		{`\*`, "*", true},
		{`\*`, "x", false},
		{`a\\b`, `a\b`, true},
		{"*é*", "café!", true},
		{"a.c", "abc", false},
	}
	for _, test := range tests {
		matches, err := compileMatch(test.pattern)
		if err != nil {
			t.Errorf("%q: %v", test.pattern, err)
			continue
		}
		if got := matches(jsonvalue.StringOf(test.text), jsonvalue.Value{}); got != test.want {
			t.Errorf("%q matches %q: %v", test.pattern, test.text, got)
		}
	}
	for _, pattern := range []string{`\`, `a\b`, `*\`} {
		if _, err := compileMatch(pattern); err == nil {
			t.Errorf("%q was compiled", pattern)
		}
	}
}

// FuzzStringMatches compares the matcher with a slow one that follows the
// definition character by character.
func FuzzStringMatches(f *testing.F) {
	for _, seed := range [][2]string{{"a*b", "aXb"}, {`\**`, "*x"}, {"**", ""}, {"*a*a*", "banana"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 12 || len(text) > 12 {
			return
		}
		matches, err := compileMatch(pattern)
		if err != nil {
			return
		}
		if got, want := matches(jsonvalue.StringOf(text), jsonvalue.Value{}), matchSlowly(pattern, text); got != want {
			t.Errorf("%q matches %q: %v, want %v", pattern, text, got, want)
		}
	})
}

func matchSlowly(pattern, text string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '*':
		return matchSlowly(pattern[1:], text) || text != "" && matchSlowly(pattern, text[1:])
	case pattern[0] == '\\':
		pattern = pattern[1:]
	}
	return text != "" && text[0] == pattern[0] && matchSlowly(pattern[1:], text[1:])
}

// FuzzCompareUTF16 compares the order of texts with the order of their UTF-16 units.
func FuzzCompareUTF16(f *testing.F) {
	for _, seed := range [][2]string{{"a", "b"}, {"\uffff", "\U00010000"}, {"x\ue000", "x\U0001F600"}, {"é", "e"}, {"a", "aa"}, {"\U0001F600", "\U0001F601"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			return
		}
		x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
		want := len(x) - len(y)
		for i := range min(len(x), len(y)) {
			if x[i] != y[i] {
				want = int(x[i]) - int(y[i])
				break
			}
		}
		if got := compareUTF16(a, b); sign(got) != sign(want) {
			t.Errorf("%q and %q: %d, want %d", a, b, got, want)
		}
	})
}

func sign(n int) int { return min(1, max(-1, n)) }

func TestParseTimestamp(t *testing.T) {
	for text, want := range map[string]string{
		"2016-03-14T01:59:00Z":           "2016-03-14T01:59:00Z",
		"2016-03-14T01:59:00.5Z":         "2016-03-14T01:59:00.5Z",
		"2016-03-14T01:59:00.123456789Z": "2016-03-14T01:59:00.123456789Z",
		"2016-03-14T01:59:00+01:30":      "2016-03-14T00:29:00Z",
		"2016-03-14T01:59Z":              "2016-03-14T01:59:00Z",
		"2016-02-29T00:00:00-00:00":      "2016-02-29T00:00:00Z",
	} {
		got, ok := parseTimestamp(text)
		if !ok || got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "2016-03-14", "2016-03-14t01:59:00Z", "2016-03-14T01:59:00z", "2016-03-14 01:59:00Z", "2016-03-14T01:59:00",
		"2016-13-14T01:59:00Z", "2015-02-29T00:00:00Z", "2016-03-14T25:00:00Z", "05-12-2016T21:29:29Z", "2016-03-14T01:59:00Z ",
	} {
		if got, ok := parseTimestamp(text); ok {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestBackoff(t *testing.T) {
	tests := []struct {
		retrier asl.Retrier
		want    []time.Duration
	}{
		{asl.Retrier{Interval: 3, BackoffRate: 2}, []time.Duration{3 * time.Second, 6 * time.Second, 12 * time.Second}},
		{asl.Retrier{Interval: 3, BackoffRate: 2, MaxDelay: 4}, []time.Duration{3 * time.Second, 4 * time.Second, 4 * time.Second}},
		{asl.Retrier{Interval: 1, BackoffRate: 1.5}, []time.Duration{time.Second, 1500 * time.Millisecond, 2250 * time.Millisecond}},
		{asl.Retrier{Interval: 1, BackoffRate: 1}, []time.Duration{time.Second, time.Second}},
	}
	for _, test := range tests {
		for attempt, want := range test.want {
			if got := backoff(&test.retrier, int64(attempt)); got != want {
				t.Errorf("%+v, attempt %d: %v, want %v", test.retrier, attempt, got, want)
			}
		}
	}
	if got := backoff(&asl.Retrier{Interval: 99999999, BackoffRate: 1e9}, 1000); got <= 0 {
		t.Errorf("a pause beyond all bounds became %v", got)
	}
}

func TestAllowedFailures(t *testing.T) {
	tests := []struct {
		count      int64
		percentage float64
		items      int
		want       int
	}{
		{-1, -1, 10, 0},
		{3, -1, 10, 3},
		{-1, 50, 3, 1},
		{-1, 100, 7, 7},
		{5, 10, 20, 2}, // the stricter one
		{1, 90, 20, 1},
		{1 << 60, -1, 4, 4},
	}
	for _, test := range tests {
		if got := allowed(test.count, test.percentage, test.items); got != test.want {
			t.Errorf("count %d, percentage %v, %d items: %d, want %d", test.count, test.percentage, test.items, got, test.want)
		}
	}
}

func TestRandomUUIDs(t *testing.T) {
	r := newRandom(7)
	seen := map[string]bool{}
	for range 1000 {
		u := r.UUID()
		if len(u) != 36 || u[14] != '4' || !strings.ContainsRune("89ab", rune(u[19])) || strings.Count(u, "-") != 4 {
			t.Fatalf("%s is no version 4 UUID", u)
		}
		if seen[u] {
			t.Fatalf("%s came twice", u)
		}
		seen[u] = true
	}
	first, again, other := newRandom(7).UUID(), newRandom(7).UUID(), newRandom(8).UUID()
	if first != again || first == other {
		t.Errorf("the seed does not decide what is drawn: %s, %s, %s", first, again, other)
	}
}

func TestNeedsContext(t *testing.T) {
	for source, want := range map[string]bool{
		"1":                                 false,
		"$states.input.x":                   false,
		"$states.result & $states.input":    false,
		"$states.errorOutput.Error":         false,
		"$states":                           true,
		"$states.context.Execution.Id":      true,
		"$keys($states)":                    true,
		"$states.input & $states . context": true,
		"$states[`context`]":                true,
		"$states.*":                         true,
	} {
		if got := needsContext(source); got != want {
			t.Errorf("%s: %v", source, got)
		}
	}
}
