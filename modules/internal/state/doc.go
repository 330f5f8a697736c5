// Package state rewrites a module so that all of its mutable state can be
// reached from outside: read once, after initialisation, and put back before
// each use.
//
// A module's state is its linear memory, its mutable globals, its tables, and
// which of its segments have been dropped. [Expose] exports the globals, turns
// dropped data segments into globals, and takes the active data segments and
// the start function out of the binary, so that instantiating it leaves memory
// alone; whoever instantiates it first writes the segments and calls the start
// function himself. Tables cannot be written from outside; a module that
// changes them keeps its state to itself, and [Layout] says so.
package state
