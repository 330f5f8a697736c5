package asl

import "github.com/waslrun/wasl/asl/jsonvalue"

var retrierFields = shape{
	"ErrorEquals": required(errorEquals), "Comment": both(textValue),
	"IntervalSeconds": both(integerIn(1, maxSeconds)),
	"MaxAttempts":     both(integerIn(0, maxAttempts-1)),
	"MaxDelaySeconds": both(integerIn(1, maxDelaySeconds)),
	"BackoffRate":     both(backoffRate),
	"JitterStrategy":  both(oneOf("FULL", "NONE")),
}

var catcherFields = shape{
	"ErrorEquals": required(errorEquals), "Next": required(textValue), "Comment": both(textValue),
	"ResultPath": inPath(resultPath),
	"Output":     inJSONata(withErrorOutput(jsonataTemplate)), "Assign": both(withErrorOutput(assignValue)),
}

func backoffRate(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.Number {
		c.wrongType(at, v, "Float")
	} else if v.Float64() < 1 {
		c.schema(at, "Value must be at least 1.0")
	}
}

// errorEquals is a list of error names (spec: Retrying after error).
func errorEquals(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.Array {
		c.wrongType(at, v, "Array")
		return
	}
	if v.Len() == 0 {
		c.empty(at)
	}
	for i, e := range v.Elems() {
		if e.Kind() != jsonvalue.String {
			c.wrongType(at.Index(i), e, "String")
		} else if e.Text() == "States.ALL" && v.Len() > 1 {
			c.schema(at, "States.ALL must stand alone in ErrorEquals")
		}
	}
}

func retriers(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.handlers(at, v, s, retrierFields)
}

func catchers(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.handlers(at, v, s, catcherFields)
}

// handlers checks a Retry or Catch: States.ALL must come last.
func (c *checker) handlers(at *Place, v jsonvalue.Value, s scope, sh shape) {
	if v.Kind() != jsonvalue.Array {
		c.wrongType(at, v, "Array")
		return
	}
	for i, e := range v.Elems() {
		c.object(at.Index(i), e, s, sh)
		for _, name := range texts(e, "ErrorEquals") {
			if name == "States.ALL" && i < v.Len()-1 {
				c.schema(at.Index(i).Field("ErrorEquals"), "States.ALL must be in the last element of the array").
					hint("what follows can never match")
			}
		}
	}
}
