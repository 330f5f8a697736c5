package hostfuncs

import (
	"context"
	"encoding/binary"
	"math"
	"path"
	"time"

	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
)

var wasiFiles = []function{
	{"fd_pread", "iiiIi", "i", result(fdPread)},
	{"fd_pwrite", "iiiIi", "i", result(fdPwrite)},
	{"fd_seek", "iIii", "i", result(fdSeek)},
	{"fd_tell", "ii", "i", result(fdTell)},
	{"fd_advise", "iIIi", "i", result(fdAdvise)},
	{"fd_allocate", "iII", "i", result(fdAllocate)},
	{"fd_datasync", "i", "i", result(fdSync)},
	{"fd_sync", "i", "i", result(fdSync)},
	{"fd_filestat_get", "ii", "i", result(filestatGet)},
	{"fd_filestat_set_size", "iI", "i", result(filestatSetSize)},
	{"fd_filestat_set_times", "iIIi", "i", result(filestatSetTimes)},
	{"fd_readdir", "iiiIi", "i", result(fdReaddir)},
}

// onFile gives the file of a descriptor that has a right.
func (s *session) onFile(fd uint64, right uint64) (*descriptor, errno) {
	switch d := s.fds.get(uint32(fd)); {
	case d == nil || d.dir != nil:
		return nil, errnoBadf
	case d.stream:
		return nil, errnoNotsup
	case d.can(right):
		return d, errnoSuccess
	case right&(rightRead|rightWrite) != 0:
		return nil, errnoBadf // as POSIX has it for a file that was opened otherwise
	default:
		return nil, errnoNotcapable
	}
}

// onSeekable is onFile for what streams answer in their own way.
func (s *session) onSeekable(fd uint64, right uint64) (*descriptor, errno) {
	d, e := s.onFile(fd, right)
	if e == errnoNotsup {
		e = errnoSpipe
	}
	return d, e
}

// filePiece is how much of a file passes through the host at a time.
const filePiece = 64 << 10 // bytes

// read moves bytes of a file into a guest's buffers. Nothing of the host's
// system writes to the guest's memory itself.
func (d *descriptor) read(ctx context.Context, s *session, m memory, list, count uint32, offset int64) (total int, e errno) {
	s.spend(unitsFile)
	var failed errno
	piece := make([]byte, min(filePiece, m.wanted(list, count)))
	e = buffers(m, list, count, func(b []byte) bool {
		for len(b) > 0 {
			n, err := d.file.ReadAt(piece[:min(len(b), len(piece))], offset+int64(total))
			copy(b, piece[:n])
			b, total = b[n:], total+n
			if failed = files.ErrnoOf(err); failed != errnoSuccess || n == 0 {
				return false
			}
			if !s.pay(ctx) {
				return false
			}
		}
		return true
	})
	if e == errnoSuccess && total == 0 {
		e = failed
	}
	return total, e
}

// wanted is how many bytes a guest's list of buffers has room for, up to the
// bounds on one transfer.
func (m memory) wanted(list, count uint32) (total int64) {
	_ = buffers(m, list, count, func(b []byte) bool { total += int64(len(b)); return true })
	return total
}

// write moves bytes from a guest's buffers into a file.
func (d *descriptor) write(ctx context.Context, s *session, m memory, list, count uint32, offset int64) (total int, e errno) {
	s.spend(unitsFile)
	var failed errno
	e = buffers(m, list, count, func(b []byte) bool {
		n, err := d.file.WriteAt(b, offset+int64(total))
		total += n
		failed = files.ErrnoOf(err)
		return failed == errnoSuccess && n == len(b) && s.pay(ctx)
	})
	if e == errnoSuccess && total == 0 {
		e = failed
	}
	if e == errnoSuccess && d.flags&(flagSync|flagDsync) != 0 {
		e = d.sync(ctx, s)
	}
	return total, e
}

func fdPread(ctx context.Context, s *session, m memory, a []uint64) errno {
	return atOffset(s, m, a, rightRead, func(d *descriptor) (int, errno) {
		return d.read(ctx, s, m, uint32(a[1]), uint32(a[2]), int64(a[3]))
	})
}

func fdPwrite(ctx context.Context, s *session, m memory, a []uint64) errno {
	return atOffset(s, m, a, rightWrite, func(d *descriptor) (int, errno) {
		return d.write(ctx, s, m, uint32(a[1]), uint32(a[2]), int64(a[3]))
	})
}

// atOffset does what fd_pread and fd_pwrite(fd, list, count, offset, moved) have
// in common.
func atOffset(s *session, m memory, a []uint64, right uint64, move func(*descriptor) (int, errno)) errno {
	d, e := s.onSeekable(a[0], right)
	switch {
	case e != errnoSuccess:
		return e
	case a[3] > math.MaxInt64:
		return errnoInval
	case !m.holds(uint32(a[4]), 4):
		return errnoFault
	}
	n, e := move(d)
	if e == errnoSuccess {
		m.putUint32(uint32(a[4]), uint32(n))
	}
	return e
}

// Whences of fd_seek.
const (
	whenceSet = 0
	whenceCur = 1
	whenceEnd = 2
)

func fdSeek(_ context.Context, s *session, m memory, a []uint64) errno {
	d, e := s.onSeekable(a[0], rightSeek)
	if e != errnoSuccess {
		return e
	}
	var from int64
	switch uint32(a[2]) {
	case whenceSet:
	case whenceCur:
		from = d.offset
	case whenceEnd:
		stat, err := d.file.Stat()
		if err != nil {
			return files.ErrnoOf(err)
		}
		from = stat.Size
	default:
		return errnoInval
	}
	to := from + int64(a[1])
	if to < 0 { // before the beginning, or so far that the sum has wrapped
		return errnoInval
	}
	if !m.putUint64(uint32(a[3]), uint64(to)) {
		return errnoFault
	}
	d.offset = to
	return errnoSuccess
}

func fdTell(_ context.Context, s *session, m memory, a []uint64) errno {
	d, e := s.onSeekable(a[0], rightTell)
	if e != errnoSuccess {
		return e
	}
	if !m.putUint64(uint32(a[1]), uint64(d.offset)) {
		return errnoFault
	}
	return errnoSuccess
}

// fdAdvise takes every advice and follows none.
func fdAdvise(_ context.Context, s *session, _ memory, a []uint64) errno {
	_, e := s.onFile(a[0], rightAdvise)
	if e == errnoSuccess && (uint32(a[3]) > 5 || a[1] > math.MaxInt64 || a[2] > math.MaxInt64) {
		return errnoInval
	}
	return e
}

func fdAllocate(_ context.Context, s *session, _ memory, a []uint64) errno {
	d, e := s.onFile(a[0], rightAllocate)
	switch {
	case e != errnoSuccess:
		return e
	case a[2] == 0 || a[1] > math.MaxInt64 || a[2] > math.MaxInt64:
		return errnoInval
	case a[1]+a[2] > math.MaxInt64:
		return errnoFbig
	}
	stat, err := d.file.Stat()
	if err == nil {
		end := int64(a[1] + a[2])
		s.spend(unitsFile)
		if err = d.file.Allocate(end); err == nil {
			s.spend((end - stat.Size) / bytesPerUnit)
		}
	}
	return files.ErrnoOf(err)
}

func (d *descriptor) sync(ctx context.Context, s *session) errno {
	if d.real {
		s.spend(unitsSync)
		modules.Waits(ctx)
	}
	return files.ErrnoOf(d.file.Sync())
}

func fdSync(ctx context.Context, s *session, _ memory, a []uint64) errno {
	if d := s.fds.get(uint32(a[0])); d != nil && d.dir != nil {
		return errnoSuccess // a directory is as it is
	}
	d, e := s.onFile(a[0], rightSync|rightDatasync)
	if e != errnoSuccess {
		return e
	}
	return d.sync(ctx, s)
}

// describe gives the state of what a descriptor stands for; of a stream nothing.
func (d *descriptor) describe() (files.Stat, error) {
	switch {
	case d.dir != nil:
		return d.dir.Tree.Lstat(d.dir.Path)
	case d.file != nil:
		return d.file.Stat()
	default:
		return files.Stat{}, nil
	}
}

func filestatGet(_ context.Context, s *session, m memory, a []uint64) errno {
	d := s.fds.get(uint32(a[0]))
	switch {
	case d == nil:
		return errnoBadf
	case !d.stream && !d.can(rightFilestatGet):
		return errnoNotcapable
	}
	s.spend(unitsFile)
	stat, err := d.describe()
	if err != nil {
		return files.ErrnoOf(err)
	}
	return s.putFilestat(m, uint32(a[1]), d, stat)
}

// putFilestat writes a file's state as WASI lays it out.
func (s *session) putFilestat(m memory, ptr uint32, d *descriptor, stat files.Stat) errno {
	b, ok := m.span(ptr, 64)
	if !ok {
		return errnoFault
	}
	clear(b)
	if d.stream {
		return errnoSuccess
	}
	binary.LittleEndian.PutUint64(b, d.device)
	binary.LittleEndian.PutUint64(b[8:], stat.Ino)
	b[16] = byte(stat.Kind)
	binary.LittleEndian.PutUint64(b[24:], stat.Links)
	binary.LittleEndian.PutUint64(b[32:], uint64(stat.Size))
	for i, t := range []time.Time{stat.Atime, stat.Mtime, stat.Ctime} {
		binary.LittleEndian.PutUint64(b[40+8*i:], s.shownTime(t, d.real))
	}
	return errnoSuccess
}

// coarse is how far the clock of a file system can be behind the system's.
const coarse = 100 * time.Millisecond

// shownTime is a file's time in nanoseconds since 1970. What has happened in a
// folder of the host since the call began would be a clock: for a guest that was
// not granted one, it has happened when its own began.
func (s *session) shownTime(t time.Time, real bool) uint64 {
	if real && !s.grants.RealClock && t.After(s.began.Add(-coarse)) {
		return uint64(s.clock.start)
	}
	if t.Before(time.Unix(0, 0)) {
		return 0
	}
	return uint64(t.UnixNano())
}

func filestatSetSize(_ context.Context, s *session, _ memory, a []uint64) errno {
	d, e := s.onFile(a[0], rightFilestatSetSize)
	switch {
	case e != errnoSuccess:
		return e
	case a[1] > math.MaxInt64:
		return errnoInval
	}
	s.spend(unitsFile)
	return files.ErrnoOf(d.file.Truncate(int64(a[1])))
}

// Flags of what is set.
const (
	setAtime    = 1 << 0
	setAtimeNow = 1 << 1
	setMtime    = 1 << 2
	setMtimeNow = 1 << 3
	allSet      = setAtime | setAtimeNow | setMtime | setMtimeNow
)

// timesOf reads the times that are to be set.
func timesOf(atim, mtim uint64, flags uint32) (atime, mtime files.Time, e errno) {
	if flags&^allSet != 0 || !only(flags, setAtime|setAtimeNow) || !only(flags, setMtime|setMtimeNow) {
		return atime, mtime, errnoInval
	}
	at := func(t uint64) time.Time { return time.Unix(int64(t/1e9), int64(t%1e9)) }
	if flags&setAtime != 0 {
		atime.At = at(atim)
	}
	if flags&setMtime != 0 {
		mtime.At = at(mtim)
	}
	atime.Now, mtime.Now = flags&setAtimeNow != 0, flags&setMtimeNow != 0
	return atime, mtime, errnoSuccess
}

func filestatSetTimes(_ context.Context, s *session, _ memory, a []uint64) errno {
	d := s.fds.get(uint32(a[0]))
	switch {
	case d == nil:
		return errnoBadf
	case d.stream:
		return errnoNotsup
	case !d.can(rightFilestatSetTimes):
		return errnoNotcapable
	}
	atime, mtime, e := timesOf(a[1], a[2], uint32(a[3]))
	if e != errnoSuccess {
		return e
	}
	s.spend(unitsFile)
	if d.dir != nil {
		return files.ErrnoOf(d.dir.Tree.SetTimes(d.dir.Path, atime, mtime))
	}
	return files.ErrnoOf(d.file.SetTimes(atime, mtime))
}

// fdReaddir(fd, buf, len, cookie, used) writes the entries of a directory from a
// cookie on, the last of them cut off where the buffer ends. A cookie is the
// number of entries before; the names are those that were there at cookie 0.
func fdReaddir(ctx context.Context, s *session, m memory, a []uint64) errno {
	d := s.fds.get(uint32(a[0]))
	switch {
	case d == nil:
		return errnoBadf
	case d.stream:
		return errnoNotsup
	case d.dir == nil:
		return errnoNotdir
	case !d.can(rightReaddir):
		return errnoNotcapable
	case !m.holds(uint32(a[1]), uint32(a[2])) || !m.holds(uint32(a[4]), 4):
		return errnoFault
	}
	cookie := a[3]
	if cookie == 0 || d.listing == nil {
		names, err := d.dir.Tree.List(d.dir.Path)
		if err != nil {
			return files.ErrnoOf(err)
		}
		d.listing = append([]string{".", ".."}, names...)
		s.spend(unitsEntry * int64(len(d.listing)))
	}
	if cookie > uint64(len(d.listing)) {
		return errnoInval
	}
	used := uint32(0)
	for i, name := range d.listing[cookie:] {
		if used == uint32(a[2]) || !s.pay(ctx) {
			break
		}
		entry := s.dirent(d, name, cookie+uint64(i)+1)
		n, _ := m.fill(uint32(a[1])+used, uint32(a[2])-used, entry)
		used += uint32(n)
	}
	m.putUint32(uint32(a[4]), used)
	return errnoSuccess
}

// dirent is an entry of a directory as WASI lays it out.
func (s *session) dirent(d *descriptor, name string, next uint64) []byte {
	at := path.Join("/", d.dir.Path, name)[1:] // above the tree there is the tree
	s.spend(unitsPath)
	stat, _ := d.dir.Tree.Lstat(at) // what has gone meanwhile is of no known kind
	entry := make([]byte, 24, 24+len(name))
	binary.LittleEndian.PutUint64(entry, next)
	binary.LittleEndian.PutUint64(entry[8:], stat.Ino)
	binary.LittleEndian.PutUint32(entry[16:], uint32(len(name)))
	entry[20] = byte(stat.Kind)
	return append(entry, name...)
}
