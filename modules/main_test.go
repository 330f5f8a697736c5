package modules

import (
	"os"
	"testing"
)

// TestMain lets the test's program be a compile helper, as any program can be
// that calls RunCompileHelper.
func TestMain(m *testing.M) {
	RunCompileHelper()
	os.Exit(m.Run())
}
