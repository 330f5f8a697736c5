package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// host is a folder of the host as one call sees it.
type host struct {
	root *os.Root
	gate *gate
}

// gate says what a call may change in the folders of the host.
type gate struct {
	// stopped tells whether nobody wants the call any more; what would be seen
	// outside is refused then.
	stopped func() bool
	// store counts bytes that are to be written. It is false when they are more
	// than the call may store.
	store func(n int64) bool
}

// fileCost is what a new file counts besides its bytes, so that empty ones are
// not free.
const fileCost = 1 << 10 // bytes

// open tells whether anything may be changed; a nil gate is for what is to be
// read alone.
func (g *gate) open() error {
	switch {
	case g == nil:
		return Rofs
	case g.stopped != nil && g.stopped():
		return Canceled
	}
	return nil
}

// add opens the gate for n more bytes.
func (g *gate) add(n int64) error {
	if err := g.open(); err != nil {
		return err
	}
	if n > 0 && !g.store(n) {
		return Nospc
	}
	return nil
}

// local is a canonical path as os.Root takes it.
func local(at string) string {
	if at == "" {
		return "."
	}
	return at
}

func (h *host) Real() bool { return true }

func (h *host) Lstat(at string) (Stat, error) {
	info, err := h.root.Lstat(local(at))
	if err != nil {
		return Stat{}, err
	}
	return describe(info, at), nil
}

// describe says what the system knows of a file.
func describe(info fs.FileInfo, at string) Stat {
	s := Stat{Size: info.Size(), Links: 1, Mtime: info.ModTime()}
	s.Atime, s.Ctime = s.Mtime, s.Mtime
	switch mode := info.Mode(); {
	case mode.IsDir():
		s.Kind = Directory
	case mode.IsRegular():
		s.Kind = Regular
	case mode&fs.ModeSymlink != 0:
		s.Kind = Link
	}
	describeMore(&s, info, at)
	return s
}

func (h *host) Readlink(at string) (string, error) { return h.root.Readlink(local(at)) }

func (h *host) List(at string) ([]string, error) {
	d, err := h.root.Open(local(at))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(MaxListed + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(names) > MaxListed {
		return nil, Nomem
	}
	slices.Sort(names)
	return names, nil
}

// MaxListed is how many names there may be in a directory that is listed.
const MaxListed = 100_000

func (h *host) Open(at string, how How) (File, error) {
	if how.changes() {
		if err := h.gate.open(); err != nil {
			return nil, err
		}
	}
	if how.Create {
		if _, err := h.root.Lstat(at); errors.Is(err, fs.ErrNotExist) {
			if err := h.gate.add(fileCost); err != nil {
				return nil, err
			}
		}
	}
	f, err := h.root.OpenFile(at, how.system(), 0o644)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(Acces, f.Close())
	}
	return &hostFile{f, h, at}, nil
}

// system gives the flags of the host's system. A pipe or a device is not waited
// for.
func (h How) system() int {
	flags := os.O_RDONLY | nonblock
	switch {
	case h.Write && h.Read, h.Truncate && !h.Write:
		flags = os.O_RDWR | nonblock
	case h.Write:
		flags = os.O_WRONLY | nonblock
	}
	if h.Create {
		flags |= os.O_CREATE
	}
	if h.Exclusive {
		flags |= os.O_EXCL
	}
	if h.Truncate {
		flags |= os.O_TRUNC
	}
	return flags
}

func (h *host) Mkdir(at string) error {
	if err := h.gate.add(fileCost); err != nil {
		return err
	}
	return h.root.Mkdir(at, 0o755)
}

func (h *host) Unlink(at string) error {
	if err := h.gate.open(); err != nil {
		return err
	}
	// os.Root removes empty directories too; one may have come in its place.
	if info, err := h.root.Lstat(at); err == nil && info.IsDir() {
		return Isdir
	}
	return h.root.Remove(at)
}

func (h *host) Rmdir(at string) error {
	if err := h.gate.open(); err != nil {
		return err
	}
	if info, err := h.root.Lstat(at); err == nil && !info.IsDir() {
		return Notdir
	}
	return h.root.Remove(at)
}

func (h *host) Rename(from, to string) error {
	if err := h.gate.open(); err != nil {
		return err
	}
	if strings.HasPrefix(to, from+"/") {
		return Inval
	}
	// os.Root refuses to take the place of any directory.
	if there, err := h.Lstat(to); err == nil && there.Kind == Directory && from != to {
		old, err := h.Lstat(from)
		switch {
		case err != nil:
			return err
		case old.Kind != Directory:
			return Isdir
		case strings.HasPrefix(from, to+"/"):
			return Notempty
		}
		if err := h.root.Remove(to); err != nil {
			return err
		}
	}
	return h.root.Rename(from, to)
}

func (h *host) Symlink(target, at string) error {
	if err := h.gate.add(fileCost); err != nil {
		return err
	}
	return h.root.Symlink(target, at)
}

func (h *host) SetTimes(at string, atime, mtime Time) error {
	if err := h.gate.open(); err != nil {
		return err
	}
	if atime == (Time{}) && mtime == (Time{}) {
		return nil
	}
	return h.root.Chtimes(local(at), atime.host(), mtime.host())
}

// host is a time as os.Chtimes takes it, for which zero is no change.
func (t Time) host() time.Time {
	if t.Now {
		return time.Now()
	}
	return t.At
}

// hostFile is an open file of the host. It keeps no position of its own.
type hostFile struct {
	*os.File
	tree *host
	at   string
}

func (f *hostFile) Stat() (Stat, error) {
	info, err := f.File.Stat()
	if err != nil {
		return Stat{}, err
	}
	return describe(info, f.at), nil
}

func (f *hostFile) ReadAt(p []byte, offset int64) (int, error) {
	n, err := f.File.ReadAt(p, offset)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// grow counts what a file gains when it is written up to an end.
func (f *hostFile) grow(end int64) error {
	info, err := f.File.Stat()
	if err != nil {
		return err
	}
	return f.tree.gate.add(end - info.Size())
}

func (f *hostFile) WriteAt(p []byte, offset int64) (int, error) {
	if offset > maxSize-int64(len(p)) {
		return 0, Fbig
	}
	if err := f.grow(offset + int64(len(p))); err != nil {
		return 0, err
	}
	return f.File.WriteAt(p, offset)
}

// maxSize is more than any file system holds, and far from where sums overflow.
const maxSize = 1 << 60

func (f *hostFile) Truncate(size int64) error {
	if size > maxSize {
		return Fbig
	}
	if err := f.grow(size); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

// Allocate makes a file longer; that there is room on the disk is not certain.
func (f *hostFile) Allocate(size int64) error {
	if err := f.tree.gate.open(); err != nil {
		return err
	}
	info, err := f.File.Stat()
	if err != nil || info.Size() >= size {
		return err
	}
	return f.Truncate(size)
}

// SetTimes sets the times by the file's path, if the file is still there.
func (f *hostFile) SetTimes(atime, mtime Time) error {
	now, err := f.tree.root.Lstat(f.at)
	if err != nil {
		return err
	}
	if own, err := f.File.Stat(); err != nil || !os.SameFile(now, own) {
		return Noent
	}
	return f.tree.SetTimes(f.at, atime, mtime)
}

// openRoot opens a folder.
func openRoot(folder string) (*os.Root, error) {
	root, err := os.OpenRoot(folder)
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		return nil, &fs.PathError{Op: "open", Path: path.Clean(folder), Err: file.Err}
	}
	return root, err
}
