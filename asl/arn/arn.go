package arn

import "strings"

// ARN is an Amazon Resource Name, taken apart at its first five colons:
//
//	arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
//
// Region and account may be empty: arn:aws:states:::lambda:invoke.
type ARN struct {
	Partition string
	Service   string
	Region    string
	Account   string
	Resource  string
}

// Parse takes an ARN apart. A text that does not have the six parts is none.
func Parse(text string) (a ARN, ok bool) {
	part := strings.SplitN(text, ":", 6)
	if len(part) < 6 || part[0] != "arn" || part[5] == "" {
		return ARN{}, false
	}
	return ARN{part[1], part[2], part[3], part[4], part[5]}, true
}

// String puts the ARN together.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// partitionOf gives the partition that a region belongs to.
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}
