package modules

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// testHost is the least that the tests' guests need: of WASI what Go's runtime
// calls, of module wasl the input and the output.
type testHost struct{}

type testSession struct {
	input, output []byte
	read          int
	calls         int64
	onInputLen    func(context.Context)
}

type testSessionKey struct{}

func (testHost) Begin(ctx context.Context, call Call, _ ABI) (context.Context, Session) {
	s := &testSession{input: call.Input}
	return context.WithValue(ctx, testSessionKey{}, s), s
}

func (s *testSession) End(Exit) ([]byte, *Failure, HostUsage) {
	return s.output, nil, HostUsage{OutputBytes: int64(len(s.output)), HostCalls: s.calls}
}

const (
	wasiOK    = 0
	wasiBadf  = 8
	wasiFault = 21
	wasiNosys = 52
)

// testFunc is a host function: the session, the memory, the arguments.
type testFunc func(s *testSession, m api.Memory, a []uint64) uint32

func (testHost) Define(ctx context.Context, r wazero.Runtime) error {
	for module, functions := range map[string]map[string]struct {
		params string
		call   testFunc
	}{
		"wasl": {
			"input_len":    {"", func(s *testSession, _ api.Memory, _ []uint64) uint32 { return uint32(len(s.input)) }},
			"input_read":   {"iii", testInputRead},
			"output_write": {"ii", testOutputWrite},
		},
		"wasi_snapshot_preview1": {
			"args_get":            {"ii", testOK},
			"args_sizes_get":      {"ii", testTwoZeros},
			"environ_get":         {"ii", testOK},
			"environ_sizes_get":   {"ii", testTwoZeros},
			"clock_time_get":      {"iIi", testClock},
			"random_get":          {"ii", testRandom},
			"fd_write":            {"iiii", testWrite},
			"fd_read":             {"iiii", testRead},
			"fd_close":            {"i", testOK},
			"fd_fdstat_get":       {"ii", testFdstat},
			"fd_fdstat_set_flags": {"ii", testOK},
			"fd_prestat_get":      {"ii", func(*testSession, api.Memory, []uint64) uint32 { return wasiBadf }},
			"fd_prestat_dir_name": {"iii", func(*testSession, api.Memory, []uint64) uint32 { return wasiBadf }},
			"poll_oneoff":         {"iiii", func(*testSession, api.Memory, []uint64) uint32 { return wasiNosys }},
			"sched_yield":         {"", testOK},
			"proc_exit":           {"i", func(_ *testSession, _ api.Memory, a []uint64) uint32 { panic(ProcExit{uint32(a[0])}) }},
		},
	} {
		builder := r.NewHostModuleBuilder(module)
		for name, f := range functions {
			var params []api.ValueType
			for _, p := range f.params {
				params = append(params, map[rune]api.ValueType{'i': api.ValueTypeI32, 'I': api.ValueTypeI64}[p])
			}
			results := []api.ValueType{api.ValueTypeI32}
			if name == "proc_exit" {
				results = nil
			}
			builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(ctx context.Context, m api.Module, stack []uint64) {
				s := ctx.Value(testSessionKey{}).(*testSession)
				s.calls++
				if name == "input_len" && s.onInputLen != nil {
					s.onInputLen(ctx)
				}
				result := f.call(s, m.Memory(), stack)
				if len(results) > 0 {
					stack[0] = uint64(result)
				}
			}), params, results).Export(name)
		}
		if _, err := builder.Instantiate(ctx); err != nil {
			return err
		}
	}
	return nil
}

func testOK(*testSession, api.Memory, []uint64) uint32 { return wasiOK }

func testInputRead(s *testSession, m api.Memory, a []uint64) uint32 {
	in := s.input[min(uint64(len(s.input)), uint64(uint32(a[2]))):]
	in = in[:min(uint64(len(in)), uint64(uint32(a[1])))]
	m.Write(uint32(a[0]), in)
	return uint32(len(in))
}

func testOutputWrite(s *testSession, m api.Memory, a []uint64) uint32 {
	b, _ := m.Read(uint32(a[0]), uint32(a[1]))
	s.output = append(s.output, b...)
	return 0
}

func testTwoZeros(_ *testSession, m api.Memory, a []uint64) uint32 {
	m.WriteUint32Le(uint32(a[0]), 0)
	m.WriteUint32Le(uint32(a[1]), 0)
	return wasiOK
}

// testClock stands still, so that runs can be compared.
func testClock(_ *testSession, m api.Memory, a []uint64) uint32 {
	m.WriteUint64Le(uint32(a[2]), uint64(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()))
	return wasiOK
}

func testRandom(_ *testSession, m api.Memory, a []uint64) uint32 {
	b, ok := m.Read(uint32(a[0]), uint32(a[1]))
	if !ok {
		return wasiFault
	}
	for i := range b {
		b[i] = byte(i * 7)
	}
	return wasiOK
}

// testVectors gives the memory of an iovec array.
func testVectors(m api.Memory, a []uint64) (spans [][]byte) {
	for i := range min(uint32(a[2]), 64) {
		ptr, _ := m.ReadUint32Le(uint32(a[1]) + 8*i)
		size, _ := m.ReadUint32Le(uint32(a[1]) + 8*i + 4)
		if b, ok := m.Read(ptr, size); ok {
			spans = append(spans, b)
		}
	}
	return spans
}

func testWrite(s *testSession, m api.Memory, a []uint64) uint32 {
	n := 0
	for _, b := range testVectors(m, a) {
		if uint32(a[0]) == 1 {
			s.output = append(s.output, b...)
		}
		n += len(b)
	}
	m.WriteUint32Le(uint32(a[3]), uint32(n))
	return wasiOK
}

func testRead(s *testSession, m api.Memory, a []uint64) uint32 {
	n := 0
	for _, b := range testVectors(m, a) {
		k := copy(b, s.input[s.read:])
		s.read += k
		n += k
	}
	m.WriteUint32Le(uint32(a[3]), uint32(n))
	return wasiOK
}

func testFdstat(_ *testSession, m api.Memory, a []uint64) uint32 {
	if uint32(a[0]) > 2 {
		return wasiBadf
	}
	b, ok := m.Read(uint32(a[1]), 24)
	if !ok {
		return wasiFault
	}
	clear(b)
	b[0] = 2 // a character device
	binary.LittleEndian.PutUint64(b[8:], 0xff)
	return wasiOK
}
