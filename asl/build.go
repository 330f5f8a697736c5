package asl

import (
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// builder makes the tree of a document. It never complains: what has the wrong
// type is treated as absent.
type builder struct {
	// language is the machine's query language, the default of every state in
	// it, however deeply nested (spec: Query Languages).
	language QueryLanguage
}

// build makes the tree of a whole definition, which is an object.
func build(src *Source) *StateMachine {
	doc := src.Document
	b := builder{language: JSONPath}
	b.language = b.languageOf(doc)
	timeout, _ := doc.Field("TimeoutSeconds").Int64()
	return &StateMachine{
		Block:          b.block(doc, nil),
		Comment:        text(doc, "Comment"),
		Version:        text(doc, "Version"),
		QueryLanguage:  b.language,
		TimeoutSeconds: timeout,
		Source:         src,
	}
}

// languageOf gives the query language that an object sets, or else the machine's.
func (b builder) languageOf(v jsonvalue.Value) QueryLanguage {
	switch text(v, "QueryLanguage") {
	case "JSONata":
		return JSONata
	case "JSONPath":
		return JSONPath
	}
	return b.language
}

func (b builder) block(v jsonvalue.Value, at *Place) Block {
	var states []State
	for name, s := range v.Field("States").Members() {
		if st := b.state(name, s, at.Field("States").Field(name)); st != nil {
			states = append(states, st)
		}
	}
	return NewBlock(at, text(v, "StartAt"), states)
}

// state makes one state, or nil when its type is unknown.
func (b builder) state(name string, v jsonvalue.Value, at *Place) State {
	f := fields{v, b.languageOf(v)}
	c := f.common(name, at)
	switch text(v, "Type") {
	case "Pass":
		s := &Pass{Common: c}
		if f.language == JSONPath {
			s.Result, s.Parameters, s.ResultPath = v.Field("Result"), v.Field("Parameters"), f.path("ResultPath")
		}
		return s
	case "Task":
		return &Task{
			Common: c, Resource: ParseResource(text(v, "Resource")),
			Parameters: f.jsonPath("Parameters"), Arguments: f.jsonata("Arguments"),
			Credentials: v.Field("Credentials"),
			Timeout:     f.quantity("TimeoutSeconds"), Heartbeat: f.quantity("HeartbeatSeconds"),
			Handling: f.handling(),
		}
	case "Choice":
		return &Choice{Common: c, Rules: f.rules(at), Default: text(v, "Default")}
	case "Wait":
		return &Wait{Common: c, Seconds: f.quantity("Seconds"), Timestamp: f.quantity("Timestamp")}
	case "Succeed":
		return &Succeed{Common: c}
	case "Fail":
		return &Fail{Common: c, Error: f.quantity("Error"), Cause: f.quantity("Cause")}
	case "Parallel":
		s := &Parallel{
			Common: c, Parameters: f.jsonPath("Parameters"), Arguments: f.jsonata("Arguments"),
			Handling: f.handling(),
		}
		for i, branch := range elements(v, "Branches") {
			s.Branches = append(s.Branches, b.block(branch, at.Field("Branches").Index(i)))
		}
		return s
	case "Map":
		return b.mapState(f, c, at)
	}
	return nil
}

// processorOf gives a Map's item processor and the field that has it: ItemProcessor,
// or the deprecated Iterator.
func processorOf(state jsonvalue.Value) (key string, processor jsonvalue.Value) {
	for _, key := range []string{"ItemProcessor", "Iterator"} {
		if p, ok := state.Get(key); ok {
			return key, p
		}
	}
	return "ItemProcessor", jsonvalue.Value{}
}

// isDistributed tells whether a Map is a Distributed one: its processor says so,
// whatever field that stands in, and nothing else does.
func isDistributed(state jsonvalue.Value) bool {
	_, processor := processorOf(state)
	return runsDistributed(processor)
}

// runsDistributed tells whether what a Map processes its items by makes it a
// Distributed Map.
func runsDistributed(processor jsonvalue.Value) bool {
	return text(processor.Field("ProcessorConfig"), "Mode") == "DISTRIBUTED"
}

func (b builder) mapState(f fields, c Common, at *Place) *Map {
	key, processor := processorOf(f.v)
	config := processor.Field("ProcessorConfig")
	selector := f.v.Field("ItemSelector")
	if !selector.IsValid() {
		selector = f.jsonPath("Parameters") // the deprecated name
	}
	m := &Map{
		Common:    c,
		Processor: b.block(processor, at.Field(key)),
		Written:   processor, Around: b.language,
		Distributed: isDistributed(f.v),
		Express:     text(config, "ExecutionType") == "EXPRESS",
		Items:       f.jsonata("Items"), ItemSelector: selector,
		MaxConcurrency:      f.quantity("MaxConcurrency"),
		ToleratedCount:      f.quantity("ToleratedFailureCount"),
		ToleratedPercentage: f.quantity("ToleratedFailurePercentage"),
		Label:               text(f.v, "Label"),
		Handling:            f.handling(),
	}
	if f.language == JSONPath {
		m.ItemsPath = f.path("ItemsPath")
	}
	if v, ok := f.object("ItemReader"); ok {
		m.Reader = &ItemReader{
			Resource:   ParseResource(text(v.v, "Resource")),
			Parameters: v.jsonPath("Parameters"), Arguments: v.jsonata("Arguments"),
			Config:   v.v.Field("ReaderConfig"),
			MaxItems: fields{v.v.Field("ReaderConfig"), v.language}.quantity("MaxItems"),
		}
	}
	if v, ok := f.object("ItemBatcher"); ok {
		m.Batcher = &ItemBatcher{
			BatchInput: v.v.Field("BatchInput"),
			MaxItems:   v.quantity("MaxItemsPerBatch"), MaxBytes: v.quantity("MaxInputBytesPerBatch"),
		}
	}
	if v, ok := f.object("ResultWriter"); ok {
		resource, has := v.v.Get("Resource")
		m.Writer = &ResultWriter{
			HasResource: has, Resource: ParseResource(resource.Text()),
			Parameters: v.jsonPath("Parameters"), Arguments: v.jsonata("Arguments"),
			Config: v.v.Field("WriterConfig"),
		}
	}
	return m
}

// fields reads an object's fields in the light of its query language.
type fields struct {
	v        jsonvalue.Value
	language QueryLanguage
}

func text(v jsonvalue.Value, key string) string {
	f := v.Field(key)
	if f.Kind() != jsonvalue.String {
		return ""
	}
	return f.Text()
}

func elements(v jsonvalue.Value, key string) []jsonvalue.Value {
	f := v.Field(key)
	if f.Kind() != jsonvalue.Array {
		return nil
	}
	return f.Elems()
}

// object gives a field that is an object.
func (f fields) object(key string) (fields, bool) {
	v := f.v.Field(key)
	return fields{v, f.language}, v.Kind() == jsonvalue.Object
}

// jsonPath and jsonata give a field that only one language has.
func (f fields) jsonPath(key string) jsonvalue.Value {
	if f.language != JSONPath {
		return jsonvalue.Value{}
	}
	return f.v.Field(key)
}

func (f fields) jsonata(key string) jsonvalue.Value {
	if f.language != JSONata {
		return jsonvalue.Value{}
	}
	return f.v.Field(key)
}

func (f fields) common(name string, at *Place) Common {
	c := Common{
		Name: name, Comment: text(f.v, "Comment"), QueryLanguage: f.language,
		Next: text(f.v, "Next"), End: f.v.Field("End").Bool(),
		Output: f.jsonata("Output"), Assign: f.v.Field("Assign"), Place: at,
	}
	if f.language == JSONPath {
		c.InputPath, c.OutputPath = f.path("InputPath"), f.path("OutputPath")
	}
	return c
}

// path reads a field that holds a path, or null.
func (f fields) path(key string) PathField {
	v, ok := f.v.Get(key)
	switch {
	case ok && v.IsNull():
		return PathField{Set: true, Null: true}
	case ok && v.Kind() == jsonvalue.String:
		return PathField{Set: true, Text: v.Text()}
	}
	return PathField{}
}

// quantity reads a field that may be literal, an expression (JSONata), or given
// by the field with the same name and the suffix Path (JSONPath).
func (f fields) quantity(key string) Quantity {
	v := f.v.Field(key)
	if f.language == JSONata {
		if expr, ok := ExpressionText(v); ok {
			return Quantity{Expr: expr}
		}
		return Quantity{Literal: v}
	}
	return Quantity{Literal: v, Path: text(f.v, key+"Path")}
}

// ExpressionText gives the JSONata expression of a string that stands between
// {% and %} (spec: JSONata, Expressions).
func ExpressionText(v jsonvalue.Value) (expr string, ok bool) {
	if v.Kind() != jsonvalue.String {
		return "", false
	}
	s := v.Text()
	if len(s) < 4 || !strings.HasPrefix(s, "{%") || !strings.HasSuffix(s, "%}") {
		return "", false
	}
	return strings.TrimSpace(s[2 : len(s)-2]), true
}
