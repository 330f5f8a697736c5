package main

import (
	"os"
	"syscall"
)

// peak is the most memory that a process had, in MiB; Linux counts it in KiB.
func peak(p *os.ProcessState) int64 {
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		return int64(usage.Maxrss) >> 10
	}
	return 0
}
