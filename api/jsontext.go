package api

import (
	"github.com/waslrun/wasl/asl/jackson"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// parsePayload reads the JSON that a client hands over as text: an execution's
// input, a task's output. problem is "" or says what is wrong with it in the
// words of AWS's parser, Jackson.
func parsePayload(text string) (v jsonvalue.Value, problem string) {
	v, err := jsonvalue.Parse(text)
	if err == nil {
		return v, ""
	}
	if wrong := jackson.Check(text); wrong != nil {
		return v, wrong.Message
	}
	return v, err.Error() // ours is the stricter parser here: depth, \u escapes
}
