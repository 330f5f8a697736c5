package printable

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ what, given, text, lines string }{
		{"nothing to escape", "Größe: 12 → 13 😀\tok", "Größe: 12 → 13 😀\tok", "Größe: 12 → 13 😀\tok"},
		{"empty", "", "", ""},
		{"line ends", "a\nb\r\nc", `a\nb\r\nc`, "a\nb\\r\nc"},
		{"a window's title", "\x1b]0;owned\x07", `\x1b]0;owned\x07`, `\x1b]0;owned\x07`},
		{"NUL and DEL", "a\x00b\x7f", `a\x00b\x7f`, `a\x00b\x7f`},
		{"C1 controls", "\u0085\u009b31m", `\x85\x9b31m`, `\x85\x9b31m`},
		{"line and paragraph separators", "a\u2028b\u2029", `a\u{2028}b\u{2029}`, `a\u{2028}b\u{2029}`},
		{"a change of direction", "exe.\u202egpj\u2066", `exe.\u{202e}gpj\u{2066}`, `exe.\u{202e}gpj\u{2066}`},
		{"hidden characters", "ad\u00admin\u200b\U000e0041", `ad\xadmin\u{200b}\u{e0041}`, `ad\xadmin\u{200b}\u{e0041}`},
		{"invalid bytes", "a\xffb\xe2\x82", `a\xffb\xe2\x82`, `a\xffb\xe2\x82`},
		{"a replacement character that is one", "a\ufffdb", "a\ufffdb", "a\ufffdb"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := Text(c.given); got != c.text {
				t.Errorf("Text(%q) = %q, want %q", c.given, got, c.text)
			}
			if got := Lines(c.given); got != c.lines {
				t.Errorf("Lines(%q) = %q, want %q", c.given, got, c.lines)
			}
		})
	}
}

// What JSON gives is the same value, and nothing in it needs an escape.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{"", "plain", "\x9b31m\u202e", "\U000e0041", `\u001b "quoted" \`, "tab\tand\nline"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		shown := JSON(string(text))
		if Text(shown) != shown {
			t.Errorf("%q is not harmless", shown)
		}
		var back string
		if err := json.Unmarshal([]byte(shown), &back); err != nil || back != s {
			t.Errorf("%q became %q (%v)", s, back, err)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b[2Jb\u2028\xff")
	f.Fuzz(func(t *testing.T, s string) {
		shown := Text(s)
		if !utf8.ValidString(shown) || Text(shown) != shown || strings.ContainsAny(shown, "\n\r\x1b\u0000") {
			t.Errorf("%q became %q", s, shown)
		}
		if lines := Lines(s); strings.Count(lines, "\n") != strings.Count(s, "\n") || Text(strings.ReplaceAll(lines, "\n", "")) != strings.ReplaceAll(lines, "\n", "") {
			t.Errorf("%q became the lines %q", s, lines)
		}
	})
}
