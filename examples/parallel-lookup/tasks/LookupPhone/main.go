// LookupPhone gives the phone number of a customer.
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type request struct {
	CustomerID string `json:"customerId"`
}

type phone struct {
	Number string `json:"number"`
}

var numbers = map[string]string{"c-17": "555-0117", "c-18": "555-0118"}

var _ = wasl.Handle(func(_ context.Context, in request) (phone, error) {
	number, ok := numbers[in.CustomerID]
	if !ok {
		return phone{}, &wasl.Error{Name: "NoSuchCustomer", Cause: "no customer " + in.CustomerID}
	}
	return phone{Number: number}, nil
})

func main() {}
