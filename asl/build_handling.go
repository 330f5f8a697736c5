package asl

import "github.com/waslrun/wasl/asl/jsonvalue"

// The retrier's defaults (spec: Retrying after error).
const (
	defaultInterval    = 1
	defaultMaxAttempts = 3
	defaultBackoffRate = 2
)

func (f fields) handling() Handling {
	h := Handling{ResultSelector: f.jsonPath("ResultSelector")}
	if f.language == JSONPath {
		h.ResultPath = f.path("ResultPath")
	}
	for _, v := range elements(f.v, "Retry") {
		h.Retry = append(h.Retry, retrier(v))
	}
	for _, v := range elements(f.v, "Catch") {
		h.Catch = append(h.Catch, fields{v, f.language}.catcher())
	}
	return h
}

func retrier(v jsonvalue.Value) Retrier {
	r := Retrier{
		ErrorEquals: texts(v, "ErrorEquals"),
		Interval:    integer(v, "IntervalSeconds", defaultInterval),
		MaxAttempts: integer(v, "MaxAttempts", defaultMaxAttempts),
		MaxDelay:    integer(v, "MaxDelaySeconds", 0),
		BackoffRate: defaultBackoffRate,
		FullJitter:  text(v, "JitterStrategy") == "FULL",
	}
	if rate := v.Field("BackoffRate"); rate.Kind() == jsonvalue.Number {
		r.BackoffRate = rate.Float64()
	}
	return r
}

func (f fields) catcher() Catcher {
	c := Catcher{
		ErrorEquals: texts(f.v, "ErrorEquals"), Next: text(f.v, "Next"),
		Output: f.jsonata("Output"), Assign: f.v.Field("Assign"),
	}
	if f.language == JSONPath {
		c.ResultPath = f.path("ResultPath")
	}
	return c
}

func texts(v jsonvalue.Value, key string) []string {
	var out []string
	for _, e := range elements(v, key) {
		if e.Kind() == jsonvalue.String {
			out = append(out, e.Text())
		}
	}
	return out
}

func integer(v jsonvalue.Value, key string, absent int64) int64 {
	if n, ok := v.Field(key).Int64(); ok {
		return n
	}
	return absent
}

// rules reads a Choice state's Choices.
func (f fields) rules(at *Place) []ChoiceRule {
	var out []ChoiceRule
	for i, v := range elements(f.v, "Choices") {
		r := fields{v, f.language}
		out = append(out, ChoiceRule{
			Condition: r.condition(), Next: text(v, "Next"),
			Assign: v.Field("Assign"), Output: r.jsonata("Output"),
			Place: at.Field("Choices").Index(i),
		})
	}
	return out
}

// condition reads what a rule tests; nil when it tests nothing that we know.
func (f fields) condition() Condition {
	if f.language == JSONata {
		v := f.v.Field("Condition")
		if expr, ok := ExpressionText(v); ok {
			return &Expression{Expr: expr}
		}
		return &Expression{Literal: v}
	}
	for key, v := range f.v.Members() {
		switch key {
		case "And":
			return &And{Rules: f.conditions(v)}
		case "Or":
			return &Or{Rules: f.conditions(v)}
		case "Not":
			return &Not{Rule: fields{v, f.language}.condition()}
		}
		op, ok := comparisons[key]
		if !ok {
			continue
		}
		c := &Comparison{Variable: text(f.v, "Variable"), Operator: op.name}
		if op.path {
			c.Path = v.Text()
		} else {
			c.Value = v
		}
		return c
	}
	return nil
}

func (f fields) conditions(v jsonvalue.Value) []Condition {
	var out []Condition
	if v.Kind() != jsonvalue.Array {
		return nil
	}
	for _, e := range v.Elems() {
		if c := (fields{e, f.language}).condition(); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// comparison is one comparison field of a choice rule.
type comparison struct {
	name  string         // without the suffix Path
	path  bool           // its value is a path
	value jsonvalue.Kind // what a constant must be
}

// comparisons holds every comparison field (spec: Data-test expression).
var comparisons = func() map[string]comparison {
	ops := map[string]comparison{"StringMatches": {name: "StringMatches", value: jsonvalue.String}}
	add := func(name string, kind jsonvalue.Kind) {
		ops[name] = comparison{name: name, value: kind}
		ops[name+"Path"] = comparison{name: name, path: true, value: jsonvalue.String}
	}
	for typ, kind := range map[string]jsonvalue.Kind{
		"String": jsonvalue.String, "Numeric": jsonvalue.Number, "Timestamp": jsonvalue.String,
	} {
		for _, rel := range []string{"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"} {
			add(typ+rel, kind)
		}
	}
	add("BooleanEquals", jsonvalue.Bool)
	for _, is := range []string{"IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"} {
		ops[is] = comparison{name: is, value: jsonvalue.Bool}
	}
	return ops
}()
