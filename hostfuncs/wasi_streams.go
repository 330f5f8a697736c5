package hostfuncs

import (
	"context"
	"encoding/binary"

	"github.com/waslrun/wasl/modules"
)

// The descriptors of the standard streams.
const (
	stdin  = 0
	stdout = 1
	stderr = 2
)

// What one fd_read or fd_write moves at most. The guest is told how much it
// was, and asks again; so no list of buffers, however often it names the same
// memory, holds the host for longer.
const (
	maxBuffers  = 1024
	maxTransfer = 1 << 20 // bytes
)

var wasiStreams = []function{
	{"fd_read", "iiii", "i", result(fdRead)},
	{"fd_write", "iiii", "i", result(fdWrite)},
	{"fd_close", "i", "i", result(fdClose)},
	{"fd_fdstat_get", "ii", "i", result(fdstatGet)},
	{"fd_fdstat_set_flags", "ii", "i", onStream(errnoSuccess)},
	{"fd_filestat_get", "ii", "i", result(filestatGet)},
}

// isOpen reports whether a descriptor is a stream that was not closed.
func (s *session) isOpen(fd uint32) bool {
	return fd <= stderr && s.closed&(1<<fd) == 0
}

func fdClose(_ context.Context, s *session, _ memory, a []uint64) errno {
	fd := uint32(a[0])
	if !s.isOpen(fd) {
		return errnoBadf
	}
	s.closed |= 1 << fd
	return errnoSuccess
}

// buffers calls f with each buffer of a guest's list, up to the bounds on one
// transfer, until f says that it is enough.
func buffers(m memory, list, count uint32, f func(b []byte) (more bool)) errno {
	entries, ok := m.span(list, 8*min(count, maxBuffers))
	if !ok {
		return errnoFault
	}
	room := uint32(maxTransfer)
	for ; len(entries) > 0 && room > 0; entries = entries[8:] {
		ptr, n := binary.LittleEndian.Uint32(entries), binary.LittleEndian.Uint32(entries[4:])
		b, ok := m.head(ptr, n, room)
		if !ok {
			return errnoFault
		}
		room -= uint32(len(b))
		if !f(b) {
			break
		}
	}
	return errnoSuccess
}

func fdRead(_ context.Context, s *session, m memory, a []uint64) errno {
	fd, list, count, done := uint32(a[0]), uint32(a[1]), uint32(a[2]), uint32(a[3])
	if fd != stdin || !s.isOpen(fd) {
		return errnoBadf
	}
	// The result's place is checked first: input that was taken is gone.
	if !m.putUint32(done, 0) {
		return errnoFault
	}
	unread, total := s.unread, 0
	if e := buffers(m, list, count, func(b []byte) bool {
		n := copy(b, unread)
		unread, total = unread[n:], total+n
		return len(unread) > 0
	}); e != errnoSuccess {
		return e
	}
	s.unread = unread
	m.putUint32(done, uint32(total))
	return errnoSuccess
}

func fdWrite(_ context.Context, s *session, m memory, a []uint64) errno {
	fd, list, count, done := uint32(a[0]), uint32(a[1]), uint32(a[2]), uint32(a[3])
	if fd == stdin || !s.isOpen(fd) {
		return errnoBadf
	}
	if _, ok := m.span(done, 4); !ok {
		return errnoFault
	}
	total := 0
	e := buffers(m, list, count, func(b []byte) bool {
		s.stream(fd, b)
		total += len(b)
		return true
	})
	if e != errnoSuccess && total == 0 {
		return e
	}
	m.putUint32(done, uint32(total))
	return errnoSuccess
}

// stream takes what the guest writes. A command's stdout is its output; of
// other guests it is one more log, so that a stray print does no harm.
func (s *session) stream(fd uint32, data []byte) {
	switch {
	case s.initializing && fd == stdout:
	case fd == stderr:
		s.stderr.write(data)
		s.log.write(StreamStderr, data)
	case s.abi == modules.ABICommand:
		s.write(data)
	default:
		s.log.write(StreamStdout, data)
	}
}

// fdstatGet describes a stream: of no particular type, so that C libraries
// buffer it, and readable or writable.
func fdstatGet(_ context.Context, s *session, m memory, a []uint64) errno {
	const rightRead, rightWrite = 1 << 1, 1 << 6
	fd := uint32(a[0])
	if !s.isOpen(fd) {
		return errnoBadf
	}
	stat, ok := m.span(uint32(a[1]), 24)
	if !ok {
		return errnoFault
	}
	clear(stat)
	rights := uint64(rightWrite)
	if fd == stdin {
		rights = rightRead
	}
	binary.LittleEndian.PutUint64(stat[8:], rights)
	return errnoSuccess
}

func filestatGet(_ context.Context, s *session, m memory, a []uint64) errno {
	if !s.isOpen(uint32(a[0])) {
		return errnoBadf
	}
	stat, ok := m.span(uint32(a[1]), 64)
	if !ok {
		return errnoFault
	}
	clear(stat)
	return errnoSuccess
}
