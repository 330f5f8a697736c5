package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/aws/aws-sdk-go/models/endpoints" // its module has the models
)

const source = "github.com/aws/aws-sdk-go"

func main() {
	check := flag.Bool("check", false, "compare the tables with the models instead of writing them")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "derive:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	services, err := readServices("../services.txt")
	if err != nil {
		return err
	}
	module, err := modelsModule()
	if err != nil {
		return err
	}
	tables := map[string]string{}
	for _, s := range services {
		file, err := newest(filepath.Join(module.Dir, "models", "apis", s.folder))
		if err != nil {
			return err
		}
		m, err := readModel(file)
		if err != nil {
			return err
		}
		from, err := filepath.Rel(module.Dir, file)
		if err != nil {
			return err
		}
		table, err := m.table()
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		tables[s.name+".txt"] = fmt.Sprintf("# %s of %s %s\n%s", filepath.ToSlash(from), source, module.Version, table)
	}
	if check {
		return compare("../tables.zip", tables)
	}
	return write("../tables.zip", tables)
}

// service is a line of services.txt.
type service struct{ name, folder string }

func readServices(file string) ([]service, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all []service
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 2 {
			return nil, fmt.Errorf("%s: %q is not a name and a folder", file, line)
		}
		all = append(all, service{fields[0], fields[1]})
	}
	return all, nil
}

type module struct{ Dir, Version string }

// modelsModule finds the models' module where go keeps modules.
func modelsModule() (*module, error) {
	out, err := exec.Command("go", "list", "-m", "-json", source).Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil, fmt.Errorf("go list: %s", exit.Stderr)
	}
	if err != nil {
		return nil, err
	}
	var m module
	if err := json.Unmarshal(out, &m); err != nil {
		return nil, err
	}
	if m.Dir == "" {
		return nil, errors.New(source + " is not downloaded (run: go mod download)")
	}
	return &m, nil
}

// newest gives the model of a service's latest version.
func newest(folder string) (string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*", "api-2.json"))
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", fmt.Errorf("%s has no model", folder)
	}
	return slices.Max(files), nil
}

func write(file string, tables map[string]string) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range sorted(tables) {
		w, err := z.Create(name) // no time: the same tables give the same file
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, tables[name]); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// compare holds what a file has against what it should have.
func compare(file string, tables map[string]string) error {
	z, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer z.Close()
	var different []string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if want, ok := tables[f.Name]; !ok || want != string(text) {
			different = append(different, f.Name)
		}
		delete(tables, f.Name)
	}
	different = append(different, sorted(tables)...)
	if len(different) > 0 {
		return fmt.Errorf("%s is not what the models give (run: make): %s", file, strings.Join(different, ", "))
	}
	return nil
}
