package wasl

import "unsafe"

// The host's functions, module wasl in docs/TASKS.md. A string is a pointer and
// a length. The host keeps no pointer after it returns.

//go:wasmimport wasl input_len
//go:noescape
func hostInputLen() int32

//go:wasmimport wasl input_read
//go:noescape
func hostInputRead(buf unsafe.Pointer, size, offset uint32) int32

//go:wasmimport wasl output_write
//go:noescape
func hostOutputWrite(data unsafe.Pointer, size uint32) int32

//go:wasmimport wasl fail
//go:noescape
func hostFail(name, cause string) int32

//go:wasmimport wasl heartbeat
//go:noescape
func hostHeartbeat() int32

//go:wasmimport wasl log
//go:noescape
func hostLog(message string) int32

//go:wasmimport wasl context
//go:noescape
func hostContext(buf unsafe.Pointer, size uint32) int32

//go:wasmimport wasl env
//go:noescape
func hostEnv(name string, buf unsafe.Pointer, size uint32) int32

//go:wasmimport wasl last_error
//go:noescape
func hostLastError(buf unsafe.Pointer, size uint32) int32

//go:wasmimport wasl storage_get
//go:noescape
func hostStorageGet(bucket, key string, offset int64, buf unsafe.Pointer, size uint32) int64

//go:wasmimport wasl storage_put
//go:noescape
func hostStoragePut(bucket, key string, data unsafe.Pointer, size uint32) int32

//go:wasmimport wasl storage_delete
//go:noescape
func hostStorageDelete(bucket, key string) int32

//go:wasmimport wasl storage_list
//go:noescape
func hostStorageList(bucket, prefix, after string, limit uint32, buf unsafe.Pointer, size uint32) int64

//go:wasmimport wasl http_fetch
//go:noescape
func hostHTTPFetch(request unsafe.Pointer, size uint32) int64

//go:wasmimport wasl http_read
//go:noescape
func hostHTTPRead(buf unsafe.Pointer, size, offset uint32) int32
