package modules

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"
)

// The environment of a compile helper.
const (
	helperDirEnv    = "WASL_COMPILE_DIR"    // where to put the result; says that this is a helper
	helperCPUEnv    = "WASL_COMPILE_CPU"    // seconds
	helperMemoryEnv = "WASL_COMPILE_MEMORY" // bytes
)

// exitInvalid is a helper's exit code for a binary that the compiler refuses;
// the reason is on its stdout.
const exitInvalid = 3

// helperHooked tells that this program calls RunCompileHelper, so that it can
// be its own helper.
var helperHooked atomic.Bool

// RunCompileHelper must be called first thing in main (and in TestMain) by a
// program that wants modules to be compiled in a child process: where the
// program was started as such a child, it compiles what is on its stdin and
// exits; otherwise it returns at once.
func RunCompileHelper() {
	dir := os.Getenv(helperDirEnv)
	if dir == "" {
		helperHooked.Store(true)
		return
	}
	err := runHelper(dir)
	var invalid *invalidBinaryError
	switch {
	case err == nil:
		os.Exit(0)
	case errors.As(err, &invalid):
		fmt.Print(invalid.Error())
		os.Exit(exitInvalid)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// invalidBinaryError is the compiler's own verdict on a binary.
type invalidBinaryError struct {
	err error
	// unsure says that it may have been for want of the machine's memory or time.
	unsure bool
}

func (e *invalidBinaryError) Error() string { return e.err.Error() }
func (e *invalidBinaryError) Unwrap() error { return e.err }

// runHelper compiles stdin into the cache directory dir, under limits that it
// sets for itself.
func runHelper(dir string) error {
	cpu, err := strconv.ParseUint(os.Getenv(helperCPUEnv), 10, 32)
	if err != nil {
		return fmt.Errorf("%s: %w", helperCPUEnv, err)
	}
	memory, err := strconv.ParseUint(os.Getenv(helperMemoryEnv), 10, 63)
	if err != nil {
		return fmt.Errorf("%s: %w", helperMemoryEnv, err)
	}
	if err := limitProcess(cpu, memory); err != nil {
		return err
	}
	giveWay()
	binary, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	ctx := experimental.WithCompilationWorkers(context.Background(), 2)
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return err
	}
	metered := !strings.HasPrefix(os.Getenv(helperTerminationEnv), "y")
	config := runtimeConfig(wazero.NewRuntimeConfigCompiler(), !metered).WithCompilationCache(cache)
	r := wazero.NewRuntimeWithConfig(ctx, config)
	if _, err := r.CompileModule(ctx, binary); err != nil {
		return &invalidBinaryError{err: err}
	}
	return errors.Join(r.Close(ctx), cache.Close(ctx))
}

// helperTerminationEnv is "yes" for code with wazero's close-on-context.
const helperTerminationEnv = "WASL_COMPILE_TERMINATION"

// runtimeConfig is what the store's runtime and the helper's must agree on.
func runtimeConfig(config wazero.RuntimeConfig, closeOnContext bool) wazero.RuntimeConfig {
	return config.WithDebugInfoEnabled(false).WithCloseOnContextDone(closeOnContext)
}
