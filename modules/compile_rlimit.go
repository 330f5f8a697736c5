//go:build linux || darwin

package modules

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// limitProcess bounds this process: seconds of CPU, bytes of memory, no core
// file, and files no larger than the memory.
func limitProcess(cpu, memory uint64) error {
	limits := []struct {
		what     string
		resource int
		value    uint64
	}{
		{"CPU", unix.RLIMIT_CPU, cpu},
		{"core", unix.RLIMIT_CORE, 0},
		{"file", unix.RLIMIT_FSIZE, memory},
		{"data", unix.RLIMIT_DATA, memory},
		// Go reserves more addresses than it uses.
		{"address space", unix.RLIMIT_AS, memory + 4<<30},
	}
	for _, l := range limits {
		var rlimit unix.Rlimit
		if err := unix.Getrlimit(l.resource, &rlimit); err != nil {
			return fmt.Errorf("limit of %s: %w", l.what, err)
		}
		set(&rlimit, l.value)
		if err := unix.Setrlimit(l.resource, &rlimit); err != nil && l.resource == unix.RLIMIT_CPU {
			return fmt.Errorf("limit of %s: %w", l.what, err)
		}
	}
	return nil
}

// set lowers a limit.
func set(rlimit *unix.Rlimit, value uint64) {
	rlimit.Cur = min(rlimit.Cur, value)
	rlimit.Max = min(rlimit.Max, value)
}

func helperBaseEnv() []string { return nil }
