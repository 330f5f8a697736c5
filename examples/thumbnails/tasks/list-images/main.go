// list-images gives the keys of all images in the bucket "images".
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

var _ = wasl.Handle(func(ctx context.Context, _ struct{}) ([]string, error) {
	return wasl.Storage("images").List(ctx, "")
})

func main() {}
