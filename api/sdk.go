package api

import (
	"context"
	"reflect"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// SDK does an operation as AWS's Java SDK shows it to aws-sdk:sfn:ACTION
// integrations: members have PascalCase names and times are texts. Errors are
// as those of Call.
func (s *Server) SDK(ctx context.Context, action string, args jsonvalue.Value) (jsonvalue.Value, error) {
	if action == "" {
		return jsonvalue.Value{}, unknownOperation(action)
	}
	action = strings.ToUpper(action[:1]) + action[1:]
	op, ok := operations[action]
	if !ok {
		return jsonvalue.Value{}, unknownOperation(action)
	}
	request, err := convert(op.in, args, sdkStyle, wireStyle)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	answer, err := s.Call(ctx, action, request)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	return convert(op.out, answer, wireStyle, sdkStyle)
}

// convert rewrites the JSON of a structure from one style to another.
func convert(t reflect.Type, x jsonvalue.Value, from, to style) (jsonvalue.Value, error) {
	v := reflect.New(t).Elem()
	if err := codecOf(t, from).decode(x, v); err != nil {
		return jsonvalue.Value{}, err
	}
	out, _ := codecOf(t, to).encode(v)
	return out, nil
}
