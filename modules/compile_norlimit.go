//go:build !linux && !darwin

package modules

import (
	"os"
	"os/exec"
)

// limitProcess does nothing here: the parent's deadline bounds the helper, and
// GOMEMLIMIT only asks.
func limitProcess(_, _ uint64) error { return nil }

// helperBaseEnv is what a process cannot start without.
func helperBaseEnv() []string { return []string{"SYSTEMROOT=" + os.Getenv("SYSTEMROOT")} }

func setApart(*exec.Cmd) {}

// Without pauses all that have begun go on at once.
func (p *compileChild) pause()  {}
func (p *compileChild) resume() {}

func giveWay() {}
