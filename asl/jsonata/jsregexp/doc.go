// Package jsregexp is JavaScript's regular expressions as ECMAScript 2018 and
// node have them: expressions without the flags u and v, which see a text as
// UTF-16 units, with the leniencies of the standard's Annex B.
//
// [Compile] reads an expression once; [Regexp.Find] searches a text from a
// position, from as many goroutines as one likes. A search looks at no part of
// the text before its position but what a lookbehind, \b or ^ asks for, so that
// finding all matches of an expression takes time linear in the text and in the
// matches.
//
// # From text to match
//
//	parse    the pattern becomes a tree (syntax)
//	set      sets of units, and what folding the case of letters makes of them
//	compile  the tree becomes a program of instructions
//	match    the program runs over a text, with a stack of choices to go back to
//
// Matching goes back and tries again, as the standard describes it, and so may
// take time exponential in the text. It is bounded by counted steps, never by a
// clock: a [Budget] says how many steps one match may take, and is charged for
// them as they are taken, so that whoever pays can end the match.
//
// # Memory
//
// The stack of choices has no more than 4 Mi entries of 16 bytes, as large as
// node's. A match that needs more ends with a [LimitError].
package jsregexp
