// Package wasmtime runs tasks in wasmtime at its fastest: its C API, host
// functions in C, the pooling allocator, memories that are copied on write, and
// modules that are linked once. It is built with the tag wasmtime, which needs
// cgo and the library in the module github.com/bytecodealliance/wasmtime-go;
// ../Makefile finds its headers.
package wasmtime
