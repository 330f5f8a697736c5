package linear

import "testing"

// All ways to find what was written give the same result.
func TestResetMethods(t *testing.T) {
	defer method.Store(method.Load())
	for name, m := range map[string]int32{"scan": methodScan, "read": methodRead, "drop": methodDrop} {
		t.Run(name, func(t *testing.T) {
			method.Store(m)
			testReset(t)
			if now := method.Load(); now != m {
				t.Skipf("this kernel does not have it: went on with method %d", now)
			}
		})
	}
}
