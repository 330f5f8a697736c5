package modules

import (
	"crypto/sha256"
	"fmt"
	goruntime "runtime"
	"runtime/debug"
	"sync"

	"golang.org/x/sys/cpu"
)

// compilerSupported tells whether wazero compiles for this platform.
func compilerSupported() bool {
	switch goruntime.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "dragonfly", "solaris", "windows":
	default:
		return false
	}
	switch goruntime.GOARCH {
	case "amd64":
		return cpu.X86.HasSSE41
	case "arm64":
		return true
	default:
		return false
	}
}

// machineFingerprint tells machines apart for which wazero compiles different
// code, in case they share a cache directory.
func machineFingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %+v %+v", goruntime.GOOS, goruntime.GOARCH, cpu.X86, cpu.ARM64))
	return fmt.Sprintf("%x", sum[:8])
}

// wazeroVersion is that of the engine in this program, as far as it is known.
var wazeroVersion = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, d := range info.Deps {
		if d.Path == "github.com/tetratelabs/wazero" {
			return d.Version
		}
	}
	return ""
})
