package config

// Module is a section [modules.NAME]: where a module is, what it may use, and
// what it may do. Zero limits are the defaults; nothing is granted by default.
type Module struct {
	Path   Path   `toml:"path"`   // "": NAME.wasm in the module directory
	Digest string `toml:"digest"` // SHA-256 in hexadecimal; "" is not checked
	Entry  string `toml:"entry"`  // the export to call; "": found by inspection

	Memory        Size     `toml:"memory"`
	Fuel          uint64   `toml:"fuel"`
	FuelPerSecond uint64   `toml:"fuel_per_second"`
	Wall          Duration `toml:"wall"`
	Table         uint32   `toml:"table"`
	Stack         Size     `toml:"stack"`
	Output        Size     `toml:"output"`
	Log           Size     `toml:"log"`
	Stored        Size     `toml:"stored"`
	Concurrency   int      `toml:"concurrency"`

	Env map[string]string `toml:"env"`
	// Secrets are environment variables whose values are masked in the log.
	Secrets map[string]Secret `toml:"secrets"`
	Storage []Bucket          `toml:"storage"`
	HTTP    *HTTP             `toml:"http"`
	Files   []Folder          `toml:"files"`
	Scratch *Scratch          `toml:"scratch"`
	Args    []string          `toml:"args"`   // after the module's name
	Clock   string            `toml:"clock"`  // fixed or real
	Random  string            `toml:"random"` // seeded or real
}

// Bucket allows access to the keys of a bucket that begin with a prefix.
type Bucket struct {
	Bucket string `toml:"bucket"`
	Prefix string `toml:"prefix"`
	Mode   string `toml:"mode"` // read, write or read-write
}

// Read tells whether objects may be read and listed.
func (b Bucket) Read() bool { return b.Mode != "write" }

// Write tells whether objects may be stored and deleted.
func (b Bucket) Write() bool { return b.Mode != "read" }

// Folder is a folder of the host that a module sees.
type Folder struct {
	Guest string `toml:"guest"` // its name for the module
	Host  Path   `toml:"host"`
	Mode  string `toml:"mode"` // read, read-write or copy; "": read
}

// Scratch is a file system in memory, of each call's own.
type Scratch struct {
	Guest string `toml:"guest"` // its name for the module; "": there is none, but room for copies
	Size  Size   `toml:"size"`  // of all files of a call, its copies among them
}

// HTTP allows requests to some hosts.
type HTTP struct {
	Hosts   []string `toml:"hosts"`
	Private []string `toml:"private"`
	MaxBody Size     `toml:"max_body"`
	Timeout Duration `toml:"timeout"`
}
