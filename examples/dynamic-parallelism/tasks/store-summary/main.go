// store-summary adds up the results of a batch and stores the summary as
// results/<batchId>/summary.json. Failed tasks are listed and counted apart.
package main

import (
	"context"
	"encoding/json"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type outcome struct {
	TaskName string  `json:"taskName"`
	Count    int     `json:"count"`
	Sum      float64 `json:"sum"`
	Failed   bool    `json:"failed"`
	Error    string  `json:"error"`
}

type batch struct {
	BatchID string    `json:"batchId"`
	Results []outcome `json:"results"`
}

type failure struct {
	TaskName string `json:"taskName"`
	Error    string `json:"error"`
}

type summary struct {
	BatchID   string    `json:"batchId"`
	Tasks     int       `json:"tasks"`
	Succeeded int       `json:"succeeded"`
	Values    int       `json:"values"`
	Total     float64   `json:"total"`
	Failed    []failure `json:"failed"`
}

var _ = wasl.Handle(func(ctx context.Context, in batch) (summary, error) {
	out := summary{BatchID: in.BatchID, Tasks: len(in.Results), Failed: []failure{}}
	for _, r := range in.Results {
		if r.Failed {
			out.Failed = append(out.Failed, failure{r.TaskName, r.Error})
			continue
		}
		out.Succeeded++
		out.Values += r.Count
		out.Total += r.Sum
	}
	body, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return summary{}, err
	}
	return out, wasl.Storage("results").Put(ctx, in.BatchID+"/summary.json", body)
})

func main() {}
