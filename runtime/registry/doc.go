// Package registry keeps the state machines that executions can be started of:
// their revisions, published versions, aliases, and the tags of every resource.
//
// [Compile] turns a definition's text into a [Definition]. A [Registry] stores
// it under the machine's ARN; [Registry.Resolve] leads from the ARN of a machine,
// a version or an alias to the [Machine] that an execution is to run. A Machine
// is an immutable revision: an update makes another one, and executions that
// run keep the one that they started with.
package registry
