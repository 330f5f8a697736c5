package asl

import (
	"maps"
	"slices"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// VariableReferences lists, for each state that refers to variables, their names
// in order, without the $. It is what DescribeStateMachine calls
// variableReferences; states in branches and item processors are in it too. It is
// nil when no state refers to a variable.
func VariableReferences(m *StateMachine) map[string][]string {
	return blockReferences(m.Source.Document, m.QueryLanguage)
}

// ProcessorReferences is VariableReferences of a Map state's item processor.
func ProcessorReferences(m *Map) map[string][]string { return blockReferences(m.Written, m.Around) }

func blockReferences(block jsonvalue.Value, machine QueryLanguage) map[string][]string {
	refs := map[string][]string{}
	referencesOf(block, machine, refs)
	if len(refs) == 0 {
		return nil
	}
	return refs
}

func referencesOf(block jsonvalue.Value, machine QueryLanguage, refs map[string][]string) {
	for name, state := range block.Field("States").Members() {
		found := map[string]bool{}
		language := builder{machine}.languageOf(state)
		for key, v := range state.Members() {
			switch key {
			case "ItemProcessor", "Iterator":
				referencesOf(v, machine, refs)
			case "Branches":
				for _, b := range v.Elems() {
					referencesOf(b, machine, refs)
				}
			case "Comment", "Next", "Default", "Result":
			default:
				collectReferences(key, v, language, found)
			}
		}
		if len(found) > 0 {
			refs[name] = slices.Sorted(maps.Keys(found))
		}
	}
}

// collectReferences looks for variables in a field. In JSONPath states only
// fields that hold queries count: those named …Path, Variable, and ….$.
func collectReferences(key string, v jsonvalue.Value, language QueryLanguage, found map[string]bool) {
	switch v.Kind() {
	case jsonvalue.String:
		if language == JSONata {
			if expr, ok := ExpressionText(v); ok {
				jsonataReferences(expr, found)
			}
		} else if strings.HasSuffix(key, "Path") || strings.HasSuffix(key, ".$") || key == "Variable" {
			pathReferences(v.Text(), found)
		}
	case jsonvalue.Array, jsonvalue.Object:
		for i, e := range v.Elems() {
			k := key
			if v.Kind() == jsonvalue.Object {
				k = v.KeyAt(i)
			}
			collectReferences(k, e, language, found)
		}
	case jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.Invalid:
	}
}

// pathReferences finds $name in a path or an intrinsic function call, outside
// of its quoted parts. $$ is the Context Object.
func pathReferences(query string, found map[string]bool) {
	for i := 0; i < len(query); i++ {
		switch query[i] {
		case '\'', '"':
			i = skipQuoted(query, i)
		case '$':
			name := identifierAt(query[i+1:])
			if name != "" && (i == 0 || query[i-1] != '$') {
				found[name] = true
			}
			i += len(name)
		}
	}
}

// skipQuoted gives the index of the quote that ends the one at i, or the end.
func skipQuoted(s string, i int) int {
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case s[i]:
			return j
		}
	}
	return len(s)
}

// identifierAt gives the identifier that s starts with, or "".
func identifierAt(s string) string {
	end := 0
	for i, r := range s {
		if !isIdentifier(s[:i+len(string(r))]) {
			break
		}
		end = i + len(string(r))
	}
	return s[:end]
}
