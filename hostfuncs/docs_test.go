package hostfuncs_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

// The examples of docs/TASKS.md are built with the commands that stand there
// and do what they say. Those whose compiler is not here are skipped.
func TestTheExamplesOfTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../docs/TASKS.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")
	blocks := map[string]string{} // a source by the module that is made of it
	commands := map[string]string{}
	source := ""
	for _, b := range block.FindAllStringSubmatch(string(text), -1) {
		if b[1] != "sh" {
			source = b[2]
			continue
		}
		name := regexp.MustCompile(`(\w+)\.wasm`).FindStringSubmatch(b[2])
		blocks[name[1]], commands[name[1]] = source, strings.TrimSpace(b[2])
	}
	for name, c := range map[string]struct {
		file  string
		cases map[string]string
	}{
		"total":   {"main.go", map[string]string{`{"ID":"7","Lines":[{"Price":2.5,"Quantity":2}]}`: `{"ID":"7","Amount":5}`, `{"ID":"8"}`: "EmptyOrder: order 8 has no lines"}},
		"digits":  {"digits.c", map[string]string{`{"a1":[2,33]}`: "4", `""`: "0", `"` + strings.Repeat("x", 1<<16) + `"`: "TooLong: over 64 KiB"}},
		"letters": {"letters.c", map[string]string{`"a cab"`: `{"a":2,"b":1,"c":1}`, `""`: "{}"}},
		"sum":     {"sum.c", map[string]string{`"A"`: `{"sum":133}`, "": "Empty: there is no input"}},
		"words":   {"words.rs", map[string]string{`"three short words"`: `{"words":3}`, `""`: `NoWords: "" has none`}},
		"length":  {"length.ts", map[string]string{`"ä"`: `{"length":3}`}},
	} {
		t.Run(name, func(t *testing.T) {
			if blocks[name] == "" {
				t.Fatalf("docs/TASKS.md builds no %s.wasm", name)
			}
			module := buildExample(t, c.file, name, blocks[name], commands[name])
			for input, want := range c.cases {
				r, err := module.Invoke(context.Background(), modules.Call{Input: []byte(input), Task: &hostfuncs.Task{}})
				if err != nil {
					t.Fatal(err)
				}
				got := string(r.Output)
				if r.Failure != nil {
					got = r.Failure.Error + ": " + r.Failure.Cause
				}
				if got != want {
					t.Errorf("%.50s gives %s, want %s", input, got, want)
				}
			}
		})
	}
}

func buildExample(t *testing.T, file, name, source, command string) *modules.Module {
	t.Helper()
	words := strings.Fields(strings.TrimPrefix(command, "npx "))
	tool := words[0]
	for strings.Contains(tool, "=") { // variables of the environment
		words = words[1:]
		tool = words[0]
	}
	if _, err := exec.LookPath(tool); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	// The command's own words, but for the places.
	for i, word := range words {
		switch word {
		case ".", file:
			words[i] = filepath.Join(dir, file)
		case name + ".wasm":
			words[i] = filepath.Join(dir, word)
		}
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = os.Environ()
	for _, word := range strings.Fields(command) {
		if variable, _, found := strings.Cut(word, "="); found && variable == strings.ToUpper(variable) {
			cmd.Env = append(cmd.Env, word)
		}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		missing := regexp.MustCompile(`wasm-ld|file not found|wasi-libc|may not be installed|No available targets`)
		if missing.Match(out) {
			t.Skipf("this %s cannot build for WebAssembly: %s", tool, out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	store, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	module, err := store.Open(context.Background(), modules.Source{Path: filepath.Join(dir, name+".wasm")}, modules.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return module
}
