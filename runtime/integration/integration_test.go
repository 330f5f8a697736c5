package integration

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
)

// named are modules that exist.
type named []string

func (n named) Exists(name string) bool { return slices.Contains(n, name) }

const fixedID = "00000000-1111-4222-8333-444444444444"

var fixedTime = time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)

func newSet() *Set {
	return &Set{
		Home: arn.Home{Region: "eu-central-1", Account: "123456789012"}, Modules: named{"f", "my-function", "bound"}, Storage: storage.NewMemory(),
		Resources: Bindings{
			"arn:aws:states:::sqs:sendMessage":                        "queue",
			"arn:aws:lambda:eu-central-1:123456789012:function:other": "bound",
		},
		Now: func() time.Time { return fixedTime }, NewID: func() string { return fixedID },
	}
}

func schedule(resource, input string) *interp.ScheduleTask {
	return &interp.ScheduleTask{Resource: asl.ParseResource(resource), Input: jsonvalue.MustParse(input)}
}

// text is an outcome in one line.
func (o Outcome) text() string {
	if o.Failure == nil {
		return o.Output.String()
	}
	text := "failed"
	if o.Failure.Kind == interp.Rejected {
		text = "rejected"
	}
	for _, s := range []*string{o.Failure.Error, o.Failure.Cause} {
		if s != nil {
			text += " " + *s
		}
	}
	return text
}

func TestResourcesLeadToModules(t *testing.T) {
	s := newSet()
	cases := []struct{ resource, input, module, sent string }{
		{"arn:aws:lambda:eu-central-1:123456789012:function:f", `{"a": 1.0}`, "f", `{"a":1.0}`},
		{"arn:aws:lambda:eu-central-1:123456789012:function:f:7", `[]`, "f", `[]`},
		{"wasm:f", `null`, "f", `null`},
		{"arn:aws:states:eu-central-1:123456789012:activity:f", `1`, "f", `1`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"f","Payload":{"b":2}}`, "f", `{"b":2}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"f","Payload":"[1, 2]"}`, "f", `[1, 2]`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"f","Payload":null}`, "f", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"f"}`, "f", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"f:prod","Payload":false}`, "f", `false`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"arn:aws:lambda:eu-central-1:123456789012:function:f:$LATEST"}`, "f", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"123456789012:function:f"}`, "f", `{}`},
		{"arn:aws:states:::lambda:invoke.waitForTaskToken", `{"FunctionName":"f"}`, "f", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"my-function:prod"}`, "my-function", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"my-function:7"}`, "my-function", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"eu-central-1:123456789012:function:my-function:prod"}`, "my-function", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"arn:aws:lambda:eu-central-1:123456789012:function:my-function:prod"}`, "my-function", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"my-function","Qualifier":"prod"}`, "my-function", `{}`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"my-function:prod","Qualifier":"prod"}`, "my-function", `{}`},
		{"arn:aws:states:eu-central-1:123456789012:lambda:invoke", `{"FunctionName":"f"}`, "f", `{}`},
		{"arn:aws:lambda:eu-central-1:123456789012:function:other:7", `1`, "bound", `1`},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"arn:aws:lambda:eu-central-1:123456789012:function:other:7"}`, "bound", `{}`},
		{"arn:aws:states:eu-central-1:123456789012:sqs:sendMessage.waitForTaskToken", `{"q":1}`, "queue", `{"q":1}`},
		{"arn:aws:states:::sqs:sendMessage", `{"q":1}`, "queue", `{"q":1}`},
		{"arn:aws:states:::sqs:sendMessage.waitForTaskToken", `{"q":1}`, "queue", `{"q":1}`},
	}
	for _, c := range cases {
		f, ok := s.Plan(schedule(c.resource, c.input)).(*Function)
		if !ok || f.Module != c.module || string(f.Input) != c.sent {
			t.Errorf("%s %s: %+v", c.resource, c.input, f)
		}
	}
}

func TestResourcesThatLeadNowhere(t *testing.T) {
	s := newSet()
	const noFunction = "failed Lambda.ResourceNotFoundException Function not found: arn:aws:lambda:eu-central-1:123456789012:function:g:$LATEST" +
		" (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: " + fixedID + "; Proxy: null)"
	cases := []struct{ resource, input, want string }{
		{"arn:aws:lambda:eu-central-1:123456789012:function:g", `{}`, noFunction},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"g"}`, noFunction},
		{
			"arn:aws:states:::lambda:invoke", `{"FunctionName":"g:prod"}`, strings.Replace(noFunction, "g:$LATEST", "g:prod", 1),
		},
		{
			"arn:aws:states:::lambda:invoke", `{"FunctionName":"f:prod","Qualifier":"7"}`,
			"failed Lambda.InvalidParameterValueException The derived qualifier from the function name does not match the specified qualifier. (Service: AWSLambda; Status Code: 400; Error Code: InvalidParameterValueException; Request ID: " + fixedID + "; Proxy: null)",
		},
		{"arn:aws:states:::lambda:invoke", `{}`, "rejected The Parameters '{}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]"},
		{"arn:aws:states:::states:startExecution", `{}`, "rejected The Parameters '{}' could not be used to start the Task: [The field 'StateMachineArn' is required but was missing]"},
		{"arn:aws:states:::aws-sdk:s3:getObject", `{"Bucket":"b"}`, "rejected The Parameters '{\"Bucket\":\"b\"}' could not be used to start the Task: [The field 'Key' is required but was missing]"},
		{"wasm:../f", `{}`, `failed Wasm.BadModule There is no module "../f": neither a section [modules.../f] nor a file ../f.wasm in the module directory.`},
	}
	for _, c := range cases {
		a, ok := s.Plan(schedule(c.resource, c.input)).(*Answer)
		if !ok || a.text() != c.want {
			t.Errorf("%s: got  %+v\nwant %s", c.resource, a, c.want)
		}
	}
	for _, resource := range []string{"arn:aws:states:::sns:publish", "arn:aws:states:::aws-sdk:sfn:listActivities", "arn:aws:states:::aws-sdk:s3:createBucket", "nonsense", "arn:aws:ecs:x:y:z"} {
		a, ok := s.Plan(schedule(resource, `{}`)).(*Answer)
		if !ok || !strings.HasPrefix(a.text(), "failed States.TaskFailed Nothing here does the work of "+resource) {
			t.Errorf("%s: %+v", resource, a)
		}
	}
}

func TestTheEnvelopeOfInvoke(t *testing.T) {
	f := newSet().Plan(schedule("arn:aws:states:::lambda:invoke", `{"FunctionName":"f"}`)).(*Function)
	got := f.Answer(modules.Result{Output: []byte(`{"a": [1, 2]}`)}, nil).text()
	const want = `{"ExecutedVersion":"$LATEST","Payload":{"a":[1,2]},"SdkHttpMetadata":{"AllHttpHeaders":{` +
		`"Connection":["keep-alive"],"Content-Length":["13"],"Content-Type":["application/json"],"Date":["Wed, 04 Mar 2026 05:06:07 GMT"],` +
		`"X-Amz-Executed-Version":["$LATEST"],"x-amzn-Remapped-Content-Length":["0"],"x-amzn-RequestId":["` + fixedID + `"],` +
		`"X-Amzn-Trace-Id":["root=1-69a7bdbf-000000001111422283334444;parent=0000000011114222;sampled=0"]},"HttpHeaders":{` +
		`"Connection":"keep-alive","Content-Length":"13","Content-Type":"application/json","Date":"Wed, 04 Mar 2026 05:06:07 GMT",` +
		`"X-Amz-Executed-Version":"$LATEST","x-amzn-Remapped-Content-Length":"0","x-amzn-RequestId":"` + fixedID + `",` +
		`"X-Amzn-Trace-Id":"root=1-69a7bdbf-000000001111422283334444;parent=0000000011114222;sampled=0"},"HttpStatusCode":200},` +
		`"SdkResponseMetadata":{"RequestId":"` + fixedID + `"},"StatusCode":200}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for qualifier, version := range map[string]string{"7": "7", "prod": "$LATEST", "$LATEST": "$LATEST"} {
		f := newSet().Plan(schedule("arn:aws:states:::lambda:invoke", `{"FunctionName":"f","Qualifier":"`+qualifier+`"}`)).(*Function)
		if got := f.Answer(modules.Result{Output: []byte("1")}, nil).Output.Field("ExecutedVersion").Text(); got != version {
			t.Errorf("with the qualifier %s version %s was executed", qualifier, got)
		}
	}
	f = newSet().Plan(schedule("arn:aws:states:::lambda:invoke", `{"FunctionName":"f","LogType":"Tail"}`)).(*Function)
	out := f.Answer(modules.Result{Output: []byte(`1`)}, []byte("hello\n")).Output
	log, err := base64.StdEncoding.DecodeString(out.Field("LogResult").Text())
	if err != nil || !strings.Contains(string(log), "\nhello\nEND RequestId: "+fixedID) {
		t.Errorf("the log is %q, %v", log, err)
	}
	if got := f.Answer(modules.Result{Output: []byte(`{`)}, nil).text(); !strings.HasPrefix(got, "failed Wasm.InvalidOutput ") {
		t.Error(got)
	}
}

func TestFunctionErrors(t *testing.T) {
	s := newSet()
	cases := []struct{ name, cause, plain, invoked string }{
		{
			"as Python sends it", `{"errorMessage": "m", "errorType": "E", "stackTrace": ["a"]}`,
			`{"errorMessage": "m", "errorType": "E", "requestId": "` + fixedID + `", "stackTrace": ["a"]}`,
			`{"errorMessage":"m","errorType":"E","requestId":"` + fixedID + `","stackTrace":["a"]}`,
		},
		{
			"another order", `{"errorType":"E","more":1,"errorMessage":"m"}`,
			`{"errorType":"E","more":1,"errorMessage":"m","requestId":"` + fixedID + `"}`,
			`{"errorMessage":"m","errorType":"E","requestId":"` + fixedID + `","more":1}`,
		},
		{
			"the key inside of a text", `{"errorType":"E","errorMessage":",\"stackTrace\""}`,
			`{"errorType":"E","errorMessage":",\"stackTrace\"","requestId":"` + fixedID + `"}`,
			`{"errorMessage":",\"stackTrace\"","errorType":"E","requestId":"` + fixedID + `"}`,
		},
		{"with an id", `{"errorType":"E","requestId":"r"}`, `{"errorType":"E","requestId":"r"}`, `{"errorType":"E","requestId":"r"}`},
		{"a text", "it broke", "it broke", "it broke"},
		{"another object", `{"a":1}`, `{"a":1}`, `{"a":1}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result := modules.Result{Failure: &modules.Failure{Error: "E", Cause: c.cause}}
			plain := s.Plan(schedule("wasm:f", `{}`)).(*Function).Answer(result, nil).text()
			if want := "failed E " + c.plain; plain != want {
				t.Errorf("got  %s\nwant %s", plain, want)
			}
			invoked := s.Plan(schedule("arn:aws:states:::lambda:invoke", `{"FunctionName":"f"}`)).(*Function).Answer(result, nil).text()
			if want := "failed E " + c.invoked; invoked != want {
				t.Errorf("got  %s\nwant %s", invoked, want)
			}
		})
	}
}

func TestS3(t *testing.T) {
	s := newSet()
	do := func(action, args string) Outcome {
		t.Helper()
		c, ok := s.Plan(schedule("arn:aws:states:::"+action, args)).(*Call)
		if !ok {
			t.Fatalf("%s %s is no call", action, args)
		}
		return c.Do(context.Background())
	}
	for _, c := range []struct{ action, args, want string }{
		{
			"aws-sdk:s3:putObject", `{"Bucket":"b","Key":"k","Body":{"Dict": "Value"}}`,
			`{"ChecksumCRC32":"hnEfWw==","ChecksumType":"FULL_OBJECT","ETag":"\"49e31cee5aec8faf3345893addb14346\"","ServerSideEncryption":"AES256"}`,
		},
		{
			"aws-sdk:s3:putObject", `{"Bucket":"b","Key":"d/x","Body":"text data"}`,
			`{"ChecksumCRC32":"KUmHvQ==","ChecksumType":"FULL_OBJECT","ETag":"\"2b5df3712557f503a9977a8ea893b2c9\"","ServerSideEncryption":"AES256"}`,
		},
		{"aws-sdk:s3:deleteObject", `{"Bucket":"b","Key":"none"}`, `{}`},
		{"aws-sdk:s3:headBucket", `{"Bucket":"b"}`, `{}`},
		{"aws-sdk:s3:deleteObjects", `{"Bucket":"b","Delete":{"Objects":[{"Key":"x"}]}}`, `{"Deleted":[{"Key":"x"}]}`},
		{
			"aws-sdk:s3:getObject", `{"Bucket":"b","Key":"none"}`,
			`failed S3.NoSuchKeyException The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ` + fixedID + `, Extended Request ID: ` + fixedID + `) (SDK Attempt Count: 1)`,
		},
		{
			"s3:getObject", `{"Bucket":"none","Key":"k"}`,
			`failed S3.NoSuchBucketException The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Request ID: ` + fixedID + `; Proxy: null)`,
		},
		{
			"aws-sdk:s3:copyObject", `{"Bucket":"b","Key":"k2","CopySource":"nothing"}`,
			`failed S3.InvalidArgumentException invalid name: CopySource "nothing" is not BUCKET/KEY (Service: S3, Status Code: 400, Request ID: ` + fixedID + `, Extended Request ID: ` + fixedID + `) (SDK Attempt Count: 1)`,
		},
	} {
		if got := do(c.action, c.args).text(); got != c.want {
			t.Errorf("%s %s\ngot  %s\nwant %s", c.action, c.args, got, c.want)
		}
	}
	if got := do("aws-sdk:s3:copyObject", `{"Bucket":"b","Key":"copy","CopySource":"/b/d%2Fx"}`); got.Output.Field("CopyObjectResult").Field("ETag").Text() == "" {
		t.Error(got.text())
	}
	got := do("aws-sdk:s3:getObject", `{"Bucket":"b","Key":"copy"}`).Output
	if got.Field("Body").Text() != `"text data"` || got.Field("ContentLength").String() != "11" || got.Field("ContentType").Text() != "binary/octet-stream" {
		t.Errorf("%s", got)
	}
	for text, want := range map[string]string{"bytes=1-4": "text", "bytes=6-": `data"`, "bytes=-5": `data"`, "bytes=0-99": `"text data"`, "lines=1": `"text data"`} {
		if got := do("aws-sdk:s3:getObject", `{"Bucket":"b","Key":"copy","Range":"`+text+`"}`).Output.Field("Body").Text(); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
	if got := do("aws-sdk:s3:getObject", `{"Bucket":"b","Key":"copy","Range":"bytes=11-"}`).text(); !strings.HasPrefix(got, "failed S3.InvalidArgument") {
		t.Error(got)
	}
}

func TestS3Listings(t *testing.T) {
	s := newSet()
	for _, key := range []string{"a/1", "a/2", "a/3", "b", "c/x/1", "c/x/2", "d"} {
		if _, err := s.Storage.Put(context.Background(), "b", key, []byte("x"), ""); err != nil {
			t.Fatal(err)
		}
	}
	list := func(args string) (keys, next string) {
		t.Helper()
		o := s.Plan(schedule("arn:aws:states:::aws-sdk:s3:listObjectsV2", args)).(*Call).Do(context.Background())
		if o.Failure != nil {
			t.Fatal(o.text())
		}
		var all []string
		for _, c := range o.Output.Field("Contents").Elems() {
			all = append(all, c.Field("Key").Text())
		}
		for _, p := range o.Output.Field("CommonPrefixes").Elems() {
			all = append(all, p.Field("Prefix").Text())
		}
		return strings.Join(all, " "), o.Output.Field("NextContinuationToken").Text()
	}
	for args, want := range map[string]string{
		`{"Bucket":"b"}`: "a/1 a/2 a/3 b c/x/1 c/x/2 d",
		`{"Bucket":"b","Prefix":"a/","StartAfter":"a/1"}`: "a/2 a/3",
		`{"Bucket":"b","Delimiter":"/"}`:                  "b d a/ c/",
		`{"Bucket":"b","Delimiter":"/","Prefix":"c/"}`:    "c/x/",
		`{"Bucket":"b","Prefix":"z"}`:                     "",
	} {
		if got, next := list(args); got != want || next != "" {
			t.Errorf("%s: %s, next %q", args, got, next)
		}
	}
	first, next := list(`{"Bucket":"b","MaxKeys":2,"Delimiter":"/"}`)
	second, end := list(`{"Bucket":"b","MaxKeys":2,"Delimiter":"/","ContinuationToken":"` + next + `"}`)
	if first != "b a/" || second != "d c/" || end != "" {
		t.Errorf("pages are %q and %q, the end %q", first, second, end)
	}
}

func TestStartExecution(t *testing.T) {
	s := newSet()
	for input, want := range map[string]string{`{"a":1}`: `{"a":1}`, `"[1, 2]"`: `[1, 2]`, `null`: `{}`, `"\"text\""`: `"text"`} {
		c, ok := s.Plan(schedule("arn:aws:states:::states:startExecution", `{"StateMachineArn":"m","Name":"n","Input":`+input+`}`)).(*Child)
		if !ok || c.InputText != want || c.MachineARN != "m" || c.Name != "n" {
			t.Errorf("%s: %+v", input, c)
		}
	}
	p := s.Plan(schedule("arn:aws:states:::states:startExecution", `{"StateMachineArn":"m","Input":"{"}`))
	if a, ok := p.(*Answer); !ok || !strings.HasPrefix(a.text(), "failed StepFunctions.InvalidExecutionInputException Invalid State Machine Execution Input: '") {
		t.Errorf("%+v", p)
	}
	c := s.Plan(schedule("arn:aws:states:::states:startExecution", `{"StateMachineArn":"m"}`)).(*Child)
	accepted := c.Accepted("arn:x", fixedTime).Output
	// {"executionArn":"arn:x","startDate":1.77260076789E9}
	if got := accepted.Field("SdkHttpMetadata").Field("HttpHeaders").Field("Content-Length").Text(); got != "52" {
		t.Errorf("Content-Length is %s", got)
	}
}

func TestTheOutcomeOfAChild(t *testing.T) {
	name := "E"
	done := ChildInfo{ARN: "x", MachineARN: "m", Name: "n", Status: interp.Succeeded, Input: `{"a": 1}`, Output: `[1]`, Started: fixedTime, Stopped: fixedTime}
	cases := []struct {
		pattern asl.Pattern
		info    ChildInfo
		want    string
	}{
		{asl.Sync, done, `{"ExecutionArn":"x","Input":"{\"a\": 1}","InputDetails":{"Included":true},"Name":"n","Output":"[1]","OutputDetails":{"Included":true},` +
			`"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven",` +
			`"StartDate":1772600767890,"StateMachineArn":"m","Status":"SUCCEEDED","StopDate":1772600767890}`},
		{asl.Sync2, done, `{"ExecutionArn":"x","Input":{"a":1},"InputDetails":{"Included":true},"Name":"n","Output":[1],"OutputDetails":{"Included":true},` +
			`"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven",` +
			`"StartDate":1772600767890,"StateMachineArn":"m","Status":"SUCCEEDED","StopDate":1772600767890}`},
		{
			asl.Sync,
			ChildInfo{ARN: "x", MachineARN: "m", Name: "n", Status: interp.FailedRun, Input: `{}`, Error: &name, Started: fixedTime, Stopped: fixedTime},
			`failed States.TaskFailed {"Error":"E","ExecutionArn":"x","Input":"{}","InputDetails":{"Included":true},"Name":"n",` +
				`"RedriveCount":0,"RedriveStatus":"REDRIVABLE","StartDate":1772600767890,"StateMachineArn":"m","Status":"FAILED","StopDate":1772600767890}`,
		},
	}
	for _, c := range cases {
		if got := c.info.outcome(c.pattern).text(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestSDKCalls(t *testing.T) {
	s := newSet()
	s.SDK = func(_ context.Context, service, action string, args jsonvalue.Value) (jsonvalue.Value, error) {
		switch action {
		case "refuse":
			return jsonvalue.Value{}, &ServiceError{Code: "InvalidToken", Message: "Invalid Token: 'Invalid token'"}
		case "break":
			return jsonvalue.Value{}, errors.New("it broke")
		}
		return args.With("At", jsonvalue.StringOf(service+":"+action)), nil
	}
	for action, want := range map[string]string{
		"describe": `{"Input":"{\"a\":1}","Name":"n","At":"sfn:describe"}`,
		"refuse":   `failed Sfn.InvalidTokenException Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: ` + fixedID + `) (SDK Attempt Count: 1)`,
		"break":    `failed Sfn.InternalServerException it broke (Service: Sfn, Status Code: 500, Request ID: ` + fixedID + `) (SDK Attempt Count: 1)`,
	} {
		c := s.Plan(schedule("arn:aws:states:::aws-sdk:sfn:"+action, `{"Input":{"a":1},"Name":"n"}`)).(*Call)
		if got := c.Do(context.Background()).text(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// A cause stays the JSON that it was, with the request's id in it.
func FuzzCause(f *testing.F) {
	for _, seed := range []string{
		`{"errorType":"E"}`, `{"errorMessage": "m", "errorType": "E", "stackTrace": ["a"]}`, `{"errorType":"","stackTrace":1}`,
		`{"a":{"b":1,"stackTrace":1},"errorType":"E"}`, `{"errorType":"E", "stackTrace" : []}`, `{}`, `text`, `{"errorType"`,
	} {
		f.Add(seed)
	}
	s := newSet()
	f.Fuzz(func(t *testing.T, cause string) {
		before, err := jsonvalue.Parse(cause)
		if err != nil || !before.Field("errorType").IsValid() || before.Field("requestId").IsValid() || cause[0] != '{' {
			if got := s.withRequestID(cause); got != cause {
				t.Errorf("%q became %q", cause, got)
			}
			return
		}
		for name, got := range map[string]string{"plain": s.withRequestID(cause), "compact": s.compactCause(cause)} {
			after, err := jsonvalue.Parse(got)
			if err != nil {
				t.Fatalf("%s: %q became %q: %v", name, cause, got, err)
			}
			if after.Field("requestId").Text() != fixedID || !jsonvalue.Equal(after.Without("requestId"), before) {
				t.Errorf("%s: %q became %q", name, cause, got)
			}
		}
	})
}
