// sum-values adds up one task's values and stores the sum as
// results/<batchId>/<taskName>.json. A value that is no number is an error.
package main

import (
	"context"
	"encoding/json"
	"fmt"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type item struct {
	BatchID string `json:"batchId"`
	Task    struct {
		Name   string `json:"name"`
		Values []any  `json:"values"`
	} `json:"task"`
}

type result struct {
	TaskName string  `json:"taskName"`
	Count    int     `json:"count"`
	Sum      float64 `json:"sum"`
	Key      string  `json:"key,omitempty"`
}

var _ = wasl.Handle(func(ctx context.Context, in item) (result, error) {
	out := result{TaskName: in.Task.Name, Count: len(in.Task.Values)}
	for i, v := range in.Task.Values {
		n, ok := v.(float64)
		if !ok {
			return result{}, &wasl.Error{Name: "NotANumber", Cause: fmt.Sprintf("value %d of %s is %v", i, in.Task.Name, v)}
		}
		out.Sum += n
	}
	body, err := json.Marshal(out)
	if err != nil {
		return result{}, err
	}
	out.Key = in.BatchID + "/" + in.Task.Name + ".json"
	return out, wasl.Storage("results").Put(ctx, out.Key, body)
})

func main() {}
