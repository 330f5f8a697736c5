package wasm_test

import (
	"maps"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wasm"
)

// named is an empty module with custom sections, each a name and its contents.
func named(sections ...string) []byte {
	binary := []byte("\x00asm\x01\x00\x00\x00")
	for i := 0; i < len(sections); i += 2 {
		body := wasm.AppendName(nil, sections[i])
		body = append(body, sections[i+1]...)
		binary = append(wasm.AppendU32(append(binary, 0), uint32(len(body))), body...)
	}
	return binary
}

func TestFuncNames(t *testing.T) {
	const three = "\x03\x00\x01a\x02\x02bc\x09\x00" // 0: a, 2: bc, 9: ""
	for _, c := range []struct {
		what     string
		sections []string
		want     map[uint32]string // of functions 0, 2 and 9
	}{
		{"no section", nil, nil},
		{"the names", []string{"name", "\x01\x0a" + three}, map[uint32]string{0: "a", 2: "bc", 9: ""}},
		{"after other names", []string{"producers", "\x01", "name", "\x00\x02\x01m" + "\x01\x0a" + three}, map[uint32]string{0: "a", 2: "bc", 9: ""}},
		{"the first section counts", []string{"name", "\x01\x0a" + three, "name", "\x01\x04\x01\x00\x01z"}, map[uint32]string{0: "a", 2: "bc", 9: ""}},
		{"locals alone", []string{"name", "\x02\x01\x00"}, nil},
		{"a name that ends too early", []string{"name", "\x01\x07\x02\x00\x01a\x02\x09b"}, map[uint32]string{0: "a"}},
		{"a subsection that ends too early", []string{"name", "\x01\x7f" + three}, nil},
		{"out of order", []string{"name", "\x01\x07\x02\x02\x01b\x00\x01a"}, map[uint32]string{2: "b"}},
		{"named twice", []string{"name", "\x01\x07\x02\x02\x01b\x02\x01c"}, map[uint32]string{2: "b"}},
		{"a count without names", []string{"name", "\x01\x05\xff\xff\xff\xff\x0f"}, nil},
	} {
		m, err := wasm.Decode(named(c.sections...), bounds)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if got := wasm.FindFuncNames(m.FuncNames, []uint32{9, 0, 2, 0}); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// Whatever a name section holds, the module is as good as without it.
func FuzzFuncNames(f *testing.F) {
	f.Add("\x01\x0a\x03\x00\x01a\x02\x02bc\x09\x00")
	f.Fuzz(func(t *testing.T, section string) {
		m, err := wasm.Decode(named("name", section), bounds)
		if err != nil {
			t.Fatal(err)
		}
		for index, name := range wasm.FindFuncNames(m.FuncNames, []uint32{0, 1, 2}) {
			if index > 2 || len(name) > len(section) {
				t.Errorf("function %d is %q", index, name)
			}
		}
	})
}
