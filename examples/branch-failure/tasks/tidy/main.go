// tidy works until its heartbeat tells it that nobody waits for it any more, and
// then cleans up.
package main

import (
	"context"
	"time"

	wasl "github.com/waslrun/wasl/sdk/go"
)

var _ = wasl.Handle(func(ctx context.Context, _ any) (string, error) {
	for range 1000 {
		if err := wasl.Heartbeat(ctx); err != nil {
			wasl.Log("told to stop: cleaning up")
			return "", err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return "nobody stopped me", nil
})

func main() {}
