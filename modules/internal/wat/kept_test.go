package wat

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "assemble the sources whose binaries are kept beside them")

// Packages that cannot import this one keep binaries beside their sources. They
// are what the sources say; with -update they are made so.
func TestKeptBinaries(t *testing.T) {
	sources, err := filepath.Glob("../../../internal/cli/testdata/guests/*.wat")
	if err != nil || len(sources) == 0 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Assemble(string(text))
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		file := strings.TrimSuffix(source, ".wat") + ".wasm"
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what its source says (go test ./modules/internal/wat -update): %v", file, err)
		}
	}
}
