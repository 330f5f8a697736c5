package asl

import (
	"errors"
	"slices"
	"strings"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// expression checks a JSONata expression and tells whether the text is one. A
// text with spaces around its {% %} is a constant (AWS takes it as it stands),
// one that only opens or only closes is a mistake.
func (c *checker) expression(at *Place, s string, around scope) bool {
	text, ok := ExpressionText(jsonvalue.StringOf(s))
	if !ok {
		opens, closes := strings.HasPrefix(s, "{%"), strings.HasSuffix(s, "%}")
		if opens != closes {
			c.schema(at, "A JSONata expression must start with {%% and end with %%}")
		}
		return opens != closes
	}
	e, err := jsonata.Compile(text)
	if err != nil {
		c.error(at, InvalidJSONata, "%s", jsonataMessage(err))
		return true
	}
	for _, name := range e.Inputs() {
		c.error(at, UnsupportedJSONata, "Reference to '%s' at the top level is not supported.", name).
			hint("there is no input document: the state's input is $states.input, a variable is $name")
	}
	for _, path := range e.Paths("states") {
		c.statesField(at, path, around)
	}
	return true
}

// jsonataMessage is what the library says, without its code.
func jsonataMessage(err error) string {
	if known := (*jsonata.Error)(nil); errors.As(err, &known) {
		return known.Message
	}
	return err.Error()
}

// statesField refuses fields of $states where there are none (spec: Reserved
// "states" Variable; AWS documentation, "Transforming data with JSONata": it is
// caught at creation).
func (c *checker) statesField(at *Place, path []string, s scope) {
	if len(path) == 0 {
		return
	}
	missing := map[string]bool{"result": !s.result, "errorOutput": !s.errorOutput}
	if !missing[path[0]] {
		return
	}
	d := c.error(at, UnsupportedJSONata, "Reference to '$states.%s' is not supported in this field.", path[0])
	if path[0] == "result" {
		d.hint("Output and Assign of a Task, Parallel or Map have a result")
	} else {
		d.hint("Output and Assign of a catcher have an errorOutput")
	}
}

// usesTaskToken warns of a Task that waits for a token that nobody gets to know.
func usesTaskToken(c *checker, at *Place, v jsonvalue.Value, s scope) {
	resource := v.Field("Resource")
	if resource.Kind() != jsonvalue.String || ParseResource(resource.Text()).Pattern != WaitForTaskToken {
		return
	}
	field := "Parameters"
	if s.language == JSONata {
		field = "Arguments"
	}
	given, ok := v.Get(field)
	if ok && passesToken(given, s.language) || strings.HasPrefix(text(v, "InputPath"), "$$") {
		return
	}
	if ok {
		at = at.Field(field)
	}
	how := `"TaskToken.$": "$$.Task.Token"`
	if s.language == JSONata {
		how = `"TaskToken": "{% $states.context.Task.Token %}"`
	}
	c.warn(at, UnusedTaskToken, "The Task waits for its task token, but its %s do not pass it on", field).
		hint("%s", how)
}

// passesToken tells whether a template can contain the task token.
func passesToken(v jsonvalue.Value, language QueryLanguage) bool {
	switch v.Kind() {
	case jsonvalue.String:
		if language == JSONPath {
			return mentionsToken(v.Text())
		}
		return readsToken(v)
	case jsonvalue.Array, jsonvalue.Object:
		return slices.ContainsFunc(v.Elems(), func(e jsonvalue.Value) bool { return passesToken(e, language) })
	case jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.Invalid:
	}
	return false
}

// mentionsToken tells whether a path, or a call with paths in it, takes the
// token from the Context Object, or more of it.
func mentionsToken(query string) bool {
	for rest := query; ; {
		_, after, ok := strings.Cut(rest, "$$")
		if !ok {
			return false
		}
		rest = after
		path := strings.NewReplacer("['", ".", `["`, ".", "']", "", `"]`, "").Replace(after)
		if !strings.HasPrefix(path, ".") || strings.HasPrefix(path, "..") || strings.HasPrefix(path, ".Task") || strings.HasPrefix(path, ".*") {
			return true
		}
	}
}

func readsToken(v jsonvalue.Value) bool {
	text, ok := ExpressionText(v)
	if !ok {
		return false
	}
	e, err := jsonata.Compile(text)
	if err != nil {
		return true // reported as such
	}
	token := []string{"context", "Task", "Token"}
	return slices.ContainsFunc(e.Paths("states"), func(path []string) bool {
		n := min(len(path), len(token))
		return slices.Equal(path[:n], token[:n])
	})
}
