package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCandidates(t *testing.T) {
	app := newApp(streams{})
	for _, c := range []struct{ words, want []string }{
		{[]string{"va"}, []string{"validate"}},
		{[]string{"module", ""}, []string{"inspect"}},
		{[]string{"run", "--his"}, []string{"--history"}},
		{[]string{"run", "x.json", "--allow"}, []string{"--allow-missing"}},
		{[]string{"run", "--he"}, []string{"--help"}},
		{[]string{"run", "--config", ""}, nil}, // a file
		{[]string{"run", ""}, nil},             // a file
		{[]string{"run", "x", "validate", "--json"}, []string{"--json"}},
	} {
		if got := candidates(app, c.words); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.words, got, c.want)
		}
	}
	all := candidates(app, nil)
	if !slices.Contains(all, "serve") || slices.Contains(all, "complete") {
		t.Errorf("%q", all)
	}
}

// The script works in a real shell, where there is one.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	dir := t.TempDir()
	wasl := filepath.Join(dir, "wasl")
	if out, err := exec.Command("go", "build", "-o", wasl, "../../cmd/wasl").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	script := `source <("$0" completion bash); COMP_WORDS=("$0" run --allow); COMP_CWORD=2; _wasl; echo "${COMPREPLY[@]}"`
	command := exec.Command(bash, "-c", script, wasl)
	command.Env = append(os.Environ(), "HOME="+dir)
	out, err := command.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "--allow-missing" {
		t.Errorf("%v: %s", err, out)
	}
}
