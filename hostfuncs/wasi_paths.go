package hostfuncs

import (
	"context"

	"github.com/waslrun/wasl/hostfuncs/files"
)

var wasiPaths = []function{
	{"path_open", "iiiiiIIii", "i", result(pathOpen)},
	{"path_create_directory", "iii", "i", result(pathCreateDirectory)},
	{"path_filestat_get", "iiiii", "i", result(pathFilestatGet)},
	{"path_filestat_set_times", "iiiiIIi", "i", result(pathFilestatSetTimes)},
	{"path_link", "iiiiiii", "i", result(pathLink)},
	{"path_readlink", "iiiiii", "i", result(pathReadlink)},
	{"path_remove_directory", "iii", "i", result(pathRemoveDirectory)},
	{"path_rename", "iiiiii", "i", result(pathRename)},
	{"path_symlink", "iiiii", "i", result(pathSymlink)},
	{"path_unlink_file", "iii", "i", result(pathUnlinkFile)},
}

// followLink is the flag of a lookup that follows a path's last name.
const followLink = 1

// directory gives the directory of a descriptor that has a right.
func (s *session) directory(fd uint64, right uint64) (*descriptor, errno) {
	switch d := s.fds.get(uint32(fd)); {
	case d == nil || d.stream:
		return nil, errnoBadf
	case d.dir == nil:
		return nil, errnoNotdir
	case !d.can(right):
		return nil, errnoNotcapable
	default:
		return d, errnoSuccess
	}
}

// path reads a guest's path.
func (m memory) path(ptr, n uint64) (string, errno) {
	if uint32(n) > files.MaxPath {
		return "", errnoNametoolong
	}
	text, ok := m.text(uint32(ptr), uint32(n))
	if !ok {
		return "", errnoFault
	}
	return text, errnoSuccess
}

// resolve follows a guest's path from a directory.
func (s *session) resolve(ctx context.Context, m memory, d *descriptor, ptr, n uint64, follow bool) (files.Place, errno) {
	text, e := m.path(ptr, n)
	if e != errnoSuccess {
		return files.Place{}, e
	}
	place, err := files.Resolve(*d.dir, text, follow, func() bool {
		s.spend(unitsPath)
		return s.pay(ctx)
	})
	return place, files.ErrnoOf(err)
}

// target resolves the path of what a function works on: a directory's
// descriptor and a path, the first arguments, that must be there.
func (s *session) target(ctx context.Context, m memory, a []uint64, right uint64) (*descriptor, files.Place, errno) {
	d, e := s.directory(a[0], right)
	if e != errnoSuccess {
		return nil, files.Place{}, e
	}
	place, e := s.resolve(ctx, m, d, a[1], a[2], false)
	if e == errnoSuccess && place.Missing {
		e = errnoNoent
	}
	return d, place, e
}

// Flags of path_open.
const (
	openCreate    = 1 << 0
	openDirectory = 1 << 1
	openExclusive = 1 << 2
	openTruncate  = 1 << 3
	allOpen       = openCreate | openDirectory | openExclusive | openTruncate
)

// openRequest is what a guest asks of path_open.
type openRequest struct {
	oflags uint32
	wanted uint64 // rights
	flags  uint16 // of the descriptor
}

func (r openRequest) writes() bool { return r.wanted&rightWrite != 0 || r.oflags&openTruncate != 0 }

// pathOpen(fd, dirflags, path, path_len, oflags, base, inheriting, fdflags, out)
func pathOpen(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, e := s.directory(a[0], rightOpen)
	if e != errnoSuccess {
		return e
	}
	r := openRequest{uint32(a[4]), a[5], uint16(a[7])}
	switch {
	case uint32(a[1])&^followLink != 0 || r.oflags&^allOpen != 0 || uint32(a[7])&^allFlags != 0:
		return errnoInval
	case r.oflags&openCreate != 0 && r.oflags&openDirectory != 0:
		return errnoInval
	case r.wanted&(rightRead|rightWrite)&^d.inheriting != 0 || r.oflags&openCreate != 0 && !d.can(rightCreateFile):
		return errnoNotcapable
	case !m.holds(uint32(a[8]), 4):
		return errnoFault
	case s.fds.full():
		return errnoMfile
	}
	// A name that must be new is not followed: a link is not new.
	follow := a[1]&followLink != 0 && !(r.oflags&openCreate != 0 && r.oflags&openExclusive != 0)
	place, e := s.resolve(ctx, m, d, a[2], a[3], follow)
	if e != errnoSuccess {
		return e
	}
	opened, e := s.open(d, place, r)
	if e != errnoSuccess {
		return e
	}
	fd, e := s.fds.add(opened)
	if e != errnoSuccess {
		_ = opened.close()
		return e
	}
	m.putUint32(uint32(a[8]), fd)
	return errnoSuccess
}

// open opens what a path leads to.
func (s *session) open(d *descriptor, place files.Place, r openRequest) (*descriptor, errno) {
	s.spend(unitsFile)
	creates := r.oflags&openCreate != 0
	switch {
	case place.Missing && !creates:
		return nil, errnoNoent
	case place.Missing && place.Slash:
		return nil, errnoIsdir
	case !place.Missing && creates && r.oflags&openExclusive != 0:
		return nil, errnoExist
	}
	switch {
	case place.Stat.Kind == files.Directory:
		return s.openDir(d, place, r)
	case r.oflags&openDirectory != 0:
		return nil, errnoNotdir
	case place.Stat.Kind == files.Link:
		return nil, errnoLoop
	case !place.Missing && place.Stat.Kind == files.Unknown:
		return nil, errnoAcces
	}
	opened := d.open(r.wanted, r.flags)
	file, err := d.dir.Tree.Open(place.Path, files.How{
		Read: opened.can(rightRead), Write: opened.can(rightWrite),
		Create: creates, Exclusive: r.oflags&openExclusive != 0, Truncate: r.oflags&openTruncate != 0,
	})
	if err != nil {
		return nil, files.ErrnoOf(err)
	}
	opened.file = file
	return opened, errnoSuccess
}

func (s *session) openDir(d *descriptor, place files.Place, r openRequest) (*descriptor, errno) {
	if r.writes() || r.oflags&openCreate != 0 {
		return nil, errnoIsdir
	}
	return &descriptor{
		dir: &files.Dir{Tree: d.dir.Tree, Path: place.Path}, device: d.device, real: d.real,
		base: directoryRights & d.inheriting, inheriting: d.inheriting, flags: r.flags,
	}, errnoSuccess
}

func pathCreateDirectory(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, e := s.directory(a[0], rightCreateDirectory)
	if e != errnoSuccess {
		return e
	}
	place, e := s.resolve(ctx, m, d, a[1], a[2], false)
	switch {
	case e == errnoNotdir && s.isThere(ctx, m, d, a[1], a[2]):
		return errnoExist
	case e != errnoSuccess:
		return e
	case !place.Missing:
		return errnoExist
	}
	return files.ErrnoOf(d.dir.Tree.Mkdir(place.Path))
}

// isThere tells whether a path with slashes at its end names something without
// them.
func (s *session) isThere(ctx context.Context, m memory, d *descriptor, ptr, n uint64) bool {
	text, e := m.path(ptr, n)
	for e == errnoSuccess && n > 0 && text[n-1] == '/' {
		n--
	}
	place, e := s.resolve(ctx, m, d, ptr, n, false)
	return e == errnoSuccess && !place.Missing
}

// pathFilestatGet(fd, flags, path, path_len, out)
func pathFilestatGet(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, e := s.directory(a[0], rightPathFilestatGet)
	switch {
	case e != errnoSuccess:
		return e
	case uint32(a[1])&^followLink != 0:
		return errnoInval
	}
	place, e := s.resolve(ctx, m, d, a[2], a[3], a[1]&followLink != 0)
	switch {
	case e != errnoSuccess:
		return e
	case place.Missing:
		return errnoNoent
	}
	return s.putFilestat(m, uint32(a[4]), d, place.Stat)
}

// pathFilestatSetTimes(fd, flags, path, path_len, atim, mtim, fst_flags)
func pathFilestatSetTimes(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, e := s.directory(a[0], rightPathFilestatSetTimes)
	switch {
	case e != errnoSuccess:
		return e
	case uint32(a[1])&^followLink != 0:
		return errnoInval
	}
	atime, mtime, e := timesOf(a[4], a[5], uint32(a[6]))
	if e != errnoSuccess {
		return e
	}
	place, e := s.resolve(ctx, m, d, a[2], a[3], a[1]&followLink != 0)
	switch {
	case e != errnoSuccess:
		return e
	case place.Missing:
		return errnoNoent
	case place.Stat.Kind == files.Link:
		return errnoNotsup // not every system has times of links
	}
	s.spend(unitsFile)
	return files.ErrnoOf(d.dir.Tree.SetTimes(place.Path, atime, mtime))
}

// pathLink refuses: a file of the host with two names would be in two grants.
func pathLink(_ context.Context, s *session, _ memory, a []uint64) errno {
	for _, fd := range []uint64{a[0], a[4]} {
		if d := s.fds.get(uint32(fd)); d == nil || d.dir == nil {
			return errnoBadf
		}
	}
	return errnoPerm
}

// pathReadlink(fd, path, path_len, buf, buf_len, used) gives as much of a link's
// target as there is room for.
func pathReadlink(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, place, e := s.target(ctx, m, a, rightReadlink)
	switch {
	case e != errnoSuccess:
		return e
	case place.Stat.Kind != files.Link:
		return errnoInval
	case !m.holds(uint32(a[5]), 4):
		return errnoFault
	}
	target, err := d.dir.Tree.Readlink(place.Path)
	if err != nil {
		return files.ErrnoOf(err)
	}
	n, ok := m.fill(uint32(a[3]), uint32(a[4]), []byte(target))
	if !ok {
		return errnoFault
	}
	m.putUint32(uint32(a[5]), uint32(n))
	return errnoSuccess
}

func pathRemoveDirectory(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, place, e := s.target(ctx, m, a, rightRemoveDirectory)
	switch {
	case e != errnoSuccess:
		return e
	case place.Stat.Kind != files.Directory:
		return errnoNotdir
	case place.Path == d.dir.Path:
		return errnoInval // "."
	}
	return files.ErrnoOf(d.dir.Tree.Rmdir(place.Path))
}

func pathUnlinkFile(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, place, e := s.target(ctx, m, a, rightUnlink)
	switch {
	case e != errnoSuccess:
		return e
	case place.Stat.Kind == files.Directory:
		return errnoIsdir
	}
	return files.ErrnoOf(d.dir.Tree.Unlink(place.Path))
}

// pathRename(fd, path, path_len, new_fd, new_path, new_path_len)
func pathRename(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, from, e := s.target(ctx, m, a, rightRenameSource)
	if e != errnoSuccess {
		return e
	}
	to, e := s.directory(a[3], rightRenameTarget)
	if e != errnoSuccess {
		return e
	}
	place, e := s.resolve(ctx, m, to, a[4], a[5], false)
	switch {
	case e != errnoSuccess:
		return e
	case d.dir.Tree != to.dir.Tree:
		return errnoXdev
	case from.Path == d.dir.Path || place.Path == to.dir.Path:
		return errnoBusy // "."
	case place.Missing && place.Slash && from.Stat.Kind != files.Directory:
		return errnoNotdir
	}
	if err := d.dir.Tree.Rename(from.Path, place.Path); err != nil {
		return files.ErrnoOf(err)
	}
	s.fds.moved(d.dir.Tree, from.Path, place.Path)
	return errnoSuccess
}

// pathSymlink(target, target_len, fd, path, path_len)
func pathSymlink(ctx context.Context, s *session, m memory, a []uint64) errno {
	d, e := s.directory(a[2], rightSymlink)
	if e != errnoSuccess {
		return e
	}
	target, e := m.path(a[0], a[1])
	if e != errnoSuccess {
		return e
	}
	place, e := s.resolve(ctx, m, d, a[3], a[4], false)
	switch {
	case e != errnoSuccess:
		return e
	case !place.Missing:
		return errnoExist
	case place.Slash:
		return errnoNoent
	}
	if err := files.CheckTarget(target, place.Path); err != nil {
		return files.ErrnoOf(err)
	}
	return files.ErrnoOf(d.dir.Tree.Symlink(target, place.Path))
}
