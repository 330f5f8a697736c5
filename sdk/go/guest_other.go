//go:build !wasip1

package wasl

// Outside of a WebAssembly module there is no host: handlers can be compiled,
// vetted and called by tests, and the host's functions are unavailable.

const unavailable = -8

func register(h *Handler) { registered = h }

func heartbeat() int32                                { return unavailable }
func logMessage(string)                               {}
func lastError([]byte) int32                          { return 0 }
func env(string, []byte) int32                        { return unavailable }
func taskContext([]byte) int32                        { return unavailable }
func storageGet(_, _ string, _ int64, _ []byte) int64 { return unavailable }
func storagePut(_, _ string, _ []byte) int32          { return unavailable }
func storageDelete(_, _ string) int32                 { return unavailable }
func storageList(_, _, _ string, _ uint32, _ []byte) int64 {
	return unavailable
}
func httpFetch([]byte) int64 { return unavailable }
func httpRead([]byte)        {}
