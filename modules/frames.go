package modules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/ianlancetaylor/demangle"

	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/wasm"
)

// Bounds of what a trap tells of the guest's stack.
const (
	maxFrames    = 8
	maxFrameName = 200     // bytes
	maxMangled   = 1 << 10 // bytes of a name that is demangled
)

// origin is what a rewritten binary no longer tells of the one that it was made
// of, and authors want to know.
type origin struct {
	Imported, Bodies uint32 // functions
	Metered          bool
	FuncNames        []byte // for wasm.FindFuncNames
}

func originOf(m *wasm.Module, metered bool) origin {
	return origin{uint32(len(m.ImportedFuncs())), uint32(len(m.Bodies)), metered, m.FuncNames}
}

// stackLine is a function of the guest's in wazero's stack trace. It has no name
// there since rewritten binaries have no name section.
var stackLine = regexp.MustCompile(`(?m)^\t\.\$(\d+)\(`)

// frames gives the names of the functions that a trap happened in, the innermost
// first, from the engine's error.
func (o *origin) frames(err error) []string {
	_, stack, _ := strings.Cut(err.Error(), "\nwasm stack trace:\n")
	var indices []uint32
	for _, match := range stackLine.FindAllStringSubmatch(stack, -1) {
		n, err := strconv.ParseUint(match[1], 10, 32)
		if err != nil {
			continue
		}
		if index, ok := o.index(uint32(n)); ok && len(indices) < maxFrames {
			indices = append(indices, index)
		}
	}
	names := wasm.FindFuncNames(o.FuncNames, indices)
	frames := make([]string, len(indices))
	for i, index := range indices {
		if frames[i] = readable(names[index]); frames[i] == "" {
			frames[i] = fmt.Sprintf("function %d", index)
		}
	}
	return frames
}

// index gives a function's index in the original binary, false for a helper.
func (o *origin) index(rewritten uint32) (uint32, bool) {
	if !o.Metered {
		return rewritten, true
	}
	return meter.Original(rewritten, o.Imported, o.Bodies)
}

// readable is a function's name as its author wrote it, cut.
func readable(name string) string {
	if len(name) <= maxMangled {
		name = demangled(name)
	}
	if len(name) > maxFrameName {
		name = name[:maxFrameName] + "…"
	}
	return strings.ToValidUTF8(name, "")
}

// demangled undoes the mangling of Rust and C++. Parameters are left out. A name
// that the library cannot cope with stays as it is: it is the guest's.
func demangled(name string) (plain string) {
	defer func() {
		if recover() != nil {
			plain = name
		}
	}()
	return demangle.Filter(name, demangle.NoParams, demangle.MaxLength(10))
}

// Trap is what happened and where, in two lines or, where that is not known, one.
func (e Exit) Trap() string { return e.Err.Error() + e.at() }

// at is the line that says where a trap happened.
func (e Exit) at() string {
	if len(e.Frames) == 0 {
		return ""
	}
	return "\nat " + strings.Join(e.Frames, ", at ")
}
