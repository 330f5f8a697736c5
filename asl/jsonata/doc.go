// Package jsonata is JSONata as AWS Step Functions has it: version 2.0.6 of the
// language, without $eval and with the functions that AWS adds.
//
// [Compile] reads an expression once; [Expr.Eval] evaluates it, from as many
// goroutines as one likes. Values are looked at in the document where they
// stand; nothing is converted as a whole. Evaluation is deterministic: time and
// chance come with the [Input]. An account counts its work and the memory that is
// in use ([bounds.Account]), and can end it.
//
// # From text to result
//
//	lexer, parser    the text becomes a tree (syntax)
//	resolve, parents the tree becomes what is evaluated: dots become paths, each % finds its step
//	program          the tree becomes nodes, each with an operation
//	evaluation       the scopes, and the evaluation of a node
//	account          what it does and holds
//	path, tuple      paths and their predicates; items that carry variables (@, #, %)
//	operators …      one file for each group of operations
//	regex, subject   regular expressions (jsregexp matches them) and the strings that they search
//	power            powers, bit by bit those of V8
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
// The reference suite passes, $eval left out, and make jsonata-diff compares
// 100,000 generated programs with npm's jsonata 2.0.6, values, codes and
// messages. What is known to differ, and why, stands in docs/LIMITS.md.
package jsonata
