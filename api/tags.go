package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/runtime/registry"
)

// maxTags is how many tags a resource may have.
const maxTags = 50

// checkTags refuses tags without a key, and more of them than a resource may
// have together with those that it has.
func checkTags(tags []types.Tag, have []registry.Tag) error {
	keys := map[string]bool{}
	for _, t := range have {
		keys[t.Key] = true
	}
	for _, t := range tags {
		if t.Key == nil {
			return invalid("1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null")
		}
		keys[*t.Key] = true
	}
	if len(keys) > maxTags {
		return fail("TooManyTags", "A resource may have at most %d tags", maxTags)
	}
	return nil
}

func (s *Server) setTags(arn string, tags []types.Tag) {
	if len(tags) == 0 {
		return
	}
	list := make([]registry.Tag, len(tags))
	for i, t := range tags {
		list[i] = registry.Tag{Key: *t.Key, Value: aws.ToString(t.Value)}
	}
	s.machines.SetTags(arn, list)
}

func (s *Server) removeAllTags(arn string) {
	var keys []string
	for _, t := range s.machines.Tags(arn) {
		keys = append(keys, t.Key)
	}
	s.machines.RemoveTags(arn, keys)
}

// tagged checks that a resource is there and can carry tags.
func (s *Server) tagged(text string) error {
	a, err := parseARN(text, arn.StateMachine, arn.Activity)
	if err != nil {
		return err
	}
	if a.Kind == arn.Activity {
		_, err = s.engine.Activities().Describe(text)
	} else if a.Qualifier == "" {
		_, err = s.machines.Machine(text)
	} else {
		_, err = s.machines.Alias(text)
	}
	if err != nil {
		return fail("ResourceNotFound", "Resource not found: '%s'", text)
	}
	return nil
}

func (s *Server) tagResource(_ context.Context, in *sfn.TagResourceInput) (*sfn.TagResourceOutput, error) {
	if err := s.tagged(*in.ResourceArn); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags, s.machines.Tags(*in.ResourceArn)); err != nil {
		return nil, err
	}
	s.setTags(*in.ResourceArn, in.Tags)
	return &sfn.TagResourceOutput{}, nil
}

func (s *Server) untagResource(_ context.Context, in *sfn.UntagResourceInput) (*sfn.UntagResourceOutput, error) {
	if err := s.tagged(*in.ResourceArn); err != nil {
		return nil, err
	}
	s.machines.RemoveTags(*in.ResourceArn, in.TagKeys)
	return &sfn.UntagResourceOutput{}, nil
}

func (s *Server) listTagsForResource(_ context.Context, in *sfn.ListTagsForResourceInput) (*sfn.ListTagsForResourceOutput, error) {
	if err := s.tagged(*in.ResourceArn); err != nil {
		return nil, err
	}
	out := &sfn.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for _, t := range s.machines.Tags(*in.ResourceArn) {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out, nil
}
