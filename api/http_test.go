package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const passDefinition = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`

// newClient makes AWS's own client for a server.
func newClient(url string) *sfn.Client {
	noHostPrefix := middleware.InitializeMiddlewareFunc("noHostPrefix",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			return next.HandleInitialize(smithyhttp.DisableEndpointHostPrefix(ctx, true), in)
		})
	return sfn.New(sfn.Options{
		Region: testRegion, BaseEndpoint: &url, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "any", SecretAccessKey: "any"}, nil
		}),
		APIOptions: []func(*middleware.Stack) error{func(s *middleware.Stack) error {
			return s.Initialize.Add(noHostPrefix, middleware.Before)
		}},
	})
}

func TestAWSClient(t *testing.T) {
	h := httptest.NewServer(newTestServer(t))
	defer h.Close()
	ctx, client := t.Context(), newClient(h.URL)

	created, err := client.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("m"), Definition: aws.String(passDefinition), RoleArn: aws.String("arn:aws:iam::1:role/r"), Type: types.StateMachineTypeExpress,
	})
	if err != nil {
		t.Fatal(err)
	}
	ran, err := client.StartSyncExecution(ctx, &sfn.StartSyncExecutionInput{StateMachineArn: created.StateMachineArn, Input: aws.String(`"é <&> \u2028"`)})
	if err != nil {
		t.Fatal(err)
	}
	if ran.Status != types.SyncExecutionStatusSucceeded || aws.ToString(ran.Output) != "\"é <&> \u2028\"" || ran.StopDate.Before(*ran.StartDate) {
		t.Errorf("%+v", ran)
	}
	_, err = client.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: aws.String(*created.StateMachineArn + "x")})
	if none := (*types.StateMachineDoesNotExist)(nil); !errors.As(err, &none) ||
		none.ErrorMessage() != "State Machine Does Not Exist: '"+*created.StateMachineArn+"x'" {
		t.Error(err)
	}
	_, err = client.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{
		Name: aws.String("a"), RoutingConfiguration: []types.RoutingConfigurationListItem{{StateMachineVersionArn: created.StateMachineArn, Weight: 100}},
	})
	if wrong := (*types.ValidationException)(nil); !errors.As(err, &wrong) || wrong.Reason != types.ValidationExceptionReasonInvalidRoutingConfiguration {
		t.Error(err)
	}
}

// TestAWSClientTestsAState: AWS's client reads every part of TestState's answer
// in the types that it has for them.
func TestAWSClientTestsAState(t *testing.T) {
	h := httptest.NewServer(newTestServer(t))
	defer h.Close()
	client := newClient(h.URL)
	const state = `{"Type":"Map","MaxConcurrency":2,"ToleratedFailurePercentage":12.5,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},
		"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":3,"BackoffRate":1.5}],"End":true}`
	got, err := client.TestState(t.Context(), &sfn.TestStateInput{
		Definition: aws.String(state), Input: aws.String(`[1]`), InspectionLevel: types.InspectionLevelTrace,
		Mock:               &types.MockInput{ErrorOutput: &types.MockErrorOutput{Error: aws.String("E"), Cause: aws.String("c")}},
		StateConfiguration: &types.TestStateConfiguration{RetrierRetryCount: aws.Int32(1), ErrorCausedByState: aws.String("I")},
	})
	if err != nil {
		t.Fatal(err)
	}
	i := got.InspectionData
	if got.Status != types.TestExecutionStatusRetriable || aws.ToString(got.Error) != "E" || aws.ToString(i.AfterItemsPath) != "[1]" ||
		aws.ToInt32(i.MaxConcurrency) != 2 || aws.ToFloat32(i.ToleratedFailurePercentage) != 12.5 ||
		aws.ToInt32(i.ErrorDetails.RetryBackoffIntervalSeconds) != 4 {
		t.Errorf("%+v %+v", got, i)
	}
	_, err = client.TestState(t.Context(), &sfn.TestStateInput{
		Definition: aws.String(`{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"Message":"m"},"End":true}`),
		Mock:       &types.MockInput{Result: aws.String(`{"MessageId":1}`)},
	})
	if wrong := (*types.ValidationException)(nil); !errors.As(err, &wrong) ||
		wrong.ErrorMessage() != "Mock result schema validation error: Field 'MessageId' must be a string" {
		t.Error(err)
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	s := newTestServer(t)
	for _, c := range []struct {
		name, method, path, target, body string
		status                           int
		answer                           string
	}{
		{"GET", "GET", "/", "AWSStepFunctions.ListStateMachines", "", 404, "wasl: the Step Functions API takes POST / with X-Amz-Target\n"},
		{"another path", "POST", "/x", "AWSStepFunctions.ListStateMachines", "{}", 404, "wasl: the Step Functions API takes POST / with X-Amz-Target\n"},
		{"no target", "POST", "/", "", "{}", 400, `{"__type":"UnknownOperationException","message":"The header X-Amz-Target is missing: it names the operation as AWSStepFunctions.OPERATION"}`},
		{"another service", "POST", "/", "DynamoDB_20120810.ListTables", "{}", 400, `{"__type":"UnknownOperationException","message":"The header X-Amz-Target is 'DynamoDB_20120810.ListTables', which names no operation of Step Functions: those are AWSStepFunctions.OPERATION"}`},
		{"no such operation", "POST", "/", "AWSStepFunctions.Fly", "{}", 400, `{"__type":"UnknownOperationException","message":"The operation 'Fly' is not one that this server knows"}`},
		{"no body", "POST", "/", "AWSStepFunctions.ListStateMachines", "", 200, `{"stateMachines":[]}`},
		{"no object", "POST", "/", "AWSStepFunctions.ListStateMachines", "[]", 400, `{"__type":"SerializationException","message":"Start of structure or map expected"}`},
		{"a member of the wrong type", "POST", "/", "AWSStepFunctions.ListStateMachines", `{"maxResults":"1"}`, 400, `{"__type":"SerializationException","message":"STRING_VALUE can not be converted to Integer"}`},
		{
			"too large", "POST", "/", "AWSStepFunctions.ListStateMachines", `{"nextToken":"` + strings.Repeat("x", maxBody) + `"}`, 413,
			`{"__type":"RequestEntityTooLargeException","message":"Request is larger than 1048576 bytes"}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(c.body))
			if c.target != "" {
				r.Header.Set("X-Amz-Target", c.target)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.status || w.Body.String() != c.answer {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	t.Run("from a browser", func(t *testing.T) {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader("{}"))
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
		r.Header.Set("Origin", "http://example.com")
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 403 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
	t.Run("cut JSON", func(t *testing.T) {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(`{"a":`))
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String(), `"__type":"SerializationException"`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestLargerPayloadsMakeRoomForLargerRequests(t *testing.T) {
	s := newTestServer(t)
	s.payload = maxBody
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(`{"nextToken":"`+strings.Repeat("x", maxBody)+`"}`))
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != 400 || !strings.Contains(w.Body.String(), "ValidationException") {
		t.Errorf("%d %.200s", w.Code, w.Body)
	}
}

func TestAClientThatGoesAwayStopsItsSynchronousExecution(t *testing.T) {
	s := newTestServer(t)
	h := httptest.NewServer(s)
	defer h.Close()
	client := newClient(h.URL)
	created, err := client.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("w"), RoleArn: aws.String("arn:aws:iam::1:role/r"), Type: types.StateMachineTypeExpress,
		Definition: aws.String(`{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":100000,"End":true}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	body := strings.NewReader(`{"stateMachineArn":"` + *created.StateMachineArn + `"}`)
	r, err := http.NewRequestWithContext(ctx, "POST", h.URL, cancelAtEOF{body, cancel})
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.StartSyncExecution")
	if answer, err := http.DefaultClient.Do(r); err == nil {
		_ = answer.Body.Close()
		t.Error("an answer to a cancelled request")
	}
	h.Close() // waits for the request, which ends with its execution
}

// cancelAtEOF cancels once the body was read.
type cancelAtEOF struct {
	r      io.Reader
	cancel func()
}

func (c cancelAtEOF) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if errors.Is(err, io.EOF) {
		c.cancel()
	}
	return n, err
}
