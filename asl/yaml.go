package asl

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// maxYAMLNodes bounds what anchors and merges may unfold to: a text of a few
// hundred bytes can name a billion values.
const maxYAMLNodes = 200_000

// readYAML fills a Source from YAML text.
func readYAML(src *Source) *Diagnostic {
	var root, more yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(src.Text))
	if err := dec.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return yamlDiagnostic(err)
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		if err != nil {
			return yamlDiagnostic(err)
		}
		return &Diagnostic{
			Severity: Error, Code: InvalidJSON, Message: "Not one YAML document but several",
			Line: more.Line, Column: more.Column, Hint: "keep one state machine in one file",
		}
	}
	c := &yamlConverter{src: src, at: map[string][2]int{}}
	doc := jsonvalue.NullValue
	if len(root.Content) > 0 {
		doc = c.value(root.Content[0], "", 0)
	}
	if c.failure != nil {
		return c.failure
	}
	src.Document = doc
	src.locate = func(pointer string) (int, int, bool) {
		p, ok := c.at[pointer]
		return p[0], p[1], ok
	}
	return nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func yamlDiagnostic(err error) *Diagnostic {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	d := &Diagnostic{Severity: Error, Code: InvalidJSON, Message: "Not YAML: " + text}
	if m != nil {
		d.Message = "Not YAML: " + text[len(m[0]):]
		if line, err := strconv.Atoi(m[1]); err == nil {
			d.Line, d.Column = line, 1
		}
	}
	return d
}

// yamlConverter makes JSON values of YAML nodes and remembers where they stood.
type yamlConverter struct {
	src     *Source
	at      map[string][2]int
	nodes   int
	failure *Diagnostic // the first one
}

func (c *yamlConverter) fail(n *yaml.Node, format string, args ...any) jsonvalue.Value {
	if c.failure == nil {
		c.failure = &Diagnostic{
			Severity: Error, Code: InvalidJSON, Message: fmt.Sprintf(format, args...),
			Line: n.Line, Column: n.Column,
		}
	}
	return jsonvalue.NullValue
}

func (c *yamlConverter) value(n *yaml.Node, pointer string, depth int) jsonvalue.Value {
	if _, ok := c.at[pointer]; !ok { // a member's key is there already
		c.at[pointer] = [2]int{n.Line, n.Column}
	}
	c.nodes++
	switch {
	case c.failure != nil:
		return jsonvalue.NullValue
	case c.nodes > maxYAMLNodes:
		return c.fail(n, "More than %d values once its aliases are unfolded", maxYAMLNodes)
	case depth > jsonvalue.MaxDepth:
		return c.fail(n, "Nested deeper than %d levels", jsonvalue.MaxDepth)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.value(n.Alias, pointer, depth+1)
	case yaml.SequenceNode:
		elems := make([]jsonvalue.Value, 0, len(n.Content))
		for i, e := range n.Content {
			elems = append(elems, c.value(e, pointer+"/"+strconv.Itoa(i), depth+1))
		}
		return jsonvalue.ArrayOf(elems...)
	case yaml.MappingNode:
		b := jsonvalue.NewObject(len(n.Content) / 2)
		c.members(b, n, pointer, depth)
		return b.Value()
	case yaml.ScalarNode:
		return c.scalar(n)
	}
	return c.fail(n, "Not a value")
}

// members adds a mapping's members to b. What << merges in never replaces a
// member that the mapping has itself.
func (c *yamlConverter) members(b jsonvalue.ObjectBuilder, n *yaml.Node, pointer string, depth int) {
	var merges []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			c.fail(key, "A key must be a text")
			return
		}
		if key.ShortTag() == "!!merge" {
			merges = append(merges, v)
			continue
		}
		at := pointer + "/" + jsonvalue.EscapePointer(key.Value)
		if _, twice := b.Get(key.Value); twice {
			c.src.duplicates = append(c.src.duplicates, duplicate{at, key.Line, key.Column})
		}
		c.at[at] = [2]int{key.Line, key.Column}
		b.Set(key.Value, c.value(v, at, depth+1))
	}
	for _, m := range merges {
		c.merge(b, m, pointer, depth)
	}
}

func (c *yamlConverter) merge(b jsonvalue.ObjectBuilder, from *yaml.Node, pointer string, depth int) {
	switch from.Kind {
	case yaml.SequenceNode:
		for _, e := range from.Content {
			c.merge(b, e, pointer, depth+1)
		}
		return
	case yaml.AliasNode, yaml.MappingNode:
	default:
		c.fail(from, "<< must name a mapping")
		return
	}
	scratch := &yamlConverter{src: &Source{}, at: map[string][2]int{}, nodes: c.nodes, failure: c.failure}
	merged := scratch.value(from, pointer, depth+1)
	c.nodes, c.failure = scratch.nodes, scratch.failure
	if merged.Kind() != jsonvalue.Object {
		c.fail(from, "<< must name a mapping")
		return
	}
	for k, v := range merged.Members() {
		if _, ok := b.Get(k); !ok {
			b.Set(k, v)
		}
	}
	for at, p := range scratch.at {
		if _, ok := c.at[at]; !ok {
			c.at[at] = p
		}
	}
}

func (c *yamlConverter) scalar(n *yaml.Node) jsonvalue.Value {
	switch n.ShortTag() {
	case "!!null":
		return jsonvalue.NullValue
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return c.fail(n, "Not a boolean: %s", n.Value)
		}
		return jsonvalue.BoolOf(b)
	case "!!int", "!!float":
		if v, err := jsonvalue.Parse(n.Value); err == nil && v.Kind() == jsonvalue.Number {
			return v // keeps the text: 1.0 stays 1.0
		}
		return c.number(n)
	}
	return jsonvalue.StringOf(n.Value) // texts, and dates as they are written
}

// number reads the spellings that JSON does not have: 0x10, 0o7, 1_000, +1, .5
func (c *yamlConverter) number(n *yaml.Node) jsonvalue.Value {
	var i int64
	if n.ShortTag() == "!!int" && n.Decode(&i) == nil {
		return jsonvalue.IntOf(i)
	}
	var f float64
	if err := n.Decode(&f); err != nil {
		return c.fail(n, "Not a number: %s", n.Value)
	}
	v := jsonvalue.FloatOf(f)
	if v.IsNull() {
		return c.fail(n, "JSON has no number %s", n.Value)
	}
	return v
}
