package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"
)

// Mode says what a guest may do with a folder of the host.
type Mode string

// The modes.
const (
	ModeRead      Mode = "read"       // read it
	ModeReadWrite Mode = "read-write" // change it, for good
	ModeCopy      Mode = "copy"       // change a copy in memory, of each call's own
)

// Mount is a folder of the host that a guest sees.
type Mount struct {
	Guest string // its name for the guest
	Host  string
	Mode  Mode
}

// Options are a module's grant of files.
type Options struct {
	Mounts []Mount
	// Scratch is the guest's name of an empty tree in memory. Empty: there is
	// none.
	Scratch string
	// Size is how much a call's scratch and copies may hold together, each file
	// counted as 512 bytes and its name besides its contents. 0: DefaultSize.
	Size int64 // bytes
}

// DefaultSize is the Size of Options that name none.
const DefaultSize = 64 << 20 // bytes

// Set is the files that a module was granted. It is safe for concurrent use.
type Set struct {
	options Options
	roots   []*os.Root // by mount

	load   sync.Once
	loaded []*memory // by mount; nil for what is no copy
	copied int64     // bytes of all copies
	failed error
}

// Open opens the trees. A folder that is not there is an *fs.PathError within a
// *MountError.
func Open(o Options) (*Set, error) {
	if o.Size <= 0 {
		o.Size = DefaultSize
	}
	s := &Set{options: o}
	for i, m := range o.Mounts {
		root, err := openRoot(m.Host)
		if err != nil {
			return nil, errors.Join(&MountError{i, err}, s.Close())
		}
		s.roots = append(s.roots, root)
	}
	return s, nil
}

// MountError says which mount cannot be opened.
type MountError struct {
	Index int // among the Options' mounts
	Err   error
}

func (e *MountError) Error() string { return e.Err.Error() }
func (e *MountError) Unwrap() error { return e.Err }

// Close releases the folders.
func (s *Set) Close() error {
	var all []error
	for _, root := range s.roots {
		all = append(all, root.Close())
	}
	return errors.Join(all...)
}

// Load reads the folders that calls get copies of. It does so once; what changes
// in them later is not seen. The error is for the module's user: it has no path
// of the host.
func (s *Set) Load() error {
	s.load.Do(func() {
		s.loaded = make([]*memory, len(s.roots))
		r := &room{s.options.Size}
		for i, m := range s.options.Mounts {
			if m.Mode != ModeCopy {
				continue
			}
			tree, err := read(&host{root: s.roots[i]}, r)
			if errors.Is(err, Nospc) {
				err = fmt.Errorf("it is larger than the %d bytes that there are for copies and scratch", s.options.Size)
			} else if file := (*fs.PathError)(nil); errors.As(err, &file) {
				err = file.Err
			}
			if err != nil {
				s.failed = fmt.Errorf("the folder for %s cannot be copied: %w", m.Guest, err)
				return
			}
			s.loaded[i] = tree
		}
		s.copied = s.options.Size - r.left
	})
	return s.failed
}

// read copies a folder into memory, to be shared by all calls.
func read(from *host, r *room) (*memory, error) {
	m := newMemory(r, func() time.Time { return time.Time{} })
	if err := m.readDir(from, "", m.root); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *memory) readDir(from *host, at string, n *node) error {
	stat, err := from.Lstat(at)
	if err != nil {
		return err
	}
	n.atime, n.mtime, n.ctime, n.shared = stat.Mtime, stat.Mtime, stat.Mtime, true
	names, err := from.List(at)
	if err != nil {
		return err
	}
	for _, name := range names {
		child, err := m.readNode(from, path.Join(at, name))
		if err != nil {
			return err
		}
		if child == nil {
			continue
		}
		if err := m.room.take(nodeCost + int64(len(name)+len(child.target))); err != nil {
			return err
		}
		n.children[name] = child
	}
	return nil
}

// readNode reads what a path names; nil for what is no file, folder or link.
func (m *memory) readNode(from *host, at string) (*node, error) {
	stat, err := from.Lstat(at)
	if err != nil {
		return nil, err
	}
	n := m.node(stat.Kind)
	switch stat.Kind {
	case Directory:
		n.children = map[string]*node{}
		return n, m.readDir(from, at, n)
	case Link:
		n.target, err = from.Readlink(at)
	case Regular:
		err = m.readFile(from, at, n)
	case Unknown:
		return nil, nil
	}
	n.atime, n.mtime, n.ctime, n.shared = stat.Mtime, stat.Mtime, stat.Mtime, true
	return n, err
}

func (m *memory) readFile(from *host, at string, n *node) error {
	f, err := from.Open(at, How{Read: true})
	if err != nil {
		return err
	}
	defer f.Close()
	piece := make([]byte, chunkSize)
	for {
		count, err := io.ReadFull(f.(*hostFile).File, piece)
		if count > 0 {
			if _, err := n.content.writeAt(piece[:count], n.content.size, m.room); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return err
		}
	}
	for i := range n.content.chunks {
		n.content.chunks[i].shared = true
	}
	return nil
}

// Tree pairs a tree with the guest's name for it.
type Mounted struct {
	Name string
	Tree Tree
}

// Call is what a call's trees need of it.
type Call struct {
	// Now is the call's clock, for the times of files in memory.
	Now func() time.Time
	// Stopped tells whether the call is no longer wanted. Folders of the host
	// are not changed then.
	Stopped func() bool
	// Store counts bytes that are to be written into folders of the host; false
	// refuses them.
	Store func(bytes int64) bool
}

// Begin gives the trees of a call. Load must have been called.
func (s *Set) Begin(c Call) []Mounted {
	r := &room{s.options.Size - s.copied}
	var all []Mounted
	for i, m := range s.options.Mounts {
		var tree Tree
		switch m.Mode {
		case ModeRead:
			tree = &host{root: s.roots[i]}
		case ModeReadWrite:
			tree = &host{root: s.roots[i], gate: &gate{c.Stopped, c.Store}}
		case ModeCopy:
			if base := s.loaded[i]; base != nil {
				tree = &memory{root: base.root, own: map[*node]*node{}, room: r, now: c.Now, numbers: base.numbers}
			}
		}
		if tree != nil {
			all = append(all, Mounted{m.Guest, tree})
		}
	}
	if s.options.Scratch != "" {
		all = append(all, Mounted{s.options.Scratch, newMemory(r, c.Now)})
	}
	return all
}

// Initial gives the trees that a module sees while it is initialised, whose
// memory all its calls begin with: those that no call changes, and the names of
// the others, empty. None of them can be changed.
func (s *Set) Initial() []Mounted {
	empty := func() Tree {
		m := newMemory(&room{}, func() time.Time { return time.Time{} })
		m.fixed = true
		return m
	}
	var all []Mounted
	for i, m := range s.options.Mounts {
		tree := empty()
		switch {
		case m.Mode == ModeRead:
			tree = &host{root: s.roots[i]}
		case m.Mode == ModeCopy && s.loaded != nil && s.loaded[i] != nil:
			base := s.loaded[i]
			tree = &memory{root: base.root, room: &room{}, now: base.now, fixed: true}
		}
		all = append(all, Mounted{m.Guest, tree})
	}
	if s.options.Scratch != "" {
		all = append(all, Mounted{s.options.Scratch, empty()})
	}
	return all
}
