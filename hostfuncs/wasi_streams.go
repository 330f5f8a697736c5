package hostfuncs

import (
	"context"
	"encoding/binary"

	"github.com/waslrun/wasl/hostfuncs/files"
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

func fdRead(ctx context.Context, s *session, m memory, a []uint64) errno {
	list, count, done := uint32(a[1]), uint32(a[2]), uint32(a[3])
	d := s.fds.get(uint32(a[0]))
	switch {
	case d == nil || d.dir != nil || !d.can(rightRead):
		return errnoBadf
	// The result's place is checked first: input that was taken is gone.
	case !m.putUint32(done, 0):
		return errnoFault
	}
	var total int
	var e errno
	if d.stream {
		total, e = s.readInput(m, list, count)
	} else {
		total, e = d.read(ctx, s, m, list, count, d.offset)
		d.offset += int64(total)
	}
	if e == errnoSuccess {
		m.putUint32(done, uint32(total))
	}
	return e
}

// readInput moves the input into a guest's buffers.
func (s *session) readInput(m memory, list, count uint32) (total int, e errno) {
	unread := s.unread
	if e = buffers(m, list, count, func(b []byte) bool {
		n := copy(b, unread)
		unread, total = unread[n:], total+n
		return len(unread) > 0
	}); e == errnoSuccess {
		s.unread = unread
	}
	return total, e
}

func fdWrite(ctx context.Context, s *session, m memory, a []uint64) errno {
	list, count, done := uint32(a[1]), uint32(a[2]), uint32(a[3])
	d := s.fds.get(uint32(a[0]))
	switch {
	case d == nil || d.dir != nil || !d.can(rightWrite):
		return errnoBadf
	case !m.holds(done, 4):
		return errnoFault
	}
	var total int
	var e errno
	if d.stream {
		e = buffers(m, list, count, func(b []byte) bool {
			s.stream(d.number, b)
			total += len(b)
			return true
		})
		if total > 0 {
			e = errnoSuccess
		}
	} else {
		total, e = d.append(ctx, s, m, list, count)
	}
	if e == errnoSuccess {
		m.putUint32(done, uint32(total))
	}
	return e
}

// append writes at a file's position, or at its end when it was opened so, and
// leaves the position after what was written.
func (d *descriptor) append(ctx context.Context, s *session, m memory, list, count uint32) (int, errno) {
	at := d.offset
	if d.flags&flagAppend != 0 {
		stat, err := d.file.Stat()
		if err != nil {
			return 0, files.ErrnoOf(err)
		}
		at = stat.Size
	}
	total, e := d.write(ctx, s, m, list, count, at)
	if total > 0 {
		d.offset = at + int64(total)
	}
	return total, e
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
