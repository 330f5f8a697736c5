package asl

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// maxYAMLNodes bounds what anchors and merges may unfold to: a text of a few
// hundred bytes can name a billion values.
const maxYAMLNodes = 200_000

// TagResolver gives the values of tags that are not YAML's own, such as
// CloudFormation's !Ref and !GetAtt.
type TagResolver interface {
	// ResolveTag gives the value of a node that has a tag, which is written with
	// its exclamation mark, and would have this value without it. An error is
	// what a diagnostic says.
	ResolveTag(tag string, value jsonvalue.Value) (jsonvalue.Value, error)
}

// readYAML fills a Source from YAML text.
func readYAML(src *Source, tags TagResolver) *Diagnostic {
	var root, more yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(src.Text))
	if err := dec.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return yamlMistake(src.Text, err)
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		if err != nil {
			return yamlMistake(src.Text, err)
		}
		return &Diagnostic{
			Code: InvalidJSON, Message: "Not one YAML document but several",
			Line: more.Line, Column: more.Column, Hint: "keep one state machine in one file",
		}
	}
	c := &yamlConverter{src: src, tags: tags}
	src.Document = jsonvalue.NullValue
	at := &yamlSpot{line: 1, column: 1}
	if len(root.Content) > 0 {
		top := root.Content[0]
		if what := templateOf(src.Text, topLevel(top)); what != "" {
			return templateMistake(what) // before its tags are mistakes
		}
		at = spotOf(top)
		src.Document = c.value(top, at, nil, 0)
	}
	if c.failure != nil {
		return c.failure
	}
	src.positions = at
	return nil
}

// topLevel gives a document's members that are texts, and whether a member is
// there.
func topLevel(n *yaml.Node) func(key string) (string, bool) {
	return func(key string) (string, bool) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1].Value, true
			}
		}
		return "", false
	}
}

// yamlSpot is a position in YAML text.
type yamlSpot struct {
	line, column int
	members      map[string]*yamlSpot
	elems        []*yamlSpot
}

func spotOf(n *yaml.Node) *yamlSpot { return &yamlSpot{line: n.Line, column: n.Column} }

func (s *yamlSpot) lineColumn() (line, column int) { return s.line, s.column }

func (s *yamlSpot) member(key string) position {
	if m, ok := s.members[key]; ok {
		return m
	}
	return nil
}

func (s *yamlSpot) elem(i int) position {
	if i < len(s.elems) {
		return s.elems[i]
	}
	return nil
}

// yamlConverter makes JSON values of YAML nodes and remembers where they stood.
type yamlConverter struct {
	src     *Source
	tags    TagResolver
	nodes   int
	failure *Diagnostic // the first one
}

func (c *yamlConverter) fail(n *yaml.Node, format string, args ...any) jsonvalue.Value {
	if c.failure == nil {
		c.failure = &Diagnostic{
			Code: InvalidJSON, Message: fmt.Sprintf(format, args...), Line: n.Line, Column: n.Column,
		}
	}
	return jsonvalue.NullValue
}

// value makes the value of a node at a place, and notes in its spot where the
// values inside stand.
func (c *yamlConverter) value(n *yaml.Node, spot *yamlSpot, at *Place, depth int) jsonvalue.Value {
	c.nodes++
	switch {
	case c.failure != nil:
		return jsonvalue.NullValue
	case c.nodes > maxYAMLNodes:
		return c.fail(n, "More than %d values once its aliases are unfolded", maxYAMLNodes)
	case depth > jsonvalue.MaxDepth:
		return c.fail(n, "Nested deeper than %d levels", jsonvalue.MaxDepth)
	}
	if !yamlTags[n.ShortTag()] && n.Kind != yaml.AliasNode {
		return c.tagged(n, spot, at, depth)
	}
	return c.untagged(n, spot, at, depth)
}

// yamlTags are the tags that have values in JSON.
var yamlTags = map[string]bool{
	"!!null": true, "!!bool": true, "!!int": true, "!!float": true, "!!str": true,
	"!!timestamp": true, "!!map": true, "!!seq": true, "!!merge": true,
}

// tagged makes the value of a node with a tag that YAML does not define.
func (c *yamlConverter) tagged(n *yaml.Node, spot *yamlSpot, at *Place, depth int) jsonvalue.Value {
	if c.tags == nil {
		v := c.fail(n, "Nothing is known of the tag %s", shortened(n.Tag))
		c.failure.hint("a definition has no tags: write the value itself, or ${NAME}, which --set NAME=VALUE fills")
		return v
	}
	tag := n.Tag
	plain := *n
	plain.Tag = ""
	inner := c.untagged(&plain, spot, at, depth)
	if c.failure != nil {
		return inner
	}
	v, err := c.tags.ResolveTag(tag, inner)
	if err != nil {
		return c.fail(n, "%v", err)
	}
	return v
}

func (c *yamlConverter) untagged(n *yaml.Node, spot *yamlSpot, at *Place, depth int) jsonvalue.Value {
	switch n.Kind {
	case yaml.AliasNode:
		return c.value(n.Alias, spot, at, depth+1)
	case yaml.SequenceNode:
		elems := make([]jsonvalue.Value, 0, len(n.Content))
		for i, e := range n.Content {
			inner := spotOf(e)
			spot.elems = append(spot.elems, inner)
			elems = append(elems, c.value(e, inner, at.Index(i), depth+1))
		}
		return jsonvalue.ArrayOf(elems...)
	case yaml.MappingNode:
		b := jsonvalue.NewObject(len(n.Content) / 2)
		spot.members = make(map[string]*yamlSpot, len(n.Content)/2)
		c.members(b, n, spot, at, depth)
		return b.Value()
	case yaml.ScalarNode:
		return c.scalar(n)
	}
	return c.fail(n, "Not a value")
}

// members adds a mapping's members to b. What << merges in never replaces a
// member that the mapping has itself.
func (c *yamlConverter) members(b jsonvalue.ObjectBuilder, n *yaml.Node, spot *yamlSpot, at *Place, depth int) {
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
		here := at.Field(key.Value)
		if _, twice := b.Get(key.Value); twice && len(c.src.duplicates) < jsonvalue.MaxDuplicates {
			c.src.duplicates = append(c.src.duplicates, duplicate{here, key.Line, key.Column})
		}
		inner := spotOf(key)
		spot.members[key.Value] = inner
		b.Set(key.Value, c.value(v, inner, here, depth+1))
	}
	for _, m := range merges {
		c.merge(b, m, spot, at, depth)
	}
}

func (c *yamlConverter) merge(b jsonvalue.ObjectBuilder, from *yaml.Node, spot *yamlSpot, at *Place, depth int) {
	switch from.Kind {
	case yaml.SequenceNode:
		for _, e := range from.Content {
			c.merge(b, e, spot, at, depth+1)
		}
		return
	case yaml.AliasNode, yaml.MappingNode:
	default:
		c.fail(from, "<< must name a mapping")
		return
	}
	merged := spotOf(from)
	v := c.value(from, merged, at, depth+1)
	if v.Kind() != jsonvalue.Object {
		c.fail(from, "<< must name a mapping")
		return
	}
	for k, e := range v.Members() {
		if _, own := b.Get(k); !own {
			b.Set(k, e)
			spot.members[k] = merged.members[k]
		}
	}
}

// leadingZero are the digits of what is no number in YAML 1.1, and a decimal one
// in 1.2: an account's or a telephone number, most likely, which would lose its
// zero. (Octal digits alone are a number in 1.1: 010 is 8.)
var leadingZero = regexp.MustCompile(`^[-+]?0[0-9]*[89][0-9]*$`)

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
		if leadingZero.MatchString(n.Value) {
			return jsonvalue.StringOf(n.Value)
		}
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
