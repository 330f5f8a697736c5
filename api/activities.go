package api

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
)

func (s *Server) createActivity(_ context.Context, in *sfn.CreateActivityInput) (*sfn.CreateActivityOutput, error) {
	if err := CheckName(*in.Name); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags, nil); err != nil {
		return nil, err
	}
	encryption, err := encryptionJSON(in.EncryptionConfiguration)
	if err != nil {
		return nil, err
	}
	arn := s.home.Activity(*in.Name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.engine.Activities().Describe(arn); err == nil { // it is there already
		if !sameEncryption(s.encryption[arn], encryption) {
			return nil, fail("ActivityAlreadyExists", "Activity Already Exists: '%s'", arn)
		}
	} else if encryption.IsValid() {
		s.encryption[arn] = encryption
	}
	a := s.engine.Activities().Create(*in.Name)
	s.setTags(a.ARN, in.Tags)
	return &sfn.CreateActivityOutput{ActivityArn: &a.ARN, CreationDate: &a.Created}, nil
}

func sameEncryption(a, b jsonvalue.Value) bool {
	return jsonvalue.Equal(toJSON(*encryption(a)), toJSON(*encryption(b)))
}

func (s *Server) describeActivity(_ context.Context, in *sfn.DescribeActivityInput) (*sfn.DescribeActivityOutput, error) {
	if _, err := parseARN(*in.ActivityArn, arn.Activity); err != nil {
		return nil, err
	}
	a, err := s.engine.Activities().Describe(*in.ActivityArn)
	if err != nil {
		return nil, activityError(err, *in.ActivityArn)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return &sfn.DescribeActivityOutput{
		ActivityArn: &a.ARN, Name: &a.Name, CreationDate: &a.Created, EncryptionConfiguration: encryption(s.encryption[a.ARN]),
	}, nil
}

func activityError(err error, arn string) error {
	if errors.Is(err, runtime.ErrActivityDoesNotExist) {
		return noActivity(arn)
	}
	return err
}

func (s *Server) listActivities(_ context.Context, in *sfn.ListActivitiesInput) (*sfn.ListActivitiesOutput, error) {
	l := listing{name: "ListActivities", max: in.MaxResults, token: in.NextToken}
	activities, next, err := page(s.pager, l, s.engine.Activities().List(), func(a runtime.Activity) string {
		return orderKey(a.Created, a.ARN)
	})
	if err != nil {
		return nil, err
	}
	out := &sfn.ListActivitiesOutput{Activities: make([]types.ActivityListItem, len(activities)), NextToken: next}
	for i, a := range activities {
		out.Activities[i] = types.ActivityListItem{ActivityArn: &a.ARN, Name: &a.Name, CreationDate: &a.Created}
	}
	return out, nil
}

func (s *Server) deleteActivity(_ context.Context, in *sfn.DeleteActivityInput) (*sfn.DeleteActivityOutput, error) {
	if _, err := parseARN(*in.ActivityArn, arn.Activity); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.engine.Activities().Delete(*in.ActivityArn) // one that does not exist is no error
	delete(s.encryption, *in.ActivityArn)
	s.removeAllTags(*in.ActivityArn)
	return &sfn.DeleteActivityOutput{}, nil
}

// getActivityTask waits up to a minute for work, and answers without a token
// when there is none.
func (s *Server) getActivityTask(ctx context.Context, in *sfn.GetActivityTaskInput) (*sfn.GetActivityTaskOutput, error) {
	if _, err := parseARN(*in.ActivityArn, arn.Activity); err != nil {
		return nil, err
	}
	task, err := s.engine.Activities().GetTask(ctx, *in.ActivityArn, aws.ToString(in.WorkerName))
	if err != nil {
		return nil, activityError(err, *in.ActivityArn)
	}
	if task.Token == "" {
		return &sfn.GetActivityTaskOutput{}, nil
	}
	return &sfn.GetActivityTaskOutput{TaskToken: &task.Token, Input: &task.Input}, nil
}
