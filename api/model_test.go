package api

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// answersFile has the shapes of all answers, derived from AWS's model of the
// API as constraints.txt is for requests.
const answersFile = "testdata/model/answers.txt"

// unsetFile lists what no answer has, each with the reason: SHAPE.MEMBER, or
// the value of an enumeration as SHAPE=VALUE.
const unsetFile = "testdata/model/unset.txt"

// answerModel holds answers against the API's model and notes what of the model
// they have.
type answerModel struct {
	shapes map[string]*shape
	seen   map[string]bool
}

func newAnswerModel(t *testing.T) *answerModel {
	t.Helper()
	text, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	return &answerModel{shapes: readShapes(string(text)), seen: map[string]bool{}}
}

// check gives what is wrong with a value.
func (m *answerModel) check(name, path string, v jsonvalue.Value) (problems []string) {
	s := m.shapes[name]
	fail := func(format string, args ...any) []string {
		return append(problems, path+": "+fmt.Sprintf(format, args...))
	}
	wants := map[string]jsonvalue.Kind{
		"structure": jsonvalue.Object, "map": jsonvalue.Object, "list": jsonvalue.Array, "string": jsonvalue.String,
		"boolean": jsonvalue.Bool, "integer": jsonvalue.Number, "long": jsonvalue.Number, "float": jsonvalue.Number,
		"timestamp": jsonvalue.Number,
	}
	if want, known := wants[s.kind]; !known || v.Kind() != want {
		return fail("a %s, but %s is a %s", v.Kind(), name, s.kind)
	}
	size := v.Len()
	switch s.kind {
	case "structure":
		return m.checkMembers(s, path, v)
	case "map", "list":
		for i := range size {
			e, at := jsonvalue.Value{}, fmt.Sprint(path, "/", i)
			if s.kind == "list" {
				e = v.At(i)
			} else {
				e = v.Field(v.KeyAt(i))
			}
			problems = append(problems, m.check(s.of, at, e)...)
		}
	case "string":
		size = utf8.RuneCountInString(v.Text())
		if s.enum != nil && !slices.Contains(s.enum, v.Text()) {
			return fail("%q is no %s", v.Text(), name)
		}
		if s.enum != nil {
			m.seen[name+"="+v.Text()] = true
		}
		if s.matches != nil && !s.matches(v.Text()) {
			return fail("%q does not match %s", v.Text(), s.pattern)
		}
	case "integer", "long":
		n, whole := v.Int64()
		if !whole {
			return fail("%s is no whole number", v)
		}
		size = int(n)
	case "boolean", "float", "timestamp":
		return problems
	}
	if s.min != nil && int64(size) < *s.min || s.max != nil && int64(size) > *s.max {
		return fail("%d is out of %s's bounds", size, name)
	}
	return problems
}

func (m *answerModel) checkMembers(s *shape, path string, v jsonvalue.Value) (problems []string) {
	for _, member := range s.members {
		value, ok := v.Get(member.name)
		switch {
		case ok:
			m.seen[s.name+"."+member.name] = true
			problems = append(problems, m.check(member.shape, path+"/"+member.name, value)...)
		case member.required:
			problems = append(problems, path+": "+member.name+" is required")
		}
	}
	for key := range v.Members() {
		if !slices.ContainsFunc(s.members, func(m member) bool { return m.name == key }) {
			problems = append(problems, path+": the model has no "+key)
		}
	}
	return problems
}

// all lists the members of all structures and the types of all events.
func (m *answerModel) all() []string {
	var all []string
	for _, s := range m.shapes {
		for _, member := range s.members {
			all = append(all, s.name+"."+member.name)
		}
	}
	for _, value := range m.shapes["HistoryEventType"].enum {
		all = append(all, "HistoryEventType="+value)
	}
	slices.Sort(all)
	return all
}

// checkCoverage: each member of each answer, and each type of event, was seen in
// a script, or a line of unset.txt says why there is none.
func (m *answerModel) checkCoverage(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(unsetFile)
	if err != nil {
		t.Fatal(err)
	}
	unset := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		what, reason, _ := strings.Cut(line, " ")
		if strings.TrimSpace(reason) == "" {
			t.Errorf("%s: no reason for %s", unsetFile, what)
		}
		unset[what] = true
	}
	for _, what := range m.all() {
		switch {
		case m.seen[what] && unset[what]:
			t.Errorf("%s says that no answer has %s, but one does", unsetFile, what)
		case !m.seen[what] && !unset[what]:
			t.Errorf("no script gives an answer with %s: write one, or say why in %s", what, unsetFile)
		}
		delete(unset, what)
	}
	for what := range unset {
		t.Errorf("%s: the model has no %s", unsetFile, what)
	}
}
