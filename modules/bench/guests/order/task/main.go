// The order task as a guest: a reactor when built with -buildmode=c-shared,
// else a WASI command.
package main

import (
	wasl "github.com/waslrun/wasl/sdk/go"

	"github.com/waslrun/wasl/modules/bench/guests/order"
)

var _ = wasl.Handle(order.Price)

func main() {}
