// Package history holds the events of an execution's history in the shapes that
// AWS Step Functions gives them.
package history
