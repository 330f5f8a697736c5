package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
)

// moduleAt is where a module's section is.
type moduleAt struct {
	places
	section toml.Key
}

func (at moduleAt) key(more ...string) toml.Key {
	return append(at.section[:len(at.section):len(at.section)], more...)
}

func (m *Module) check(p places, name string) error {
	at := moduleAt{p, toml.Key{"modules", name}}
	if !moduleName.MatchString(name) {
		return at.errorf(at.key(), ": a module cannot be called so: letters, digits and . _ - are allowed")
	}
	if m.Digest != "" && !isDigest(m.Digest) {
		return at.must(at.key("digest"), m.Digest, "a SHA-256: 64 hexadecimal digits")
	}
	for _, check := range []func(moduleAt) error{m.checkLimits, m.checkChoices, m.checkEnvironment, m.checkStorage, m.checkHTTP, m.checkFiles, m.checkArgs} {
		if err := check(at); err != nil {
			return err
		}
	}
	return nil
}

const (
	// maxMemory is all that a module can address.
	maxMemory Size = 4 << 30
	// maxStack is what a stack of wazero's can hold.
	maxStack Size = 48 << 20
)

// checkLimits refuses limits that would not be the limits in force. A zero
// stands for the default, which would surprise somebody who wrote one.
func (m *Module) checkLimits(at moduleAt) error {
	d := modules.DefaultLimits
	limits := []struct {
		key      toml.Key
		zero     bool
		standard any
	}{
		{at.key("memory"), m.Memory == 0, Size(d.Memory)},
		{at.key("fuel"), m.Fuel == 0, d.Fuel},
		{at.key("wall"), m.Wall == 0, d.Wall},
		{at.key("table"), m.Table == 0, d.Table},
		{at.key("stack"), m.Stack == 0, Size(d.Stack)},
		{at.key("output"), m.Output == 0, Size(d.Output)},
		{at.key("log"), m.Log == 0, Size(d.Log)},
		{at.key("stored"), m.Stored == 0, Size(hostfuncs.DefaultLimits.Stored)},
		{at.key("http", "max_body"), m.HTTP != nil && m.HTTP.MaxBody == 0, Size(hostfuncs.DefaultMaxBody)},
		{at.key("scratch", "size"), m.Scratch != nil && m.Scratch.Size == 0, Size(files.DefaultSize)},
		{at.key("http", "timeout"), m.HTTP != nil && m.HTTP.Timeout == 0, hostfuncs.DefaultTimeout},
	}
	for _, l := range limits {
		if l.zero && at.has(l.key) {
			return at.must(l.key, 0, "more; without the key it is %v", l.standard)
		}
	}
	if m.Memory > maxMemory {
		return at.must(at.key("memory"), m.Memory, "at most %s, all that a module can address", maxMemory)
	}
	if m.Stack > maxStack {
		return at.must(at.key("stack"), m.Stack, "at most %s", maxStack)
	}
	return nil
}

func (m *Module) checkChoices(at moduleAt) error {
	for _, x := range []struct {
		key, value string
		of         []string
	}{
		{"clock", m.Clock, []string{"fixed", "real"}},
		{"random", m.Random, []string{"seeded", "real"}},
	} {
		if !at.has(at.key(x.key)) {
			continue
		}
		if err := at.oneOf(at.key(x.key), x.value, x.of...); err != nil {
			return err
		}
	}
	return nil
}

// checkEnvironment refuses what no environment can hold, and a variable that
// has two values.
func (m *Module) checkEnvironment(at moduleAt) error {
	for _, name := range slices.Sorted(maps.Keys(m.Env)) {
		if strings.Contains(m.Env[name], "\x00") {
			return at.must(at.key("env", name), m.Env[name], "without a NUL")
		}
		if err := at.variable(at.key("env", name), name); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Secrets)) {
		if _, both := m.Env[name]; both {
			return at.errorf(at.key("secrets", name), ": env has this variable too: take one of them out")
		}
		if err := at.variable(at.key("secrets", name), name); err != nil {
			return err
		}
	}
	return nil
}

func (at moduleAt) variable(key toml.Key, name string) error {
	if name == "" || strings.ContainsAny(name, "=\x00") {
		return at.errorf(key, ": a variable cannot be called %q: a name is not empty and has no = and no NUL", name)
	}
	return nil
}

func (m *Module) checkStorage(at moduleAt) error {
	for i, b := range m.Storage {
		key := func(more string) toml.Key { return append(element(at.key("storage"), i), more) }
		if storage.CheckBucket(b.Bucket) != nil {
			return at.must(key("bucket"), b.Bucket, "the name of a bucket: up to 63 letters, digits and . _ -, and no . at the beginning")
		}
		if b.Prefix != "" && storage.CheckKey(b.Prefix+"x") != nil {
			return at.must(key("prefix"), b.Prefix, `what keys can begin with, such as "in/": they have no / at the beginning, no empty part and no . or ..`)
		}
		if err := at.oneOf(key("mode"), b.Mode, "read", "write", "read-write"); err != nil {
			return err
		}
	}
	return nil
}

func (m *Module) checkHTTP(at moduleAt) error {
	if m.HTTP == nil {
		return nil
	}
	for i, host := range m.HTTP.Hosts {
		key := element(at.key("http", "hosts"), i)
		if alone, ok := hostOfURL(host); ok {
			return at.errorf(key, ": %q is a URL: write the host alone, %q", host, alone)
		}
		if _, err := hostfuncs.NewHTTPClient(hostfuncs.HTTPOptions{Hosts: []string{host}}); err != nil {
			return at.must(key, host, `a host: a name, "*." and a name, or an IP address; with :PORT if that is not the scheme's own`)
		}
	}
	for i, address := range m.HTTP.Private {
		if _, err := hostfuncs.NewHTTPClient(hostfuncs.HTTPOptions{Private: []string{address}}); err != nil {
			return at.must(element(at.key("http", "private"), i), address, `an IP address or a prefix such as "10.1.0.0/16"`)
		}
	}
	return nil
}

// checkFiles refuses names that a module could not use, and two folders of one
// name.
func (m *Module) checkFiles(at moduleAt) error {
	seen := map[string]bool{}
	name := func(key toml.Key, guest string) error {
		if guest == "" || len(guest) > files.MaxPath || strings.Contains(guest, "\x00") {
			return at.must(key, guest, `a folder's name for the module, such as "/data"`)
		}
		if seen[guest] {
			return at.errorf(key, ": there are two folders %q: take one of them out", guest)
		}
		seen[guest] = true
		return nil
	}
	for i, f := range m.Files {
		key := func(more string) toml.Key { return append(element(at.key("files"), i), more) }
		if err := name(key("guest"), f.Guest); err != nil {
			return err
		}
		if f.Host == "" {
			return at.must(key("host"), "", "a folder of this machine")
		}
		if err := at.oneOf(key("mode"), cmp.Or(f.Mode, "read"), "read", "read-write", "copy"); err != nil {
			return err
		}
	}
	if m.Scratch != nil && (m.Scratch.Guest != "" || len(m.Files) == 0) {
		return name(at.key("scratch", "guest"), m.Scratch.Guest)
	}
	return nil
}

func (m *Module) checkArgs(at moduleAt) error {
	for i, arg := range m.Args {
		if strings.Contains(arg, "\x00") {
			return at.must(element(at.key("args"), i), arg, "without a NUL")
		}
	}
	return nil
}

// hostOfURL gives the host of a text that is more than a host.
func hostOfURL(text string) (host string, ok bool) {
	_, rest, scheme := strings.Cut(text, "://")
	if !scheme {
		rest = text
	}
	host, _, path := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	return host, (scheme || path) && host != ""
}

func (h *HTTP) client() (*hostfuncs.HTTPClient, error) {
	c, err := hostfuncs.NewHTTPClient(hostfuncs.HTTPOptions{
		Hosts: h.Hosts, Private: h.Private, MaxBody: int64(h.MaxBody), Timeout: h.Timeout.Std(),
	})
	if err != nil {
		return nil, fmt.Errorf("http: %w", err)
	}
	return c, nil
}
