package files

import (
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// memory is a tree of files in memory: a call's scratch, or its copy of a folder.
//
// A copy is made of nodes that all calls share and none of them changes. What a
// call is about to change, it takes a node of its own for, which stands in the
// old one's place from then on (current); so a copy costs a call nothing before
// it writes.
type memory struct {
	root  *node
	own   map[*node]*node // by the shared node that it stands for
	room  *room
	now   func() time.Time
	fixed bool // nothing may be changed
	// numbers is the last number that a node was given.
	numbers uint64
}

// room is how much the trees of a call may hold together.
type room struct{ left int64 }

func (r *room) take(n int64) error {
	if n > r.left {
		return Nospc
	}
	r.left -= n
	return nil
}

func (r *room) give(n int64) { r.left += n }

// nodeCost is what a file counts besides its contents: names, times, maps.
const nodeCost = 512 // bytes

// node is a file, a directory or a link.
type node struct {
	kind                Kind
	ino                 uint64
	shared              bool // of all calls: it must not be changed
	atime, mtime, ctime time.Time

	children map[string]*node // of a directory
	target   string           // of a link
	content  content          // of a regular file
	opens    int              // of a regular file: how often it is open
	removed  bool             // no name leads to it any more
}

func newMemory(r *room, now func() time.Time) *memory {
	m := &memory{room: r, now: now, own: map[*node]*node{}}
	m.root = m.node(Directory)
	m.root.ino = 1
	m.root.children = map[string]*node{}
	return m
}

// node makes a node. Its number tells it apart from all others of its tree.
func (m *memory) node(kind Kind) *node {
	t := m.now()
	n := &node{kind: kind, atime: t, mtime: t, ctime: t}
	m.numbers++
	n.ino = m.numbers
	return n
}

func (m *memory) Real() bool { return false }

// current is the node that stands for a node now.
func (m *memory) current(n *node) *node {
	if own, ok := m.own[n]; ok {
		return own
	}
	return n
}

// mine is the node to be changed in a node's place.
func (m *memory) mine(n *node) *node {
	if n = m.current(n); !n.shared {
		return n
	}
	own := *n
	own.shared = false
	own.children = maps.Clone(n.children)
	own.content.chunks = slices.Clone(n.content.chunks)
	m.own[n] = &own
	return &own
}

// find gives the node of a path. No link is followed: the path is canonical.
func (m *memory) find(at string) (*node, error) {
	n := m.current(m.root)
	for at != "" {
		var name string
		name, at, _ = strings.Cut(at, "/")
		if n.kind != Directory {
			return nil, Notdir
		}
		child, ok := n.children[name]
		if !ok {
			return nil, Noent
		}
		n = m.current(child)
	}
	return n, nil
}

// parent gives the directory of a path, to be changed, and the path's last name.
func (m *memory) parent(at string) (*node, string, error) {
	if m.fixed {
		return nil, "", Rofs
	}
	if at == "" {
		return nil, "", Busy
	}
	folder, name := path.Split(at)
	n, err := m.find(strings.TrimSuffix(folder, "/"))
	switch {
	case err != nil:
		return nil, "", err
	case n.kind != Directory:
		return nil, "", Notdir
	}
	return m.mine(n), name, nil
}

// add puts a node into a directory.
func (m *memory) add(at string, n *node) error {
	folder, name, err := m.parent(at)
	if err != nil {
		return err
	}
	if _, there := folder.children[name]; there {
		return Exist
	}
	if err := m.room.take(nodeCost + int64(len(name)+len(n.target))); err != nil {
		return err
	}
	folder.children[name] = n
	m.touch(folder)
	return nil
}

// touch says that a node was changed.
func (m *memory) touch(n *node) { n.mtime, n.ctime = m.now(), m.now() }

// drop takes a name out of a directory. The contents of a file that is open stay
// until it is closed.
func (m *memory) drop(folder *node, name string) {
	n := m.current(folder.children[name])
	delete(folder.children, name)
	m.touch(folder)
	m.room.give(nodeCost + int64(len(name)+len(n.target)))
	if n.kind != Regular {
		return
	}
	if n = m.mine(n); n.opens == 0 {
		m.room.give(n.content.clear())
	}
	n.removed = true
}

func (m *memory) Lstat(at string) (Stat, error) {
	n, err := m.find(at)
	if err != nil {
		return Stat{}, err
	}
	return n.stat(), nil
}

func (n *node) stat() Stat {
	s := Stat{Kind: n.kind, Ino: n.ino, Links: 1, Size: n.content.size, Atime: n.atime, Mtime: n.mtime, Ctime: n.ctime}
	switch {
	case n.kind == Link:
		s.Size = int64(len(n.target))
	case n.removed:
		s.Links = 0
	}
	return s
}

func (m *memory) Readlink(at string) (string, error) {
	n, err := m.find(at)
	if err != nil {
		return "", err
	}
	if n.kind != Link {
		return "", Inval
	}
	return n.target, nil
}

func (m *memory) List(at string) ([]string, error) {
	n, err := m.find(at)
	if err != nil {
		return nil, err
	}
	if n.kind != Directory {
		return nil, Notdir
	}
	return slices.Sorted(maps.Keys(n.children)), nil
}

func (m *memory) Open(at string, how How) (File, error) {
	if how.changes() && m.fixed {
		return nil, Rofs
	}
	n, err := m.find(at)
	switch {
	case ErrnoOf(err) == Noent && how.Create:
		n = m.node(Regular)
		err = m.add(at, n)
	case err == nil && how.Create && how.Exclusive:
		err = Exist
	case err == nil && n.kind == Directory:
		err = Isdir
	case err == nil && n.kind != Regular:
		err = Loop
	}
	if err != nil {
		return nil, err
	}
	f := &memoryFile{m, n}
	if how.Truncate {
		if err := f.Truncate(0); err != nil {
			return nil, err
		}
	}
	if !m.fixed {
		m.mine(n).opens++
	}
	return f, nil
}

func (m *memory) Mkdir(at string) error {
	n := m.node(Directory)
	n.children = map[string]*node{}
	return m.add(at, n)
}

func (m *memory) Symlink(target, at string) error {
	n := m.node(Link)
	n.target = target
	return m.add(at, n)
}

func (m *memory) Unlink(at string) error {
	folder, name, err := m.parent(at)
	if err != nil {
		return err
	}
	n, err := m.find(at)
	if err != nil {
		return err
	}
	if n.kind == Directory {
		return Isdir
	}
	m.drop(folder, name)
	return nil
}

func (m *memory) Rmdir(at string) error {
	folder, name, err := m.parent(at)
	if err != nil {
		return err
	}
	n, err := m.find(at)
	switch {
	case err != nil:
		return err
	case n.kind != Directory:
		return Notdir
	case len(n.children) > 0:
		return Notempty
	}
	m.drop(folder, name)
	return nil
}

func (m *memory) Rename(from, to string) error {
	source, name, err := m.parent(from)
	if err != nil {
		return err
	}
	n, err := m.find(from)
	if err != nil {
		return err
	}
	if from == to {
		return nil
	}
	if strings.HasPrefix(to, from+"/") {
		return Inval
	}
	target, newName, err := m.parent(to)
	if err != nil {
		return err
	}
	if there, err := m.find(to); err == nil {
		switch {
		case there.kind == Directory && n.kind != Directory:
			return Isdir
		case there.kind != Directory && n.kind == Directory:
			return Notdir
		case len(there.children) > 0:
			return Notempty
		}
		m.drop(target, newName)
	}
	// A longer name may find no room; the room of the old one is its own.
	m.room.give(int64(len(name)))
	if err := m.room.take(int64(len(newName))); err != nil {
		m.room.left -= int64(len(name))
		return err
	}
	child := source.children[name]
	delete(source.children, name)
	target.children[newName] = child
	m.touch(source)
	m.touch(target)
	return nil
}

func (m *memory) SetTimes(at string, atime, mtime Time) error {
	n, err := m.find(at)
	if err != nil {
		return err
	}
	return m.setTimes(n, atime, mtime)
}

func (m *memory) setTimes(n *node, atime, mtime Time) error {
	if m.fixed {
		return Rofs
	}
	n = m.mine(n)
	for _, t := range []struct {
		time *time.Time
		to   Time
	}{{&n.atime, atime}, {&n.mtime, mtime}} {
		switch {
		case t.to.Now:
			*t.time = m.now()
		case !t.to.At.IsZero():
			*t.time = t.to.At
		}
	}
	n.ctime = m.now()
	return nil
}

// memoryFile is an open file.
type memoryFile struct {
	m *memory
	n *node // perhaps a shared one, for which another stands by now
}

func (f *memoryFile) Stat() (Stat, error) { return f.m.current(f.n).stat(), nil }

func (f *memoryFile) ReadAt(p []byte, offset int64) (int, error) {
	return f.m.current(f.n).content.readAt(p, offset), nil
}

func (f *memoryFile) WriteAt(p []byte, offset int64) (int, error) {
	if f.m.fixed {
		return 0, Rofs
	}
	n := f.m.mine(f.n)
	written, err := n.content.writeAt(p, offset, f.m.room)
	if written > 0 {
		f.m.touch(n)
	}
	return written, err
}

func (f *memoryFile) Truncate(size int64) error {
	if f.m.fixed {
		return Rofs
	}
	n := f.m.mine(f.n)
	if err := n.content.resize(size, f.m.room); err != nil {
		return err
	}
	f.m.touch(n)
	return nil
}

func (f *memoryFile) Allocate(size int64) error {
	if f.m.fixed {
		return Rofs
	}
	n := f.m.mine(f.n)
	if size <= n.content.size {
		return nil
	}
	if err := n.content.allocate(size, f.m.room); err != nil {
		return err
	}
	f.m.touch(n)
	return nil
}

func (f *memoryFile) SetTimes(atime, mtime Time) error { return f.m.setTimes(f.n, atime, mtime) }

func (f *memoryFile) Sync() error { return nil }

func (f *memoryFile) Close() error {
	if f.m.fixed {
		return nil
	}
	n := f.m.mine(f.n)
	if n.opens--; n.opens == 0 && n.removed {
		f.m.room.give(n.content.clear())
	}
	return nil
}
