package hostfuncs

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules"
)

// errno is a WASI preview 1 error number.
type errno uint32

// The errors that guests get from this subset.
const (
	errnoSuccess errno = 0
	errnoAgain   errno = 6
	errnoBadf    errno = 8
	errnoFault   errno = 21
	errnoInval   errno = 28
	errnoNosys   errno = 52
	errnoNotsup  errno = 58
	errnoSpipe   errno = 70
)

// wasiFunctions are all functions of wasi_snapshot_preview1, so that every
// guest links. There are three descriptors, standard input, output and error,
// and no files, directories, sockets or signals.
func wasiFunctions() []function {
	return slices.Concat(wasiProcess, wasiStreams, wasiTime, wasiAbsent())
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

// onStream is a function on a descriptor that gives one errno for the three
// streams; no other descriptor is ever open.
func onStream(e errno) hostFunc {
	return func(_ context.Context, s *session, _ api.Module, stack []uint64) {
		if !s.isOpen(uint32(stack[0])) {
			e := errnoBadf
			stack[0] = uint64(e)
			return
		}
		stack[0] = uint64(e)
	}
}

// args are the command's arguments: its name, so that os.Args[0] is there.
// Reactors have none.
func (s *session) args() []string {
	if s.abi == modules.ABICommand {
		return []string{"task"}
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
	var all []function
	for _, f := range []struct{ name, params string }{
		{"fd_advise", "iIIi"},
		{"fd_allocate", "iII"},
		{"fd_datasync", "i"},
		{"fd_fdstat_set_rights", "iII"},
		{"fd_filestat_set_size", "iI"},
		{"fd_filestat_set_times", "iIIi"},
		{"fd_readdir", "iiiIi"},
		{"fd_renumber", "ii"},
		{"fd_sync", "i"},
		{"sock_accept", "iii"},
		{"sock_recv", "iiiiii"},
		{"sock_send", "iiiii"},
		{"sock_shutdown", "ii"},
	} {
		all = append(all, function{f.name, f.params, "i", onStream(errnoNotsup)})
	}
	for _, f := range []struct{ name, params string }{
		{"fd_pread", "iiiIi"},
		{"fd_pwrite", "iiiIi"},
		{"fd_seek", "iIii"},
		{"fd_tell", "ii"},
	} {
		all = append(all, function{f.name, f.params, "i", onStream(errnoSpipe)})
	}
	for _, f := range []struct{ name, params string }{
		{"fd_prestat_dir_name", "iii"},
		{"fd_prestat_get", "ii"}, // no directory is open, so every guest stops asking
		{"path_create_directory", "iii"},
		{"path_filestat_get", "iiiii"},
		{"path_filestat_set_times", "iiiiIIi"},
		{"path_link", "iiiiiii"},
		{"path_open", "iiiiiIIii"},
		{"path_readlink", "iiiiii"},
		{"path_remove_directory", "iii"},
		{"path_rename", "iiiiii"},
		{"path_symlink", "iiiii"},
		{"path_unlink_file", "iii"},
	} {
		all = append(all, function{f.name, f.params, "i", answer(errnoBadf)})
	}
	return append(all, function{"proc_raise", "i", "i", answer(errnoNosys)})
}
