// deaf computes without end and never asks whether it should stop.
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

var _ = wasl.Handle(func(_ context.Context, _ any) (uint64, error) {
	var n uint64
	for {
		if n = n*6364136223846793005 + 1; n == 0 {
			return n, nil
		}
	}
})

func main() {}
