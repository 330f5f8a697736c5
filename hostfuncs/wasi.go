package hostfuncs

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
)

// errno is a WASI preview 1 error number.
type errno = files.Errno

// The errors that host functions give of their own.
const (
	errnoSuccess     = files.Success
	errnoAcces       = files.Acces
	errnoAgain       = files.Again
	errnoBadf        = files.Badf
	errnoBusy        = files.Busy
	errnoExist       = files.Exist
	errnoFault       = files.Fault
	errnoFbig        = files.Fbig
	errnoInval       = files.Inval
	errnoIsdir       = files.Isdir
	errnoLoop        = files.Loop
	errnoMfile       = files.Mfile
	errnoNametoolong = files.Nametoolong
	errnoNoent       = files.Noent
	errnoNosys       = files.Nosys
	errnoNotcapable  = files.Notcapable
	errnoNotdir      = files.Notdir
	errnoNotsock     = files.Notsock
	errnoNotsup      = files.Notsup
	errnoPerm        = files.Perm
	errnoSpipe       = files.Spipe
	errnoXdev        = files.Xdev
)

// wasiFunctions are all functions of wasi_snapshot_preview1, so that every guest
// links. There are the standard streams and what the grant of files opens, and
// no sockets or signals.
func wasiFunctions() []function {
	return slices.Concat(wasiProcess, wasiStreams, wasiDescriptors, wasiFiles, wasiPaths, wasiTime, wasiAbsent())
}

var wasiProcess = []function{
	{"args_get", "ii", "i", result(func(_ context.Context, s *session, m memory, a []uint64) errno {
		return putStrings(m, uint32(a[0]), uint32(a[1]), s.args())
	})},
	{"args_sizes_get", "ii", "i", result(func(_ context.Context, s *session, m memory, a []uint64) errno {
		return putSizes(m, uint32(a[0]), uint32(a[1]), s.args())
	})},
	{"environ_get", "ii", "i", result(func(_ context.Context, s *session, m memory, a []uint64) errno {
		return putStrings(m, uint32(a[0]), uint32(a[1]), s.environ())
	})},
	{"environ_sizes_get", "ii", "i", result(func(_ context.Context, s *session, m memory, a []uint64) errno {
		return putSizes(m, uint32(a[0]), uint32(a[1]), s.environ())
	})},
	{"proc_exit", "i", "", func(_ context.Context, _ *session, _ api.Module, stack []uint64) {
		panic(modules.ProcExit{Code: uint32(stack[0])})
	}},
	{"sched_yield", "", "i", answer(errnoSuccess)},
}

// result adapts a function that works on memory and gives an errno.
func result(f func(ctx context.Context, s *session, m memory, args []uint64) errno) hostFunc {
	return func(ctx context.Context, s *session, mod api.Module, stack []uint64) {
		stack[0] = uint64(f(ctx, s, s.memory(mod), stack))
	}
}

// answer is a function that always gives the same errno.
func answer(e errno) hostFunc {
	return func(_ context.Context, _ *session, _ api.Module, stack []uint64) {
		stack[0] = uint64(e)
	}
}

// onOpen is a function on a descriptor that gives one errno for all that are open.
func onOpen(e errno) hostFunc {
	return func(_ context.Context, s *session, _ api.Module, stack []uint64) {
		answer := e
		if s.fds.get(uint32(stack[0])) == nil {
			answer = errnoBadf
		}
		stack[0] = uint64(answer)
	}
}

// args are the command's arguments: its name, so that os.Args[0] is there, and
// those that were configured. Of other guests only who was given some has any.
func (s *session) args() []string {
	if s.abi == modules.ABICommand || len(s.arguments) > 0 {
		return append([]string{"task"}, s.arguments...)
	}
	return nil
}

// environ is the granted environment in order, NAME=value.
func (s *session) environ() []string {
	if len(s.grants.Env)+len(s.grants.Secrets) == 0 {
		return nil
	}
	s.spend(unitsVariable * int64(len(s.grants.Env)+len(s.grants.Secrets)))
	var all []string
	for name, value := range s.grants.Env {
		if _, secret := s.grants.Secrets[name]; !secret {
			all = append(all, name+"="+value)
		}
	}
	for name, value := range s.grants.Secrets {
		all = append(all, name+"="+value)
	}
	// A NUL would end the text early and shift the sizes.
	all = slices.DeleteFunc(all, func(s string) bool { return strings.Contains(s, "\x00") })
	slices.Sort(all)
	return all
}

// putStrings writes texts as C has them: their addresses at table, themselves
// from buf on.
func putStrings(m memory, table, buf uint32, texts []string) errno {
	_, total := sizes(texts)
	places, ok := m.span(table, 4*uint32(len(texts)))
	room, ok2 := m.span(buf, total)
	if !ok || !ok2 {
		return errnoFault
	}
	for i, text := range texts {
		binary.LittleEndian.PutUint32(places[4*i:], buf)
		n := copy(room, text)
		room[n] = 0
		room = room[n+1:]
		buf += uint32(n + 1)
	}
	return errnoSuccess
}

// sizes are the number of texts and of their bytes, an end of each included.
func sizes(texts []string) (count, total uint32) {
	for _, text := range texts {
		total += uint32(len(text) + 1)
	}
	return uint32(len(texts)), total
}

func putSizes(m memory, count, size uint32, texts []string) errno {
	n, total := sizes(texts)
	if !m.putUint32(count, n) || !m.putUint32(size, total) {
		return errnoFault
	}
	return errnoSuccess
}

// wasiAbsent are the functions that find nothing to work on.
func wasiAbsent() []function {
	return []function{
		{"sock_accept", "iii", "i", onOpen(errnoNotsock)},
		{"sock_recv", "iiiiii", "i", onOpen(errnoNotsock)},
		{"sock_send", "iiiii", "i", onOpen(errnoNotsock)},
		{"sock_shutdown", "ii", "i", onOpen(errnoNotsock)},
		{"proc_raise", "i", "i", answer(errnoNosys)},
	}
}
