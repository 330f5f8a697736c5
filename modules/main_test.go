package modules

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	RunCompileHelper()
	os.Exit(m.Run())
}
