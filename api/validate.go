package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl"
)

func (s *Server) validateStateMachineDefinition(
	_ context.Context, in *sfn.ValidateStateMachineDefinitionInput,
) (*sfn.ValidateStateMachineDefinitionOutput, error) {
	_, found := asl.Check("", []byte(*in.Definition), s.definitionOptions(in.Type == types.StateMachineTypeExpress)...)
	size := int(in.MaxResults)
	if size == 0 {
		size = defaultPage
	}
	out := &sfn.ValidateStateMachineDefinitionOutput{
		Result:      types.ValidateStateMachineDefinitionResultCodeOk,
		Diagnostics: []types.ValidateStateMachineDefinitionDiagnostic{},
		Truncated:   aws.Bool(false),
	}
	for _, d := range found {
		if d.Severity == asl.Error {
			out.Result = types.ValidateStateMachineDefinitionResultCodeFail
		} else if in.Severity != types.ValidateStateMachineDefinitionSeverityWarning {
			continue
		}
		if len(out.Diagnostics) == size {
			out.Truncated = aws.Bool(true)
			break
		}
		out.Diagnostics = append(out.Diagnostics, types.ValidateStateMachineDefinitionDiagnostic{
			Code: aws.String(string(d.Code)), Message: aws.String(d.Message), Location: optional(d.Location),
			Severity: types.ValidateStateMachineDefinitionSeverity(d.Severity),
		})
	}
	return out, nil
}
