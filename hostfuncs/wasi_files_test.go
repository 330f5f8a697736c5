package hostfuncs

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
)

// top is the descriptor of the first folder that is granted.
const top = 3

// onTrees runs a test with each kind of tree that can be written: a folder of
// the host, a copy of one, and scratch.
func onTrees(t *testing.T, test func(g *guest)) {
	for _, kind := range []string{"folder", "copy", "scratch"} {
		t.Run(kind, func(t *testing.T) { test(newFilesGuest(t, treeOptions(kind, t.TempDir()))) })
	}
}

func treeOptions(kind, host string) files.Options {
	switch kind {
	case "folder":
		return files.Options{Mounts: []files.Mount{{Guest: "/dir", Host: host, Mode: files.ModeReadWrite}}}
	case "copy":
		return files.Options{Mounts: []files.Mount{{Guest: "/dir", Host: host, Mode: files.ModeCopy}}}
	case "read":
		return files.Options{Mounts: []files.Mount{{Guest: "/dir", Host: host, Mode: files.ModeRead}}}
	default:
		return files.Options{Scratch: "/dir"}
	}
}

func newFilesGuest(t testing.TB, o files.Options) *guest {
	t.Helper()
	return newFilesGuestFor(t, o, Task{})
}

func newFilesGuestFor(t testing.TB, o files.Options, task Task) *guest {
	t.Helper()
	set, err := files.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = set.Close() })
	if err := set.Load(); err != nil {
		t.Fatal(err)
	}
	if task.Grants == nil {
		task.Grants = &Grants{}
	}
	task.Grants.Files = set
	g := newGuest(t, task, modules.ABICommand, "input")
	t.Cleanup(func() { _, _, _ = g.session.End(modules.Exit{}) })
	return g
}

// Where the helpers put what functions read and write in the guest's memory.
const (
	atPath   = 0x1000
	atPath2  = 0x3000
	atResult = 0x5000
	atVector = 0x5100
	atData   = 0x8000
)

func (g *guest) word(at uint32) uint64 { return binary.LittleEndian.Uint64(g.memory()[at:]) }

// want fails the test when an errno is another.
func (g *guest) want(what string, got errno, want ...errno) {
	g.t.Helper()
	if len(want) == 0 {
		want = []errno{errnoSuccess}
	}
	if !slices.Contains(want, got) {
		g.t.Errorf("%s: errno %d, want %d", what, got, want)
	}
}

// how is how a path is opened.
type how struct {
	follow         bool
	oflags, fflags uint64
	rights         uint64
}

var (
	forReading = how{rights: rightRead}
	forWriting = how{rights: rightRead | rightWrite}
	creating   = how{oflags: openCreate, rights: rightRead | rightWrite}
	following  = how{follow: true, rights: rightRead}
	folder     = how{oflags: openDirectory}
)

func (g *guest) open(fd uint64, path string, h how) (uint64, errno) {
	g.t.Helper()
	ptr, n := g.text(atPath, path)
	follow := uint64(0)
	if h.follow {
		follow = followLink
	}
	e := g.wasi("path_open", fd, follow, ptr, n, h.oflags, h.rights, 0, h.fflags, atResult)
	return uint64(binary.LittleEndian.Uint32(g.memory()[atResult:])), e
}

func (g *guest) mustOpen(path string, h how) uint64 {
	g.t.Helper()
	fd, e := g.open(top, path, h)
	if e != errnoSuccess {
		g.t.Fatalf("open %s: errno %d", path, e)
	}
	return fd
}

// make makes a file with a text in it.
func (g *guest) make(path, text string) {
	g.t.Helper()
	fd := g.mustOpen(path, creating)
	if text != "" {
		if e := g.writeFd(fd, text); e != errnoSuccess {
			g.t.Fatalf("write %s: errno %d", path, e)
		}
	}
	g.want("close", g.wasi("fd_close", fd))
}

// vectors writes a list of buffers of the given lengths, one after the other
// from atData on.
func (g *guest) vectors(lengths ...int) (list, count uint64) {
	at := uint32(atData)
	for i, n := range lengths {
		binary.LittleEndian.PutUint32(g.memory()[atVector+8*i:], at)
		binary.LittleEndian.PutUint32(g.memory()[atVector+8*i+4:], uint32(n))
		at += uint32(n)
	}
	return atVector, uint64(len(lengths))
}

func (g *guest) writeFd(fd uint64, text string) errno {
	g.t.Helper()
	copy(g.memory()[atData:], text)
	list, count := g.vectors(len(text)/2, len(text)-len(text)/2)
	e := g.wasi("fd_write", fd, list, count, atResult)
	if n := binary.LittleEndian.Uint32(g.memory()[atResult:]); e == errnoSuccess && int(n) != len(text) {
		g.t.Errorf("wrote %d of %d bytes", n, len(text))
	}
	return e
}

func (g *guest) readFd(fd uint64, n int) (string, errno) {
	g.t.Helper()
	list, count := g.vectors(n/2, n-n/2)
	e := g.wasi("fd_read", fd, list, count, atResult)
	return string(g.memory()[atData:][:binary.LittleEndian.Uint32(g.memory()[atResult:])]), e
}

func (g *guest) wantText(fd uint64, n int, want string) {
	g.t.Helper()
	if got, e := g.readFd(fd, n); e != errnoSuccess || got != want {
		g.t.Errorf("read %q, errno %d; want %q", got, e, want)
	}
}

func (g *guest) pget(fd uint64, n int, offset uint64) (string, errno) {
	list, count := g.vectors(n/3, n-n/3)
	e := g.wasi("fd_pread", fd, list, count, offset, atResult)
	return string(g.memory()[atData:][:binary.LittleEndian.Uint32(g.memory()[atResult:])]), e
}

func (g *guest) pput(fd uint64, text string, offset uint64) errno {
	copy(g.memory()[atData:], text)
	list, count := g.vectors(len(text))
	return g.wasi("fd_pwrite", fd, list, count, offset, atResult)
}

func (g *guest) seek(fd uint64, offset int64, whence uint64) (uint64, errno) {
	e := g.wasi("fd_seek", fd, uint64(offset), whence, atResult)
	return g.word(atResult), e
}

func (g *guest) onPath(name string, path string) errno {
	g.t.Helper()
	ptr, n := g.text(atPath, path)
	return g.wasi(name, top, ptr, n)
}

func (g *guest) mkdir(path string) errno  { return g.onPath("path_create_directory", path) }
func (g *guest) rmdir(path string) errno  { return g.onPath("path_remove_directory", path) }
func (g *guest) unlink(path string) errno { return g.onPath("path_unlink_file", path) }

func (g *guest) rename(from, to string) errno {
	p, n := g.text(atPath, from)
	q, k := g.text(atPath2, to)
	return g.wasi("path_rename", top, p, n, top, q, k)
}

func (g *guest) symlink(target, path string) errno {
	p, n := g.text(atPath, target)
	q, k := g.text(atPath2, path)
	return g.wasi("path_symlink", p, n, top, q, k)
}

// state is a file's state as the guest gets it.
type state struct {
	dev, ino             uint64
	kind                 files.Kind
	links, size          uint64
	atime, mtime, change uint64
}

func (g *guest) stateAt(at uint32) state {
	return state{
		g.word(at), g.word(at + 8), files.Kind(g.memory()[at+16]), g.word(at + 24), g.word(at + 32),
		g.word(at + 40), g.word(at + 48), g.word(at + 56),
	}
}

func (g *guest) stat(path string, follow bool) (state, errno) {
	g.t.Helper()
	ptr, n := g.text(atPath, path)
	flags := uint64(0)
	if follow {
		flags = followLink
	}
	e := g.wasi("path_filestat_get", top, flags, ptr, n, atResult)
	return g.stateAt(atResult), e
}

func (g *guest) fstat(fd uint64) state {
	g.t.Helper()
	g.want("fd_filestat_get", g.wasi("fd_filestat_get", fd, atResult))
	return g.stateAt(atResult)
}

func (g *guest) mustStat(path string) state {
	g.t.Helper()
	s, e := g.stat(path, false)
	g.want("stat "+path, e)
	return s
}

// entry is an entry of a directory.
type entry struct {
	name string
	next uint64
	ino  uint64
	kind files.Kind
}

// list reads a directory from a cookie on, with a buffer of some size.
func (g *guest) readDir(fd, cookie uint64, buffer uint32) (entries []entry) {
	g.t.Helper()
	for {
		g.want("fd_readdir", g.wasi("fd_readdir", fd, atData, uint64(buffer), cookie, atResult))
		used := binary.LittleEndian.Uint32(g.memory()[atResult:])
		b := g.memory()[atData:][:used]
		before := len(entries)
		for len(b) >= 24 {
			n := binary.LittleEndian.Uint32(b[16:])
			if len(b) < 24+int(n) {
				break // cut off where the buffer ends
			}
			entries = append(entries, entry{string(b[24 : 24+n]), binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), files.Kind(b[20])})
			cookie = entries[len(entries)-1].next
			b = b[24+n:]
		}
		if used < buffer || len(entries) == before {
			return entries
		}
	}
}

func names(entries []entry) (all []string) {
	for _, e := range entries {
		all = append(all, e.name)
	}
	return all
}

func TestPreopens(t *testing.T) {
	host := t.TempDir()
	g := newFilesGuest(t, files.Options{
		Mounts:  []files.Mount{{Guest: "/lib", Host: host, Mode: files.ModeRead}, {Guest: "data", Host: host, Mode: files.ModeCopy}},
		Scratch: "/tmp",
	})
	for i, name := range []string{"/lib", "data", "/tmp"} {
		fd := uint64(top + i)
		g.want("fd_prestat_get", g.wasi("fd_prestat_get", fd, atResult))
		if n := g.word(atResult) >> 32; n != uint64(len(name)) || g.memory()[atResult] != 0 {
			t.Errorf("the name of %s has %d bytes", name, n)
		}
		g.want("fd_prestat_dir_name", g.wasi("fd_prestat_dir_name", fd, atResult, uint64(len(name))))
		if got := string(g.memory()[atResult:][:len(name)]); got != name {
			t.Errorf("descriptor %d is called %q", fd, got)
		}
		g.want("too little room", g.wasi("fd_prestat_dir_name", fd, atResult, uint64(len(name)-1)), errnoNametoolong)
	}
	g.want("beyond the last", g.wasi("fd_prestat_get", 6, atResult), errnoBadf)
	g.want("a stream", g.wasi("fd_prestat_get", 1, atResult), errnoBadf)
	g.want("closing", g.wasi("fd_close", 4))
	g.want("a closed one", g.wasi("fd_prestat_get", 4, atResult), errnoBadf)
	fd, e := g.open(5, "new", creating)
	if g.want("open", e); fd != 4 {
		t.Errorf("the new descriptor is %d, not the lowest that is free", fd)
	}
}

func TestReadAndWrite(t *testing.T) {
	onTrees(t, func(g *guest) {
		fd := g.mustOpen("file", creating)
		g.want("write", g.writeFd(fd, "0123456789"))
		g.wantText(fd, 5, "") // at the end
		if at, e := g.seek(fd, -7, whenceCur); e != errnoSuccess || at != 3 {
			g.t.Errorf("seek gives %d, errno %d", at, e)
		}
		g.wantText(fd, 4, "3456")
		g.want("fd_tell", g.wasi("fd_tell", fd, atResult))
		if g.word(atResult) != 7 {
			g.t.Errorf("tell gives %d", g.word(atResult))
		}
		if at, e := g.seek(fd, 5, whenceEnd); e != errnoSuccess || at != 15 {
			g.t.Errorf("seek gives %d, errno %d", at, e)
		}
		g.wantText(fd, 4, "")
		g.want("write beyond the end", g.writeFd(fd, "x"))
		if at, e := g.seek(fd, 8, whenceSet); e != errnoSuccess || at != 8 {
			g.t.Errorf("seek gives %d, errno %d", at, e)
		}
		g.wantText(fd, 100, "89\x00\x00\x00\x00\x00x")
		_, e := g.seek(fd, -1, whenceSet)
		g.want("before the beginning", e, errnoInval)
		_, e = g.seek(fd, 1<<63-1, whenceCur)
		g.want("so far that it wraps", e, errnoInval)
		_, e = g.seek(fd, 0, 3)
		g.want("an unknown whence", e, errnoInval)
		// Positioned reads and writes leave the position alone.
		g.want("fd_pwrite", g.pput(fd, "ab", 1))
		if got, e := g.pget(fd, 4, 0); e != errnoSuccess || got != "0ab3" {
			g.t.Errorf("pread gives %q, errno %d", got, e)
		}
		if got, e := g.pget(fd, 4, 1<<40); e != errnoSuccess || got != "" {
			g.t.Errorf("pread beyond the end gives %q, errno %d", got, e)
		}
		_, e = g.pget(fd, 4, 1<<63)
		g.want("a negative offset", e, errnoInval)
		g.want("a negative offset", g.pput(fd, "x", 1<<63), errnoInval)
		if at, _ := g.seek(fd, 0, whenceCur); at != 16 {
			g.t.Errorf("the position is %d", at)
		}
		// Two descriptors of a file see the same bytes at once.
		other := g.mustOpen("file", forReading)
		g.wantText(other, 4, "0ab3")
		g.want("fd_sync", g.wasi("fd_sync", fd))
		g.want("fd_datasync", g.wasi("fd_datasync", fd))
		g.want("fd_advise", g.wasi("fd_advise", fd, 0, 10, 3))
		g.want("an unknown advice", g.wasi("fd_advise", fd, 0, 10, 6), errnoInval)
	})
}

func TestRightsToReadAndWrite(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.make("file", "text")
		r, w := g.mustOpen("file", forReading), g.mustOpen("file", how{rights: rightWrite})
		g.want("writing what is open for reading", g.writeFd(r, "x"), errnoBadf)
		g.want("the same at an offset", g.pput(r, "x", 0), errnoBadf)
		g.want("truncating it", g.wasi("fd_filestat_set_size", r, 0), errnoNotcapable)
		g.want("making room in it", g.wasi("fd_allocate", r, 0, 10), errnoNotcapable)
		_, e := g.readFd(w, 1)
		g.want("reading what is open for writing", e, errnoBadf)
		_, e = g.pget(w, 1, 0)
		g.want("the same at an offset", e, errnoBadf)
		g.want("write", g.writeFd(w, "T"))
		g.wantText(r, 9, "Text")
		g.want("fd_fdstat_get", g.wasi("fd_fdstat_get", r, atResult))
		if base := g.word(atResult + 8); base&rightRead == 0 || base&rightWrite != 0 || base&directoryRights&^fileRights != 0 {
			g.t.Errorf("rights %b", base)
		}
		if g.memory()[atResult] != byte(files.Regular) || g.word(atResult+16) != 0 {
			g.t.Errorf("kind %d, rights to be passed on %b", g.memory()[atResult], g.word(atResult+16))
		}
	})
}

func TestRightsAreOnlyTakenAway(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.make("file", "text")
		fd := g.mustOpen("file", forWriting)
		g.want("less", g.wasi("fd_fdstat_set_rights", fd, rightRead, 0))
		g.want("more", g.wasi("fd_fdstat_set_rights", fd, rightRead|rightWrite, 0), errnoNotcapable)
		g.want("write", g.writeFd(fd, "x"), errnoBadf)
		_, e := g.seek(fd, 0, whenceSet)
		g.want("seek", e, errnoNotcapable)
		g.want("of the folder", g.wasi("fd_fdstat_set_rights", top, rightOpen|rightReaddir, inheritedRights&^rightWrite))
		_, e = g.open(top, "file", forWriting)
		g.want("open for writing", e, errnoNotcapable)
		_, e = g.open(top, "new", how{oflags: openCreate})
		g.want("create", e, errnoNotcapable)
		g.want("mkdir", g.mkdir("d"), errnoNotcapable)
		g.want("unlink", g.unlink("file"), errnoNotcapable)
		g.want("rename", g.rename("file", "f"), errnoNotcapable)
		_, e = g.stat("file", false)
		g.want("stat", e, errnoNotcapable)
		_, e = g.open(top, "file", forReading)
		g.want("open for reading", e)
	})
}

func TestOpenFlags(t *testing.T) {
	onTrees(t, func(g *guest) {
		_, e := g.open(top, "file", forReading)
		g.want("what is not there", e, errnoNoent)
		g.make("file", "text")
		g.want("mkdir", g.mkdir("dir"))
		for name, c := range map[string]struct {
			path string
			how  how
			want errno
		}{
			"again, exclusively":       {"file", how{oflags: openCreate | openExclusive, rights: rightWrite}, errnoExist},
			"again":                    {"file", creating, errnoSuccess},
			"as a directory":           {"file", folder, errnoNotdir},
			"a directory":              {"dir", folder, errnoSuccess},
			"a directory, unsaid":      {"dir", forReading, errnoSuccess},
			"itself":                   {".", folder, errnoSuccess},
			"a directory, for writing": {"dir", forWriting, errnoIsdir},
			"a directory, truncated":   {"dir", how{oflags: openTruncate}, errnoIsdir},
			"a new directory":          {"new", how{oflags: openCreate | openDirectory}, errnoInval},
			"unknown oflags":           {"file", how{oflags: 16}, errnoInval},
			"unknown fdflags":          {"file", how{fflags: 32}, errnoInval},
			"a slash":                  {"file/", forReading, errnoNotdir},
			"slashes":                  {"file///", forReading, errnoNotdir},
			"below a file":             {"file/x", forReading, errnoNotdir},
			"a directory and a slash":  {"dir/", folder, errnoSuccess},
			"in no directory":          {"none/x", creating, errnoNoent},
			"a new name and a slash":   {"new/", creating, errnoIsdir},
			"not blocking":             {"file", how{rights: rightRead, fflags: flagNonblock}, errnoSuccess},
		} {
			fd, e := g.open(top, c.path, c.how)
			g.want(name, e, c.want)
			if e == errnoSuccess {
				g.want("close", g.wasi("fd_close", fd))
			}
		}
		_, e = g.open(g.mustOpen("file", forReading), "x", creating)
		g.want("from a file", e, errnoNotdir)
		_, e = g.open(99, "x", creating)
		g.want("from nowhere", e, errnoBadf)
		fd := g.mustOpen("file", how{oflags: openTruncate, rights: rightRead | rightWrite})
		if size := g.fstat(fd).size; size != 0 {
			g.t.Errorf("%d bytes are left", size)
		}
		ptr, n := g.text(atPath, "file")
		g.want("unknown lookup flags", g.wasi("path_open", top, 2, ptr, n, 0, 0, 0, 0, atResult), errnoInval)
	})
}

func TestAppending(t *testing.T) {
	onTrees(t, func(g *guest) {
		fd := g.mustOpen("file", how{oflags: openCreate, rights: rightRead | rightWrite, fflags: flagAppend})
		g.want("write", g.writeFd(fd, "one"))
		if _, e := g.seek(fd, 0, whenceSet); e != errnoSuccess {
			g.t.Fatal(e)
		}
		g.want("write", g.writeFd(fd, "two"))
		got, _ := g.pget(fd, 10, 0)
		if got != "onetwo" {
			g.t.Errorf("it holds %q", got)
		}
		g.want("fd_fdstat_get", g.wasi("fd_fdstat_get", fd, atResult))
		if flags := g.memory()[atResult+2]; flags != flagAppend {
			g.t.Errorf("flags %b", flags)
		}
		g.want("fd_fdstat_set_flags", g.wasi("fd_fdstat_set_flags", fd, 0))
		if _, e := g.seek(fd, 0, whenceSet); e != errnoSuccess {
			g.t.Fatal(e)
		}
		g.want("write", g.writeFd(fd, "ONE"))
		if got, _ = g.pget(fd, 10, 0); got != "ONEtwo" {
			g.t.Errorf("it holds %q", got)
		}
		g.want("unknown flags", g.wasi("fd_fdstat_set_flags", fd, 32), errnoInval)
		g.want("flags of a directory", g.wasi("fd_fdstat_set_flags", top, 0), errnoBadf)
	})
}

func TestSizes(t *testing.T) {
	onTrees(t, func(g *guest) {
		fd := g.mustOpen("file", creating)
		for _, c := range []struct{ set, want uint64 }{{100_000, 100_000}, {3, 3}, {70_000, 70_000}} {
			g.want("fd_filestat_set_size", g.wasi("fd_filestat_set_size", fd, c.set))
			if size := g.fstat(fd).size; size != c.want {
				g.t.Errorf("size %d, want %d", size, c.want)
			}
		}
		g.want("write", g.pput(fd, "abcdef", 0))
		g.want("shorter", g.wasi("fd_filestat_set_size", fd, 2))
		g.want("longer", g.wasi("fd_filestat_set_size", fd, 5))
		if got, _ := g.pget(fd, 10, 0); got != "ab\x00\x00\x00" {
			g.t.Errorf("it holds %q", got)
		}
		for _, c := range []struct{ offset, n, want uint64 }{{0, 100, 100}, {10, 10, 100}, {90, 20, 110}} {
			g.want("fd_allocate", g.wasi("fd_allocate", fd, c.offset, c.n))
			if size := g.fstat(fd).size; size != c.want {
				g.t.Errorf("size %d, want %d", size, c.want)
			}
		}
		g.want("no room at all", g.wasi("fd_allocate", fd, 0, 0), errnoInval)
		g.want("a negative size", g.wasi("fd_filestat_set_size", fd, 1<<63), errnoInval)
		g.want("all there is", g.wasi("fd_filestat_set_size", fd, 1<<63-1), files.Nospc, errnoFbig)
		g.want("all there is", g.wasi("fd_allocate", fd, 1<<62, 1<<62), files.Nospc, errnoFbig)
		g.want("write far away", g.pput(fd, "x", 1<<62), files.Nospc, errnoFbig)
		if size := g.fstat(fd).size; size != 110 {
			g.t.Errorf("size %d after what was refused", size)
		}
	})
}

func TestStates(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.make("file", "text")
		g.want("mkdir", g.mkdir("dir"))
		fd := g.mustOpen("file", forReading)
		byPath, byFile := g.mustStat("file"), g.fstat(fd)
		if byPath != byFile || byPath.kind != files.Regular || byPath.size != 4 || byPath.links != 1 || byPath.ino == 0 {
			g.t.Errorf("by path %+v, by descriptor %+v", byPath, byFile)
		}
		dir := g.mustStat("dir")
		if dir.kind != files.Directory || dir.ino == byPath.ino || dir.dev != byPath.dev {
			g.t.Errorf("the directory is %+v", dir)
		}
		if s := g.fstat(g.mustOpen("dir", folder)); s.ino != dir.ino || s.kind != files.Directory {
			g.t.Errorf("the directory that was opened is %+v", s)
		}
		g.want("symlink", g.symlink("file", "link"))
		if s := g.mustStat("link"); s.kind != files.Link || s.size != 4 || s.ino == byPath.ino {
			g.t.Errorf("the link is %+v", s)
		}
		if s, e := g.stat("link", true); e != errnoSuccess || s != byPath {
			g.t.Errorf("its target is %+v, errno %d", s, e)
		}
		_, e := g.stat("none", false)
		g.want("what is not there", e, errnoNoent)
		g.want("unlink", g.unlink("file"))
		if s := g.fstat(fd); s.links != 0 || s.size != 4 {
			g.t.Errorf("the file without a name is %+v", s)
		}
		g.wantText(fd, 9, "text")
	})
}

func TestTimes(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.make("file", "")
		fd := g.mustOpen("file", forWriting)
		ptr, n := g.text(atPath, "file")
		before := g.mustStat("file")
		to := before.mtime - 100_000_000_100
		for name, set := range map[string]func(atime, mtime, flags uint64) errno{
			"fd_filestat_set_times":   func(a, m, f uint64) errno { return g.wasi("fd_filestat_set_times", fd, a, m, f) },
			"path_filestat_set_times": func(a, m, f uint64) errno { return g.wasi("path_filestat_set_times", top, 0, ptr, n, a, m, f) },
		} {
			for _, flags := range []uint64{setAtime | setAtimeNow, setMtime | setMtimeNow, 16, allSet} {
				g.want(name, set(to, to, flags), errnoInval)
			}
			if s := g.fstat(fd); s.mtime != before.mtime {
				g.t.Errorf("%s changed what it refused: %+v", name, s)
			}
			g.want(name, set(0, to, setMtime))
			if s := g.fstat(fd); s.mtime != to || s.atime != before.atime {
				g.t.Errorf("%s: %+v, want the modification at %d and the access at %d", name, s, to, before.atime)
			}
			g.want(name, set(to+1, 0, setAtime))
			if s := g.fstat(fd); s.mtime != to || s.atime != to+1 {
				g.t.Errorf("%s: %+v", name, s)
			}
			g.want(name, set(0, 0, setMtimeNow|setAtimeNow))
			if s := g.fstat(fd); s.mtime < before.mtime || s.atime < before.atime {
				g.t.Errorf("%s: now is %+v, before was %+v", name, s, before)
			}
			before = g.fstat(fd)
		}
		g.want("of a directory", g.wasi("fd_filestat_set_times", top, 5, 5e9, setMtime))
		if s := g.fstat(top); s.mtime != 5e9 {
			g.t.Errorf("the directory: %+v", s)
		}
	})
}

// A folder's files show no clock to a guest that was not granted one.
func TestTimesOfFoldersAreNoClock(t *testing.T) {
	host := t.TempDir()
	old := time.Date(2010, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.WriteFile(filepath.Join(host, "old"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(host, "old"), old, old); err != nil {
		t.Fatal(err)
	}
	start := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	g := newFilesGuestFor(t, treeOptions("folder", host), Task{Start: start})
	time.Sleep(20 * time.Millisecond) // the file system's clock is coarser than ours
	g.make("new", "text")
	if s := g.mustStat("new"); s.mtime != uint64(start.UnixNano()) || s.change != s.mtime {
		t.Errorf("a new file is of %v", time.Unix(0, int64(s.mtime)))
	}
	if s := g.mustStat("old"); s.mtime != uint64(old.UnixNano()) {
		t.Errorf("an old file is of %v", time.Unix(0, int64(s.mtime)))
	}
	g = newFilesGuestFor(t, treeOptions("folder", host), Task{Grants: &Grants{RealClock: true}})
	if s := g.mustStat("new"); time.Since(time.Unix(0, int64(s.mtime))).Abs() > time.Hour {
		t.Errorf("with a clock it is of %v", time.Unix(0, int64(s.mtime)))
	}
}

func TestDirectories(t *testing.T) {
	onTrees(t, func(g *guest) {
		if got := names(g.readDir(top, 0, 4096)); !slices.Equal(got, []string{".", ".."}) {
			g.t.Errorf("an empty directory has %q", got)
		}
		g.want("mkdir", g.mkdir("nested"))
		g.want("mkdir", g.mkdir("nested/deep"))
		g.want("again", g.mkdir("nested"), errnoExist)
		g.want("with a slash", g.mkdir("slashed/"))
		g.want("again with a slash", g.mkdir("slashed/"), errnoExist)
		g.want("in none", g.mkdir("none/x"), errnoNoent)
		g.make("file", "")
		g.want("over a file", g.mkdir("file"), errnoExist)
		g.want("over a file, with a slash", g.mkdir("file/"), errnoExist)
		g.want("symlink", g.symlink("file", "link"))
		all := g.readDir(top, 0, 4096)
		if got := names(all); !slices.Equal(got, []string{".", "..", "file", "link", "nested", "slashed"}) {
			g.t.Errorf("the directory has %q", got)
		}
		for _, e := range all {
			want := g.mustStat(strings.Replace(e.name, "..", ".", 1))
			if e.ino != want.ino || e.kind != want.kind {
				g.t.Errorf("the entry %+v is %+v", e, want)
			}
		}
		nested := g.mustOpen("nested", folder)
		inner := g.readDir(nested, 0, 4096)
		if len(inner) != 3 || inner[0].ino != g.fstat(nested).ino || inner[1].ino != g.fstat(top).ino {
			g.t.Errorf("the nested directory has %+v", inner)
		}
		// A small buffer cuts entries off; from every cookie it goes on.
		for _, size := range []uint32{31, 32, 60, 100} {
			if got := names(g.readDir(top, 0, size)); !slices.Equal(got, names(all)) {
				g.t.Errorf("with %d bytes it has %q", size, got)
			}
		}
		for i, e := range all {
			if got := names(g.readDir(top, e.next, 4096)); !slices.Equal(got, names(all)[i+1:]) {
				g.t.Errorf("after %s it has %q", e.name, got)
			}
		}
		g.want("no cookie of its", g.wasi("fd_readdir", top, atData, 100, 1000, atResult), errnoInval)
		file := g.mustOpen("file", forReading)
		g.want("of a file", g.wasi("fd_readdir", file, atData, 100, 0, atResult), errnoNotdir)
		// Entries stay where they are while others go.
		for i := range 20 {
			g.make(fmt.Sprintf("nested/%02d", i), "")
		}
		seen, cookie := 0, uint64(0)
		for {
			page := g.readDir(nested, cookie, 24+4)
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				seen++
				cookie = e.next
				if e.kind == files.Regular {
					g.want("unlink", g.unlink("nested/"+e.name))
				}
			}
		}
		if seen != 23 || len(g.readDir(nested, 0, 4096)) != 3 {
			g.t.Errorf("%d entries were seen, %d are left", seen, len(g.readDir(nested, 0, 4096)))
		}
	})
}

func TestRemoving(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.want("mkdir", g.mkdir("dir"))
		g.make("file", "")
		g.make("dir/file", "")
		g.want("symlink", g.symlink("dir", "link"))
		g.want("a directory by unlink", g.unlink("dir"), errnoIsdir)
		g.want("the same with a slash", g.unlink("dir/"), errnoIsdir)
		g.want("a file with a slash", g.unlink("file/"), errnoNotdir)
		g.want("a file by rmdir", g.rmdir("file"), errnoNotdir)
		g.want("the same with a slash", g.rmdir("file/"), errnoNotdir)
		g.want("a link by rmdir", g.rmdir("link"), errnoNotdir)
		g.want("a directory with a file", g.rmdir("dir"), files.Notempty)
		g.want("itself", g.rmdir("."), errnoInval, errnoBusy)
		g.want("what is above", g.rmdir(".."), errnoPerm)
		g.want("nothing", g.rmdir("none"), errnoNoent)
		g.want("nothing", g.unlink("none"), errnoNoent)
		g.want("a file", g.unlink("dir/file"))
		g.want("a link, not its target", g.unlink("link"))
		g.want("an empty directory, with a slash", g.rmdir("dir/"))
		g.want("a file", g.unlink("file"))
		if got := names(g.readDir(top, 0, 4096)); len(got) != 2 {
			g.t.Errorf("%q is left", got)
		}
	})
}

func TestRenaming(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.want("mkdir", g.mkdir("dir"))
		g.make("file", "text")
		g.want("nothing", g.rename("none", "x"), errnoNoent)
		g.want("into nothing", g.rename("file", "none/x"), errnoNoent)
		g.want("a file to a new name with a slash", g.rename("file", "new/"), errnoNotdir)
		g.want("a file with a slash", g.rename("file/", "new"), errnoNotdir)
		g.want("a file over a directory", g.rename("file", "dir"), errnoIsdir)
		g.want("a directory over a file", g.rename("dir", "file"), errnoNotdir)
		g.want("a directory into itself", g.rename("dir", "dir/in"), errnoInval)
		g.want("a directory with slashes", g.rename("dir/", "other/"))
		g.want("mkdir", g.mkdir("full"))
		g.make("full/file", "old")
		g.want("over a full directory", g.rename("other", "full"), files.Notempty, errnoExist)
		g.want("a full directory over an empty one", g.rename("full", "other"))
		g.want("a file over a file", g.rename("file", "other/file"))
		fd := g.mustOpen("other/file", forReading)
		g.wantText(fd, 9, "text")
		g.want("itself over itself", g.rename("other/file", "other/file"))
		// A directory that is open goes along.
		dir := g.mustOpen("other", folder)
		g.want("rename", g.rename("other", "renamed"))
		_, e := g.open(dir, "file", forReading)
		g.want("open in what was renamed", e)
		_, e = g.open(dir, "../renamed/file", forReading)
		g.want("out of what was renamed", e, errnoPerm)
	})
	// From one tree to another there is no way but copying.
	g := newFilesGuest(t, files.Options{
		Mounts: []files.Mount{{Guest: "/a", Host: t.TempDir(), Mode: files.ModeReadWrite}}, Scratch: "/b",
	})
	g.make("file", "")
	p, n := g.text(atPath, "file")
	g.want("to another tree", g.wasi("path_rename", top, p, n, top+1, p, n), errnoXdev)
}

func TestLinks(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.want("mkdir", g.mkdir("dir"))
		g.make("dir/file", "text")
		for path, target := range map[string]string{
			"direct": "dir/file", "up": "dir/../dir/file", "todir": "dir", "slash": "dir/", "chain": "direct",
			"dangling": "none", "loop": "loop", "tofile": "dir/file/",
		} {
			g.want("symlink "+path, g.symlink(target, path))
		}
		g.want("symlink in a directory", g.symlink("../dir/file", "dir/back"))
		for name, c := range map[string]struct {
			path   string
			follow bool
			how    how
			want   errno
		}{
			"the link itself":          {"direct", false, forReading, errnoLoop},
			"a link to a file":         {"direct", true, forReading, errnoSuccess},
			"with ..":                  {"up", true, forReading, errnoSuccess},
			"from within":              {"dir/back", true, forReading, errnoSuccess},
			"a chain":                  {"chain", true, forReading, errnoSuccess},
			"through a link":           {"todir/file", false, forReading, errnoSuccess},
			"through links":            {"todir/../slash/back", true, forReading, errnoSuccess},
			"a link to a directory":    {"todir", true, folder, errnoSuccess},
			"itself, as a directory":   {"todir", false, folder, errnoNotdir},
			"with a slash":             {"todir/", false, folder, errnoSuccess},
			"a file, by a slash":       {"tofile", true, forReading, errnoNotdir},
			"a file, as a directory":   {"direct", true, folder, errnoNotdir},
			"dangling":                 {"dangling", true, forReading, errnoNoent},
			"dangling, itself":         {"dangling", false, forReading, errnoLoop},
			"round and round":          {"loop", true, forReading, errnoLoop},
			"round and round, through": {"loop/x", false, forReading, errnoLoop},
			"a new link":               {"direct", true, how{oflags: openCreate | openExclusive}, errnoExist},
			"to what is not there yet": {"dangling", true, creating, errnoSuccess},
		} {
			if name == "to what is not there yet" {
				continue // below: it makes the target
			}
			c.how.follow = c.follow
			fd, e := g.open(top, c.path, c.how)
			if g.want(name, e, c.want); e == errnoSuccess {
				g.want("close", g.wasi("fd_close", fd))
			}
		}
		h := creating
		h.follow = true
		fd := g.mustOpen("dangling", h)
		g.want("close", g.wasi("fd_close", fd))
		if s := g.mustStat("none"); s.kind != files.Regular {
			g.t.Errorf("the link's target is %+v", s)
		}
		p, n := g.text(atPath, "direct")
		for size, want := range map[uint64]string{20: "dir/file", 3: "dir", 0: ""} {
			clear(g.memory()[atData:][:20])
			g.want("readlink", g.wasi("path_readlink", top, p, n, atData, size, atResult))
			used := binary.LittleEndian.Uint32(g.memory()[atResult:])
			if got := strings.TrimRight(string(g.memory()[atData:][:20]), "\x00"); got != want || int(used) != len(want) {
				g.t.Errorf("with room for %d it gives %q, %d bytes", size, got, used)
			}
		}
		q, k := g.text(atPath, "dir")
		g.want("of a directory", g.wasi("path_readlink", top, q, k, atData, 10, atResult), errnoInval)
		g.want("over a directory", g.symlink("x", "dir"), errnoExist)
		g.want("over a directory, with a slash", g.symlink("x", "dir/"), errnoExist)
		g.want("over a file, with a slash", g.symlink("x", "dir/file/"), errnoNotdir, errnoExist)
		g.want("a new name with a slash", g.symlink("x", "new/"), errnoNoent)
		for _, target := range []string{"/etc/passwd", "..", "../x", "a/../../x", "dir/../.."} {
			g.want("a link to "+target, g.symlink(target, "out"), errnoPerm)
		}
		for _, target := range []string{"", "a\x00b"} {
			g.want("a link to nothing", g.symlink(target, "out"), errnoNoent, errnoInval)
		}
		g.want("a hard link", g.wasi("path_link", top, 0, p, n, top, q, k), errnoPerm)
	})
}

func TestPathsThatLeadNowhere(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.want("mkdir", g.mkdir("dir"))
		g.want("mkdir", g.mkdir("dir/nested"))
		g.make("dir/nested/file", "text")
		dir := g.mustOpen("dir", folder)
		deep := strings.Repeat("dir/../", 500) + "dir/nested/file"
		for path, want := range map[string]errno{
			"dir/.//nested/../../dir/nested/../nested///./file": errnoSuccess,
			deep:                             errnoSuccess,
			"/dir/nested/file":               errnoPerm,
			"..":                             errnoPerm,
			"../x":                           errnoPerm,
			"dir/../..":                      errnoPerm,
			"dir/nested/../../../dir":        errnoPerm,
			"":                               errnoNoent,
			"dir/nested/file\x00":            errnoInval,
			"\x00":                           errnoInval,
			"dir\xff":                        files.Ilseq,
			strings.Repeat("x", 256):         errnoNametoolong,
			"dir/" + strings.Repeat("x/", 2): errnoNoent,
			"none/../dir/nested/file":        errnoNoent,
			"dir/nested/file/..":             errnoNotdir,
			"dir/nested/file/.":              errnoNotdir,
		} {
			_, e := g.open(top, path, forReading)
			g.want(fmt.Sprintf("open %.60q", path), e, want)
		}
		_, e := g.open(dir, "../dir/nested/file", forReading)
		g.want("above a directory that was opened", e, errnoPerm)
		ptr := uint64(atPath)
		g.want("a path of 64 KiB", g.wasi("path_unlink_file", top, 0, 0xffff), errnoNametoolong)
		g.want("a path beyond the memory", g.wasi("path_unlink_file", top, guestMemory-2, 3), errnoFault)
		g.want("a result beyond the memory", g.wasi("path_open", top, 0, ptr, 3, 0, 0, 0, 0, guestMemory-2), errnoFault)
	})
}

func TestWhatDirectoriesCannotDo(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.want("mkdir", g.mkdir("dir"))
		for _, fd := range []uint64{top, g.mustOpen("dir", folder)} {
			list, n := g.vectors(10)
			for name, e := range map[string]errno{
				"fd_read":              g.wasi("fd_read", fd, list, n, atResult),
				"fd_write":             g.wasi("fd_write", fd, list, n, atResult),
				"fd_pread":             g.wasi("fd_pread", fd, list, n, 0, atResult),
				"fd_pwrite":            g.wasi("fd_pwrite", fd, list, n, 0, atResult),
				"fd_seek":              g.wasi("fd_seek", fd, 0, whenceCur, atResult),
				"fd_tell":              g.wasi("fd_tell", fd, atResult),
				"fd_advise":            g.wasi("fd_advise", fd, 0, 0, 4),
				"fd_allocate":          g.wasi("fd_allocate", fd, 0, 1),
				"fd_filestat_set_size": g.wasi("fd_filestat_set_size", fd, 0),
			} {
				g.want(name, e, errnoBadf)
			}
			g.want("sock_shutdown", g.wasi("sock_shutdown", fd, 1), errnoNotsock)
			g.want("fd_sync", g.wasi("fd_sync", fd))
		}
	})
}

// Row 27: descriptors.
func TestRenumbering(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.make("one", "1")
		g.make("two", "2")
		one, two := g.mustOpen("one", forReading), g.mustOpen("two", forReading)
		g.want("fd_renumber", g.wasi("fd_renumber", one, two))
		g.want("the old number", g.wasi("fd_close", one), errnoBadf)
		g.wantText(two, 2, "1")
		g.want("itself", g.wasi("fd_renumber", two, two))
		g.want("of what is not open", g.wasi("fd_renumber", 77, two), errnoBadf)
		g.want("far away", g.wasi("fd_renumber", two, 0xffffffff), errnoBadf)
		g.want("just beyond", g.wasi("fd_renumber", two, maxDescriptors), errnoBadf)
		g.want("to a number that is free", g.wasi("fd_renumber", two, 100))
		g.wantText(100, 2, "")
		before := g.fstat(top)
		dir := g.mustOpen(".", folder)
		g.want("over the granted folder", g.wasi("fd_renumber", dir, top))
		if after := g.fstat(top); after.ino != before.ino {
			g.t.Errorf("%+v became %+v", before, after)
		}
		g.want("a stream", g.wasi("fd_renumber", stderr, 101))
		g.want("write", g.writeFd(101, "x"))
		g.want("the old number", g.writeFd(stderr, "x"), errnoBadf)
	})
}

func TestDescriptorsHaveAnEnd(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.make("file", "")
		count := 0
		for {
			_, e := g.open(top, "file", forReading)
			if e != errnoSuccess {
				g.want("open", e, errnoMfile)
				break
			}
			count++
		}
		if count != maxDescriptors-4 {
			g.t.Errorf("%d files were opened", count)
		}
		g.want("close", g.wasi("fd_close", 50))
		if fd := g.mustOpen("file", forReading); fd != 50 {
			g.t.Errorf("the next is %d", fd)
		}
	})
}

func TestPollOfFiles(t *testing.T) {
	onTrees(t, func(g *guest) {
		g.make("file", "text")
		fd := g.mustOpen("file", forWriting)
		for i, sub := range []struct {
			kind byte
			fd   uint64
		}{{eventFdRead, fd}, {eventFdWrite, fd}, {eventFdRead, top}, {eventFdRead, 99}} {
			g.subscribe(i, uint64(i), 0, 0)
			g.memory()[48*i+8] = sub.kind
			g.memory()[48*i+16] = byte(sub.fd)
		}
		g.want("poll_oneoff", g.wasi("poll_oneoff", 0, atData, 4, atResult))
		if n := g.word(atResult) & 0xffffffff; n != 4 {
			g.t.Fatalf("%d events", n)
		}
		for i, want := range []errno{errnoSuccess, errnoSuccess, errnoBadf, errnoBadf} {
			g.want(fmt.Sprintf("event %d", i), errno(g.memory()[atData+32*i+8]), want)
		}
		if n := g.word(atData + 16); n != 4 {
			g.t.Errorf("%d bytes can be read", n)
		}
	})
}

// A folder that may be read is only read.
func TestReadOnlyFolders(t *testing.T) {
	host := t.TempDir()
	if err := os.MkdirAll(filepath.Join(host, "dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(host, "file"), []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	g := newFilesGuest(t, treeOptions("read", host))
	fd := g.mustOpen("file", forReading)
	g.wantText(fd, 9, "text")
	for name, h := range map[string]how{
		"for writing": forWriting, "truncated": {oflags: openTruncate, rights: rightRead}, "created": creating,
	} {
		_, e := g.open(top, "file", h)
		g.want("open "+name, e, files.Rofs)
	}
	_, e := g.open(top, "new", creating)
	g.want("a new file", e, files.Rofs)
	ptr, n := g.text(atPath, "file")
	for name, e := range map[string]errno{
		"mkdir": g.mkdir("d"), "rmdir": g.rmdir("dir"), "unlink": g.unlink("file"),
		"rename": g.rename("file", "f"), "symlink": g.symlink("file", "l"),
		"times":       g.wasi("fd_filestat_set_times", fd, 1, 1, setMtime),
		"path's":      g.wasi("path_filestat_set_times", top, 0, ptr, n, 1, 1, setMtime),
		"directory's": g.wasi("fd_filestat_set_times", top, 1, 1, setMtime),
	} {
		g.want(name, e, files.Rofs, errnoNoent)
	}
	g.want("truncate", g.wasi("fd_filestat_set_size", fd, 0), errnoNotcapable)
	if left, err := os.ReadFile(filepath.Join(host, "file")); err != nil || string(left) != "text" {
		t.Errorf("the file holds %q, %v", left, err)
	}
}

// Row 25: whatever is in a folder, and whatever becomes of it, leads nowhere else.
func TestFoldersLeadNowhereElse(t *testing.T) {
	for _, mode := range []string{"read", "folder", "copy"} {
		t.Run(mode, func(t *testing.T) {
			base := t.TempDir()
			host := filepath.Join(base, "granted")
			for _, dir := range []string{"granted/dir", "outside"} {
				if err := os.MkdirAll(filepath.Join(base, dir), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(base, "outside/secret"), []byte("secret"), 0o644); err != nil {
				t.Fatal(err)
			}
			for name, target := range map[string]string{
				"absolute": filepath.Join(base, "outside/secret"), "relative": "../outside/secret", "dir/far": "../../outside/secret",
				"folder": "../outside", "root": "/", "round": "dir/../../granted/../outside/secret", "chain": "relative",
			} {
				if err := os.Symlink(target, filepath.Join(host, name)); err != nil {
					t.Skip("no symbolic links here:", err)
				}
			}
			g := newFilesGuest(t, treeOptions(mode, host))
			for _, path := range []string{
				"absolute", "relative", "dir/far", "folder/secret", "root/etc/passwd", "round", "chain", "../outside/secret",
				filepath.Join(base, "outside/secret"), "dir/../../outside/secret", "folder/../outside/secret",
			} {
				for _, h := range []how{{follow: true, rights: rightRead}, {follow: true, oflags: openCreate | openTruncate, rights: rightWrite}} {
					_, e := g.open(top, path, h)
					g.want("open "+path, e, errnoPerm)
				}
				_, e := g.stat(path, true)
				g.want("stat "+path, e, errnoPerm)
			}
			g.want("rename out", g.rename("dir", "folder/dir"), errnoPerm)
			g.want("unlink outside", g.unlink("folder/secret"), errnoPerm)
			g.want("mkdir outside", g.mkdir("folder/new"), errnoPerm)
			if left, err := os.ReadDir(filepath.Join(base, "outside")); err != nil || len(left) != 1 {
				t.Errorf("outside there is %v, %v", left, err)
			}
			if text, err := os.ReadFile(filepath.Join(base, "outside/secret")); err != nil || string(text) != "secret" {
				t.Errorf("the secret is %q, %v", text, err)
			}
		})
	}
}

// A folder that changes between two looks at it leads nowhere else either.
func TestFoldersThatChangeLeadNowhereElse(t *testing.T) {
	base := t.TempDir()
	host := filepath.Join(base, "granted")
	for _, dir := range []string{"granted/dir", "granted/spare", "outside"} {
		if err := os.MkdirAll(filepath.Join(base, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"granted/dir/file": "inside", "outside/file": "secret"} {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../outside", filepath.Join(host, "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	g := newFilesGuest(t, treeOptions("folder", host))
	done := make(chan struct{})
	swapped := make(chan struct{})
	go func() { // puts the link in the directory's place and back
		defer close(swapped)
		at := func(name string) string { return filepath.Join(host, name) }
		for {
			select {
			case <-done:
				return
			default:
				_ = os.Rename(at("dir"), at("away"))
				_ = os.Rename(at("link"), at("dir"))
				_ = os.Rename(at("dir"), at("link"))
				_ = os.Rename(at("away"), at("dir"))
			}
		}
	}()
	for range 2000 {
		fd, e := g.open(top, "dir/file", following)
		if e != errnoSuccess {
			g.want("open", e, errnoNoent, errnoPerm, errnoNotdir, errnoLoop, errnoInval)
			continue
		}
		if got, _ := g.readFd(fd, 20); got != "inside" {
			t.Fatalf("read %q", got)
		}
		g.want("close", g.wasi("fd_close", fd))
	}
	close(done)
	<-swapped
}

// Scratch and copies are a call's own, and no larger than was said.
func TestScratchHasAnEnd(t *testing.T) {
	const size = 256 << 10
	host := t.TempDir()
	if err := os.WriteFile(filepath.Join(host, "file"), make([]byte, 64<<10), 0o644); err != nil {
		t.Fatal(err)
	}
	o := files.Options{
		Mounts:  []files.Mount{{Guest: "/copy", Host: host, Mode: files.ModeCopy}},
		Scratch: "/tmp", Size: size,
	}
	fill := func(g *guest, fd uint64) (total int) {
		for {
			copy(g.memory()[atData:], strings.Repeat("x", 1000))
			list, count := g.vectors(1000)
			if e := g.wasi("fd_write", fd, list, count, atResult); e != errnoSuccess {
				g.want("write", e, files.Nospc)
				return total
			}
			total += int(binary.LittleEndian.Uint32(g.memory()[atResult:]))
		}
	}
	g := newFilesGuest(t, o)
	tmp := func(path string, h how) uint64 {
		fd, e := g.open(top+1, path, h)
		g.want("open "+path, e)
		return fd
	}
	first := fill(g, tmp("a", creating))
	if first < 100<<10 || first > size-64<<10 {
		t.Errorf("%d bytes had room beside the copy", first)
	}
	_, e := g.open(top, "new", creating)
	if e == errnoSuccess { // a name may have room where a piece of a file had none
		n := 0
		for ; e == errnoSuccess; n++ {
			_, e = g.open(top+1, fmt.Sprintf("name%d", n), creating)
			if e == errnoMfile {
				break
			}
		}
	}
	// What is removed makes room again, but not before it is closed.
	p, n := g.text(atPath, "a")
	g.want("unlink", g.wasi("path_unlink_file", top+1, p, n))
	b, e := g.open(top+1, "b", creating)
	if e == errnoSuccess {
		if again := fill(g, b); again > 4096 {
			t.Errorf("%d bytes had room beside a file that is open", again)
		}
	}
	for fd := uint64(5); fd < maxDescriptors; fd++ {
		g.wasi("fd_close", fd)
	}
	if again := fill(g, tmp("c", creating)); again < first-8<<10 || again > first+8<<10 {
		t.Errorf("%d bytes had room, and %d after they were removed", first, again)
	}
	// Empty files and directories are not free.
	g = newFilesGuest(t, o)
	made := 0
	for ; ; made++ {
		p, n := g.text(atPath, fmt.Sprint("d", made))
		if e := g.wasi("path_create_directory", top+1, p, n); e != errnoSuccess {
			g.want("mkdir", e, files.Nospc)
			break
		}
	}
	if made > size/512 {
		t.Errorf("%d directories had room", made)
	}
}

// The files of one call are not there in the next, and its copy leaves the
// folder as it was.
func TestCallsShareNoFiles(t *testing.T) {
	host := t.TempDir()
	if err := os.WriteFile(filepath.Join(host, "file"), []byte("old text"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(host, "dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	set, err := files.Open(files.Options{
		Mounts: []files.Mount{{Guest: "/copy", Host: host, Mode: files.ModeCopy}}, Scratch: "/tmp",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if err := set.Load(); err != nil {
		t.Fatal(err)
	}
	begin := func() *guest {
		return newGuest(t, Task{Grants: &Grants{Files: set}}, modules.ABICommand, "")
	}
	one, two := begin(), begin()
	open := one.mustOpen("file", forReading) // before it is changed: it sees the change
	fd := one.mustOpen("file", forWriting)
	one.want("write", one.pput(fd, "new", 0))
	one.wantText(open, 20, "new text")
	one.make("dir/made", "made")
	one.want("rename", one.rename("dir", "moved"))
	tmp, e := one.open(top+1, "made", creating)
	one.want("open", e)
	one.want("write", one.writeFd(tmp, "made"))
	for _, g := range []*guest{two, begin()} {
		g.wantText(g.mustOpen("file", forReading), 20, "old text")
		if got := names(g.readDir(top, 0, 4096)); !slices.Equal(got, []string{".", "..", "dir", "file"}) {
			t.Errorf("another call's copy has %q", got)
		}
		if got := names(g.readDir(top+1, 0, 4096)); len(got) != 2 {
			t.Errorf("another call's scratch has %q", got)
		}
	}
	if left, err := os.ReadFile(filepath.Join(host, "file")); err != nil || string(left) != "old text" {
		t.Errorf("the folder has %q, %v", left, err)
	}
	one.end()
	two.end()
}

// What a call may add to folders is what it may store.
func TestFoldersCountAsStored(t *testing.T) {
	g := newFilesGuestFor(t, treeOptions("folder", t.TempDir()), Task{Limits: Limits{Stored: 10 << 10}})
	fd := g.mustOpen("file", creating) // 1 KiB
	g.want("write", g.writeFd(fd, strings.Repeat("x", 8<<10)))
	g.want("over what is there", g.pput(fd, strings.Repeat("y", 8<<10), 0))
	g.want("beyond", g.pput(fd, "z", 9<<10+1), files.Nospc)
	g.want("longer", g.wasi("fd_filestat_set_size", fd, 100<<10), files.Nospc)
	g.want("a directory", g.mkdir("dir")) // 1 KiB
	g.want("one more", g.mkdir("dir2"), files.Nospc)
	_, e := g.open(top, "new", creating)
	g.want("a file", e, files.Nospc)
}

// Row 33: nothing is changed after the task was told to stop.
func TestFoldersAreNotChangedAfterStop(t *testing.T) {
	stop := make(chan struct{})
	g := newFilesGuestFor(t, treeOptions("folder", t.TempDir()), Task{Stop: stop})
	fd := g.mustOpen("file", creating)
	g.want("write", g.writeFd(fd, "before"))
	close(stop)
	g.want("write", g.writeFd(fd, "after"), files.Canceled)
	g.want("truncate", g.wasi("fd_filestat_set_size", fd, 0), files.Canceled)
	g.want("mkdir", g.mkdir("dir"), files.Canceled)
	g.want("unlink", g.unlink("file"), files.Canceled)
	g.want("rename", g.rename("file", "f"), files.Canceled)
	if got, e := g.pget(fd, 20, 0); e != errnoSuccess || got != "before" {
		t.Errorf("reading gives %q, errno %d", got, e)
	}
}

// What a module sees while it is initialised can be read and not changed; of
// what calls change there is the name.
func TestFilesOfAnInitialisation(t *testing.T) {
	host := t.TempDir()
	if err := os.WriteFile(filepath.Join(host, "file"), []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	var mounts []files.Mount
	for _, mode := range []files.Mode{files.ModeRead, files.ModeCopy, files.ModeReadWrite} {
		mounts = append(mounts, files.Mount{Guest: "/" + string(mode), Host: host, Mode: mode})
	}
	set, err := files.Open(files.Options{Mounts: mounts, Scratch: "/tmp"})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if err := set.Load(); err != nil {
		t.Fatal(err)
	}
	grants := &Grants{Files: set, Args: []string{"one", "two"}}
	if grants.Setup() != grants.Setup() {
		t.Error("one grant has two setups")
	}
	if (&Grants{}).Setup() != nil {
		t.Error("no grant has a setup")
	}
	g := newGuest(t, Task{}, modules.ABIReactor, "")
	g.ctx, _ = g.host.Begin(t.Context(), modules.Call{Task: grants.Setup()}, modules.ABIReactor)
	g.session = sessionOf(g.ctx)
	for i, want := range []errno{errnoSuccess, errnoSuccess, errnoNoent, errnoNoent} {
		fd := uint64(top + i)
		g.want("fd_prestat_get", g.wasi("fd_prestat_get", fd, atResult))
		_, e := g.open(fd, "file", forReading)
		g.want(fmt.Sprintf("open in tree %d", i), e, want)
		_, e = g.open(fd, "new", creating)
		g.want(fmt.Sprintf("make in tree %d", i), e, files.Rofs)
		p, n := g.text(atPath, "dir")
		g.want("mkdir", g.wasi("path_create_directory", fd, p, n), files.Rofs)
	}
	if got := g.texts("args_get", "args_sizes_get"); !slices.Equal(got, []string{"task", "one", "two"}) {
		t.Errorf("arguments %q", got)
	}
	g.end()
}

// No file of the host stays open after its call.
func TestCallsLeaveNoFileOpen(t *testing.T) {
	count := func() int {
		open, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(open)
	}
	host := t.TempDir()
	set, err := files.Open(treeOptions("folder", host))
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	before := count()
	for range 20 {
		g := newGuest(t, Task{Grants: &Grants{Files: set}}, modules.ABICommand, "")
		for i := range 20 {
			g.mustOpen(fmt.Sprint("file", i), creating)
		}
		g.end()
	}
	if after := count(); after > before+5 {
		t.Errorf("%d files are open, %d were before", after, before)
	}
}

// FuzzPaths calls the path functions with paths of a guest's choosing, in a
// folder whose links lead out: nothing outside is read or changed.
func FuzzPaths(f *testing.F) {
	for _, seed := range []string{
		"open dir/file\nmkdir a\nrename a dir/b", "symlink ../x y\nopen y", "open out\nunlink out\nopen root/etc/passwd",
		"rename dir moved\nsymlink moved dir\nopen dir/../../secret", "mkdir dir/x/\nrmdir dir/x/.", "symlink dir/.. z\nopen z/../secret",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		base := t.TempDir()
		host := filepath.Join(base, "granted")
		if err := os.MkdirAll(filepath.Join(host, "dir"), 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"granted/dir/file": "inside", "secret": "secret"} {
			if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for name, target := range map[string]string{"out": "../secret", "root": "/", "up": ".."} {
			_ = os.Symlink(target, filepath.Join(host, name))
		}
		for _, kind := range []string{"folder", "copy"} {
			g := newFilesGuest(t, treeOptions(kind, host))
			lines := strings.Split(script, "\n")
			for _, line := range lines[:min(len(lines), 30)] {
				g.script(strings.SplitN(line, " ", 3))
			}
			g.end()
			outside, err := os.ReadFile(filepath.Join(base, "secret"))
			if err != nil || string(outside) != "secret" {
				t.Fatalf("the secret is %q, %v", outside, err)
			}
			left, err := os.ReadDir(base)
			if err != nil || len(left) != 2 {
				t.Fatalf("outside there is %v, %v", left, err)
			}
		}
	})
}

// script carries out a line of FuzzPaths.
func (g *guest) script(words []string) {
	for len(words) < 3 {
		words = append(words, "x")
	}
	for i := range words {
		words[i] = words[i][:min(len(words[i]), 5000)]
	}
	switch a, b := words[1], words[2]; words[0] {
	case "mkdir":
		g.mkdir(a)
	case "rmdir":
		g.rmdir(a)
	case "unlink":
		g.unlink(a)
	case "rename":
		g.rename(a, b)
	case "symlink":
		g.symlink(a, b)
	case "stat":
		_, _ = g.stat(a, true)
	default:
		fd, e := g.open(top, a, how{follow: true, oflags: openCreate, rights: rightRead | rightWrite})
		if e != errnoSuccess {
			if fd, e = g.open(top, a, following); e != errnoSuccess {
				return
			}
		}
		if got, _ := g.readFd(fd, 100); strings.Contains(got, "secret") || strings.Contains(got, "root:") {
			g.t.Fatalf("%q reads %q", a, got)
		}
		g.writeFd(fd, "written")
	}
}
