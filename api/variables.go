package api

import (
	"regexp"
	"slices"
	"strings"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// variableReferences lists, for each state that refers to variables, their
// names in alphabetical order: DescribeStateMachine's variableReferences. It
// reads the document and not the syntax tree, because it needs every query of
// a state and nothing of what the queries are for.
func variableReferences(m *asl.StateMachine) map[string][]string {
	c := referenceCollector{found: map[string][]string{}}
	c.block(m.Source.Document, m.QueryLanguage)
	for state, names := range c.found {
		slices.Sort(names)
		c.found[state] = slices.Compact(names)
	}
	if len(c.found) == 0 {
		return nil
	}
	return c.found
}

type referenceCollector struct{ found map[string][]string }

// block collects from all states of an object that has States.
func (c *referenceCollector) block(block jsonvalue.Value, language asl.QueryLanguage) {
	for name, state := range block.Field("States").Members() {
		own := language
		switch state.Field("QueryLanguage").Text() {
		case "JSONata":
			own = asl.JSONata
		case "JSONPath":
			own = asl.JSONPath
		}
		for key, field := range state.Members() {
			switch {
			case key == "ItemProcessor" || key == "Iterator":
				c.block(field, language)
			case key == "Branches":
				for _, branch := range field.Elems() {
					c.block(branch, language)
				}
			case key == "Result" && own == asl.JSONPath: // literal
			case key == "Comment":
			default:
				c.field(name, key, field, own)
			}
		}
	}
}

// field collects from one field of a state, with all that lies below it.
func (c *referenceCollector) field(state, key string, v jsonvalue.Value, language asl.QueryLanguage) {
	switch v.Kind() {
	case jsonvalue.String:
		if language == asl.JSONata {
			if expr, ok := asl.ExpressionText(v); ok {
				c.found[state] = append(c.found[state], jsonataVariables(expr)...)
			}
		} else if strings.HasSuffix(key, ".$") || strings.HasSuffix(key, "Path") || key == "Variable" {
			c.found[state] = append(c.found[state], pathVariables(v.Text())...)
		}
	case jsonvalue.Array:
		for _, e := range v.Elems() {
			c.field(state, key, e, language)
		}
	case jsonvalue.Object:
		for k, e := range v.Members() {
			c.field(state, k, e, language)
		}
	}
	if len(c.found[state]) == 0 {
		delete(c.found, state)
	}
}

var (
	pathQuoted   = regexp.MustCompile(`'(?:[^'\\]|\\.)*'`)
	pathVariable = regexp.MustCompile(`(?:^|[^$\pL\pN_.@])\$([\pL_][\pL\pN_]*)`)
)

// pathVariables finds the variables in a path or an intrinsic function.
func pathVariables(text string) (names []string) {
	text = pathQuoted.ReplaceAllString(text, "''")
	for _, m := range pathVariable.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

var (
	jsonataSkipped    = regexp.MustCompile(`(?s)/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|` + "`[^`]*`")
	jsonataVariable   = regexp.MustCompile(`\$([\pL_][\pL\pN_]*)\s*(\(|:=)?`)
	jsonataParameters = regexp.MustCompile(`(?:\bfunction|λ)\s*\(([^)]*)\)`)
)

// jsonataVariables finds the state machine's variables in a JSONata
// expression: those that it neither binds itself nor calls.
func jsonataVariables(expr string) (names []string) {
	expr = jsonataSkipped.ReplaceAllString(expr, "''")
	own := map[string]bool{"states": true}
	for _, m := range jsonataParameters.FindAllStringSubmatch(expr, -1) {
		for _, p := range jsonataVariable.FindAllStringSubmatch(m[1], -1) {
			own[p[1]] = true
		}
	}
	found := jsonataVariable.FindAllStringSubmatch(expr, -1)
	for _, m := range found {
		if m[2] != "" {
			own[m[1]] = true // bound, or a function
		}
	}
	for _, m := range found {
		if !own[m[1]] {
			names = append(names, m[1])
		}
	}
	return names
}
