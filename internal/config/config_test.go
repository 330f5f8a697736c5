package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

const rootFile = "../../config.toml"

func TestTheCommentedFileHasTheDefaults(t *testing.T) {
	got, err := Load(rootFile)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Parse(rootFile, "")
	if err != nil {
		t.Fatal(err)
	}
	want.Resources, want.Substitutions = got.Resources, got.Substitutions // an empty table is not nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// uncommented is the root's file with its example of a module.
func uncommented(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(rootFile)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^#([a-z\[])`).ReplaceAllString(string(text), "$1")
}

func TestTheExampleModuleHasTheDefaultLimits(t *testing.T) {
	t.Setenv("API_KEY", "s3cr3t")
	c, err := Parse(rootFile, uncommented(t))
	if err != nil {
		t.Fatal(err)
	}
	m := c.Modules["thumbnail"]
	limits := modules.DefaultLimits
	got := modules.Limits{
		Memory: uint64(m.Memory), Fuel: m.Fuel, FuelPerSecond: m.FuelPerSecond, Wall: m.Wall.Std(), Table: m.Table,
		Output: int64(m.Output), Log: int64(m.Log), Stack: uint32(m.Stack), Concurrency: m.Concurrency,
	}
	if got != limits {
		t.Errorf("limits are %+v, the defaults %+v", got, limits)
	}
	if int64(m.Stored) != hostfuncs.DefaultLimits.Stored {
		t.Errorf("stored is %s", m.Stored)
	}
	if int64(m.HTTP.MaxBody) != hostfuncs.DefaultMaxBody || m.HTTP.Timeout.Std() != hostfuncs.DefaultTimeout {
		t.Errorf("HTTP has %s and %s", m.HTTP.MaxBody, m.HTTP.Timeout.Std())
	}
	if m.Secrets["API_KEY"] != "s3cr3t" {
		t.Errorf("the secret is %q", m.Secrets["API_KEY"])
	}
}

func TestTheCommentedFileListsEveryKey(t *testing.T) {
	text := uncommented(t)
	var look func(reflect.Type)
	look = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct {
			return
		}
		for i := range typ.NumField() {
			name := typ.Field(i).Tag.Get("toml")
			if name == "-" {
				continue
			}
			if !regexp.MustCompile(`(?m)(^|[\[{, ])` + name + `(\]| =|\.)`).MatchString(text) {
				t.Errorf("%s is missing", name)
			}
			look(typ.Field(i).Type)
		}
	}
	look(reflect.TypeFor[Config]())
}

func TestPathsAreRelativeToTheFile(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "c.toml")
	secret := filepath.Join(folder, "key")
	if err := os.WriteFile(secret, []byte("abc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := `
[wasm]
module_dir = "m"
cache_dir = ""
[storage]
backend = "dir"
path = "../objects"
[modules.a]
[modules.b]
path = "x/b.wasm"
secrets = { K = "file:key" }
[resources]
"arn:aws:states:::sns:publish" = "module b"
`
	c, err := Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{
		string(c.Wasm.ModuleDir), string(c.Wasm.CacheDir), string(c.Storage.Path), string(c.Modules["a"].Path),
		string(c.Modules["b"].Path), string(c.Modules["b"].Secrets["K"]), string(c.Resources["arn:aws:states:::sns:publish"]),
	}
	want := []string{
		filepath.Join(folder, "m"), "", filepath.Join(filepath.Dir(folder), "objects"), filepath.Join(folder, "m", "a.wasm"),
		filepath.Join(folder, "x", "b.wasm"), "abc", "b",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestSizes(t *testing.T) {
	cases := []struct {
		text string
		want Size
	}{{"1B", 1}, {"64KiB", 65536}, {"1.5MiB", 3 << 19}, {"2GB", 2e9}, {"0", 0}, {"10 MiB", 10 << 20}}
	for _, c := range cases {
		var s Size
		if err := s.UnmarshalText([]byte(c.text)); err != nil || s != c.want {
			t.Errorf("%s: %d, %v", c.text, s, err)
		}
	}
	for _, text := range []string{"", "1", "-1B", "1TB", "MiB", "1 2B", "9999999999GiB", "NaNB"} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is %d", text, s)
		}
	}
	var d Duration
	if err := d.UnmarshalText([]byte("1m30s")); err != nil || d.Std() != 90*time.Second {
		t.Errorf("%s, %v", d.Std(), err)
	}
}

// Whatever a file holds, reading it gives a configuration or an error that
// names the file.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile(rootFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	for _, seed := range []string{"[modules.a]\nmemory = 1", "[[server]]", "a.b.c = 1", "[\"\"]\n'x' = 1", "[modules.a]\nstorage = [{bucket='b',mode='read'}]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		newPlaces("c.toml", text) // comes to an end
		c, err := Parse("c.toml", text)
		if err == nil && c == nil {
			t.Error("neither a configuration nor an error")
		}
		if err != nil && !strings.HasPrefix(err.Error(), "c.toml:") {
			t.Errorf("the error is %q", err)
		}
	})
}
