package cli

import (
	"os"
	"testing"

	"github.com/waslrun/wasl/modules"
)

// TestMain lets the test's program be the compile helper that wasl starts.
func TestMain(m *testing.M) {
	modules.RunCompileHelper()
	os.Exit(m.Run())
}
