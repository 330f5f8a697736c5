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

// initialRevision is what requests call the revision of a machine that was
// never updated. Answers leave it out.
const initialRevision = "INITIAL"

func (s *Server) publishStateMachineVersion(_ context.Context, in *sfn.PublishStateMachineVersionInput) (*sfn.PublishStateMachineVersionOutput, error) {
	m, err := s.unqualifiedMachine(*in.StateMachineArn)
	if err != nil {
		return nil, err
	}
	current := m.Revision
	if current == "" {
		current = initialRevision
	}
	if in.RevisionId != nil && *in.RevisionId != current {
		return nil, fail("ConflictException", "Failed to publish the State Machine version for revision %s. "+
			"The current State Machine revision is %s.", *in.RevisionId, current)
	}
	v, err := s.machines.Publish(m.ARN, m.Revision, aws.ToString(in.Description))
	if errors.Is(err, registry.ErrConflict) { // updated a moment ago
		return nil, fail("ConflictException", "Failed to publish the State Machine version for revision %s. "+
			"The State Machine is being updated.", current)
	}
	if err != nil {
		return nil, noStateMachine(*in.StateMachineArn)
	}
	return &sfn.PublishStateMachineVersionOutput{StateMachineVersionArn: &v.ARN, CreationDate: &v.Created}, nil
}

func (s *Server) listStateMachineVersions(_ context.Context, in *sfn.ListStateMachineVersionsInput) (*sfn.ListStateMachineVersionsOutput, error) {
	if _, err := parseARN(*in.StateMachineArn, arn.StateMachine); err != nil {
		return nil, err
	}
	versions, err := s.machines.Versions(*in.StateMachineArn)
	if err != nil {
		versions = nil // AWS answers with an empty list for a machine that is not there
	}
	l := listing{
		name: "ListStateMachineVersions " + *in.StateMachineArn, max: in.MaxResults, token: in.NextToken, newestFirst: true,
	}
	versions, next, err := page(s.pager, l, versions, func(v *registry.Version) string { return fmt.Sprintf("%020d", v.Number) })
	if err != nil {
		return nil, err
	}
	out := &sfn.ListStateMachineVersionsOutput{StateMachineVersions: make([]types.StateMachineVersionListItem, len(versions)), NextToken: next}
	for i, v := range versions {
		out.StateMachineVersions[i] = types.StateMachineVersionListItem{StateMachineVersionArn: &v.ARN, CreationDate: &v.Created}
	}
	return out, nil
}

func (s *Server) deleteStateMachineVersion(_ context.Context, in *sfn.DeleteStateMachineVersionInput) (*sfn.DeleteStateMachineVersionOutput, error) {
	a, err := parseARN(*in.StateMachineVersionArn, arn.StateMachine)
	if err != nil {
		return nil, err
	}
	if a.Qualifier == "" {
		return nil, invalid("The ARN must be that of a state machine version: %s", a.Text)
	}
	err = s.machines.DeleteVersion(a.Text)
	if errors.Is(err, registry.ErrConflict) {
		return nil, fail("ConflictException", "Version to be deleted must not be referenced by an alias. "+
			"Current list of aliases referencing this version: [%s]", strings.Join(s.aliasNames(a.Text), ", "))
	}
	if err != nil {
		return nil, err
	}
	return &sfn.DeleteStateMachineVersionOutput{}, nil
}

// aliasNames gives the names of the aliases that route to a version.
func (s *Server) aliasNames(version string) (names []string) {
	aliases, err := s.machines.Aliases(version)
	if err != nil {
		return nil // the version is gone by now
	}
	for _, a := range aliases {
		names = append(names, a.Name)
	}
	return names
}
