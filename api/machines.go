package api

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime/registry"
)

func (s *Server) createStateMachine(_ context.Context, in *sfn.CreateStateMachineInput) (*sfn.CreateStateMachineOutput, error) {
	if err := CheckName(*in.Name); err != nil {
		return nil, err
	}
	if in.VersionDescription != nil && !in.Publish {
		return nil, invalid("Version description can only be set when publish is true")
	}
	machineType := registry.Type(in.Type)
	if machineType == "" {
		machineType = registry.Standard
	}
	if err := checkTags(in.Tags, nil); err != nil {
		return nil, err
	}
	p, err := properties(in.RoleArn, in.LoggingConfiguration, in.TracingConfiguration, in.EncryptionConfiguration)
	if err != nil {
		return nil, err
	}
	if p.Definition, err = s.compile(*in.Definition, machineType); err != nil {
		return nil, err
	}
	m, err := s.machines.Create(*in.Name, machineType, p)
	if errors.Is(err, registry.ErrMachineAlreadyExists) {
		return nil, fail("StateMachineAlreadyExists", "State Machine Already Exists: '%s'", s.machines.ARN(*in.Name))
	}
	if err != nil {
		return nil, err
	}
	s.setTags(m.ARN, in.Tags)
	out := &sfn.CreateStateMachineOutput{StateMachineArn: &m.ARN, CreationDate: &m.Created}
	if in.Publish {
		v, err := s.machines.Publish(m.ARN, "", aws.ToString(in.VersionDescription))
		if err != nil {
			return nil, err
		}
		out.StateMachineVersionArn = &v.ARN
	}
	return out, nil
}

// properties makes a machine's properties, without the definition, of what a
// request gives.
func properties(
	role *string, logging *types.LoggingConfiguration, tracing *types.TracingConfiguration, encryption *types.EncryptionConfiguration,
) (p registry.Properties, err error) {
	if role != nil {
		if err := checkRole(*role); err != nil {
			return p, err
		}
		p.RoleARN = *role
	}
	if p.Logging, err = loggingJSON(logging); err != nil {
		return p, err
	}
	if p.Encryption, err = encryptionJSON(encryption); err != nil {
		return p, err
	}
	p.Tracing = tracingJSON(tracing)
	return p, nil
}

// compile validates a definition and compiles it. Of several mistakes AWS
// names the first.
func (s *Server) compile(text string, t registry.Type) (*interp.Program, error) {
	program, found := interp.Load("", []byte(text), s.definitionOptions(t == registry.Express)...)
	for _, d := range found {
		if d.Severity == asl.Error {
			return nil, invalidDefinition(d.String())
		}
	}
	return program, nil
}

// definitionOptions are how the API reads definitions.
func (s *Server) definitionOptions(express bool) []asl.Option {
	options := []asl.Option{asl.JSONOnly, asl.Bound(s.bound)}
	if express {
		options = append(options, asl.Express)
	}
	return options
}

func invalidDefinition(what string) error {
	return fail("InvalidDefinition", "Invalid State Machine Definition: '%s'", what)
}

// machine finds the machine, or the version of one, that an ARN names.
func (s *Server) machine(text string) (*registry.Machine, error) {
	a, err := parseARN(text, arn.StateMachine)
	if err != nil {
		return nil, err
	}
	m, err := s.machines.Machine(a.Text)
	if err != nil {
		return nil, noStateMachine(text)
	}
	return m, nil
}

// unqualifiedMachine finds a machine where a version or alias is not allowed.
func (s *Server) unqualifiedMachine(text string) (*registry.Machine, error) {
	a, err := parseARN(text, arn.StateMachine)
	if err != nil {
		return nil, err
	}
	if a.Qualifier != "" {
		return nil, noStateMachine(text)
	}
	return s.machine(text)
}

func (s *Server) describeStateMachine(_ context.Context, in *sfn.DescribeStateMachineInput) (*sfn.DescribeStateMachineOutput, error) {
	m, err := s.machine(*in.StateMachineArn)
	if err != nil {
		return nil, err
	}
	out := &sfn.DescribeStateMachineOutput{
		StateMachineArn:         &m.ARN,
		Name:                    &m.Name,
		Status:                  types.StateMachineStatusActive,
		Type:                    types.StateMachineType(m.Type),
		RoleArn:                 &m.RoleARN,
		CreationDate:            &m.Created,
		Definition:              aws.String(m.Definition.Text()),
		LoggingConfiguration:    loggingOf(m),
		TracingConfiguration:    tracingOf(m),
		EncryptionConfiguration: encryptionOf(m),
		RevisionId:              optional(m.Revision),
		VariableReferences:      m.Definition.VariableReferences(),
	}
	if m.VersionARN != "" {
		v, err := s.machines.Version(m.VersionARN)
		if err != nil {
			return nil, noStateMachine(*in.StateMachineArn)
		}
		out.StateMachineArn, out.CreationDate, out.Description = &v.ARN, &v.Created, optional(v.Description)
	}
	if in.IncludedData == types.IncludedDataMetadataOnly {
		out.Definition, out.VariableReferences = aws.String("{}"), nil
	}
	return out, nil
}

func (s *Server) listStateMachines(_ context.Context, in *sfn.ListStateMachinesInput) (*sfn.ListStateMachinesOutput, error) {
	l := listing{name: "ListStateMachines", max: in.MaxResults, token: in.NextToken}
	machines, next, err := page(s.pager, l, s.machines.Machines(), func(m *registry.Machine) string {
		return orderKey(m.Created, m.ARN)
	})
	if err != nil {
		return nil, err
	}
	out := &sfn.ListStateMachinesOutput{StateMachines: make([]types.StateMachineListItem, len(machines)), NextToken: next}
	for i, m := range machines {
		out.StateMachines[i] = types.StateMachineListItem{
			StateMachineArn: &m.ARN, Name: &m.Name, Type: types.StateMachineType(m.Type), CreationDate: &m.Created,
		}
	}
	return out, nil
}

func (s *Server) updateStateMachine(_ context.Context, in *sfn.UpdateStateMachineInput) (*sfn.UpdateStateMachineOutput, error) {
	if in.Definition == nil && in.RoleArn == nil && in.LoggingConfiguration == nil &&
		in.TracingConfiguration == nil && in.EncryptionConfiguration == nil {
		return nil, fail("MissingRequiredParameter", "Either the definition, the role ARN, the LoggingConfiguration, "+
			"the EncryptionConfiguration or the TracingConfiguration must be specified")
	}
	if in.VersionDescription != nil && !in.Publish {
		return nil, invalid("Version description can only be set when publish is true")
	}
	m, err := s.unqualifiedMachine(*in.StateMachineArn)
	if err != nil {
		return nil, err
	}
	p, err := properties(in.RoleArn, in.LoggingConfiguration, in.TracingConfiguration, in.EncryptionConfiguration)
	if err != nil {
		return nil, err
	}
	change := registry.Change{RoleARN: p.RoleARN, Logging: p.Logging, Tracing: p.Tracing, Encryption: p.Encryption}
	if in.Definition != nil {
		if change.Definition, err = s.compile(*in.Definition, m.Type); err != nil {
			return nil, err
		}
	}
	if m, err = s.machines.Update(m.ARN, change); err != nil {
		return nil, noStateMachine(*in.StateMachineArn)
	}
	out := &sfn.UpdateStateMachineOutput{UpdateDate: &m.Updated, RevisionId: optional(m.Revision)}
	if in.Publish {
		v, err := s.machines.Publish(m.ARN, "", aws.ToString(in.VersionDescription))
		if err != nil {
			return nil, err
		}
		out.StateMachineVersionArn = &v.ARN
	}
	return out, nil
}

func (s *Server) deleteStateMachine(_ context.Context, in *sfn.DeleteStateMachineInput) (*sfn.DeleteStateMachineOutput, error) {
	a, err := parseARN(*in.StateMachineArn, arn.StateMachine)
	if err != nil {
		return nil, err
	}
	if a.Qualifier != "" {
		return nil, invalid("DeleteStateMachine does not support qualified state machine ARNs: %s", a.Text)
	}
	s.machines.Delete(a.Text) // one that does not exist is no error
	return &sfn.DeleteStateMachineOutput{}, nil
}

// optional is nil for the empty text.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
