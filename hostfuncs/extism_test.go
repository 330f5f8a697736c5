package hostfuncs

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/modules"
)

func newPlugin(t testing.TB, input string) *guest {
	return newGuest(t, everything(), modules.ABIExtism, input)
}

// block allocates a block that holds a text, byte by byte as plug-ins do.
func (g *guest) block(text string) uint64 {
	g.t.Helper()
	address := g.call("extism.alloc", uint64(len(text)))
	for i := range len(text) {
		g.call("extism.store_u8", address+uint64(i), uint64(text[i]))
	}
	return address
}

func (g *guest) blockText(address uint64) string {
	g.t.Helper()
	b := make([]byte, g.call("extism.length", address))
	for i := range b {
		b[i] = byte(g.call("extism.load_u8", address+uint64(i)))
	}
	return string(b)
}

func TestExtismInputAndOutput(t *testing.T) {
	const input = `{"word":"isolation"}`
	g := newPlugin(t, input)
	if n := g.call("extism.input_length"); n != uint64(len(input)) {
		t.Errorf("input_length %d", n)
	}
	var got []byte
	for i := uint64(0); i+8 <= uint64(len(input)); i += 8 {
		got = binary.LittleEndian.AppendUint64(got, g.call("extism.input_load_u64", i))
	}
	for i := len(got); i < len(input); i++ {
		got = append(got, byte(g.call("extism.input_load_u8", uint64(i))))
	}
	if string(got) != input || g.blockText(g.call("extism.input_offset")) != input {
		t.Errorf("read %q", got)
	}
	address := g.call("extism.alloc", 16)
	g.call("extism.store_u64", address+2, binary.LittleEndian.Uint64([]byte(`{"n": 4}`)))
	if n := g.call("extism.load_u64", address+2); n != binary.LittleEndian.Uint64([]byte(`{"n": 4}`)) {
		t.Errorf("load_u64 %x", n)
	}
	g.call("extism.output_set", address, 16)
	g.call("extism.output_set", address+2, 8) // the last one counts
	if output, failure := g.end(); output != `{"n": 4}` || failure != nil {
		t.Errorf("output %q, failure %v", output, failure)
	}
}

func TestExtismErrors(t *testing.T) {
	for text, want := range map[string]modules.Failure{
		"it broke":                       {Error: "States.TaskFailed", Cause: "it broke"},
		`{"Error":"Mine","Cause":"why"}`: {Error: "Mine", Cause: "why"},
		`{"Error":"Wasm.OutOfFuel"}`:     {Error: "States.TaskFailed", Cause: "the task reported Wasm.OutOfFuel, a reserved name: "},
		`{"errorType":"Wasm.Denied"}`:    {Error: "States.TaskFailed", Cause: `{"errorType":"Wasm.Denied"}`},
		`{"Error":"States.Timeout"}`:     {Error: "States.TaskFailed", Cause: "the task reported States.Timeout, a reserved name: "},
	} {
		g := newPlugin(t, "")
		address := g.block(text)
		g.call("extism.error_set", address)
		if g.call("extism.error_get") != address {
			t.Error("error_get gives another block")
		}
		if _, failure := g.end(); failure == nil || *failure != want {
			t.Errorf("%s: %v", text, failure)
		}
	}
	g := newPlugin(t, "")
	g.call("extism.error_set", g.block("it broke"))
	g.call("extism.error_set", 0)
	if output, failure := g.end(); output != "null" || failure != nil {
		t.Errorf("an error that was taken back: %q, %v", output, failure)
	}
}

func TestExtismVariablesConfigurationAndLog(t *testing.T) {
	g := newPlugin(t, "")
	name, value := g.block("name"), g.block("value")
	if g.call("extism.var_get", name) != 0 {
		t.Error("a variable is there from the start")
	}
	g.call("extism.var_set", name, value)
	g.call("extism.free", value)
	if got := g.blockText(g.call("extism.var_get", name)); got != "value" {
		t.Errorf("the variable is %q", got)
	}
	g.call("extism.var_set", name, 0)
	if g.call("extism.var_get", name) != 0 {
		t.Error("the variable was not removed")
	}
	for name, want := range map[string]string{"NAME": "value", "TOKEN": "hunter2", "PATH": ""} {
		if got := g.blockText(g.call("extism.config_get", g.block(name))); got != want {
			t.Errorf("config %s is %q", name, got)
		}
	}
	for _, level := range []string{"trace", "debug", "info", "warn", "error"} {
		g.call("extism.log_"+level, g.block(level+"\n hunter2"))
	}
	want := []string{
		`log: trace\n [secret]`, `log: debug\n [secret]`, `log: info\n [secret]`, `log: warn\n [secret]`, `log: error\n [secret]`,
	}
	if got := g.log(); !slices.Equal(got, want) {
		t.Errorf("log %q", got)
	}
}

// Rows 23 and 24: handles that were made up, freed, freed twice, truncated.
func TestExtismHandles(t *testing.T) {
	forged := func(good uint64) []uint64 {
		return []uint64{
			0, 1, 7, 1 << 32 * 200, 1 << 63, 1<<64 - 1, 1<<64 - 8, good + 16, good + 9, good - 1, good - 8,
			good | 1<<63, uint64(uint32(good)), good + 1<<32,
		}
	}
	for _, f := range []struct {
		name string
		args []uint64
	}{{"load_u64", nil}, {"store_u64", []uint64{1}}, {"output_set", []uint64{8}}} {
		for i := range forged(0) {
			g := newPlugin(t, "")
			good := g.call("extism.alloc", 16)
			args := append([]uint64{forged(good)[i]}, f.args...)
			g.call("extism."+f.name, args...)
			if g.ended == nil {
				t.Errorf("%s(%x) went well, the block is %x", f.name, args, good)
				continue
			}
			g.wantFailure(modules.ErrTrap, "extism: 8 bytes at ")
		}
	}
	g := newPlugin(t, "")
	other, good := g.block("other"), g.block("good")
	for _, bad := range append(forged(good), good+1) {
		g.call("extism.free", bad)
		if n := g.call("extism.length", bad); n != 0 {
			t.Errorf("length(%x) = %d", bad, n)
		}
	}
	if g.blockText(good) != "good" || g.blockText(other) != "other" {
		t.Error("a forged handle freed a block")
	}
	room := g.session.extism.blocks.room
	g.call("extism.free", good)
	g.call("extism.free", good)
	if got := g.session.extism.blocks.room; got != room+4+blockCost {
		t.Errorf("freeing twice gave back %d bytes", got-room)
	}
	if g.call("extism.load_u8", good); g.ended == nil {
		t.Error("a freed block can be read")
	}
}

func TestExtismMemoryIsLimited(t *testing.T) {
	g := newPlugin(t, "")
	for _, size := range []uint64{1 << 40, 1 << 63, 1<<64 - 1, 11 << 20} {
		if address := g.call("extism.alloc", size); address != 0 {
			t.Errorf("alloc(%d) = %x", size, address)
		}
	}
	count := 0
	for g.call("extism.alloc", 1<<20) != 0 {
		if count++; count > 20 {
			t.Fatal("there is no end")
		}
	}
	for g.call("extism.alloc", 0) != 0 {
		if count++; count > 20_000_000/blockCost {
			t.Fatal("empty blocks cost nothing")
		}
	}
	// Room that is given back can be used again, for ever.
	g = newPlugin(t, "")
	for range 100 {
		address := g.call("extism.alloc", 1<<20)
		if address == 0 {
			t.Fatal("room was lost")
		}
		g.call("extism.free", address)
	}
	if n := len(g.session.extism.blocks.list); n != 1 {
		t.Errorf("%d blocks are listed", n)
	}
	value := g.call("extism.alloc", 1<<20)
	g.call("extism.var_set", g.block("a"), value)
	g.wantFailure(modules.ErrMemoryLimit, "extism: the variables hold more")
}

func TestExtismOutputIsLimited(t *testing.T) {
	g := newPlugin(t, "")
	g.session.limits.Output = 10
	g.call("extism.output_set", g.block(strings.Repeat("1", 11)), 11)
	g.wantFailure(modules.ErrOutputTooLarge, "10 bytes")
}

func TestExtismHTTPIsRefusedUnlessGranted(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABIExtism, "")
	g.call("extism.http_request", g.block(`{"url":"https://example.com"}`), 0)
	g.wantFailure(modules.ErrDenied, "HTTP requests are not granted")
	g = newPlugin(t, "")
	g.call("extism.http_request", g.block(`{"url":"https://example.com"}`), 0)
	g.wantFailure(modules.ErrDenied, `requests to "example.com" are not granted`)
	g = newPlugin(t, "")
	if g.call("extism.http_status_code") != 0 || g.call("extism.http_headers") != 0 {
		t.Error("there is an answer before any request")
	}
}
