package asl

import (
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

var (
	// ruleFields are an element's of Choices.
	ruleFields = shape{
		"Next": required(textValue), "Comment": both(textValue), "Assign": both(assignValue),
		"Output":    inJSONata(jsonataTemplate),
		"Condition": inJSONata(orExpression(boolValue)),
	}
	// testFields are what a JSONPath rule tests, at every level.
	testFields = shape{"Variable": inPath(variablePath), "And": inPath(testList), "Or": inPath(testList), "Not": inPath(nestedTest)}
	// nestedFields are a rule's inside And, Or and Not.
	nestedFields = shape{"Comment": both(textValue)}
)

func init() {
	for name, op := range comparisons {
		testFields[name] = inPath(comparisonValue(op))
	}
	ruleFields = ruleFields.with(testFields)
	nestedFields = nestedFields.with(testFields)
}

func choices(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() != jsonvalue.Array {
		c.wrongType(at, v, "Array")
		return
	}
	if v.Len() == 0 {
		c.empty(at)
	}
	for i, e := range v.Elems() {
		here := at.Index(i)
		c.object(here, e, s, ruleFields)
		if e.Kind() != jsonvalue.Object {
			continue
		}
		if s.language == JSONPath {
			c.test(here, e)
		} else if _, ok := e.Get("Condition"); !ok {
			c.schema(here, "These fields are required: [Condition]")
		}
	}
}

// test checks that a JSONPath rule tests exactly one thing.
func (c *checker) test(at *Place, v jsonvalue.Value) {
	var tests []string
	compares := false
	for key := range v.Members() {
		_, op := comparisons[key]
		if op || key == "And" || key == "Or" || key == "Not" {
			tests = append(tests, key)
		}
		compares = compares || op
	}
	_, hasVariable := v.Get("Variable")
	switch {
	case len(tests) == 0:
		c.schema(at, "A choice rule must contain exactly one comparison operator").
			hint("for example NumericEquals, or And, Or or Not")
	case len(tests) > 1:
		c.schema(at, "A choice rule must contain exactly one comparison operator").
			hint("this one has %s; join them with And", strings.Join(tests, ", "))
	case compares && !hasVariable:
		c.schema(at, "These fields are required: [Variable]")
	case !compares && hasVariable:
		c.notSupported(at.Field("Variable"), "Variable").hint("%s tests rules, not a variable", tests[0])
	}
}

// testList is the value of And and Or.
func testList(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() != jsonvalue.Array {
		c.wrongType(at, v, "Array")
		return
	}
	if v.Len() == 0 {
		c.empty(at)
	}
	for i, e := range v.Elems() {
		nestedTest(c, at.Index(i), e, s)
	}
}

func nestedTest(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, nestedFields)
	if v.Kind() == jsonvalue.Object {
		c.test(at, v)
	}
}

// comparisonValue checks what a comparison field compares with.
func comparisonValue(op comparison) check {
	return func(c *checker, at *Place, v jsonvalue.Value, s scope) {
		switch {
		case op.path:
			variablePath(c, at, v, s)
		case strings.HasPrefix(op.name, "Timestamp"):
			timestampValue(c, at, v, s)
		case v.Kind() != op.value:
			c.wrongType(at, v, typeNames[op.value])
		case op.value == jsonvalue.String && looksLikePath(v.Text()) && op.name != "StringMatches":
			c.warn(at, NoPath, "The value looks like a path, but is compared as it stands").
				hint("use %sPath to compare with what the path selects", op.name)
		}
	}
}

// typeNames are the kinds as AWS names them.
var typeNames = map[jsonvalue.Kind]string{
	jsonvalue.String: "String", jsonvalue.Number: "Numeric", jsonvalue.Bool: "Boolean",
}

func looksLikePath(s string) bool {
	return strings.HasPrefix(s, "$.") || strings.HasPrefix(s, "$$.") || strings.HasPrefix(s, "$[")
}
