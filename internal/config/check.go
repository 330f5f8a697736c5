package config

import (
	"encoding/hex"
	"fmt"
	"net"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/storage"
)

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

var regionName = regexp.MustCompile(`^[a-z0-9-]+$`)

// check refuses values that cannot be meant.
func (c *Config) check(at places) error {
	if _, _, err := net.SplitHostPort(c.Server.Listen); err != nil {
		return at.errorf(toml.Key{"server", "listen"}, "%q is not HOST:PORT", c.Server.Listen)
	}
	if !accountID.MatchString(c.AWS.AccountID) {
		return at.errorf(toml.Key{"aws", "account_id"}, "%q is not an account's id: twelve digits", c.AWS.AccountID)
	}
	if !regionName.MatchString(c.AWS.Region) {
		return at.errorf(toml.Key{"aws", "region"}, "%q is not the name of a region", c.AWS.Region)
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
	if c.Storage.Backend == "dir" && c.Storage.Path == "" {
		return at.errorf(toml.Key{"storage"}, `the backend "dir" needs a path`)
	}
	if c.Storage.Backend == "memory" && c.Storage.Path != "" {
		return at.errorf(toml.Key{"storage", "path"}, `the backend "memory" has no path: backend = "dir" keeps objects in files`)
	}
	for _, n := range []struct {
		key   toml.Key
		value int64
	}{
		{toml.Key{"workers", "count"}, int64(c.Workers.Count)},
		{toml.Key{"limits", "events"}, c.Limits.Events},
		{toml.Key{"limits", "closed_kept"}, int64(c.Limits.ClosedKept)},
		{toml.Key{"limits", "closed_children_kept"}, int64(c.Limits.ClosedChildren)},
	} {
		if n.value < 0 {
			return at.errorf(n.key, "%d is negative", n.value)
		}
	}
	for name, m := range c.Modules {
		if err := m.check(at, name); err != nil {
			return err
		}
	}
	return nil
}

func (m *Module) check(at places, name string) error {
	key := func(more ...string) toml.Key { return append(toml.Key{"modules", name}, more...) }
	if !moduleName.MatchString(name) {
		return at.errorf(key(), "a module cannot be called %q: letters, digits and . _ - are allowed", name)
	}
	if d := strings.TrimPrefix(m.Digest, "sha256:"); m.Digest != "" {
		if raw, err := hex.DecodeString(d); err != nil || len(raw) != 32 {
			return at.errorf(key("digest"), "%q is not a SHA-256 in hexadecimal", m.Digest)
		}
	}
	if m.Concurrency < 0 {
		return at.errorf(key("concurrency"), "%d is negative", m.Concurrency)
	}
	if err := at.oneOf(key("clock"), m.Clock, "", "fixed", "real"); err != nil {
		return err
	}
	if err := at.oneOf(key("random"), m.Random, "", "seeded", "real"); err != nil {
		return err
	}
	for _, b := range m.Storage {
		if err := storage.CheckBucket(b.Bucket); err != nil {
			return at.errorf(key("storage"), "%s", err)
		}
		if err := at.oneOf(key("storage", "mode"), b.Mode, "read", "write", "read-write"); err != nil {
			return err
		}
	}
	if m.HTTP == nil {
		return nil
	}
	if _, err := m.HTTP.client(); err != nil {
		return at.errorf(key("http"), "%s", err)
	}
	return nil
}

func (h *HTTP) client() (*hostfuncs.HTTPClient, error) {
	return hostfuncs.NewHTTPClient(hostfuncs.HTTPOptions{
		Hosts: h.Hosts, Private: h.Private, MaxBody: int64(h.MaxBody), Timeout: h.Timeout.Std(),
	})
}

func (p places) oneOf(key toml.Key, value string, of ...string) error {
	if slices.Contains(of, value) {
		return nil
	}
	var quoted []string
	for _, s := range of {
		if s != "" {
			quoted = append(quoted, fmt.Sprintf("%q", s))
		}
	}
	return p.errorf(key, "%s is %q, but must be one of %s", key[len(key)-1], value, strings.Join(quoted, ", "))
}

// suggestion names the key that was probably meant.
func suggestion(unknown toml.Key) string {
	t := reflect.TypeFor[Config]()
	for _, part := range unknown[:len(unknown)-1] {
		if t = member(t, part); t == nil {
			return ""
		}
	}
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	word, best, distance := unknown[len(unknown)-1], "", 3
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("toml")
		if d := editDistance(word, name); name != "-" && d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (%q was meant?)", best)
}

// member gives the type behind a key, or nil.
func member(t reflect.Type, key string) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("toml") == key {
				return t.Field(i).Type
			}
		}
	}
	return nil
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
