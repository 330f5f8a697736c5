// Package wasm reads and writes the WebAssembly binary format, as far as the
// sandbox needs it: [Decode] takes a binary apart without trusting it, [Encode]
// puts one together, [Code] walks the instructions of a function body.
//
// Decode checks the structure (counts, lengths, section order) and refuses
// proposals that the sandbox does not run, by name. It does not validate types;
// the engine does that, on what Encode gave. What matters here is that nothing
// in a binary makes Decode spend more than a small multiple of the binary's
// size in memory or time.
//
// The version read is WebAssembly 2.0 (the W3C working draft of 2022) without
// more than one memory.
package wasm
