// Package sandboxtest has what the tests of all packages share that run modules
// on the real engine: a folder for what was compiled, and a program that compiles.
// That program is built without the race detector, under which compiling a module
// takes several times as long and finds nothing.
package sandboxtest
