package api

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/runtime/registry"
)

func (s *Server) createStateMachineAlias(_ context.Context, in *sfn.CreateStateMachineAliasInput) (*sfn.CreateStateMachineAliasOutput, error) {
	routes, err := routesOf(in.RoutingConfiguration)
	if err != nil {
		return nil, err
	}
	a, err := s.machines.CreateAlias(*in.Name, aws.ToString(in.Description), routes)
	switch {
	case errors.Is(err, registry.ErrConflict):
		return nil, fail("ConflictException", "Failed to create alias because an alias with the same name and a "+
			"different routing configuration already exists.")
	case err != nil:
		return nil, aliasError(err)
	}
	return &sfn.CreateStateMachineAliasOutput{StateMachineAliasArn: &a.ARN, CreationDate: &a.Created}, nil
}

// aliasError puts a registry's error about an alias or its routes in AWS's terms.
func aliasError(err error) error {
	switch {
	case errors.Is(err, registry.ErrInvalidRouting):
		return invalidRouting("%s", err)
	case errors.Is(err, registry.ErrVersionDoesNotExist), errors.Is(err, registry.ErrAliasDoesNotExist),
		errors.Is(err, registry.ErrMachineDoesNotExist):
		return noResource()
	}
	return err
}

func invalidRouting(format string, args ...any) error {
	e := invalid(format, args...)
	e.Reason = string(types.ValidationExceptionReasonInvalidRoutingConfiguration)
	return e
}

// routesOf checks what can be checked of routes without knowing the versions.
func routesOf(items []types.RoutingConfigurationListItem) ([]registry.Route, error) {
	var (
		routes       []registry.Route
		arns         []string
		weights      []string
		sum          int
		allQualified = true
	)
	for _, item := range items {
		a, err := parseARN(*item.StateMachineVersionArn, arn.StateMachine)
		if err != nil {
			return nil, err
		}
		allQualified = allQualified && a.Qualifier != ""
		routes = append(routes, registry.Route{VersionARN: a.Text, Weight: int(item.Weight)})
		arns = append(arns, a.Text)
		weights = append(weights, fmt.Sprint(item.Weight))
		sum += int(item.Weight)
	}
	switch {
	case !allQualified:
		return nil, invalidRouting("Routing configuration must contain state machine version ARNs. Received: [%s]", strings.Join(arns, ", "))
	case len(arns) == 2 && arns[0] == arns[1]:
		return nil, invalidRouting("Routing configuration must contain distinct state machine version ARNs. Received: [%s]", strings.Join(arns, ", "))
	case sum != 100:
		return nil, invalidRouting("Sum of routing configuration weights must equal 100. Received: [%s]", strings.Join(weights, ", "))
	}
	return routes, nil
}

func (s *Server) describeStateMachineAlias(_ context.Context, in *sfn.DescribeStateMachineAliasInput) (*sfn.DescribeStateMachineAliasOutput, error) {
	if _, err := parseARN(*in.StateMachineAliasArn, arn.StateMachine); err != nil {
		return nil, err
	}
	a, err := s.machines.Alias(*in.StateMachineAliasArn)
	if err != nil {
		return nil, aliasError(err)
	}
	out := &sfn.DescribeStateMachineAliasOutput{
		StateMachineAliasArn: &a.ARN, Name: &a.Name, Description: optional(a.Description),
		CreationDate: &a.Created, UpdateDate: &a.Updated,
	}
	for _, r := range a.Routes {
		out.RoutingConfiguration = append(out.RoutingConfiguration,
			types.RoutingConfigurationListItem{StateMachineVersionArn: aws.String(r.VersionARN), Weight: int32(r.Weight)})
	}
	return out, nil
}

func (s *Server) listStateMachineAliases(_ context.Context, in *sfn.ListStateMachineAliasesInput) (*sfn.ListStateMachineAliasesOutput, error) {
	if _, err := parseARN(*in.StateMachineArn, arn.StateMachine); err != nil {
		return nil, err
	}
	aliases, err := s.machines.Aliases(*in.StateMachineArn)
	if err != nil {
		return nil, noStateMachine(*in.StateMachineArn)
	}
	l := listing{name: "ListStateMachineAliases " + *in.StateMachineArn, max: in.MaxResults, token: in.NextToken}
	aliases, next, err := page(s.pager, l, aliases, func(a *registry.Alias) string { return a.Name })
	if err != nil {
		return nil, err
	}
	out := &sfn.ListStateMachineAliasesOutput{StateMachineAliases: make([]types.StateMachineAliasListItem, len(aliases)), NextToken: next}
	for i, a := range aliases {
		out.StateMachineAliases[i] = types.StateMachineAliasListItem{StateMachineAliasArn: &a.ARN, CreationDate: &a.Created}
	}
	return out, nil
}

func (s *Server) updateStateMachineAlias(_ context.Context, in *sfn.UpdateStateMachineAliasInput) (*sfn.UpdateStateMachineAliasOutput, error) {
	if _, err := parseARN(*in.StateMachineAliasArn, arn.StateMachine); err != nil {
		return nil, err
	}
	if in.Description == nil && in.RoutingConfiguration == nil {
		e := invalid("Either the description or the routing configuration must be specified")
		e.Reason = string(types.ValidationExceptionReasonMissingRequiredParameter)
		return nil, e
	}
	var routes []registry.Route
	if in.RoutingConfiguration != nil {
		var err error
		if routes, err = routesOf(in.RoutingConfiguration); err != nil {
			return nil, err
		}
	}
	a, err := s.machines.UpdateAlias(*in.StateMachineAliasArn, in.Description, routes)
	if err != nil {
		return nil, aliasError(err)
	}
	return &sfn.UpdateStateMachineAliasOutput{UpdateDate: &a.Updated}, nil
}

func (s *Server) deleteStateMachineAlias(_ context.Context, in *sfn.DeleteStateMachineAliasInput) (*sfn.DeleteStateMachineAliasOutput, error) {
	if _, err := parseARN(*in.StateMachineAliasArn, arn.StateMachine); err != nil {
		return nil, err
	}
	// An alias that is not there is no error.
	if err := s.machines.DeleteAlias(*in.StateMachineAliasArn); err != nil && !errors.Is(err, registry.ErrAliasDoesNotExist) {
		return nil, err
	}
	return &sfn.DeleteStateMachineAliasOutput{}, nil
}
