package hostfuncs

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/modules"
)

// extismFunctions are what Extism plug-ins import from extism:host/env. In
// Extism they are a WebAssembly module of their own, the kernel, with a memory
// that plug-ins reach by 64-bit addresses; here they are the host's, and the
// addresses are handles of blocks (extism_blocks.go).
//
// What the kernel cannot answer ends the plug-in: an address outside of a
// block, an HTTP request that is not granted.
func extismFunctions() []function {
	return []function{
		{"input_length", "", "I", plugin(func(p *extism, _ []uint64) uint64 { return uint64(len(p.s.input)) })},
		{"input_offset", "", "I", plugin((*extism).inputOffset)},
		{"input_load_u8", "I", "i", plugin((*extism).inputLoad8)},
		{"input_load_u64", "I", "I", plugin((*extism).inputLoad64)},
		{"output_set", "II", "", plugin((*extism).outputSet)},
		{"error_set", "I", "", plugin((*extism).errorSet)},
		{"error_get", "", "I", plugin((*extism).errorGet)},
		{"alloc", "I", "I", plugin(func(p *extism, a []uint64) uint64 { return p.alloc(a[0]) })},
		{"free", "I", "", plugin(func(p *extism, a []uint64) uint64 { p.blocks.free(a[0]); return 0 })},
		{"length", "I", "I", plugin(func(p *extism, a []uint64) uint64 { return uint64(len(p.blocks.whole(a[0]))) })},
		{"length_unsafe", "I", "I", plugin(func(p *extism, a []uint64) uint64 { return uint64(len(p.blocks.whole(a[0]))) })},
		{"load_u8", "I", "i", plugin(func(p *extism, a []uint64) uint64 { return uint64(p.span(a[0], 1)[0]) })},
		{"load_u64", "I", "I", plugin(func(p *extism, a []uint64) uint64 { return binary.LittleEndian.Uint64(p.span(a[0], 8)) })},
		{"store_u8", "Ii", "", plugin(func(p *extism, a []uint64) uint64 { p.span(a[0], 1)[0] = byte(a[1]); return 0 })},
		{"store_u64", "II", "", plugin(func(p *extism, a []uint64) uint64 {
			binary.LittleEndian.PutUint64(p.span(a[0], 8), a[1])
			return 0
		})},
		{"config_get", "I", "I", plugin((*extism).configGet)},
		{"var_get", "I", "I", plugin((*extism).varGet)},
		{"var_set", "II", "", plugin((*extism).varSet)},
		{"http_request", "II", "I", extismHTTP},
		{"http_status_code", "", "i", plugin(func(p *extism, _ []uint64) uint64 { return uint64(p.status) })},
		{"http_headers", "", "I", plugin((*extism).httpHeaders)},
		{"get_log_level", "", "i", plugin(func(*extism, []uint64) uint64 { return 0 })}, // everything
		{"log_trace", "I", "", plugin((*extism).log)},
		{"log_debug", "I", "", plugin((*extism).log)},
		{"log_info", "I", "", plugin((*extism).log)},
		{"log_warn", "I", "", plugin((*extism).log)},
		{"log_error", "I", "", plugin((*extism).log)},
	}
}

// extism is the part of a session that plug-ins need.
type extism struct {
	s      *session
	blocks blocks
	input  uint64 // the handle of the input, once it was asked for
	err    uint64 // the handle of the error that was set
	vars   map[string][]byte
	// varBytes counts the vars' names and values against maxVars.
	varBytes int
	status   int                 // of the last HTTP answer
	headers  map[string][]string // of the last HTTP answer
}

// maxVars is how much a plug-in's variables may hold. They live as long as the
// call.
const maxVars = 1 << 20 // bytes

// plugin adapts a function that needs no more than the session.
func plugin(f func(p *extism, args []uint64) uint64) hostFunc {
	return func(_ context.Context, s *session, _ api.Module, stack []uint64) {
		// A function without arguments and results has an empty stack.
		if n := f(s.plugin(), stack); len(stack) > 0 {
			stack[0] = n
		}
	}
}

func (s *session) plugin() *extism {
	if s.extism == nil {
		// Room for the input and the output, which plug-ins hold a few times
		// over, and for some work.
		room := 2*int64(len(s.input)) + 2*s.limits.Output + 8<<20
		s.extism = &extism{s: s, blocks: blocks{room: room}}
	}
	return s.extism
}

// span is a part of a block. A plug-in that names anything else is ended.
func (p *extism) span(address uint64, n uint64) []byte {
	b, ok := p.blocks.span(address, n)
	if !ok {
		p.s.abort(modules.Failure{
			Error: modules.ErrTrap, Cause: fmt.Sprintf("extism: %d bytes at 0x%x are not in a block", n, address),
		})
	}
	return b
}

// alloc makes a block, whose zeros are paid for.
func (p *extism) alloc(size uint64) uint64 {
	address := p.blocks.alloc(size)
	if address != 0 {
		p.s.spend(int64(size / bytesPerUnit))
	}
	return address
}

// store makes a block that holds a copy of data.
func (p *extism) store(data []byte) uint64 {
	address := p.alloc(uint64(len(data)))
	copy(p.blocks.whole(address), data)
	return address
}

func (p *extism) inputOffset([]uint64) uint64 {
	if p.input == 0 && len(p.s.input) > 0 {
		p.input = p.store(p.s.input)
	}
	return p.input
}

func (p *extism) inputSpan(offset, n uint64) []byte {
	input := p.s.input
	if offset > uint64(len(input)) || n > uint64(len(input))-offset {
		p.s.abort(modules.Failure{
			Error: modules.ErrTrap, Cause: fmt.Sprintf("extism: %d bytes at %d are not in the input", n, offset),
		})
	}
	return input[offset:]
}

func (p *extism) inputLoad8(a []uint64) uint64 { return uint64(p.inputSpan(a[0], 1)[0]) }

func (p *extism) inputLoad64(a []uint64) uint64 {
	return binary.LittleEndian.Uint64(p.inputSpan(a[0], 8))
}

func (p *extism) outputSet(a []uint64) uint64 {
	p.s.output.Reset()
	if a[1] > 0 {
		p.s.write(p.span(a[0], a[1]))
	}
	return 0
}

// errorSet names the block that holds the error's text; zero takes it back.
func (p *extism) errorSet(a []uint64) uint64 {
	if p.err = a[0]; p.err == 0 {
		p.s.reported = nil
		return 0
	}
	message := p.blocks.whole(p.err)
	message = message[:min(len(message), 4*MaxCauseChars)]
	p.s.spend(unitsLogByte * int64(len(message)))
	if p.s.reported = p.s.failureFromLine(message); p.s.reported == nil {
		p.s.reported = newFailure("", string(message))
	}
	return 0
}

func (p *extism) errorGet([]uint64) uint64 { return p.err }

// configGet gives a variable of the environment, or a secret.
func (p *extism) configGet(a []uint64) uint64 {
	value, found := p.s.grants.lookup(string(p.blocks.whole(a[0])))
	if !found {
		return 0
	}
	return p.store([]byte(value))
}

func (p *extism) varGet(a []uint64) uint64 {
	value, found := p.vars[string(p.blocks.whole(a[0]))]
	if !found {
		return 0
	}
	return p.store(value)
}

func (p *extism) varSet(a []uint64) uint64 {
	name := string(p.blocks.whole(a[0]))
	if old, found := p.vars[name]; found {
		p.varBytes -= len(name) + len(old)
		delete(p.vars, name)
	}
	if a[1] == 0 {
		return 0
	}
	value := p.blocks.whole(a[1])
	p.s.spend(int64(len(name)+len(value)) / bytesPerUnit)
	if p.varBytes += len(name) + len(value); p.varBytes > maxVars {
		p.s.abort(modules.Failure{
			Error: modules.ErrMemoryLimit, Cause: fmt.Sprintf("extism: the variables hold more than %d bytes", maxVars),
		})
	}
	if p.vars == nil {
		p.vars = map[string][]byte{}
	}
	p.vars[name] = append([]byte(nil), value...)
	return 0
}

func (p *extism) log(a []uint64) uint64 {
	p.s.log.message(p.blocks.whole(a[0]))
	return 0
}

// extismHTTP(request, body) makes a request and gives the block of its answer's
// body.
func extismHTTP(ctx context.Context, s *session, _ api.Module, stack []uint64) {
	p := s.plugin()
	var wanted fetchRequest
	err := s.mayFetch()
	if err == nil {
		err = json.Unmarshal(p.blocks.whole(stack[0]), &wanted)
	}
	if err == nil {
		wanted.Bytes = p.blocks.whole(stack[1])
		var answer *fetchAnswer
		if answer, err = s.grants.HTTP.fetch(ctx, wanted); err == nil {
			p.status, p.headers = answer.Status, answer.Headers
			s.spend(unitsHTTPByte * int64(len(wanted.Bytes)+len(answer.body())))
			stack[0] = p.store(answer.body())
			return
		}
	}
	f := modules.Failure{Error: errname.TaskFailed, Cause: err.Error()}
	if s.failed(err) == codeDenied {
		f.Error = modules.ErrDenied
	}
	s.abort(f)
}

func (p *extism) httpHeaders([]uint64) uint64 {
	if p.headers == nil {
		return 0
	}
	first := make(map[string]string, len(p.headers))
	for name, values := range p.headers {
		if len(values) > 0 {
			first[name] = values[0]
		}
	}
	text, err := json.Marshal(first)
	if err != nil {
		return 0
	}
	return p.store(text)
}
