// LookupAddress gives the address of a customer.
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type request struct {
	CustomerID string `json:"customerId"`
}

type address struct {
	Street string `json:"street"`
	City   string `json:"city"`
}

var addresses = map[string]address{
	"c-17": {Street: "12 Harbour Road", City: "Northport"},
	"c-18": {Street: "4 Mill Lane", City: "Eastford"},
}

var _ = wasl.Handle(func(_ context.Context, in request) (address, error) {
	a, ok := addresses[in.CustomerID]
	if !ok {
		return address{}, &wasl.Error{Name: "NoSuchCustomer", Cause: "no customer " + in.CustomerID}
	}
	return a, nil
})

func main() {}
