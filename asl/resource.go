package asl

import "strings"

// ResourceKind is the family of a Task's Resource. It decides the history
// events that the Task leaves.
type ResourceKind uint8

// The families of resources.
const (
	// ResourceUnknown is an ARN of no family that we know.
	ResourceUnknown ResourceKind = iota
	// ResourceLambda is a function's ARN: events LambdaFunction….
	ResourceLambda
	// ResourceActivity is an activity's ARN: events Activity….
	ResourceActivity
	// ResourceIntegration is arn:aws:states:::SERVICE:ACTION[.PATTERN]: events Task….
	ResourceIntegration
	// ResourceWasm is wasm:NAME: events LambdaFunction….
	ResourceWasm
)

// Pattern is how a service integration waits for its work.
type Pattern uint8

// The integration patterns.
const (
	RequestResponse Pattern = iota
	Sync
	Sync2
	WaitForTaskToken
)

// suffixes are the texts of the patterns at the end of a Resource.
var suffixes = map[string]Pattern{".sync": Sync, ".sync:2": Sync2, ".waitForTaskToken": WaitForTaskToken}

// Resource is a Task's Resource, taken apart.
type Resource struct {
	// ARN is the text as written.
	ARN  string
	Kind ResourceKind
	// Name is the function's, activity's or module's name without qualifier.
	Name string
	// Service is what TaskScheduled shows as resourceType: lambda, states,
	// aws-sdk:s3 …
	Service string
	// Action is what TaskScheduled shows as resource, with the pattern's
	// suffix: invoke, startExecution.sync:2 …
	Action string
	// API is Action without the suffix.
	API     string
	Pattern Pattern
}

// ParseResource takes a Resource apart. Every text is a Resource; what cannot
// be placed is ResourceUnknown.
func ParseResource(arn string) Resource {
	r := Resource{ARN: arn}
	if name, ok := strings.CutPrefix(arn, "wasm:"); ok {
		r.Kind, r.Name = ResourceWasm, name
		return r
	}
	part := strings.Split(arn, ":")
	if len(part) < 6 || part[0] != "arn" {
		return r
	}
	switch {
	case part[2] == "lambda" && part[5] == "function" && len(part) >= 7:
		r.Kind, r.Name = ResourceLambda, part[6]
	case part[2] == "states" && part[5] == "activity" && len(part) >= 7:
		r.Kind, r.Name = ResourceActivity, strings.Join(part[6:], ":")
	case part[2] == "states" && part[3] == "" && part[4] == "":
		r.integration(strings.Join(part[5:], ":"))
	}
	return r
}

// integration reads SERVICE:ACTION[.PATTERN] or aws-sdk:SERVICE:ACTION[.PATTERN].
func (r *Resource) integration(text string) {
	base := text
	for suffix, pattern := range suffixes {
		if b, ok := strings.CutSuffix(text, suffix); ok {
			base, r.Pattern = b, pattern
		}
	}
	at := strings.LastIndexByte(base, ':')
	if at < 0 {
		return
	}
	r.Kind = ResourceIntegration
	r.Service, r.API = base[:at], base[at+1:]
	r.Action = text[at+1:]
}
