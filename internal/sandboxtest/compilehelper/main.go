// Command compilehelper compiles modules for tests, as wasl itself does for its
// own: see modules.RunCompileHelper.
package main

import (
	"fmt"
	"os"

	"github.com/waslrun/wasl/modules"
)

func main() {
	modules.RunCompileHelper()
	fmt.Fprintln(os.Stderr, "compilehelper is started by tests, through modules.Options.Helper")
	os.Exit(2)
}
