package wasm

import "bytes"

// howToBuild is what helps whoever has built for another machine.
const howToBuild = "build it for WebAssembly: Go with GOOS=wasip1 GOARCH=wasm, Rust with --target wasm32-wasip1, C with clang --target=wasm32-wasi"

// foreign are the beginnings of files that people take for modules.
var foreign = []struct {
	begins string
	advice string
}{
	{"\x7fELF", "it is a program or library for Linux; " + howToBuild},
	{"MZ", "it is a program for Windows; " + howToBuild},
	{"\xcf\xfa\xed\xfe", "it is a program for macOS; " + howToBuild},
	{"\xca\xfe\xba\xbe", "it is a program for macOS or a class of Java; " + howToBuild},
	{"!<arch>", "it is a library of object files; link it into a module"},
	{"\x1f\x8b", "it is compressed by gzip; unpack it"},
	{"PK\x03\x04", "it is a zip archive; unpack it"},
	{"(module", "it is WebAssembly's text format; assemble it, with wat2wasm for instance"},
	{"(component", "it is WebAssembly's text format, of a component; wasl runs core modules"},
	{"<", "it is a page or a document, perhaps the answer of a failed download"},
}

// advice says what a file is that is no module, and what to do; "" when nothing
// is known.
func advice(file []byte) string {
	if len(file) == 0 {
		return "the file is empty"
	}
	text := bytes.TrimLeft(file, " \t\r\n")
	for _, f := range foreign {
		if bytes.HasPrefix(file, []byte(f.begins)) || bytes.HasPrefix(text, []byte(f.begins)) {
			return f.advice
		}
	}
	return howToBuild
}
