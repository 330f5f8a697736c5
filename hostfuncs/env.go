package hostfuncs

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules"
)

// envFunctions are what AssemblyScript's compiler has a module import from env,
// by its standard library (std/assembly/builtins.ts and bindings/): an abort, a
// trace and a seed always, the rest of JavaScript's console, Date, Math,
// performance and process where the module uses them. Texts are objects of its
// runtime (memory.utf16).
func envFunctions() []function {
	all := []function{
		{"abort", "iiii", "", envAbort},
		{"trace", "iiFFFFF", "", envTrace},
		{"seed", "", "F", number(func(s *session, _ []uint64) float64 { return s.chance() * (1 << 53) })},
		{"Math.random", "", "F", number(func(s *session, _ []uint64) float64 { return s.chance() })},
		{"Date.now", "", "F", number(func(s *session, _ []uint64) float64 { return s.milliseconds(clockRealtime) })},
		{"performance.now", "", "F", number(func(s *session, _ []uint64) float64 { return s.milliseconds(clockMonotonic) })},
		{"process.exit", "i", "", func(_ context.Context, _ *session, _ api.Module, stack []uint64) {
			panic(modules.ProcExit{Code: uint32(stack[0])})
		}},
		{"console.assert", "ii", "", envAssert},
		{"console.error", "i", "", envError},
	}
	for _, name := range []string{"log", "debug", "info", "warn"} {
		all = append(all, function{"console." + name, "i", "", envLog})
	}
	for name, what := range map[string]timerUse{"time": timerStart, "timeLog": timerShow, "timeEnd": timerEnd} {
		all = append(all, function{"console." + name, "i", "", envTimer(what)})
	}
	return append(all, envMath()...)
}

// number adapts a function that gives a float.
func number(f func(s *session, args []uint64) float64) hostFunc {
	return func(_ context.Context, s *session, _ api.Module, stack []uint64) {
		stack[0] = api.EncodeF64(f(s, stack))
	}
}

// maxScriptText bounds a text of AssemblyScript's that is read. The rest is cut.
const maxScriptText = 64 << 10 // bytes

// utf16 reads a text of AssemblyScript's: UTF-16 at ptr, with its size in bytes
// in the four before. Null, and what is none, is empty.
func (m memory) utf16(ptr uint64) string {
	if uint32(ptr) < 4 {
		return ""
	}
	head, ok := m.span(uint32(ptr)-4, 4)
	if !ok {
		return ""
	}
	data, ok := m.head(uint32(ptr), binary.LittleEndian.Uint32(head), maxScriptText)
	if !ok {
		return ""
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// abort(message, file, line, column) ends the guest: an error that was thrown,
// or a check of the runtime's, has no way back.
func envAbort(_ context.Context, s *session, mod api.Module, a []uint64) {
	m := s.memory(mod)
	text := "abort"
	if message := m.utf16(a[0]); message != "" {
		text += ": " + message
	}
	if file := m.utf16(a[1]); file != "" {
		text += fmt.Sprintf(" in %s:%d:%d", file, uint32(a[2]), uint32(a[3]))
	}
	s.stream(stderr, []byte(text+"\n"))
	if s.reported != nil {
		s.abort(*s.reported)
	}
	s.abort(*newFailure(modules.ErrTrap, text))
}

// trace(message, n, a0…a4) writes a line to the log, with up to five numbers.
func envTrace(_ context.Context, s *session, mod api.Module, a []uint64) {
	text := s.memory(mod).utf16(a[0])
	for i := range min(int32(a[1]), 5) {
		text += " " + scriptNumber(api.DecodeF64(a[2+i]))
	}
	s.log.message([]byte(text))
}

// scriptNumber writes a number about as JavaScript does.
func scriptNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == math.Trunc(f) && math.Abs(f) < 1e21:
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

func envLog(_ context.Context, s *session, mod api.Module, a []uint64) {
	s.log.message([]byte(s.memory(mod).utf16(a[0])))
}

// envError writes to stderr, of which a failure shows the end.
func envError(_ context.Context, s *session, mod api.Module, a []uint64) {
	s.stream(stderr, []byte(s.memory(mod).utf16(a[0])+"\n"))
}

func envAssert(_ context.Context, s *session, mod api.Module, a []uint64) {
	if uint32(a[0]) == 0 {
		s.stream(stderr, []byte("Assertion failed: "+s.memory(mod).utf16(a[1])+"\n"))
	}
}

// timerUse is what a console's function does with a timer.
type timerUse int

const (
	timerStart timerUse = iota
	timerShow
	timerEnd
)

// maxTimers bounds the timers of a guest. More of them show nothing.
const maxTimers = 64

func envTimer(what timerUse) hostFunc {
	return func(_ context.Context, s *session, mod api.Module, a []uint64) {
		label := s.memory(mod).utf16(a[0])
		now, _ := s.now(clockMonotonic)
		began, running := s.timers[label]
		switch {
		case what == timerStart && (running || len(s.timers) < maxTimers):
			if s.timers == nil {
				s.timers = map[string]int64{}
			}
			s.timers[label] = now
		case what != timerStart && running:
			s.log.message([]byte(label + ": " + scriptNumber(float64(now-began)/1e6) + "ms"))
			if what == timerEnd {
				delete(s.timers, label)
			}
		}
	}
}

// chance is a random number from 0 up to 1.
func (s *session) chance() float64 {
	var b [8]byte
	s.randomBytes(b[:])
	return float64(binary.LittleEndian.Uint64(b[:])>>11) / (1 << 53)
}

// milliseconds reads a clock: Date.now gives whole ones, performance.now those
// since the call's clock began.
func (s *session) milliseconds(clock uint32) float64 {
	now, _ := s.now(clock)
	if clock == clockRealtime {
		return float64(now / int64(time.Millisecond))
	}
	if !s.initializing {
		now -= monotonicStart
	}
	return float64(now) / float64(time.Millisecond)
}

// envMath are JavaScript's functions of Math, in Go's arithmetic.
func envMath() (all []function) {
	for name, f := range map[string]func(x float64) float64{
		"abs": math.Abs, "acos": math.Acos, "acosh": math.Acosh, "asin": math.Asin, "asinh": math.Asinh, "atan": math.Atan,
		"atanh": math.Atanh, "cbrt": math.Cbrt, "ceil": math.Ceil, "cos": math.Cos, "cosh": math.Cosh, "exp": math.Exp,
		"expm1": math.Expm1, "floor": math.Floor, "log": math.Log, "log10": math.Log10, "log1p": math.Log1p, "log2": math.Log2,
		"sin": math.Sin, "sinh": math.Sinh, "sqrt": math.Sqrt, "tan": math.Tan, "tanh": math.Tanh, "trunc": math.Trunc,
		"round": scriptRound, "sign": scriptSign,
		"clz32": func(x float64) float64 { return float64(bits.LeadingZeros32(toUint32(x))) },
	} {
		all = append(all, function{"Math." + name, "F", "F", number(func(_ *session, a []uint64) float64 { return f(api.DecodeF64(a[0])) })})
	}
	for name, f := range map[string]func(x, y float64) float64{
		"atan2": math.Atan2, "hypot": math.Hypot, "max": math.Max, "min": math.Min, "pow": scriptPow,
		"imul": func(x, y float64) float64 { return float64(int32(toUint32(x) * toUint32(y))) },
	} {
		all = append(all, function{"Math." + name, "FF", "F", number(func(_ *session, a []uint64) float64 {
			return f(api.DecodeF64(a[0]), api.DecodeF64(a[1]))
		})})
	}
	return append(all, function{"Math.fround", "F", "f", func(_ context.Context, _ *session, _ api.Module, stack []uint64) {
		stack[0] = api.EncodeF32(float32(api.DecodeF64(stack[0])))
	}})
}

// scriptRound rounds halves up, as JavaScript does.
func scriptRound(x float64) float64 {
	floor := math.Floor(x)
	if x-floor >= 0.5 {
		floor++
	}
	return math.Copysign(floor, x)
}

func scriptSign(x float64) float64 {
	if x == 0 || math.IsNaN(x) {
		return x
	}
	return math.Copysign(1, x)
}

// scriptPow is Go's but for a base of 1 or −1, where JavaScript does not know
// what comes of a NaN or an infinity.
func scriptPow(x, y float64) float64 {
	if math.IsNaN(y) || math.Abs(x) == 1 && math.IsInf(y, 0) {
		return math.NaN()
	}
	return math.Pow(x, y)
}

// toUint32 is JavaScript's conversion: modulo 2^32.
func toUint32(x float64) uint32 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	m := math.Mod(math.Trunc(x), 1<<32)
	if m < 0 {
		m += 1 << 32
	}
	return uint32(m)
}
