package hostfuncs

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules"
)

// script16 puts a text into memory as AssemblyScript has it, and gives its
// address.
func (g *guest) script16(at uint32, text string) uint64 {
	units := utf16.Encode([]rune(text))
	binary.LittleEndian.PutUint32(g.memory()[at-4:], uint32(2*len(units)))
	for i, unit := range units {
		binary.LittleEndian.PutUint16(g.memory()[at+uint32(2*i):], unit)
	}
	return uint64(at)
}

func (g *guest) float(name string, args ...float64) float64 {
	stack := make([]uint64, len(args))
	for i, arg := range args {
		stack[i] = api.EncodeF64(arg)
	}
	return api.DecodeF64(g.call("env."+name, stack...))
}

// What AssemblyScript's compiler imports from env goes to the log, the clock and
// the random numbers that the task has.
func TestAssemblyScriptsConsole(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABIReactor, "")
	text := g.script16(100, "a line: ä 😀")
	for _, name := range []string{"log", "debug", "info", "warn", "error"} {
		g.call("env.console."+name, text)
	}
	g.call("env.console.assert", 1, text)
	g.call("env.console.assert", 0, text)
	f := func(x float64) uint64 { return api.EncodeF64(x) }
	g.call("env.trace", g.script16(400, "traced"), 4, f(1), f(-2.5), f(math.NaN()), f(math.Inf(-1)), f(9))
	g.call("env.trace", g.script16(400, "traced"), 0xffffffff, 0, 0, 0, 0, 0)
	for _, name := range []string{"timeLog", "time", "timeLog", "timeEnd", "timeEnd"} {
		g.call("env.console."+name, g.script16(600, "t"))
	}
	for _, none := range []uint64{0, 3, guestMemory - 2, guestMemory + 4, 0xffffffff} {
		g.call("env.console.log", none)
	}
	want := []string{
		"log: a line: ä 😀", "log: a line: ä 😀", "log: a line: ä 😀", "log: a line: ä 😀", "stderr: a line: ä 😀",
		"stderr: Assertion failed: a line: ä 😀", "log: traced 1 -2.5 NaN -Infinity", "log: traced",
		"log: t: 0.001ms", "log: t: 0.002ms", "log: ", "log: ", "log: ", "log: ", "log: ",
	}
	if got := g.log(); !slices.Equal(got, want) {
		t.Errorf("log\n%q\nwant\n%q", got, want)
	}
}

func TestAssemblyScriptsAbort(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABIReactor, "")
	g.call("env.abort", g.script16(100, "why"), g.script16(300, "assembly/index.ts"), 12, 34)
	if g.ended == nil {
		t.Fatal("the guest goes on")
	}
	g.wantFailure(modules.ErrTrap, "abort: why in assembly/index.ts:12:34")
	g = newGuest(t, Task{}, modules.ABIReactor, "")
	g.call("env.abort", 0, 0, 0, 0)
	g.wantFailure(modules.ErrTrap, "abort")
	// What the guest said before is what it meant.
	g = newGuest(t, Task{}, modules.ABIReactor, "")
	name, n := g.text(0, "Custom")
	g.call("wasl.fail", name, n, name, n)
	g.call("env.abort", g.script16(100, "why"), 0, 0, 0)
	g.wantFailure("Custom", "Custom")
	g = newGuest(t, Task{}, modules.ABIReactor, "")
	g.call("env.process.exit", 3)
	g.wantFailure("States.TaskFailed", "3")
}

func TestAssemblyScriptsClockAndChance(t *testing.T) {
	start := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	g := newGuest(t, Task{Start: start, Seed: "a"}, modules.ABIReactor, "")
	if got := g.float("Date.now"); got != float64(start.UnixMilli()) {
		t.Errorf("Date.now gives %v", got)
	}
	if got := g.float("performance.now"); got != 0.002 {
		t.Errorf("performance.now gives %v", got)
	}
	first := g.float("Math.random")
	if seed := g.float("seed"); first < 0 || first >= 1 || seed < 1 || seed != math.Trunc(seed) {
		t.Errorf("random numbers %v, %v", first, seed)
	}
	if again := newGuest(t, Task{Seed: "a"}, modules.ABIReactor, "").float("Math.random"); again != first {
		t.Errorf("one seed gives %v and %v", first, again)
	}
	if other := newGuest(t, Task{Seed: "b"}, modules.ABIReactor, "").float("Math.random"); other == first {
		t.Error("two seeds give one number")
	}
}

// JavaScript's arithmetic, where Go's is another (ECMA-262, "The Math Object").
func TestAssemblyScriptsMath(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABIReactor, "")
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name string
		args []float64
		want float64
	}{
		{"round", []float64{2.5}, 3},
		{"round", []float64{-2.5}, -2},
		{"round", []float64{0.49999999999999994}, 0},
		{"round", []float64{-0.2}, math.Copysign(0, -1)},
		{"round", []float64{inf}, inf},
		{"sign", []float64{-3}, -1},
		{"sign", []float64{0}, 0},
		{"pow", []float64{1, inf}, nan},
		{"pow", []float64{1, nan}, nan},
		{"pow", []float64{2, 10}, 1024},
		{"pow", []float64{nan, 0}, 1},
		{"clz32", []float64{1}, 31},
		{"clz32", []float64{-1}, 0},
		{"clz32", []float64{nan}, 32},
		{"imul", []float64{0xffffffff, 5}, -5},
		{"imul", []float64{2, 4}, 8},
		{"max", []float64{1, nan}, nan},
		{"sqrt", []float64{9}, 3},
		{"hypot", []float64{3, 4}, 5},
		{"trunc", []float64{-1.7}, -1},
	} {
		if got := g.float("Math."+c.name, c.args...); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) || got == c.want && math.Signbit(got) != math.Signbit(c.want) {
			t.Errorf("Math.%s%v = %v, want %v", c.name, c.args, got, c.want)
		}
	}
	if got := api.DecodeF32(g.call("env.Math.fround", api.EncodeF64(5.05))); got != float32(5.05) {
		t.Errorf("Math.fround gives %v", got)
	}
}
