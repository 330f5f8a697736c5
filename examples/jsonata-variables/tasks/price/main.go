// price gives the amount of one line of an order.
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type line struct {
	SKU      string  `json:"sku"`
	Quantity float64 `json:"quantity"`
}

type priced struct {
	SKU    string  `json:"sku"`
	Amount float64 `json:"amount"`
}

var prices = map[string]float64{"lamp": 24.5, "bulb": 1.75, "cable": 6, "desk": 129}

var _ = wasl.Handle(func(_ context.Context, in line) (priced, error) {
	price, ok := prices[in.SKU]
	if !ok {
		return priced{}, &wasl.Error{Name: "UnknownSKU", Cause: "no price for " + in.SKU}
	}
	return priced{SKU: in.SKU, Amount: price * in.Quantity}, nil
})

func main() {}
