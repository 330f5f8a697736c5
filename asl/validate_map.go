package asl

import (
	"strings"
	"unicode"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// MaxLabel is how long a Map state's Label may be, in characters.
const MaxLabel = 40

var mapFields = flowFields.with(handlingFields).with(shape{
	"ItemProcessor": both(processor), "Iterator": both(processor),
	"ItemsPath": inPath(referencePath), "Items": inJSONata(orExpression(itemsArray)),
	"ItemSelector": both(itemSelector), "Parameters": inPath(anyTemplate),
	"MaxConcurrency":                 both(orExpression(integerIn(0, unbounded))),
	"MaxConcurrencyPath":             inPath(referencePath),
	"ToleratedFailureCount":          both(orExpression(integerIn(0, unbounded))),
	"ToleratedFailureCountPath":      inPath(referencePath),
	"ToleratedFailurePercentage":     both(orExpression(numberIn(0, 100))),
	"ToleratedFailurePercentagePath": inPath(referencePath),
	"Label":                          both(label), "ItemReader": both(itemReader),
	"ItemBatcher": both(itemBatcher), "ResultWriter": both(resultWriter),
})

// distributedOnly are the fields that only a Distributed Map has.
var distributedOnly = []string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"}

func itemsArray(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() != jsonvalue.Array {
		c.wrongType(at, v, "Array")
		return
	}
	jsonataTemplate(c, at, v, s)
}

// mapChecks are the rules that hold between a Map's fields.
func mapChecks(c *checker, at *Place, v jsonvalue.Value, s scope) {
	for _, keys := range [][]string{
		{"MaxConcurrency", "MaxConcurrencyPath"},
		{"ToleratedFailureCount", "ToleratedFailureCountPath"},
		{"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"},
		{"ItemSelector", "Parameters"},
	} {
		atMostOne(keys...)(c, at, v, s)
	}
	exactlyOne("ItemProcessor", "Iterator")(c, at, v, s)
	if isDistributed(v) {
		if s.express {
			c.schema(at, "Express state machine does not support a Map state with Mode DISTRIBUTED").
				hint("leave ProcessorConfig out, or make the machine STANDARD")
		}
		return
	}
	for _, key := range distributedOnly {
		if _, ok := v.Get(key); ok {
			c.notSupported(at.Field(key), key).
				hint(`only with "ProcessorConfig": {"Mode": "DISTRIBUTED", …} in ItemProcessor`)
		}
	}
}

// label names the Map Run of a Distributed Map.
func label(c *checker, at *Place, v jsonvalue.Value, _ scope) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
		return
	}
	name := v.Text()
	if n := characters(name); n > MaxLabel {
		c.error(at, InvalidLabelName, "Label cannot exceed %d characters", MaxLabel)
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"", r) {
			c.error(at, InvalidLabelName, "Label contains invalid character: %q", r)
			break
		}
	}
	if name == "" {
		c.error(at, InvalidLabelName, "Label is empty")
		return
	}
	if first, twice := c.labels[name]; twice {
		c.error(at, DuplicateLabelName, "Duplicate Label name: %s", name).
			hint("the label is taken by %s", first.String())
		return
	}
	c.labels[name] = at
}

var (
	processorFields = branchFields.with(shape{"ProcessorConfig": both(processorConfig)})
	configFields    = shape{
		"Mode": both(oneOf("INLINE", "DISTRIBUTED")), "ExecutionType": both(oneOf("STANDARD", "EXPRESS")),
		"Comment": both(textValue),
	}
)

// processor is the machine inside a Map state.
func processor(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, processorFields)
	config := v.Field("ProcessorConfig")
	inner := s.inner(at.Around())
	if runsDistributed(v) {
		inner.express = text(config, "ExecutionType") == "EXPRESS"
		inner.outer = nil // its executions are machines of their own
	}
	c.block(at, v, inner)
}

func processorConfig(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, configFields)
	_, typed := v.Get("ExecutionType")
	if distributed := text(v, "Mode") == "DISTRIBUTED"; distributed && !typed {
		c.schema(at, "These fields are required: [ExecutionType]")
	} else if !distributed && typed {
		c.notSupported(at.Field("ExecutionType"), "ExecutionType").hint("only with Mode DISTRIBUTED")
	}
}

var (
	readerFields = shape{
		"Resource": required(readerResource), "Parameters": inPath(payloadTemplate),
		"Arguments": inJSONata(jsonataTemplate), "ReaderConfig": both(readerConfig), "Comment": both(textValue),
	}
	readerConfigFields = shape{
		"InputType":         both(oneOf("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET")),
		"Transformation":    both(oneOf("NONE", "LOAD_AND_FLATTEN")),
		"ManifestType":      both(oneOf("ATHENA_DATA", "S3_INVENTORY")),
		"CSVDelimiter":      both(oneOf("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")),
		"CSVHeaderLocation": both(oneOf("FIRST_ROW", "GIVEN")),
		"CSVHeaders":        both(textArray), "ItemsPointer": both(textValue),
		"MaxItems": both(orExpression(integerIn(0, unbounded))), "MaxItemsPath": inPath(referencePath),
	}
	batcherFields = shape{
		"BatchInput":                both(template),
		"MaxItemsPerBatch":          both(orExpression(integerIn(1, unbounded))),
		"MaxItemsPerBatchPath":      inPath(referencePath),
		"MaxInputBytesPerBatch":     both(orExpression(integerIn(1, 262_144))),
		"MaxInputBytesPerBatchPath": inPath(referencePath), "Comment": both(textValue),
	}
	writerFields = shape{
		"Resource": both(writerResource), "Parameters": inPath(payloadTemplate),
		"Arguments": inJSONata(jsonataTemplate), "WriterConfig": both(writerConfig), "Comment": both(textValue),
	}
	writerConfigFields = shape{
		"Transformation": both(oneOf("NONE", "COMPACT", "FLATTEN")), "OutputType": both(oneOf("JSON", "JSONL")),
	}
)

func textArray(c *checker, at *Place, v jsonvalue.Value, s scope) {
	arrayValue(c, at, v, s)
	if v.Kind() == jsonvalue.Array {
		for i, e := range v.Elems() {
			textValue(c, at.Index(i), e, s)
		}
	}
}

func itemReader(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, readerFields)
}

func readerConfig(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, readerConfigFields)
	atMostOne("MaxItems", "MaxItemsPath")(c, at, v, s)
	_, given := v.Get("CSVHeaders")
	if where := text(v, "CSVHeaderLocation"); where == "GIVEN" && !given {
		c.schema(at, "These fields are required: [CSVHeaders]")
	} else if given && where != "GIVEN" {
		c.notSupported(at.Field("CSVHeaders"), "CSVHeaders").hint("only with CSVHeaderLocation GIVEN")
	}
}

func itemBatcher(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, batcherFields)
	if v.Kind() != jsonvalue.Object {
		return
	}
	items := []string{"MaxItemsPerBatch", "MaxItemsPerBatchPath"}
	bytes := []string{"MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"}
	atMostOne(items...)(c, at, v, s)
	atMostOne(bytes...)(c, at, v, s)
	if len(present(v, items))+len(present(v, bytes)) == 0 {
		c.schema(at, "One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]")
	}
}

// resultWriter has a Resource with its parameters, a WriterConfig, or both (AWS
// documentation, "ResultWriter").
func resultWriter(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, writerFields)
	if v.Kind() != jsonvalue.Object {
		return
	}
	parameters := "Parameters"
	if s.language == JSONata {
		parameters = "Arguments"
	}
	_, writes := v.Get("Resource")
	where := len(present(v, []string{"Parameters", "Arguments"})) > 0 // a wrong one is reported as such
	switch {
	case writes && !where:
		c.schema(at, "These fields are required: [%s]", parameters)
	case where && !writes:
		c.schema(at, "These fields are required: [Resource]")
	case !writes && len(present(v, []string{"WriterConfig"})) == 0:
		c.schema(at, "One of these fields is required: [Resource, WriterConfig]")
	}
}

func writerConfig(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.object(at, v, s, writerConfigFields)
}
