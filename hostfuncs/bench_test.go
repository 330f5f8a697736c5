package hostfuncs

import (
	"testing"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules"
)

// BenchmarkCall is what the host adds to a reactor's call: a session, the
// input, the output and its check.
func BenchmarkCall(b *testing.B) {
	const input = `{"batchId":"b-17","task":{"name":"alpha","values":[1,2,3]}}`
	g := newGuest(b, Task{Grants: &Grants{}}, modules.ABIReactor, input)
	copy(g.memory(), input)
	functions := map[string]api.GoModuleFunc{}
	for _, f := range waslFunctions() {
		functions[f.name] = g.host.bind(f.name, f.call)
	}
	length, read, write := functions["input_len"], functions["input_read"], functions["output_write"]
	call := modules.Call{Input: []byte(input), Task: g.session.task}
	stack := make([]uint64, 8)
	b.ReportAllocs()
	for b.Loop() {
		ctx, session := g.host.Begin(g.ctx, call, modules.ABIReactor)
		length(ctx, &g.fake, stack)
		stack[0], stack[1], stack[2] = 0, guestMemory, 0
		read(ctx, &g.fake, stack)
		stack[0], stack[1] = 0, uint64(len(input))
		write(ctx, &g.fake, stack)
		if _, failure, _ := session.End(modules.Exit{}); failure != nil {
			b.Fatal(failure)
		}
	}
}
