// find-tasks lists the work of a batch: one task a source.
package main

import (
	"context"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type source struct {
	Name   string `json:"name"`
	Values []any  `json:"values"`
}

type batch struct {
	BatchID string   `json:"batchId"`
	Sources []source `json:"sources"`
}

type found struct {
	Count int      `json:"count"`
	Tasks []source `json:"tasks"`
}

var _ = wasl.Handle(func(_ context.Context, in batch) (found, error) {
	if in.BatchID == "" {
		return found{}, &wasl.Error{Name: "NoBatch", Cause: "the input has no batchId"}
	}
	return found{Count: len(in.Sources), Tasks: in.Sources}, nil
})

func main() {}
