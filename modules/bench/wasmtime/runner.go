//go:build wasmtime

package wasmtime

// #include <stdlib.h>
// #include "runner.h"
import "C"

import (
	"errors"
	"unsafe"

	_ "github.com/bytecodealliance/wasmtime-go/v39" // brings and links the library
)

// Options configure a Runner.
type Options struct {
	// KeepResident is how many bytes of a memory are cleared by hand instead of
	// by the kernel.
	KeepResident int
	// Fuel meters the module.
	Fuel bool
}

// Runner runs the tasks of one module, each in an instance of its own. It
// serves one goroutine.
type Runner struct {
	c   *C.runner
	out []byte
}

// New compiles a module and links it.
func New(binary []byte, opts Options) (*Runner, error) {
	r := &Runner{out: make([]byte, 1<<20)}
	f := C.runner_new((*C.uint8_t)(unsafe.SliceData(binary)), C.size_t(len(binary)), C.size_t(opts.KeepResident), C.bool(opts.Fuel), &r.c)
	if err := failure(f); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Run runs one task. Its output is good until the next one.
func (r *Runner) Run(input []byte) ([]byte, error) {
	n := C.size_t(len(r.out))
	f := C.runner_run(r.c, (*C.uint8_t)(unsafe.SliceData(input)), C.size_t(len(input)), (*C.uint8_t)(unsafe.SliceData(r.out)), &n)
	return r.out[:n], failure(f)
}

// Close gives all back.
func (r *Runner) Close() { C.runner_delete(r.c) }

func failure(f C.failure) error {
	if f == nil {
		return nil
	}
	defer C.free(unsafe.Pointer(f))
	return errors.New(C.GoString(f))
}
