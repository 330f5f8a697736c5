package integration

import (
	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/arn"
)

// Bindings are the names of the modules that a configuration binds ARNs to.
type Bindings map[string]string

// Bound gives the module that a resource is bound to, by any of its spellings.
func (b Bindings) Bound(r asl.Resource) (module string, ok bool) {
	for _, text := range r.Spellings() {
		if module, ok = b[text]; ok {
			return module, true
		}
	}
	return "", false
}

// Binds tells whether a resource is bound to a module.
func (b Bindings) Binds(r asl.Resource) bool {
	_, ok := b.Bound(r)
	return ok
}

// Function gives the module that does the work of a function: the one that its
// ARN is bound to, or the one of its name.
func (b Bindings) Function(text string) (f arn.Function, module string, ok bool) {
	f, ok = arn.ParseFunction(text)
	if !ok {
		return f, "", false
	}
	if module, bound := b.Bound(asl.ParseResource(text)); bound {
		return f, module, true
	}
	return f, f.Name, true
}

// Static gives the module that a Task is known to need before it runs, or "" when
// there is none or the Task works it out.
func (b Bindings) Static(t *asl.Task) string {
	r := t.Resource
	if module, ok := b.Bound(r); ok {
		return module
	}
	switch r.Kind {
	case asl.ResourceLambda, asl.ResourceActivity, asl.ResourceWasm:
		return r.Name
	case asl.ResourceIntegration:
		if r.Service == "lambda" && r.API == "invoke" {
			_, module, _ := b.Function(literalFunction(t))
			return module
		}
	case asl.ResourceUnknown:
	}
	return ""
}

// literalFunction is the FunctionName that a Task has in so many words, or "".
func literalFunction(t *asl.Task) string {
	if given := t.Parameters.Field("FunctionName"); given.IsValid() {
		return given.Text()
	}
	given := t.Arguments.Field("FunctionName")
	if _, computed := asl.ExpressionText(given); computed {
		return ""
	}
	return given.Text()
}
