// The order task as a native program: JSON on stdin, JSON on stdout.
package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"os"

	"github.com/waslrun/wasl/modules/bench/guests/order"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	var in order.Order
	if err := json.Unmarshal(text, &in); err != nil {
		log.Fatal(err)
	}
	out, err := order.Price(context.Background(), in)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		log.Fatal(err)
	}
}
