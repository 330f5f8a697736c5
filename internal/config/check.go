package config

import (
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/waslrun/wasl/asl/substitution"
)

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

var regionName = regexp.MustCompile(`^[a-z0-9-]+$`)

// check refuses values that cannot be meant.
func (c *Config) check(at places) error {
	if _, _, err := net.SplitHostPort(c.Server.Listen); err != nil {
		return at.must(toml.Key{"server", "listen"}, c.Server.Listen, `HOST:PORT, such as "127.0.0.1:8083"`)
	}
	if !accountID.MatchString(c.AWS.AccountID) {
		return at.must(toml.Key{"aws", "account_id"}, c.AWS.AccountID, "twelve digits")
	}
	if !regionName.MatchString(c.AWS.Region) {
		return at.must(toml.Key{"aws", "region"}, c.AWS.Region, `the name of a region, such as "us-east-1"`)
	}
	choices := []struct {
		key   toml.Key
		value string
		of    []string
	}{
		{toml.Key{"wasm", "engine"}, c.Wasm.Engine, []string{"auto", "compiler", "interpreter"}},
		{toml.Key{"wasm", "compile"}, c.Wasm.Compile, []string{"process", "in-process"}},
		{toml.Key{"storage", "backend"}, c.Storage.Backend, []string{"memory", "dir"}},
	}
	for _, x := range choices {
		if err := at.oneOf(x.key, x.value, x.of...); err != nil {
			return err
		}
	}
	if c.Wasm.ModuleDir == "" {
		return at.must(toml.Key{"wasm", "module_dir"}, "", "a folder")
	}
	if c.Storage.Backend == "dir" && c.Storage.Path == "" {
		return at.errorf(toml.Key{"storage", "backend"}, `: "dir" needs a path: add path = "FOLDER"`)
	}
	if c.Storage.Backend == "memory" && c.Storage.Path != "" {
		return at.errorf(toml.Key{"storage", "path"}, `: the backend "memory" has no path: backend = "dir" keeps objects in files`)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Substitutions)) {
		if !substitution.IsName(name) {
			return at.errorf(toml.Key{"substitutions", name}, ": ${%s} is nothing that a definition can have: names have letters, digits and . : - _", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Modules)) {
		m := c.Modules[name]
		if err := m.check(at, name); err != nil {
			return err
		}
	}
	return nil
}

func (p places) oneOf(key toml.Key, value string, of ...string) error {
	if slices.Contains(of, value) {
		return nil
	}
	var quoted []string
	for _, s := range of {
		quoted = append(quoted, fmt.Sprintf("%q", s))
	}
	return p.must(key, value, "one of %s", strings.Join(quoted, ", "))
}

// isDigest tells whether a text is a SHA-256 in hexadecimal.
func isDigest(text string) bool {
	raw, err := hex.DecodeString(strings.TrimPrefix(text, "sha256:"))
	return err == nil && len(raw) == 32
}
