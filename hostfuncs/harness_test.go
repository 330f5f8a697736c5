package hostfuncs

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules"
)

// guest plays a module that calls host functions with whatever arguments, on a
// memory that is a part of a larger one: what lies around it must stay as it is.
type guest struct {
	t       testing.TB
	host    *Host
	ctx     context.Context
	session *session
	fake    fakeModule
	around  []byte
	lines   []LogLine
	// ended is the exit code of a guest that a host function ended.
	ended *modules.ProcExit
}

const (
	guestMemory = 64 << 10
	canary      = 0xa5
	margin      = 64
)

// fakeModule is as much of a module as host functions look at.
type fakeModule struct {
	api.Module
	mem *fakeMemory
}

func (m *fakeModule) Memory() api.Memory { return m.mem }

type fakeMemory struct {
	api.Memory
	data []byte
}

func (m *fakeMemory) Size() uint32 { return uint32(len(m.data)) }

func (m *fakeMemory) Read(offset, n uint32) ([]byte, bool) {
	if uint64(offset)+uint64(n) > uint64(len(m.data)) {
		return nil, false
	}
	return m.data[offset : offset+n : offset+n], true
}

// instantClock is a clock on which nobody waits: time passes as soon as
// someone wants it to.
type instantClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *instantClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *instantClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
	go f()
	return func() bool { return false }
}

// stuckClock is a clock on which nobody ever wakes.
type stuckClock struct{}

func (stuckClock) Now() time.Time { return epoch }
func (stuckClock) AfterFunc(time.Duration, func()) (stop func() bool) {
	return func() bool { return true }
}

var untouched = bytes.Repeat([]byte{canary}, margin)

func newGuest(t testing.TB, task Task, abi modules.ABI, input string) *guest {
	return newGuestOn(t, &instantClock{now: time.Unix(1_700_000_000, 0)}, task, abi, input)
}

func newGuestOn(t testing.TB, clock Clock, task Task, abi modules.ABI, input string) *guest {
	t.Helper()
	g := &guest{t: t, host: New(Options{Clock: clock})}
	if task.Log == nil {
		task.Log = func(l LogLine) { g.lines = append(g.lines, l) }
	}
	ctx, s := g.host.Begin(context.Background(), modules.Call{Input: []byte(input), Task: &task}, abi)
	g.ctx, g.session = ctx, s.(*session)
	g.around = make([]byte, margin+guestMemory+margin)
	copy(g.around, untouched)
	copy(g.around[margin+guestMemory:], untouched)
	g.fake.mem = &fakeMemory{data: g.memory()}
	return g
}

func (g *guest) memory() []byte { return g.around[margin : margin+guestMemory : margin+guestMemory] }

// allFunctions are the functions of all modules, by MODULE.NAME, the module cut
// short: wasi, wasl, extism.
var allFunctions = func() map[string]function {
	all := map[string]function{}
	for _, m := range importModules() {
		short := strings.FieldsFunc(m.name, func(r rune) bool { return r == '_' || r == ':' })[0]
		for _, f := range m.functions {
			all[short+"."+f.name] = f
		}
	}
	return all
}()

var allNames = func() (names []string) {
	for name := range allFunctions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

// boundName is a function's name as bind gets it.
func boundName(name string) string {
	module, function, _ := strings.Cut(name, ".")
	for _, full := range Modules() {
		if strings.HasPrefix(full, module) {
			module = full
			break
		}
	}
	return module + "." + function
}

// call calls a host function as the engine does. It gives 0 when the guest was
// ended.
func (g *guest) call(name string, args ...uint64) (result uint64) {
	g.t.Helper()
	f, ok := allFunctions[name]
	if !ok || len(args) != len(f.params) {
		g.t.Fatalf("no function %s with %d parameters", name, len(args))
	}
	stack := make([]uint64, max(len(f.params), len(f.results)))
	for i, arg := range args {
		stack[i] = arg
		if f.params[i] == 'i' {
			stack[i] = uint64(uint32(arg))
		}
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case modules.ProcExit:
			g.ended = &r
		default:
			panic(r)
		}
		if !bytes.Equal(g.around[:margin], untouched) || !bytes.Equal(g.around[margin+guestMemory:], untouched) {
			g.t.Fatalf("%s%v wrote outside of the memory", name, args)
		}
	}()
	g.host.bind(boundName(name), f.call)(g.ctx, &g.fake, stack)
	if f.results == "" {
		return 0
	}
	return stack[0]
}

// text puts a text somewhere and gives its pointer and length.
func (g *guest) text(at uint32, text string) (ptr, n uint64) {
	copy(g.memory()[at:], text)
	return uint64(at), uint64(len(text))
}

// wasl calls a function of module wasl and gives its result with its sign.
func (g *guest) wasl(name string, args ...uint64) int64 {
	g.t.Helper()
	n := g.call("wasl."+name, args...)
	if allFunctions["wasl."+name].results == "i" {
		return int64(int32(n))
	}
	return int64(n)
}

// wasi calls a function of WASI.
func (g *guest) wasi(name string, args ...uint64) errno {
	g.t.Helper()
	return errno(g.call("wasi."+name, args...))
}

// write writes a text to a descriptor through one buffer.
func (g *guest) write(fd uint32, text string) errno {
	g.t.Helper()
	for {
		ptr, n := g.text(1024, text[:min(len(text), 32<<10)])
		binary.LittleEndian.PutUint32(g.memory(), uint32(ptr))
		binary.LittleEndian.PutUint32(g.memory()[4:], uint32(n))
		if e := g.wasi("fd_write", uint64(fd), 0, 1, 8); e != errnoSuccess || g.ended != nil {
			return e
		}
		if text = text[binary.LittleEndian.Uint32(g.memory()[8:]):]; text == "" {
			return errnoSuccess
		}
	}
}

// end ends the call with the code that the guest exited with, or else 0.
func (g *guest) end() (string, *modules.Failure) {
	exit := modules.Exit{Kind: modules.ExitReturned}
	if g.ended != nil {
		exit.Code = g.ended.Code
	}
	output, failure, _ := g.session.End(exit)
	return string(output), failure
}

func (g *guest) wantFailure(name, causeHas string) {
	g.t.Helper()
	output, failure := g.end()
	if failure == nil {
		g.t.Fatalf("no failure but the output %.100q; want %s", output, name)
	}
	if failure.Error != name || !contains(failure.Cause, causeHas) {
		g.t.Errorf("failed with %s: %.300s; want %s with %q", failure.Error, failure.Cause, name, causeHas)
	}
}

func (g *guest) log() (texts []string) {
	for _, l := range g.lines {
		texts = append(texts, fmt.Sprintf("%s: %s", l.Stream, l.Text))
	}
	return texts
}
