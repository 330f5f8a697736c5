// Package simulate runs an execution on virtual time with mocked answers.
//
// A [Run] carries out the interpreter's commands itself: tasks are answered by
// a function ([MockConfig] makes one from AWS's MockConfigFile format), timers
// fire as soon as nothing else is left to do at their time, the children of a
// Distributed Map are runs of their own. A year of waiting takes no time, and
// the same Run always gives the same [Result], history and all.
package simulate
