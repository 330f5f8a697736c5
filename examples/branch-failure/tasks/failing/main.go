// failing works for a while and then fails.
package main

import (
	"context"
	"time"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type request struct {
	Milliseconds int `json:"failAfterMilliseconds"`
}

var _ = wasl.Handle(func(_ context.Context, in request) (any, error) {
	time.Sleep(time.Duration(in.Milliseconds) * time.Millisecond)
	return nil, &wasl.Error{Name: "BrokenBranch", Cause: "this branch fails on purpose"}
})

func main() {}
