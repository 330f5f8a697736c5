// Package order prices an order: the work of the Go guest, of its command and
// of the native program that they are compared with.
package order

import (
	"context"
	"math"
)

// Order is the task's input.
type Order struct {
	Customer string `json:"customer"`
	Coupon   string `json:"coupon"`
	Items    []Item `json:"items"`
}

// Item is one line of an order.
type Item struct {
	SKU      string   `json:"sku"`
	Quantity int      `json:"quantity"`
	Price    float64  `json:"price"`
	Tags     []string `json:"tags"`
}

// Invoice is the task's output.
type Invoice struct {
	Customer string  `json:"customer"`
	Lines    []Line  `json:"lines"`
	Discount float64 `json:"discount"`
	Total    float64 `json:"total"`
}

// Line is one line of an invoice.
type Line struct {
	SKU    string  `json:"sku"`
	Amount float64 `json:"amount"`
}

// Price makes the invoice of an order.
func Price(_ context.Context, o Order) (Invoice, error) {
	invoice := Invoice{Customer: o.Customer, Lines: make([]Line, 0, len(o.Items))}
	for _, item := range o.Items {
		amount := cents(float64(item.Quantity) * item.Price)
		invoice.Lines = append(invoice.Lines, Line{item.SKU, amount})
		invoice.Total += amount
	}
	if o.Coupon != "" {
		invoice.Discount = cents(invoice.Total * 0.1)
	}
	invoice.Total = cents(invoice.Total - invoice.Discount)
	return invoice, nil
}

func cents(x float64) float64 { return math.Round(x*100) / 100 }
