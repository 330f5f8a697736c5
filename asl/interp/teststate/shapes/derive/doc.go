// Command derive makes the tables that mocks of service calls are checked
// against (../tables.zip) of the models that AWS publishes for its services:
// those in the Go module github.com/aws/aws-sdk-go, of which it is the only
// user. It is a module of its own, so that what it needs is not a dependency of
// the program. The tables' format is described in the package shapes.
//
//	make        writes the tables
//	make check  tells whether they are what the models give
package main
