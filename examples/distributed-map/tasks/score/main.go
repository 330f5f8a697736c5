// score counts the measurements of a batch that are above a threshold.
package main

import (
	"context"
	"strconv"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type measurement struct {
	Station string `json:"station"`
	Celsius string `json:"celsius"`
}

type batch struct {
	BatchInput struct {
		Threshold float64 `json:"threshold"`
	} `json:"BatchInput"`
	Items []measurement `json:"Items"`
}

type score struct {
	Lines int `json:"lines"`
	Above int `json:"above"`
}

var _ = wasl.Handle(func(_ context.Context, in batch) (score, error) {
	out := score{Lines: len(in.Items)}
	for _, m := range in.Items {
		c, err := strconv.ParseFloat(m.Celsius, 64)
		if err != nil {
			return score{}, &wasl.Error{Name: "BadMeasurement", Cause: m.Station + ": " + err.Error()}
		}
		if c > in.BatchInput.Threshold {
			out.Above++
		}
	}
	return out, nil
})

func main() {}
