package wasm_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wasm"
)

// Who has built something else than a module is told what to build.
func TestWhatIsNoModuleIsNamed(t *testing.T) {
	for file, want := range map[string]string{
		"":                            "the file is empty",
		"\x7fELF\x02\x01\x01\x00\x00": "it is a program or library for Linux; build it for WebAssembly",
		"MZ\x90\x00\x03\x00\x00\x00":  "it is a program for Windows",
		"  (module)":                  "assemble it",
		"package main\n":              "GOOS=wasip1 GOARCH=wasm",
		"\x00asm":                     "build it for WebAssembly", // cut off
		"<html><body>":                "a failed download",
	} {
		_, err := wasm.Decode([]byte(file), bounds)
		if !errors.Is(err, wasm.ErrNotWasm) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", file, err, want)
		}
	}
}
