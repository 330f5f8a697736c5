// Add adds two numbers.
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

var _ = wasl.Handle(func(_ context.Context, in [2]float64) (float64, error) {
	return in[0] + in[1], nil
})

func main() {}
