//go:build linux || darwin

package modules

import (
	"fmt"
	"os/exec"
	"syscall"

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

// setApart gives a child a process group of its own: a terminal's interrupt is
// for the parent, and the system ends a paused child that has lost its parent.
func setApart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func (p *compileChild) pause()  { _ = p.cmd.Process.Signal(unix.SIGSTOP) }
func (p *compileChild) resume() { _ = p.cmd.Process.Signal(unix.SIGCONT) }

// giveWay lets the server and its guests go first.
func giveWay() { _ = unix.Setpriority(unix.PRIO_PGRP, 0, 5) }
