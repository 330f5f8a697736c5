package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/BurntSushi/toml"

	"github.com/waslrun/wasl/asl/bounds"
)

// Config is a whole configuration.
type Config struct {
	// File is where it was read from; empty for the defaults alone.
	File string `toml:"-"`

	Server    Server            `toml:"server"`
	AWS       AWS               `toml:"aws"`
	Wasm      Wasm              `toml:"wasm"`
	Storage   Storage           `toml:"storage"`
	Modules   map[string]Module `toml:"modules"`
	Resources Resources         `toml:"resources"`
	// Substitutions are the values of the ${NAME}s of definitions.
	Substitutions map[string]Filling `toml:"substitutions"`
	Limits        Limits             `toml:"limits"`
	Workers       Workers            `toml:"workers"`
}

// Server is what `wasl serve` listens on.
type Server struct {
	Listen string `toml:"listen"` // HOST:PORT
}

// AWS is the account and region that ARNs show.
type AWS struct {
	AccountID string `toml:"account_id"` // 12 digits
	Region    string `toml:"region"`
}

// Wasm says where modules are and how they are compiled.
type Wasm struct {
	// ModuleDir has NAME.wasm for each module that no section names.
	ModuleDir Path `toml:"module_dir"`
	// Engine is auto, compiler or interpreter.
	Engine string `toml:"engine"`
	// CacheDir keeps compiled modules. "auto" is a folder in the user's cache,
	// "" keeps nothing on disk.
	CacheDir Path `toml:"cache_dir"`
	// Compile is "process" (a child process with limits) or "in-process".
	Compile string `toml:"compile"`
	// MemoryTotal bounds the linear memory of all modules together. 0: three
	// quarters of the system's.
	MemoryTotal Size `toml:"memory_total"`
}

// Storage is where objects are kept.
type Storage struct {
	Backend string `toml:"backend"` // memory or dir
	Path    Path   `toml:"path"`    // of dir: objects are PATH/BUCKET/KEY
}

// Resources binds ARNs to the names of modules.
type Resources map[string]Binding

// Limits bound executions. Zero means unlimited for the quotas, and the default
// for the others.
type Limits struct {
	Payload   Size  `toml:"payload"`
	Events    int64 `toml:"events"`
	Variable  Size  `toml:"variable"`
	Variables Size  `toml:"variables"`

	ExpressionWork   int64 `toml:"expression_work"`
	ExpressionMemory Size  `toml:"expression_memory"`
	ClosedKept       int   `toml:"closed_kept"`
	ClosedChildren   int   `toml:"closed_children_kept"`
	ClosedSize       Size  `toml:"closed_size"`
}

// Workers bounds the tasks that run at once.
type Workers struct {
	Count int `toml:"count"` // 0: 4 for each processor, at least 40
}

// Default is the configuration of an empty file.
func Default() *Config {
	return &Config{
		Server:  Server{Listen: "127.0.0.1:8083"},
		AWS:     AWS{AccountID: "000000000000", Region: "us-east-1"},
		Wasm:    Wasm{ModuleDir: "modules", Engine: "auto", CacheDir: cacheAuto, Compile: "process"},
		Storage: Storage{Backend: "memory"},
		Limits: Limits{
			Payload: 256 << 10, Events: 25_000, Variable: 256 << 10, Variables: 10 << 20,
			ExpressionWork: bounds.DefaultWork, ExpressionMemory: bounds.DefaultMemory,
			ClosedKept: 10_000, ClosedChildren: 1000, ClosedSize: 128 << 20,
		},
	}
}

const cacheAuto = "auto"

// Load reads a file.
func Load(file string) (*Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, string(text))
}

// Parse reads a configuration from its text. Relative paths in it are relative
// to the file's folder.
func Parse(file, text string) (*Config, error) {
	var document map[string]any
	if _, err := toml.Decode(text, &document); err != nil {
		return nil, positioned(file, text, err)
	}
	at := newPlaces(file, text)
	if err := at.shape(nil, document, reflect.TypeFor[Config]()); err != nil {
		return nil, err
	}
	c := Default()
	c.File = file
	if _, err := toml.Decode(text, c); err != nil {
		return nil, positioned(file, text, err)
	}
	if err := c.check(at); err != nil {
		return nil, err
	}
	return c, c.resolve(at)
}

// Path is a path of the file system. In a configuration it may be relative to
// the file.
type Path string

// resolve makes the paths absolute and fetches the secrets.
func (c *Config) resolve(at places) error {
	base, err := filepath.Abs(filepath.Dir(c.File))
	if err != nil {
		return err
	}
	absolute := func(p *Path) {
		if *p != "" && !filepath.IsAbs(string(*p)) {
			*p = Path(filepath.Join(base, filepath.FromSlash(string(*p))))
		}
	}
	absolute(&c.Wasm.ModuleDir)
	absolute(&c.Storage.Path)
	if c.Wasm.CacheDir == cacheAuto {
		cache, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("[wasm] cache_dir: %w", err)
		}
		c.Wasm.CacheDir = Path(filepath.Join(cache, "wasl"))
	}
	absolute(&c.Wasm.CacheDir)
	for name, m := range c.Modules {
		absolute(&m.Path)
		if m.Path == "" {
			m.Path = Path(filepath.Join(string(c.Wasm.ModuleDir), name+".wasm"))
		}
		for key, secret := range m.Secrets {
			if err := secret.fetch(base); err != nil {
				return at.errorf(toml.Key{"modules", name, "secrets", key}, ": %s", err)
			}
			m.Secrets[key] = secret
		}
		for i := range m.Files {
			absolute(&m.Files[i].Host)
		}
		c.Modules[name] = m
	}
	return nil
}
