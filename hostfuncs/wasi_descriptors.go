package hostfuncs

import (
	"context"
	"encoding/binary"
	"math/bits"

	"github.com/waslrun/wasl/hostfuncs/files"
)

// descriptor is what a number of a guest's stands for: a standard stream, a
// directory or a file.
type descriptor struct {
	stream bool
	number uint32 // of a stream: which one it is

	dir     *files.Dir // of a directory
	preopen string     // of a directory that was granted: its name
	device  uint64     // of a directory or a file: tells the trees apart
	listing []string   // of a directory: what fd_readdir shows from cookie 0 on

	file   files.File // of a file
	offset int64
	flags  uint16 // of a file

	// base are the rights of WASI that the descriptor has, inheriting those that
	// what is opened through it may have.
	base, inheriting uint64
	real             bool // times come from the host's clock
}

// Rights of WASI.
const (
	rightDatasync = 1 << iota
	rightRead
	rightSeek
	rightSetFlags
	rightSync
	rightTell
	rightWrite
	rightAdvise
	rightAllocate
	rightCreateDirectory
	rightCreateFile
	rightLinkSource
	rightLinkTarget
	rightOpen
	rightReaddir
	rightReadlink
	rightRenameSource
	rightRenameTarget
	rightPathFilestatGet
	rightPathFilestatSetSize // no descriptor has it: paths are truncated by opening them
	rightPathFilestatSetTimes
	rightFilestatGet
	rightFilestatSetSize
	rightFilestatSetTimes
	rightSymlink
	rightRemoveDirectory
	rightUnlink
	rightPoll
)

const (
	// directoryRights are what a directory's descriptor can do.
	directoryRights = rightCreateDirectory | rightCreateFile | rightOpen | rightReaddir | rightReadlink |
		rightRenameSource | rightRenameTarget | rightPathFilestatGet | rightPathFilestatSetTimes | rightFilestatGet |
		rightFilestatSetTimes | rightSymlink | rightRemoveDirectory | rightUnlink | rightSync | rightDatasync
	// fileRights are what every file's descriptor can do, and writeRights what
	// goes with writing. They are there whether they were asked for or not, as in
	// other runtimes: programs ask for reading or writing and expect the rest.
	fileRights = rightSeek | rightTell | rightAdvise | rightSetFlags | rightFilestatGet | rightFilestatSetTimes |
		rightPoll | rightSync | rightDatasync
	writeRights = rightWrite | rightAllocate | rightFilestatSetSize
	// inheritedRights are what can be opened through a directory that was granted.
	inheritedRights = directoryRights | fileRights | rightRead | writeRights
)

// can tells whether a descriptor has a right.
func (d *descriptor) can(right uint64) bool { return d.base&right != 0 }

// Flags of a descriptor.
const (
	flagAppend   = 1 << 0
	flagDsync    = 1 << 1
	flagNonblock = 1 << 2
	flagRsync    = 1 << 3
	flagSync     = 1 << 4
	allFlags     = flagAppend | flagDsync | flagNonblock | flagRsync | flagSync
)

// maxDescriptors bounds a guest's descriptors, and so what it holds open at the
// host.
const maxDescriptors = 256

// standardStreams are the descriptors of every guest. They are never changed.
var standardStreams = [...]*descriptor{
	stdin:  {stream: true, number: stdin, base: rightRead},
	stdout: {stream: true, number: stdout, base: rightWrite},
	stderr: {stream: true, number: stderr, base: rightWrite},
}

// descriptors are a guest's, by number; nil for those that are not open.
type descriptors struct {
	list []*descriptor
	room [len(standardStreams)]*descriptor // for guests without files
	// granted: there are directories, or were.
	granted bool
}

func (t *descriptors) begin(trees []files.Mounted) {
	t.room = standardStreams
	t.list = t.room[:]
	t.granted = len(trees) > 0
	for i, m := range trees {
		t.list = append(t.list, &descriptor{
			dir: &files.Dir{Tree: m.Tree}, preopen: m.Name, device: uint64(i + 1), real: m.Tree.Real(),
			base: directoryRights, inheriting: inheritedRights,
		})
	}
}

// get gives an open descriptor, or nil.
func (t *descriptors) get(fd uint32) *descriptor {
	if uint64(fd) >= uint64(len(t.list)) {
		return nil
	}
	return t.list[fd]
}

// add gives a descriptor the lowest number that is free.
func (t *descriptors) add(d *descriptor) (uint32, errno) {
	for i, old := range t.list {
		if old == nil {
			t.list[i] = d
			return uint32(i), errnoSuccess
		}
	}
	if len(t.list) >= maxDescriptors {
		return 0, errnoMfile
	}
	t.list = append(t.list, d)
	return uint32(len(t.list) - 1), errnoSuccess
}

// full tells whether no more descriptors can be opened.
func (t *descriptors) full() bool {
	if len(t.list) < maxDescriptors {
		return false
	}
	for _, d := range t.list {
		if d == nil {
			return false
		}
	}
	return true
}

// close releases what a descriptor holds at the host.
func (d *descriptor) close() error {
	if d.file == nil {
		return nil
	}
	return d.file.Close()
}

// end closes all files, when the call is over.
func (t *descriptors) end() {
	for _, d := range t.list {
		if d != nil {
			_ = d.close() // nobody is left to be told
		}
	}
	t.list = nil
}

// moved follows directories that are open when the guest renames one.
func (t *descriptors) moved(tree files.Tree, from, to string) {
	for _, d := range t.list {
		if d == nil || d.dir == nil || d.dir.Tree != tree {
			continue
		}
		if rest, ok := cutFolder(d.dir.Path, from); ok {
			d.dir.Path = to + rest
		}
	}
}

// cutFolder gives the rest of a path that is a folder or lies below it.
func cutFolder(path, folder string) (rest string, ok bool) {
	if path == folder {
		return "", true
	}
	if len(path) > len(folder) && path[:len(folder)] == folder && path[len(folder)] == '/' {
		return path[len(folder):], true
	}
	return "", false
}

var wasiDescriptors = []function{
	{"fd_close", "i", "i", result(fdClose)},
	{"fd_renumber", "ii", "i", result(fdRenumber)},
	{"fd_fdstat_get", "ii", "i", result(fdstatGet)},
	{"fd_fdstat_set_flags", "ii", "i", result(fdstatSetFlags)},
	{"fd_fdstat_set_rights", "iII", "i", result(fdstatSetRights)},
	{"fd_prestat_get", "ii", "i", result(prestatGet)},
	{"fd_prestat_dir_name", "iii", "i", result(prestatName)},
}

func fdClose(_ context.Context, s *session, _ memory, a []uint64) errno {
	fd := uint32(a[0])
	d := s.fds.get(fd)
	if d == nil {
		return errnoBadf
	}
	s.fds.list[fd] = nil
	return files.ErrnoOf(d.close())
}

// fdRenumber gives a descriptor another number. What had that is closed.
func fdRenumber(_ context.Context, s *session, _ memory, a []uint64) errno {
	from, to := uint32(a[0]), uint32(a[1])
	d := s.fds.get(from)
	switch {
	case d == nil || to >= maxDescriptors:
		return errnoBadf
	case !s.fds.granted:
		return errnoNotsup
	case from == to:
		return errnoSuccess
	}
	for uint64(to) >= uint64(len(s.fds.list)) {
		s.fds.list = append(s.fds.list, nil)
	}
	old := s.fds.list[to]
	s.fds.list[to], s.fds.list[from] = d, nil
	if old != nil {
		return files.ErrnoOf(old.close())
	}
	return errnoSuccess
}

// fdstatGet describes a descriptor. A stream is of no particular type, so that C
// libraries buffer it.
func fdstatGet(_ context.Context, s *session, m memory, a []uint64) errno {
	d := s.fds.get(uint32(a[0]))
	if d == nil {
		return errnoBadf
	}
	stat, ok := m.span(uint32(a[1]), 24)
	if !ok {
		return errnoFault
	}
	clear(stat)
	switch {
	case d.dir != nil:
		stat[0] = byte(files.Directory)
	case d.file != nil:
		stat[0] = byte(files.Regular)
	}
	binary.LittleEndian.PutUint16(stat[2:], d.flags)
	binary.LittleEndian.PutUint64(stat[8:], d.base)
	binary.LittleEndian.PutUint64(stat[16:], d.inheriting)
	return errnoSuccess
}

func fdstatSetFlags(_ context.Context, s *session, _ memory, a []uint64) errno {
	flags := uint32(a[1])
	switch d := s.fds.get(uint32(a[0])); {
	case d == nil || d.dir != nil:
		return errnoBadf
	case d.stream:
		return errnoSuccess // whatever they say, a stream does the same
	case flags&^allFlags != 0:
		return errnoInval
	case !d.can(rightSetFlags):
		return errnoNotcapable
	default:
		d.flags = uint16(flags)
		return errnoSuccess
	}
}

// fdstatSetRights takes rights away. None comes back.
func fdstatSetRights(_ context.Context, s *session, _ memory, a []uint64) errno {
	base, inheriting := a[1], a[2]
	switch d := s.fds.get(uint32(a[0])); {
	case d == nil:
		return errnoBadf
	case d.stream:
		return errnoNotsup
	case base&^d.base != 0 || inheriting&^d.inheriting != 0:
		return errnoNotcapable
	default:
		d.base, d.inheriting = base, inheriting
		return errnoSuccess
	}
}

// prestatGet gives the length of the name of a directory that was granted.
func prestatGet(_ context.Context, s *session, m memory, a []uint64) errno {
	d := s.fds.get(uint32(a[0]))
	if d == nil || d.preopen == "" {
		return errnoBadf
	}
	if !m.putUint64(uint32(a[1]), uint64(len(d.preopen))<<32) {
		return errnoFault
	}
	return errnoSuccess
}

func prestatName(_ context.Context, s *session, m memory, a []uint64) errno {
	d := s.fds.get(uint32(a[0]))
	if d == nil || d.preopen == "" {
		return errnoBadf
	}
	if uint32(a[2]) < uint32(len(d.preopen)) {
		return errnoNametoolong
	}
	if _, ok := m.fill(uint32(a[1]), uint32(a[2]), []byte(d.preopen)); !ok {
		return errnoFault
	}
	return errnoSuccess
}

// open is the descriptor of a file of what a directory's path leads to. The
// rights are what the directory passes on.
func (d *descriptor) open(wanted uint64, flags uint16) *descriptor {
	opened := &descriptor{device: d.device, real: d.real, flags: flags}
	opened.base = (fileRights | wanted&(rightRead|rightWrite)) & d.inheriting
	if wanted&rightWrite != 0 {
		opened.base |= writeRights & d.inheriting
	}
	return opened
}

// only tells whether at most one of some flags is set.
func only(flags, of uint32) bool { return bits.OnesCount32(flags&of) <= 1 }
