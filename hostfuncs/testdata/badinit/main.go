// A guest whose initialisation panics, for the tests of package hostfuncs.
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

var table map[string]int

func init() { table["nothing"] = 1 }

var _ = wasl.Handle(func(context.Context, any) (any, error) { return table, nil })

func main() {}
