package files

import "time"

// Kind is a file's type, in WASI's numbers.
type Kind uint8

// The kinds of files.
const (
	Unknown   Kind = 0 // a pipe, a device: guests see its name and no more
	Directory Kind = 3
	Regular   Kind = 4
	Link      Kind = 7 // a symbolic link
)

// Stat describes a file.
type Stat struct {
	Kind                Kind
	Ino                 uint64 // tells the files of a tree apart
	Links               uint64
	Size                int64 // bytes
	Atime, Mtime, Ctime time.Time
}

// Time is a time to be set. The zero Time leaves it as it is.
type Time struct {
	Now bool
	At  time.Time // when it is not zero
}

// How says how a file is opened.
type How struct {
	Read, Write bool
	Create      bool // when it is not there
	Exclusive   bool // with Create: it must not be there
	Truncate    bool
}

func (h How) changes() bool { return h.Write || h.Create || h.Truncate }

// Tree is a tree of files. Paths are canonical, see the package's own text. What
// may not be changed is Rofs.
type Tree interface {
	// Lstat describes what a path names, a link itself and not its target.
	Lstat(path string) (Stat, error)
	Readlink(path string) (string, error)
	// List gives the names in a directory, in order.
	List(path string) ([]string, error)
	// Open opens a regular file, which Lstat has shown to be one, or to be not
	// there.
	Open(path string, how How) (File, error)
	Mkdir(path string) error
	Unlink(path string) error
	Rmdir(path string) error
	Rename(from, to string) error
	Symlink(target, path string) error
	SetTimes(path string, atime, mtime Time) error
	// Real tells whether times come from the host's clock.
	Real() bool
}

// File is an open regular file. Reads at its end give no bytes and no error.
type File interface {
	Stat() (Stat, error)
	ReadAt(p []byte, offset int64) (int, error)
	WriteAt(p []byte, offset int64) (int, error)
	Truncate(size int64) error
	// Allocate makes room up to a size; the file is at least so large then.
	Allocate(size int64) error
	SetTimes(atime, mtime Time) error
	Sync() error
	Close() error
}
