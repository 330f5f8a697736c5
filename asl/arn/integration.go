package arn

import "strings"

// ParseIntegration takes the ARN of a service integration apart, which Step
// Functions answers for:
//
//	arn:PARTITION:states:::SERVICE:ACTION[.PATTERN]
//	arn:PARTITION:states:::aws-sdk:SERVICE:ACTION[.PATTERN]
//
// Published workflows have a region and an account in it, and AWS takes them. The
// ARN given back is without those.
func ParseIntegration(text string) (a ARN, ok bool) {
	a, ok = Parse(text)
	if !ok || a.Service != "states" || isOwn(a.Resource) || !strings.Contains(a.Resource, ":") {
		return ARN{}, false
	}
	a.Region, a.Account = "", ""
	return a, true
}
