// Package intrinsic compiles and evaluates the Intrinsic Functions of the
// JSONPath query language, States.Format('Hello {}', $.name) (Amazon States
// Language, "Intrinsic Functions" and Appendix B).
//
// [Compile] checks what can be known from the text: the syntax, the function's
// name, the number of arguments, the paths in it. [Call.Eval] asks its [Env] for
// what paths name and for randomness, so that it has no input of its own and an
// execution can be replayed.
//
// All functions stand in one table (table.go), which gives each its arity and
// what computes it; array.go, math.go and text.go hold these by subject. Where
// the specification is silent they do what AWS was recorded to do: fractions
// are rounded half up, States.Format writes objects as Java does, and
// States.StringSplit takes each character of its delimiter as one and drops
// empty parts.
package intrinsic
