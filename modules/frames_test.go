package modules

import (
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wasm"
	"github.com/waslrun/wasl/modules/internal/wat"
)

// trapping traps four functions deep, within memory.copy, which metering hands
// to a helper of its own. The first call returns when the input is empty.
const trapping = `(module
	(import "wasl" "input_len" (func $input_len (result i32)))
	(memory 1)
	(func $copy (param i32) (memory.copy (i32.const 0) (i32.const 65536) (local.get 0)))
	(func $unnamed (param i32) (call $copy (local.get 0)))
	(func $cpp (param i32) (call $unnamed (local.get 0)))
	(func (export "wasl_handle") (result i32) (call $cpp (call $input_len)) (i32.const 0)))`

// withNames adds a name section to a binary: name by index, "" for none.
func withNames(binary []byte, names ...string) []byte {
	var entries []byte
	count := uint32(0)
	for i, name := range names {
		if name != "" {
			entries = wasm.AppendName(wasm.AppendU32(entries, uint32(i)), name)
			count++
		}
	}
	entries = append(wasm.AppendU32(nil, count), entries...)
	body := wasm.AppendU32(append(wasm.AppendName(nil, "name"), 1), uint32(len(entries)))
	body = append(body, entries...)
	return append(wasm.AppendU32(append(slices.Clip(binary), 0), uint32(len(body))), body...)
}

// Every way to run a module says the same of where it trapped.
func TestTrapTellsWhere(t *testing.T) {
	binary := wat.MustAssemble(trapping)
	const long = maxFrameName + 50
	for _, c := range []struct {
		what   string
		binary []byte
		want   string
	}{
		{
			"names", withNames(binary, "host", "copy\xff", "", "_ZN3net5Retry6divideEii", strings.Repeat("h", long)),
			"at copy, at function 2, at net::Retry::divide, at " + strings.Repeat("h", maxFrameName) + "…",
		},
		{"no names", binary, "at function 1, at function 2, at function 3, at function 4"},
	} {
		dir := cacheDir(t)
		for _, opts := range []Options{
			{},
			{CacheDir: dir},
			{CacheDir: dir}, // from the cache
			{NoPool: true},
			{NoSnapshot: true},
			{NoMetering: true},
			{Engine: EngineInterpreter},
			{Engine: EngineInterpreter, NoMetering: true},
		} {
			opts.Host = testHost{}
			m := mustOpen(t, newStore(t, opts), c.binary, Limits{})
			mustInvoke(t, m, Call{}) // so that the next one may be pooled
			result, err := m.Invoke(t.Context(), Call{Input: []byte("x")})
			if want := "out of bounds memory access\n" + c.want; err != nil || result.Failure == nil ||
				*result.Failure != (Failure{Error: ErrTrap, Cause: want}) {
				t.Errorf("%s, %+v: %v, %v, want %q", c.what, opts, result.Failure, err, want)
			}
		}
	}
}

// A recursion without end tells its top frames and no more.
func TestFramesAreBounded(t *testing.T) {
	binary := withNames(wat.MustAssemble(`(module
		(func $down (param i64) (result i64) (i64.add (i64.const 1) (call $down (i64.add (local.get 0) (i64.const 1)))))
		(func (export "wasl_handle") (result i32) (i32.wrap_i64 (call $down (i64.const 0)))))`), "down", "handle")
	result, err := mustOpen(t, newStore(t, Options{}), binary, Limits{}).Invoke(t.Context(), Call{})
	want := errStack.Error() + "\nat " + strings.Join(slices.Repeat([]string{"down"}, maxFrames), ", at ")
	if err != nil || result.Failure == nil || result.Failure.Cause != want {
		t.Errorf("%v, %v, want %q", result.Failure, err, want)
	}
}

func TestReadableNames(t *testing.T) {
	for name, want := range map[string]string{
		"main.divide":                                     "main.divide",                 // Go
		"~lib/array/Array<i32>#__get":                     "~lib/array/Array<i32>#__get", // AssemblyScript
		"_ZN4core9panicking5panic17h0123456789abcdefE":    "core::panicking::panic",
		"_RNvMs_NtCs5l0EXMQXRMU_3foo3barINtB4_3BazmE3qux": "<foo::bar::Baz<u32>>::qux",
		"_ZNSt6vectorIiSaIiEE9push_backEOi":               "std::vector<int, std::allocator<int> >::push_back",
		"_ZN3":                                            "_ZN3",
		"":                                                "",
	} {
		if got := readable(name); got != want {
			t.Errorf("%q is read as %q, want %q", name, got, want)
		}
	}
}

// No name keeps the host from going on, or makes it say much.
func FuzzReadableNames(f *testing.F) {
	f.Add("_ZNSt6vectorIiSaIiEE9push_backEOi")
	f.Add("_RNvMs_NtCs5l0EXMQXRMU_3foo3barINtB4_3BazmE3qux")
	f.Fuzz(func(t *testing.T, name string) {
		if got := readable(name); len(got) > maxFrameName+len("…") {
			t.Errorf("%q is read as %d bytes", name, len(got))
		}
	})
}
