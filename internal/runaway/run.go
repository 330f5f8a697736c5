package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// inRun runs each expression in a `wasl run` of its own and gives how many were
// worse than they may be.
func inRun(wasl string, expressions []string) int {
	dir, err := os.MkdirTemp("", "runaway")
	if err != nil {
		fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "m.asl.json")
	bad := 0
	var longest time.Duration
	largest := int64(0)
	fmt.Printf("wasl run\n%8s %6s %5s  %s\n", "time", "MiB", "exit", "expression")
	for _, e := range expressions {
		if err := os.WriteFile(file, []byte(definition(e)), 0o600); err != nil {
			fatal(err)
		}
		cmd := exec.Command(wasl, "run", file)
		var output bytes.Buffer
		cmd.Stdout, cmd.Stderr = &output, &output
		start := time.Now()
		_ = cmd.Run() // most of them fail
		took := time.Since(start)
		memory := peak(cmd.ProcessState)
		mark := ""
		if took > mostTime || memory > mostMemory {
			bad++
			mark = "  TOO MUCH"
		}
		longest, largest = max(longest, took), max(largest, memory)
		fmt.Printf("%7.2fs %6d %5d  %s%s\n", took.Seconds(), memory, cmd.ProcessState.ExitCode(), short(e), mark)
	}
	fmt.Printf("%d expressions: at most %.2f s and %d MiB; %d too much\n\n", len(expressions), longest.Seconds(), largest, bad)
	return bad
}
