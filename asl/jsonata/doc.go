// Package jsonata is JSONata as AWS Step Functions has it: version 2.0.6 of the
// language, without $eval and with the functions that AWS adds.
//
// [Compile] reads an expression once; [Expr.Eval] evaluates it, from as many
// goroutines as one likes. Values are looked at in the document where they
// stand; nothing is converted as a whole. Evaluation is deterministic: time and
// chance come with the [Input]. It is bounded by [Limits] in steps, depth and
// memory, and ends with its context.
package jsonata
