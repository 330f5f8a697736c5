package arn

import "strings"

// Home is where new resources are: their ARNs show its region and account, and
// the partition that the region belongs to.
type Home struct {
	Region  string
	Account string
}

// StateMachine gives a state machine's ARN.
func (h Home) StateMachine(name string) string { return h.states(StateMachine, name) }

// Execution gives the ARN of a STANDARD execution. The path is MACHINE, or
// MACHINE/LABEL for a child of a Distributed Map.
func (h Home) Execution(path, name string) string { return h.states(Execution, path, name) }

// Express gives the ARN of an EXPRESS execution.
func (h Home) Express(path, name, id string) string { return h.states(Express, path, name, id) }

// Tested gives the ARN of what TestState runs: an EXPRESS execution without an ID
// (recorded).
func (h Home) Tested(path, name string) string { return h.states(Express, path, name) }

// Activity gives an activity's ARN.
func (h Home) Activity(name string) string { return h.states(Activity, name) }

// MapRun gives a Map Run's ARN; the path is MACHINE/LABEL.
func (h Home) MapRun(path, id string) string { return h.states(MapRun, path, id) }

// Function gives the ARN of a function, or of a version or alias of it.
func (h Home) Function(name, qualifier string) string {
	return h.of("lambda", strings.TrimSuffix("function:"+name+":"+qualifier, ":"))
}

// Role gives the ARN of an IAM role, which is in no region.
func (h Home) Role(name string) string {
	return ARN{partitionOf(h.Region), "iam", "", h.Account, "role/" + name}.String()
}

func (h Home) states(kind Kind, part ...string) string {
	return h.of("states", string(kind)+":"+strings.Join(part, ":"))
}

func (h Home) of(service, resource string) string {
	return ARN{partitionOf(h.Region), service, h.Region, h.Account, resource}.String()
}
