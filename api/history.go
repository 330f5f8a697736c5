package api

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
)

// getExecutionHistory answers in JSON right away: asl/history writes events in
// AWS's shapes itself.
func (s *Server) getExecutionHistory(_ context.Context, in *sfn.GetExecutionHistoryInput) (jsonvalue.Value, error) {
	a, err := parseARN(*in.ExecutionArn, arn.Execution)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	r := runtime.HistoryRequest{ARN: a.Text, Reverse: in.ReverseOrder, Page: runtime.Page{Max: int(in.MaxResults)}}
	name := "GetExecutionHistory " + a.Text
	if in.ReverseOrder {
		name += " reverse"
	}
	if r.Token, err = s.pager.cursor(name, in.NextToken); err != nil {
		return jsonvalue.Value{}, err
	}
	found, err := s.engine.History(r)
	if errors.Is(err, runtime.ErrInvalidPage) {
		return jsonvalue.Value{}, invalidToken()
	}
	if err != nil {
		return jsonvalue.Value{}, executionError(err, a.Text)
	}
	withData := in.IncludeExecutionData == nil || aws.ToBool(in.IncludeExecutionData)
	events := make([]jsonvalue.Value, len(found.Events))
	for i, e := range found.Events {
		events[i] = e.Value(history.Epoch)
		if !withData {
			events[i] = withoutData(events[i], e.Type.DetailsKey())
		}
	}
	out := jsonvalue.NewObject(2)
	out.Set("events", jsonvalue.ArrayOf(events...))
	if found.Next != "" {
		out.Set("nextToken", jsonvalue.StringOf(s.pager.token(name, found.Next)))
	}
	return out.Value(), nil
}

// withoutData takes the execution's data out of an event's details.
func withoutData(event jsonvalue.Value, detailsKey string) jsonvalue.Value {
	details, ok := event.Get(detailsKey)
	if !ok {
		return event
	}
	for _, key := range []string{"input", "output", "parameters", "assignedVariables"} {
		details = details.Without(key).Without(key + "Details")
	}
	return event.With(detailsKey, details)
}
