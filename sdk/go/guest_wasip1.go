package wasl

import (
	"encoding/json"
	"io"
	"os"
	"runtime/debug"
	"unsafe"
)

//go:wasmexport wasl_handle
func waslHandle() int32 {
	input := make([]byte, hostInputLen())
	hostInputRead(unsafe.Pointer(unsafe.SliceData(input)), uint32(len(input)), 0)
	output, err := run(input)
	if err != nil {
		name, cause := describe(err)
		hostFail(name, cause)
		return 1
	}
	hostOutputWrite(unsafe.Pointer(unsafe.SliceData(output)), uint32(len(output)))
	return 0
}

//go:wasmexport wasl_warmup
func waslWarmup() {
	warmUp()
	prime()
}

// register keeps the handler; in a command it runs it and ends the program.
func register(h *Handler) {
	registered = h
	if !isCommand() {
		return
	}
	warmUp()
	input, err := io.ReadAll(os.Stdin)
	if err == nil {
		var output []byte
		if output, err = run(input); err == nil {
			_, err = os.Stdout.Write(output)
		}
	}
	if err == nil {
		os.Exit(0)
	}
	var line struct{ Error, Cause string }
	line.Error, line.Cause = describe(err)
	text, _ := json.Marshal(line) // two strings always have a JSON text
	_, _ = os.Stderr.Write(append(text, '\n'))
	os.Exit(1)
}

// isCommand tells a command from a reactor by how it was built. A build without
// that information is a command when it has arguments, which reactors lack.
func isCommand() bool {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "-buildmode" {
				return setting.Value != "c-shared"
			}
		}
	}
	return len(os.Args) > 0
}

func heartbeat() int32 { return hostHeartbeat() }

func logMessage(message string) { hostLog(message) }

func lastError(buf []byte) int32 {
	return hostLastError(unsafe.Pointer(unsafe.SliceData(buf)), uint32(len(buf)))
}

func env(name string, buf []byte) int32 {
	return hostEnv(name, unsafe.Pointer(unsafe.SliceData(buf)), uint32(len(buf)))
}

func taskContext(buf []byte) int32 {
	return hostContext(unsafe.Pointer(unsafe.SliceData(buf)), uint32(len(buf)))
}

func storageGet(bucket, key string, offset int64, buf []byte) int64 {
	return hostStorageGet(bucket, key, offset, unsafe.Pointer(unsafe.SliceData(buf)), uint32(len(buf)))
}

func storagePut(bucket, key string, body []byte) int32 {
	return hostStoragePut(bucket, key, unsafe.Pointer(unsafe.SliceData(body)), uint32(len(body)))
}

func storageDelete(bucket, key string) int32 { return hostStorageDelete(bucket, key) }

func storageList(bucket, prefix, after string, limit uint32, buf []byte) int64 {
	return hostStorageList(bucket, prefix, after, limit, unsafe.Pointer(unsafe.SliceData(buf)), uint32(len(buf)))
}

func httpFetch(request []byte) int64 {
	return hostHTTPFetch(unsafe.Pointer(unsafe.SliceData(request)), uint32(len(request)))
}

func httpRead(buf []byte) {
	hostHTTPRead(unsafe.Pointer(unsafe.SliceData(buf)), uint32(len(buf)), 0)
}
