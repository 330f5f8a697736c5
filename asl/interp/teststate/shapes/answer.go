package shapes

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl"
)

// Answer is what the work of a Task gives when a service does it.
type Answer struct {
	shape *shape
	// name makes a member's name of the model's.
	name func(string) string
	// free are the members that can be any JSON value, whatever the model says.
	free []string
}

// sdkPrefix begins the services of SDK integrations.
const sdkPrefix = "aws-sdk:"

// sdkNames are the names that services have after aws-sdk:, where those of their
// optimised integrations differ.
var sdkNames = map[string]string{
	"bedrock":          "bedrockruntime",
	"elasticmapreduce": "emr",
	"emr-containers":   "emrcontainers",
	"emr-serverless":   "emrserverless",
	"events":           "eventbridge",
	"states":           "sfn",
}

// parsed are the members that optimised integrations give as the JSON that they
// hold, where the model has bytes or text (AWS's documentation of each of them).
var parsed = map[string][]string{
	"bedrock:invokeModel":          {"Body"},
	"lambda:invoke":                {"Payload"},
	"states:startExecution.sync:2": {"Input", "Output"},
}

// polled are the actions whose answer is the result of a job that a Task waits
// for, in place of the answer of the action that starts it.
var polled = map[string]string{
	"states:startExecution.sync":   "describeExecution",
	"states:startExecution.sync:2": "describeExecution",
}

// Of gives what a service answers to a Task with this Resource. It is nil where
// any answer will do: it comes by a task token, no model is known, or the
// operation answers nothing.
func Of(r asl.Resource) *Answer {
	if r.Kind != asl.ResourceIntegration || r.Pattern == asl.WaitForTaskToken {
		return nil
	}
	a := &Answer{name: sdkName}
	service, isSDK := strings.CutPrefix(r.Service, sdkPrefix)
	action := r.API
	if !isSDK {
		full := r.Service + ":" + r.Action
		a.name, a.free = capitalise, parsed[full]
		if name, ok := sdkNames[service]; ok {
			service = name
		}
		if r.Pattern != asl.RequestResponse {
			action = polled[full]
		}
	}
	t := tableOf(service)
	if t == nil {
		return nil
	}
	if a.shape = t.operations[capitalise(action)]; a.shape == nil {
		return nil
	}
	return a
}

// capitalise makes a name begin with a capital letter: the names of members in
// optimised integrations, and those of operations.
func capitalise(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + name[size:]
}

// sdkName gives the name of a member in SDK integrations: that of the AWS SDK
// for Java 2, which takes capitals at the beginning for one word (SSEKMSKeyId
// is its ssekmsKeyId, MD5OfBody its md5OfBody, ETag its eTag), with a capital
// letter in front.
func sdkName(name string) string {
	runes := []rune(name)
	for i := range runes {
		isCapital := unicode.IsUpper(runes[i])
		endsWord := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if i > 0 && (!isCapital || endsWord) {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	return capitalise(string(runes))
}

// isFree tells whether a member of the answer itself can be any JSON value.
func (a *Answer) isFree(name string) bool { return slices.Contains(a.free, name) }
