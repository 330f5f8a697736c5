package jsregexp_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/waslrun/wasl/asl/jsonata/jsregexp"
)

var (
	update = flag.Bool("update", false, "write testdata/matches.jsonl from what node answers")
	cases  = flag.Int("cases", 5000, "how many patterns TestAgainstNode makes")
)

const tooLong = "too long"

// matching is a pattern, a text, and all matches of the one in the other: the
// positions of each match and its groups, -1 for none. Pattern and text are
// UTF-16 units, since they may hold halves of pairs.
type matching struct {
	Pattern []uint16 `json:"p"`
	Flags   string   `json:"f,omitempty"`
	Text    []uint16 `json:"t"`
	Matches [][]int  `json:"m,omitempty"`
	Error   string   `json:"e,omitempty"`
}

func (m *matching) String() string {
	return fmt.Sprintf("/%s/%s on %q", string(utf16.Decode(m.Pattern)), m.Flags, utf16.Decode(m.Text))
}

// answer finds what the package has to say.
func (m *matching) answer() *matching {
	a := &matching{Pattern: m.Pattern, Flags: m.Flags, Text: m.Text}
	re, err := jsregexp.Compile(m.Pattern, jsregexp.Flags{IgnoreCase: strings.Contains(m.Flags, "i"), Multiline: strings.Contains(m.Flags, "m")})
	if err != nil {
		a.Error = err.(*jsregexp.SyntaxError).Message
		return a
	}
	text := jsregexp.UnitText(m.Text)
	if !slices.ContainsFunc(m.Text, func(u uint16) bool { return u >= 128 }) {
		text = jsregexp.ASCIIText(string(utf16.Decode(m.Text)))
	}
	for at := 0; at <= text.Len(); {
		found, err := re.Find(text, at, jsregexp.Budget{Steps: 1e5})
		if err != nil {
			a.Error = tooLong
			return a
		}
		if found == nil {
			break
		}
		a.Matches = append(a.Matches, found)
		if at = found[1]; found[0] == found[1] {
			at++
		}
	}
	return a
}

func (m *matching) same(o *matching) bool {
	return m.Error == o.Error && slices.EqualFunc(m.Matches, o.Matches, slices.Equal[[]int])
}

// nodeScript answers each line of its input, as matching.answer does.
const nodeScript = `
const text = units => units.map(u => String.fromCharCode(u)).join('');
require('readline').createInterface({input: process.stdin}).on('line', line => {
	const m = JSON.parse(line), t = text(m.t);
	try {
		const re = new RegExp(text(m.p), 'dg' + (m.f || ''));
		m.m = Array.from(t.matchAll(re), f => f.indices.flatMap(i => i || [-1, -1]));
	} catch (e) {
		m.e = e.message.slice(e.message.lastIndexOf('/dg' + (m.f || '') + ': ') + 5 + (m.f || '').length);
	}
	console.log(JSON.stringify(m));
});`

// askNode gives node's answers.
func askNode(t *testing.T, questions []*matching) []*matching {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	var in bytes.Buffer
	for _, q := range questions {
		line, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command(node, "-e", nodeScript)
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return readMatchings(t, out)
}

func readMatchings(t *testing.T, lines []byte) []*matching {
	t.Helper()
	var all []*matching
	s := bufio.NewScanner(bytes.NewReader(lines))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var m matching
		if err := json.Unmarshal(s.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, &m)
	}
	return all
}

// TestAgainstNode makes patterns and texts by chance, and compares every match
// and every message with node's.
func TestAgainstNode(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	questions := make([]*matching, 0, *cases)
	for len(questions) < *cases {
		// What takes long here takes long there, and node has no bound.
		if m := g.matching(); m.answer().Error != tooLong {
			questions = append(questions, m)
		}
	}
	answers := askNode(t, questions)
	compareAll(t, answers)
	if *update && !t.Failed() {
		var out bytes.Buffer
		for _, a := range answers[:min(1500, len(answers))] {
			line, _ := json.Marshal(a)
			out.Write(append(line, '\n'))
		}
		if err := os.WriteFile("testdata/matches.jsonl", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMatches compares with what node answered when testdata/matches.jsonl was
// written (go test -update).
func TestMatches(t *testing.T) {
	lines, err := os.ReadFile("testdata/matches.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	compareAll(t, readMatchings(t, lines))
}

func compareAll(t *testing.T, answers []*matching) {
	t.Helper()
	matched, refused, wrong := 0, 0, 0
	for _, want := range answers {
		got := want.answer()
		if !got.same(want) {
			if wrong++; wrong < 20 {
				t.Errorf("%v gives %v %q, node %v %q", want, got.Matches, got.Error, want.Matches, want.Error)
			}
		}
		if want.Error != "" {
			refused++
		} else if len(want.Matches) > 0 {
			matched++
		}
	}
	if matched < len(answers)/10 || refused < len(answers)/50 {
		t.Errorf("of %d patterns %d match and %d are refused: too few to tell much", len(answers), matched, refused)
	}
	t.Logf("%d patterns, %d match, %d are refused, %d differ", len(answers), matched, refused, wrong)
}

// generator makes patterns and texts.
type generator struct{ *rand.Rand }

var letters = []string{"a", "a", "a", "b", "b", "c", "A", "B", "1", "2", " ", "_", "-", "é", "É", "ß", "ſ", "\u212A", "k", "s", "\n", "\r", "\u2028", "😀", "\xed\xa0\xbd", "ǆ", "ǅ"}

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// units makes UTF-16 of a string in which halves of pairs stand in three bytes.
func units(s string) []uint16 {
	out := []uint16{}
	for _, r := range strings.ReplaceAll(s, "\xed\xa0\xbd", "\uFFFD") {
		if r == '\uFFFD' {
			out = append(out, 0xD83D)
			continue
		}
		out = utf16.AppendRune(out, r)
	}
	return out
}

func (g *generator) matching() *matching {
	m := &matching{Flags: g.pick("", "", "i", "m", "im")}
	pattern := g.disjunction(4)
	if g.IntN(6) == 0 {
		pattern = g.spoilt(pattern)
	}
	m.Pattern = units(pattern)
	var text strings.Builder
	for range g.IntN(14) {
		text.WriteString(g.pick(letters...))
	}
	m.Text = units(text.String())
	return m
}

// spoilt changes a pattern where it hurts.
func (g *generator) spoilt(pattern string) string {
	r := []rune(strings.ReplaceAll(pattern, "\xed\xa0\xbd", "d"))
	for range 1 + g.IntN(2) {
		at := g.IntN(len(r) + 1)
		piece := g.pick("(", ")", "[", "]", "{", "}", "*", "+", "?", "\\", "|", "^", "$", "{2}", "{3,1}", "{,2}", "(?", "(?<", "(?<n>", "\\k<n>",
			"\\k", "\\c", "\\cA", "\\x4", "\\x41", "\\u00", "\\u0061", "\\u{61}", "\\0", "\\07", "\\377", "\\400", "\\8", "\\12", "-", "[a-", "z-a]", "(?>a)", "(?i)", "\\A", "\\z", "\\p{L}", "[\\d-z]", "[[a]]", "(?<$_\u00e9>", "(?<\\u0061>", "(?<\\u{62}>", "\\k<a>", "[\\c_]", "[\\c*]", "[\\b]", "[\\B]", "[]", "[^]")
		if at > 0 && g.IntN(2) == 0 {
			r = append(r[:at-1:at-1], r[at:]...)
			at--
		}
		r = slices.Concat(r[:at], []rune(piece), r[at:])
	}
	return string(r)
}

func (g *generator) disjunction(depth int) string {
	s := g.alternative(depth)
	for g.IntN(3) == 0 {
		s += "|" + g.alternative(depth)
	}
	return s
}

func (g *generator) alternative(depth int) string {
	s := ""
	for range g.IntN(4) {
		s += g.term(depth)
	}
	return s
}

func (g *generator) term(depth int) string {
	switch g.IntN(12) {
	case 0:
		return g.pick("^", "$", `\b`, `\B`)
	case 1:
		if depth > 0 {
			return g.pick("(?=", "(?!", "(?<=", "(?<!") + g.disjunction(depth-1) + ")"
		}
	}
	atom := g.atom(depth)
	if g.IntN(5) < 2 {
		atom += g.pick("*", "+", "?", "{2}", "{1,}", "{0,2}", "{2,3}", "{0}", "*", "+") + g.pick("", "", "?")
	}
	return atom
}

func (g *generator) atom(depth int) string {
	if depth > 0 && g.IntN(3) == 0 {
		return g.pick("(", "(", "(?:") + g.disjunction(depth-1) + ")"
	}
	switch g.IntN(10) {
	case 0:
		return "."
	case 1:
		return g.pick(`\d`, `\D`, `\w`, `\W`, `\s`, `\S`)
	case 2:
		return g.pick(`\1`, `\2`, `\3`)
	case 3, 4:
		s := "[" + g.pick("", "", "^")
		for range g.IntN(4) {
			s += g.pick("a-c", "A-Z", `\d`, `\w`, `\W`, `\s`, `\S`, "a", "b", "é", "à-þ", "-", "_", "ß", "k", "ſ", "\u212A", "\\ud83d")
		}
		return s + "]"
	}
	return g.pick(letters...)
}
