//go:build !linux && !darwin

package modules

import "os"

// limitProcess does nothing here: the parent's deadline bounds the helper, and
// GOMEMLIMIT only asks.
func limitProcess(_, _ uint64) error { return nil }

// helperBaseEnv is what a process cannot start without.
func helperBaseEnv() []string { return []string{"SYSTEMROOT=" + os.Getenv("SYSTEMROOT")} }
