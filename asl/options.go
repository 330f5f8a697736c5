package asl

// Option changes how a definition is read, or what Validate allows.
type Option func(*options)

type options struct {
	express  bool
	jsonOnly bool
	fillable bool
	bound    func(Resource) bool
	tags     TagResolver
	original func(line, column int) (int, int)
}

func optionsOf(opts []Option) options {
	var o options
	for _, set := range opts {
		set(&o)
	}
	return o
}

// Express validates for an EXPRESS machine, which has no activities, no .sync
// and .waitForTaskToken, and no Distributed Map.
func Express(o *options) { o.express = true }

// JSONOnly reads a definition as AWS's API does: JSON and nothing else, with
// mistakes told in the words and places of the library that AWS reads it with.
// The name does not count.
func JSONOnly(o *options) { o.jsonOnly = true }

// Fillable validates a text in which people may have left a ${NAME} to be
// filled in before it is deployed. Such a value can be anything, so it is a
// warning that names it, and never a mistake of another kind.
func Fillable(o *options) { o.fillable = true }

// Bound tells of the resources that something is bound to, whatever AWS knows of
// them: they are always accepted.
func Bound(bound func(Resource) bool) Option {
	return func(o *options) { o.bound = bound }
}

// ResolveTags lets r give the values of YAML's tags that are not of YAML itself,
// such as !Ref; without it they are mistakes.
func ResolveTags(r TagResolver) Option {
	return func(o *options) { o.tags = r }
}

// Original tells where a position of the text stands in the file that the text
// was made of. Diagnostics and [Source.Locate] give positions of the file.
func Original(position func(line, column int) (int, int)) Option {
	return func(o *options) { o.original = position }
}
