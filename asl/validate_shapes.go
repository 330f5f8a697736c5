package asl

import (
	"strings"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// The tables of fields (spec: State Types, "Table of State Types and Fields").

var languageValue = oneOf("JSONPath", "JSONata")

var machineFields = shape{
	"Comment": both(textValue), "StartAt": required(textValue), "States": required(objectValue),
	"QueryLanguage": both(languageValue), "Version": both(versionValue),
	"TimeoutSeconds": both(integerIn(1, maxSeconds)),
}

func versionValue(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
	} else {
		oneOf("1.0")(c, at, v, scope{})
	}
}

var commonFields = shape{
	"Type": required(textValue), "Comment": both(textValue), "QueryLanguage": both(languageValue),
}

// outputFields are for all states but Fail.
var outputFields = shape{
	"InputPath": inPath(pathOrNull), "OutputPath": inPath(pathOrNull), "Output": inJSONata(jsonataTemplate),
}

// assignFields are for all states but Succeed and Fail.
var assignFields = shape{"Assign": both(assignValue)}

// nextFields are for the states that go on to one other state or end.
var nextFields = shape{"Next": both(textValue), "End": both(boolValue)}

// handlingFields are for Task, Parallel and Map, the states with a result.
var handlingFields = shape{
	"Output": inJSONata(withResult(jsonataTemplate)), "Assign": both(withResult(assignValue)),
	"ResultSelector": inPath(anyTemplate), "ResultPath": inPath(resultPath),
	"Retry": both(retriers), "Catch": both(catchers),
}

// withResult is a check where $states.result is, withErrorOutput one where
// $states.errorOutput is.
func withResult(ck check) check {
	return func(c *checker, at *Place, v jsonvalue.Value, s scope) {
		s.result = true
		ck(c, at, v, s)
	}
}

func withErrorOutput(ck check) check {
	return func(c *checker, at *Place, v jsonvalue.Value, s scope) {
		s.errorOutput = true
		ck(c, at, v, s)
	}
}

var (
	flowFields = commonFields.with(outputFields).with(assignFields).with(nextFields)
	taskFields = flowFields.with(handlingFields).with(shape{
		"Resource": required(taskResource), "Parameters": inPath(anyTemplate),
		"Arguments": inJSONata(jsonataTemplate), "Credentials": both(credentials),
		"TimeoutSeconds":     both(orExpression(integerIn(1, maxSeconds))),
		"HeartbeatSeconds":   both(orExpression(integerIn(1, maxSeconds))),
		"TimeoutSecondsPath": inPath(referencePath), "HeartbeatSecondsPath": inPath(referencePath),
	})
	passFields = flowFields.with(shape{
		"Result": inPath(passResult), "ResultPath": inPath(resultPath), "Parameters": inPath(anyTemplate),
	})
	choiceFields = commonFields.with(outputFields).with(assignFields).with(shape{
		"Choices": required(choices), "Default": both(textValue),
	})
	waitFields = flowFields.with(shape{
		"Seconds":     both(orExpression(integerIn(0, maxSeconds))),
		"Timestamp":   both(orExpression(timestampValue)),
		"SecondsPath": inPath(referencePath), "TimestampPath": inPath(referencePath),
	})
	succeedFields = commonFields.with(outputFields)
	failFields    = commonFields.with(shape{
		"Error": both(orExpression(textValue)), "Cause": both(orExpression(textValue)),
		"ErrorPath": inPath(referencePathOrIntrinsic), "CausePath": inPath(referencePathOrIntrinsic),
	})
	parallelFields = flowFields.with(handlingFields).with(shape{
		"Branches": required(branches), "Parameters": inPath(anyTemplate), "Arguments": inJSONata(jsonataTemplate),
	})
)

// stateFields and stateChecks are what each type of state may hold. They are
// filled in init, since states stand in states.
var (
	stateTypes  = []string{"Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"} // in AWS's order
	stateFields map[string]shape
	stateChecks map[string][]check
)

func init() {
	stateFields = map[string]shape{
		"Task": taskFields, "Pass": passFields, "Choice": choiceFields, "Wait": waitFields,
		"Succeed": succeedFields, "Fail": failFields, "Parallel": parallelFields, "Map": mapFields,
	}
	next := nextOrEnd
	stateChecks = map[string][]check{
		"Task": {
			next, atMostOne("TimeoutSeconds", "TimeoutSecondsPath"), atMostOne("HeartbeatSeconds", "HeartbeatSecondsPath"),
			heartbeatBelowTimeout, usesTaskToken,
		},
		"Pass":     {next},
		"Wait":     {next, waitHasOne},
		"Fail":     {atMostOne("Error", "ErrorPath"), atMostOne("Cause", "CausePath")},
		"Parallel": {next},
		"Map":      {next, mapChecks},
	}
}

// nextOrEnd checks that a state goes on or ends (spec: Transitions).
func nextOrEnd(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	_, hasNext := v.Get("Next")
	end, hasEnd := v.Get("End")
	switch {
	case hasNext && end.Bool():
		c.schema(at, "Only one of these fields is allowed: [Next, End]")
	case !hasNext && !hasEnd:
		c.schema(at, "One of these fields is required: [Next, End]")
	case !hasNext && end.Kind() == jsonvalue.Bool && !end.Bool():
		c.schema(at, "One of these fields is required: [Next, End]").hint(`"End": false does not end it`)
	}
}

func waitHasOne(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if s.language == JSONata {
		exactlyOne("Seconds", "Timestamp")(c, at, v, s)
		return
	}
	exactlyOne("Seconds", "SecondsPath", "Timestamp", "TimestampPath")(c, at, v, s)
}

func heartbeatBelowTimeout(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	heartbeat, ok1 := v.Field("HeartbeatSeconds").Int64()
	timeout, ok2 := v.Field("TimeoutSeconds").Int64()
	if ok1 && ok2 && heartbeat >= timeout {
		c.schema(at.Field("HeartbeatSeconds"), "HeartbeatSeconds must be smaller than TimeoutSeconds")
	}
}

// credentials must name the role to assume.
func credentials(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() != jsonvalue.Object {
		c.wrongType(at, v, "Object")
		return
	}
	if _, ok := v.Get("RoleArn"); !ok {
		if _, dynamic := v.Get("RoleArn.$"); !dynamic || s.language == JSONata {
			c.schema(at, "The field 'RoleArn' is required but was missing")
		}
	}
	if role, ok := v.Get("RoleArn"); ok {
		textValue(c, at.Field("RoleArn"), role, s)
	}
	template(c, at, v, s)
}

// passResult warns of queries in a Result, which is literal.
func passResult(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if p, ok := findQuery(at, v); ok {
		c.warn(p, PassResultIsStatic, "The Result of a Pass state is static: what looks like a query here is not evaluated").
			hint("use Parameters to compute a value")
	}
}

// findQuery looks for the first member whose name ends in .$
func findQuery(at *Place, v jsonvalue.Value) (*Place, bool) {
	for i, e := range v.Elems() {
		here := at.Index(i)
		if v.Kind() == jsonvalue.Object {
			here = at.Field(v.KeyAt(i))
			if strings.HasSuffix(v.KeyAt(i), ".$") {
				return here, true
			}
		}
		if p, ok := findQuery(here, e); ok {
			return p, true
		}
	}
	return nil, false
}

func branches(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() != jsonvalue.Array {
		c.wrongType(at, v, "Array")
		return
	}
	if v.Len() == 0 {
		c.empty(at)
	}
	s = s.inner(at.Around())
	for i, b := range v.Elems() {
		c.object(at.Index(i), b, s, branchFields)
		c.block(at.Index(i), b, s)
	}
}

var branchFields = shape{
	"StartAt": required(textValue), "States": required(objectValue), "Comment": both(textValue),
}

func characters(s string) int { return utf8.RuneCountInString(s) }
