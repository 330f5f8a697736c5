// Package jsonata is JSONata as AWS Step Functions has it: version 2.0.6 of the
// language, without $eval and with the functions that AWS adds.
//
// [Compile] reads an expression once; [Expr.Eval] evaluates it, from as many
// goroutines as one likes. Values are looked at in the document where they
// stand; nothing is converted as a whole. Evaluation is deterministic: time and
// chance come with the [Input]. It is bounded by [Limits] in steps, depth and
// memory, and ends with its context.
//
// # From text to result
//
//	lexer, parser    the text becomes a tree (syntax)
//	resolve, parents the tree becomes what is evaluated: dots become paths, each % finds its step
//	program          the tree becomes nodes, each with an operation
//	evaluation       the budget, the scopes, and the evaluation of a node
//	path, tuple      paths and their predicates; items that carry variables (@, #, %)
//	operators …      one file for each group of operations
//	fn_*             the functions of the language, in tables (builtins)
//	format_*, date_* pictures of numbers, integers and dates
//
// A value is passed by value. Lists are the delicate part: an array that the
// evaluation has made itself is a sequence, which melts into other sequences
// and is its only element when it has but one. array has the flags, settle ends
// sequences.
//
// # AWS's additions
//
// $partition(array, size), $range(first, last, step), $hash(text, algorithm)
// with MD5, SHA-1, SHA-256, SHA-384 and SHA-512, $random(seed) with the numbers
// of java.util.Random, $uuid(), and $parse(text). There is no $eval.
//
// # Differences from the reference
//
// The reference suite passes, $eval left out. What else is known to differ:
//
//   - Members keep their order; JavaScript moves names that are integers to the
//     front. Numbers that pass through keep their text (1.0, 2^53+1).
//   - The items of [ ] and the values of { } are evaluated in order. The
//     reference evaluates them concurrently, so that of several errors another
//     may win.
//   - Functions have no members: the reference lets * and ** look into the
//     objects that it has for them. A function passed as an argument is as true
//     as any other.
//   - Functions of the language that are applied partially check their
//     arguments when they are called.
//   - The items of a path keep their variables through ^( ): the reference loses
//     them for what follows the sort.
//   - A transform puts copies into what it changes, so that no value can hold
//     itself.
//   - Dates: a time or a time zone that is none is an error, where the reference
//     writes NaN; years before 100 have their own ISO weeks.
//   - $formatNumber with an exponent ends for negative numbers and for 0.
//   - A faulty regular expression is S0303, with JavaScript's text, where the
//     reference lets JavaScript's own error out, which has no code. What is a
//     TypeError of JavaScript's there, such as a pattern that is undefined, is
//     T1006 here.
//   - $power and parsed letters may differ in the last digit.
//   - Leaving the language, half of a surrogate pair becomes U+FFFD.
//   - Limits: see [Limits]; nesting of expressions and values is limited to 1000
//     levels, pictures to 5000 bytes. All are errors of code U1001.
package jsonata
