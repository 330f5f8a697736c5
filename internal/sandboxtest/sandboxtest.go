package sandboxtest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// CacheDir is the folder that keeps what tests compiled, for other packages'
// tests and for the next run: a modules.Options.CacheDir. What lies in it is named
// after its contents and after what it was made with.
var CacheDir = sync.OnceValues(func() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	dir := filepath.Join(base, "wasl-test")
	return dir, os.MkdirAll(dir, 0o700)
})

// Helper gives the command that compiles modules for tests, a
// modules.Options.Helper. It needs the Go toolchain that builds it; the next run
// finds it built.
var Helper = sync.OnceValues(func() ([]string, error) {
	dir, err := CacheDir()
	if err != nil {
		return nil, err
	}
	// The build ID of the package tells all that goes into the program.
	id, err := goCommand("list", "-export", "-f", "{{.BuildID}}")
	if err != nil {
		return nil, err
	}
	helper := filepath.Join(dir, fmt.Sprintf("%s%x%s", helperPrefix, sha256.Sum256(id), executableSuffix()))
	now := time.Now()
	if os.Chtimes(helper, now, now) == nil {
		return []string{helper}, nil
	}
	removeOld(dir, now)
	// Other packages' tests may be here at the same time.
	scratch, err := os.MkdirTemp(dir, "build-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	built := filepath.Join(scratch, "helper"+executableSuffix())
	if _, err := goCommand("build", "-ldflags=-s -w", "-o", built); err != nil {
		return nil, err
	}
	return []string{helper}, os.Rename(built, helper)
})

const helperPrefix = "helper-"

// goCommand runs the go command on the helper's package and gives its output.
func goCommand(verb string, args ...string) ([]byte, error) {
	args = append([]string{verb, "-race=false", "-trimpath", "-buildvcs=false"}, args...)
	cmd := exec.Command("go", append(args, "github.com/waslrun/wasl/internal/sandboxtest/compilehelper")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil, fmt.Errorf("go %s of the compile helper: %w\n%s", verb, err, exit.Stderr)
	}
	return out, err
}

func executableSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// removeOld removes the helpers that no test has asked for in a week.
func removeOld(dir string, now time.Time) {
	helpers, _ := filepath.Glob(filepath.Join(dir, helperPrefix+"*"))
	for _, old := range helpers {
		if info, err := os.Stat(old); err == nil && now.Sub(info.ModTime()) > 7*24*time.Hour {
			_ = os.Remove(old) // what cannot be removed takes space and does no harm
		}
	}
}
