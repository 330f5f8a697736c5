package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/waslrun/wasl/"

// layer is a package, or a tree of packages, and what it may import of ours.
type layer struct {
	path string // relative to the module; a final /... takes in what lies below
	may  []string
}

// layers is docs/ARCHITECTURE.md's table. The first entry that matches a
// package counts. Everything may import what lies below itself in its own tree
// only when it says so.
var layers = []layer{
	{"asl/bounds", nil},
	{"asl/jsonvalue", nil},
	{"asl/arn", nil},
	{"asl/errname", nil},
	{"internal/uuid", nil},
	{"asl/jackson", nil},
	{"asl/substitution", []string{"asl/jsonvalue"}},
	{"asl/jsonpath", []string{"asl/bounds", "asl/jsonvalue"}},
	{"asl/jsonata/jsregexp", nil},
	{"asl/jsonata/...", []string{"asl/bounds", "asl/jsonata/...", "asl/jsonvalue"}},
	{"asl/intrinsic", []string{"asl/bounds", "asl/jsonvalue", "asl/jsonpath"}},
	{"asl/history", []string{"asl/jsonvalue"}},
	{"asl/interp/simulate", []string{"asl/..."}},
	{"asl/interp/...", []string{"asl", "asl/bounds", "asl/errname", "asl/history", "asl/intrinsic", "asl/interp/...", "asl/jsonata", "asl/jsonpath", "asl/jsonvalue"}},
	{"asl", []string{"asl/arn", "asl/errname", "asl/intrinsic", "asl/jackson", "asl/jsonata", "asl/jsonpath", "asl/jsonvalue", "asl/substitution"}},
	{"storage/...", []string{"storage/..."}},
	{"modules/...", []string{"asl/errname", "modules/..."}},
	// hostfuncs implements the contract that modules asks for.
	{"hostfuncs/...", []string{"asl/errname", "hostfuncs/...", "internal/printable", "modules", "storage"}},
	{"internal/printable", nil},
	{"runtime/archive", []string{"asl/history", "asl/jsonvalue"}},
	{"runtime/integration", []string{"asl", "asl/arn", "asl/errname", "asl/history", "asl/interp", "asl/jsonpath", "asl/jsonvalue", "modules", "storage"}},
	{"runtime/...", []string{"asl/...", "hostfuncs", "internal/uuid", "modules", "runtime/...", "storage"}},
	{"api", []string{"asl/...", "internal/uuid", "runtime/..."}},
	{"conformance/...", []string{"asl/...", "conformance/..."}},
	{"internal/arch", nil},
	{"internal/config", []string{"asl/bounds", "asl/interp", "asl/substitution", "hostfuncs/...", "modules", "runtime/...", "storage/..."}},
	{"internal/runaway", nil},
	{"internal/sandboxtest", nil},
	{"internal/sandboxtest/compilehelper", []string{"modules"}},
	{"internal/cli", []string{"api", "asl/...", "conformance/...", "hostfuncs/...", "internal/config", "internal/printable", "modules/...", "runtime/...", "storage/..."}},
	{"cmd/wasl", []string{"internal/cli", "modules"}},
	{"sdk/...", []string{"sdk/..."}},
	{"examples/...", []string{"examples/...", "sdk/..."}},
}

// owners says who alone may import a library that is not ours.
var owners = map[string][]string{
	"github.com/urfave/cli/v2":      {"internal/cli"},
	"github.com/BurntSushi/toml":    {"internal/config"},
	"github.com/tetratelabs/wazero": {"modules/...", "hostfuncs/..."},
	// Reads the names of guests' functions.
	"github.com/ianlancetaylor/demangle": {"modules"},
	"github.com/aws/aws-sdk-go-v2":       {"api", "conformance", "storage/..."},
	// Filters what commands print, and in tests the differential partner of
	// asl/jsonpath.
	"github.com/PaesslerAG/jsonpath": {"internal/cli"},
	"github.com/PaesslerAG/gval":     {"internal/cli"},
	"go.yaml.in/yaml/v4":             {"asl"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("go list: %s", exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// covers tells whether a pattern such as asl/... takes in a package.
func covers(pattern, path string) bool {
	tree, isTree := strings.CutSuffix(pattern, "/...")
	return path == tree || isTree && strings.HasPrefix(path, tree+"/")
}

func anyCovers(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, path) })
}

func layerOf(path string) (layer, bool) {
	i := slices.IndexFunc(layers, func(l layer) bool { return covers(l.path, path) })
	if i < 0 {
		return layer{}, false
	}
	return layers[i], true
}

func TestPackagesImportOnlyWhatTheirLayerMay(t *testing.T) {
	all := packages(t)
	if len(all) < 10 {
		t.Fatalf("go list found %d packages only", len(all))
	}
	for _, p := range all {
		path := strings.TrimPrefix(p.ImportPath, module)
		l, ok := layerOf(path)
		if !ok {
			t.Errorf("%s has no layer: add it to the table here and in docs/ARCHITECTURE.md", path)
			continue
		}
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok && !anyCovers(l.may, ours) {
				t.Errorf("%s must not import %s", path, ours)
			}
		}
	}
}

func TestLibrariesHaveOwners(t *testing.T) {
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			for library, may := range owners {
				if covers(library+"/...", imported) && !anyCovers(may, path) {
					t.Errorf("%s must not import %s", path, imported)
				}
			}
		}
	}
}

// A rule that forbids nothing proves nothing.
func TestTheRulesRefuse(t *testing.T) {
	for path, imported := range map[string]string{
		"asl/jsonvalue": "asl/jsonpath",
		"asl/interp":    "runtime",
		"modules":       "asl",
		"runtime":       "api",
		"storage":       "hostfuncs",
	} {
		l, ok := layerOf(path)
		if !ok || anyCovers(l.may, imported) {
			t.Errorf("%s may import %s", path, imported)
		}
	}
}
