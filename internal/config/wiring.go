package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/substitution"
	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/integration"
	"github.com/waslrun/wasl/storage"
)

// ModuleEngine is the engine that modules run in.
func (c *Config) ModuleEngine() modules.Engine {
	switch c.Wasm.Engine {
	case "compiler":
		return modules.EngineCompiler
	case "interpreter":
		return modules.EngineInterpreter
	}
	return modules.EngineAuto
}

// MemoryTotal is the linear memory that all modules may hold together; 0 where
// none is configured and the system does not tell what it has.
func (c *Config) MemoryTotal() int64 {
	if c.Wasm.MemoryTotal > 0 {
		return int64(c.Wasm.MemoryTotal)
	}
	return modules.SystemMemory() / 4 * 3
}

// OpenStorage opens the configured backend. The caller closes it.
func (c *Config) OpenStorage() (store storage.Store, closeStore func() error, err error) {
	if c.Storage.Backend == "dir" {
		d, err := storage.NewDir(string(c.Storage.Path))
		if err != nil {
			return nil, nil, err
		}
		return d, d.Close, nil
	}
	return storage.NewMemory(), func() error { return nil }, nil
}

// ModuleSpecs are the modules that have a section of their own.
func (c *Config) ModuleSpecs() (map[string]runtime.ModuleSpec, error) {
	specs := make(map[string]runtime.ModuleSpec, len(c.Modules))
	for name, m := range c.Modules {
		grants, err := m.grants()
		if err != nil {
			return nil, fmt.Errorf("[modules.%s] %w", name, err)
		}
		specs[name] = runtime.ModuleSpec{
			Path: string(m.Path), Digest: m.Digest, Entry: m.Entry, Limits: m.limits(), Grants: grants, Stored: int64(m.Stored),
		}
	}
	return specs, nil
}

func (m *Module) limits() modules.Limits {
	return modules.Limits{
		Memory: uint64(m.Memory), Fuel: m.Fuel, FuelPerSecond: m.FuelPerSecond, Wall: m.Wall.Std(),
		Table: m.Table, Output: int64(m.Output), Log: int64(m.Log), Stack: uint32(m.Stack), Concurrency: m.Concurrency,
	}
}

func (m *Module) grants() (g hostfuncs.Grants, err error) {
	g.Env = maps.Clone(m.Env)
	g.Secrets = make(map[string]string, len(m.Secrets))
	for key, secret := range m.Secrets {
		g.Secrets[key] = string(secret)
	}
	for _, b := range m.Storage {
		g.Storage = append(g.Storage, hostfuncs.BucketGrant{Bucket: b.Bucket, Prefix: b.Prefix, Read: b.Read(), Write: b.Write()})
	}
	if m.HTTP != nil {
		if g.HTTP, err = m.HTTP.client(); err != nil {
			return g, err
		}
	}
	if g.Files, err = m.files(); err != nil {
		return g, err
	}
	g.Args = m.Args
	g.RealClock, g.RealRandom = m.Clock == "real", m.Random == "real"
	return g, nil
}

// files opens the folders that a module sees; nil when there are none.
func (m *Module) files() (*files.Set, error) {
	if len(m.Files) == 0 && m.Scratch == nil {
		return nil, nil
	}
	var o files.Options
	for _, f := range m.Files {
		o.Mounts = append(o.Mounts, files.Mount{Guest: f.Guest, Host: string(f.Host), Mode: files.Mode(cmp.Or(f.Mode, "read"))})
	}
	if m.Scratch != nil {
		o.Scratch, o.Size = m.Scratch.Guest, int64(m.Scratch.Size)
	}
	set, err := files.Open(o)
	if mount := (*files.MountError)(nil); errors.As(err, &mount) {
		return nil, fmt.Errorf("files: the folder for %s cannot be opened: %w", m.Files[mount.Index].Guest, mount.Err)
	}
	return set, err
}

// Bindings are the modules that [resources] binds ARNs to.
func (c *Config) Bindings() integration.Bindings {
	bindings := make(integration.Bindings, len(c.Resources))
	for arn, module := range c.Resources {
		bindings[arn] = string(module)
	}
	return bindings
}

// Fillings are the values that [substitutions] gives to names.
func (c *Config) Fillings() substitution.Values {
	values := make(substitution.Values, len(c.Substitutions))
	for name, value := range c.Substitutions {
		values[name] = string(value)
	}
	return values
}

// EngineLimits are the limits of executions.
func (c *Config) EngineLimits() runtime.Limits {
	return runtime.Limits{
		Limits: interp.Limits{
			Payload: int(c.Limits.Payload), Events: c.Limits.Events,
			Variable: int(c.Limits.Variable), VariableTotal: int(c.Limits.Variables),
			Expressions: bounds.Limits{Work: c.Limits.ExpressionWork, Memory: int64(c.Limits.ExpressionMemory)},
		},
		Closed: c.Limits.ClosedKept, ClosedChildren: c.Limits.ClosedChildren, ClosedSize: int64(c.Limits.ClosedSize),
	}
}
