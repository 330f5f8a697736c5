//go:build !linux

package modules

// SystemMemory is how much memory this process may use, in bytes. 0: it cannot
// be told here.
func SystemMemory() int64 { return 0 }
