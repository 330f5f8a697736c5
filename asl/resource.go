package asl

import (
	"strings"

	"github.com/waslrun/wasl/asl/arn"
)

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
	// ResourceIntegration is a service integration's ARN,
	// arn:aws:states:::SERVICE:ACTION[.PATTERN]: events Task….
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
	// Name is the function's, activity's or module's name.
	Name string
	// Qualifier is the version or alias of the function that is meant, or "".
	Qualifier string
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
func ParseResource(text string) Resource {
	r := Resource{ARN: text}
	if name, ok := strings.CutPrefix(text, "wasm:"); ok {
		r.Kind, r.Name = ResourceWasm, name
		return r
	}
	if !strings.HasPrefix(text, "arn:") {
		return r
	}
	if f, ok := arn.ParseFunction(text); ok {
		r.Kind, r.Name, r.Qualifier = ResourceLambda, f.Name, f.Qualifier
	} else if a, err := arn.ParseStates(text, arn.Activity); err == nil {
		r.Kind, r.Name = ResourceActivity, a.Name
	} else if a, ok := arn.ParseIntegration(text); ok {
		r.integration(a.Resource)
	}
	return r
}

// Spellings gives the ARNs that mean the same work, the most particular first: as
// written, then without what may be left out. That is a function's qualifier, or
// an integration's region and account, and its pattern.
func (r Resource) Spellings() []string {
	all := []string{r.ARN}
	switch r.Kind {
	case ResourceLambda:
		if r.Qualifier != "" {
			all = append(all, strings.TrimSuffix(r.ARN, ":"+r.Qualifier))
		}
	case ResourceIntegration:
		suffix := strings.TrimPrefix(r.Action, r.API)
		if suffix != "" {
			all = append(all, strings.TrimSuffix(r.ARN, suffix))
		}
		if a, ok := arn.ParseIntegration(r.ARN); ok && a.String() != r.ARN {
			all = append(all, a.String())
			if suffix != "" {
				all = append(all, strings.TrimSuffix(a.String(), suffix))
			}
		}
	case ResourceUnknown, ResourceActivity, ResourceWasm:
	}
	return all
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
