package jsregexp_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/waslrun/wasl/asl/jsonata/jsregexp"
)

// foldingScript writes, for each unit that matches others when case is
// ignored, the units that it matches.
const foldingScript = `
const seen = new Set, all = Array.from({length: 65536}, (_, u) => String.fromCharCode(u)), text = all.join('');
const hex = s => s.charCodeAt(0).toString(16).padStart(4, '0');
for (const c of all) {
	if (c.toUpperCase() === c && c.toLowerCase() === c) continue;
	const found = text.match(new RegExp('\\u' + hex(c), 'gi'));
	const line = found.map(hex).join(' ');
	if (found.length > 1 && !seen.has(line)) seen.add(line), console.log(line);
}`

// TestFolding matches each unit with all others, and compares with what node
// answered when testdata/folding.txt was written (go test -update).
func TestFolding(t *testing.T) {
	if node, err := exec.LookPath("node"); *update && err == nil {
		out, err := exec.Command(node, "-e", foldingScript).Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/folding.txt", out, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("testdata/folding.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, line := range strings.Fields(strings.ReplaceAll(string(text), " ", "_")) {
		want[line] = true
	}
	// A later Unicode than Go's has letters that Go does not know.
	maps.DeleteFunc(want, func(orbit string, _ bool) bool { return !known(t, orbit) })
	if len(want) < 1000 {
		t.Fatalf("testdata/folding.txt has %d lines only", len(want))
	}
	all := make([]uint16, 1<<16)
	for u := range all {
		all[u] = uint16(u)
	}
	got := map[string]bool{}
	for u := range all {
		if unicode.SimpleFold(rune(u)) == rune(u) && unicode.ToUpper(rune(u)) == rune(u) {
			continue
		}
		re, err := jsregexp.Compile(units(fmt.Sprintf(`\u%04x`, u)), jsregexp.Flags{IgnoreCase: true})
		if err != nil {
			t.Fatal(err)
		}
		orbit := members(t, re, all)
		if strings.Contains(orbit, "_") {
			got[orbit] = true
		}
	}
	for orbit := range got {
		if !want[orbit] {
			t.Errorf("%s match each other", orbit)
		}
	}
	for orbit := range want {
		if !got[orbit] {
			t.Errorf("%s do not match each other", orbit)
		}
	}
}

// known tells whether Go's tables have all units of an orbit.
func known(t *testing.T, orbit string) bool {
	for _, hex := range strings.Split(orbit, "_") {
		u, err := strconv.ParseUint(hex, 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		if !unicode.IsGraphic(rune(u)) {
			return false
		}
	}
	return true
}

func members(t *testing.T, re *jsregexp.Regexp, all []uint16) string {
	var found []string
	for at := 0; ; {
		m, err := re.Find(jsregexp.UnitText(all), at, jsregexp.Budget{})
		if err != nil {
			t.Fatal(err)
		}
		if m == nil {
			return strings.Join(found, "_")
		}
		found = append(found, fmt.Sprintf("%04x", all[m[0]]))
		at = m[1]
	}
}
