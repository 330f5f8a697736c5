// Package substitution fills the ${NAME} that people leave in a definition's text
// for what is known when it is deployed: CloudFormation's and SAM's
// DefinitionSubstitutions, Terraform's templatefile, a flag of the command line.
//
// It works on the text, before anything is parsed, since a ${NAME} may stand
// where a number or an object has to be, in a text that is no JSON until then.
// [Apply] keeps track of what went where, so that a position in what it made can
// be told as one in the file that somebody wrote ([Text.Position]).
//
// Where values come from is not its business: a [Lookup] gives them, of a map,
// of a template's parameters and resources, or of several of those in turn
// ([First]).
package substitution
