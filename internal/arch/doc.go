// Package arch holds the architecture's rules as tests: which package may
// import which, so that dependencies keep to one direction.
package arch
