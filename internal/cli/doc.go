// Package cli is the wasl command: its subcommands, flags, exit codes, and the
// wiring of configuration, storage, modules and engine that they share.
//
// [Main] is the whole program as a function, so that tests run it as a user
// does. The result of a command goes to standard output and nothing else does;
// messages and progress go to standard error.
package cli
