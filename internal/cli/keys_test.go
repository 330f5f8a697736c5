package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/internal/config"
)

// key is a key of the configuration and what comes of its values. In its texts
// VALUE is the value, $DIR a folder of the case's own, $GUESTS the folder with
// the guests, $SERVER an HTTP server's address and $PORT its port.
type key struct {
	name     string // with NAME for a module's name
	config   string
	workflow string
	args     []string // of wasl run, beside the workflow and the configuration
	outcomes []outcome
	run      func(trial, *testing.T) string // nil: trial.runs
}

// outcome is what must come of a value: want is a regular expression for a part
// of the report.
type outcome struct{ value, want string }

// Every key does what config.toml says: with everything else the same, another
// value of it makes the difference.
func TestKeys(t *testing.T) {
	guests := makeGuests(t)
	for _, k := range keys {
		t.Run(k.name, func(t *testing.T) {
			reports := make([]string, len(k.outcomes))
			for i, o := range k.outcomes {
				reports[i] = k.try(t, o.value, guests)
			}
			for _, o := range k.outcomes {
				want := regexp.MustCompile(`(?s)` + o.want)
				for i, other := range k.outcomes {
					if want.MatchString(reports[i]) != (o.want == other.want) {
						t.Errorf("VALUE = %s gives\n%s\nwant %s for %s alone", other.value, reports[i], o.want, o.value)
					}
				}
			}
		})
	}
}

// A key that is added must show what it does.
func TestKeysHasEveryKey(t *testing.T) {
	missing := keysOf("", reflect.TypeFor[config.Config]())
	for _, k := range keys {
		if !strings.Contains(k.config, "VALUE") || len(k.outcomes) < 2 || k.outcomes[0].want == k.outcomes[1].want {
			t.Errorf("the case of %s does not show that its value makes a difference", k.name)
		}
		at := slices.Index(missing, k.name)
		if at < 0 {
			t.Errorf("there is no key %s, or it has two cases", k.name)
			continue
		}
		missing = slices.Delete(missing, at, at+1)
	}
	for _, name := range missing {
		t.Errorf("there is no case for %s", name)
	}
}

// keysOf lists the keys below a type of the configuration.
func keysOf(name string, typ reflect.Type) (names []string) {
	switch typ.Kind() {
	case reflect.Pointer:
		return keysOf(name, typ.Elem())
	case reflect.Struct:
		for i := range typ.NumField() {
			if tag := typ.Field(i).Tag.Get("toml"); tag != "-" {
				names = append(names, keysOf(strings.TrimPrefix(name+"."+tag, "."), typ.Field(i).Type)...)
			}
		}
		return names
	case reflect.Map, reflect.Slice:
		if typ.Elem().Kind() == reflect.Struct {
			if typ.Kind() == reflect.Map {
				name += ".NAME"
			}
			return keysOf(name, typ.Elem())
		}
	}
	return []string{name}
}

// try runs the workflow with a value of the key and reports what came of it:
// the exit code, the outputs, the files in $DIR, and what the server saw.
func (k key) try(t *testing.T, value, guests string) string {
	p := newPeer(t)
	dir, folder := filepath.ToSlash(t.TempDir()), t.TempDir()
	names := strings.NewReplacer(
		"$DIR", dir, "$GUESTS", guests,
		"$SERVER", p.address(), "$PORT", p.port(),
	)
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		text = names.Replace(strings.ReplaceAll(text, "VALUE", value)) // a value has names too
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	x := trial{write("m.json", k.workflow), write("c.toml", k.config), k.args, dir}
	run := k.run
	if run == nil {
		run = trial.runs
	}
	return run(x, t) + filesBelow(t, dir) + p.report()
}

// filesBelow lists the files below a folder, a line for each.
func filesBelow(t *testing.T, folder string) string {
	var lines strings.Builder
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		fmt.Fprintf(&lines, "file %s\n", filepath.ToSlash(relative))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines.String()
}
