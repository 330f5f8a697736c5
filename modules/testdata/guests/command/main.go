// Command command is the tests' guest in Go that is a WASI command: it gives
// its input back in capitals.
package main

import (
	"bytes"
	"io"
	"os"
)

func main() {
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		os.Exit(1)
	}
	_, _ = os.Stdout.Write(bytes.ToUpper(in))
}
