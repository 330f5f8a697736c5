// Command wasl interprets the Amazon States Language and runs each Task as a
// WebAssembly module in a sandbox of its own.
package main

import (
	"os"

	"github.com/waslrun/wasl/internal/cli"
	"github.com/waslrun/wasl/modules"
)

func main() {
	modules.RunCompileHelper() // wasl compiles modules in children of itself
	os.Exit(cli.Main(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
