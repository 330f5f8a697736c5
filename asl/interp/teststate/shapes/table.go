package shapes

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

//go:embed tables.zip
var tablesZip []byte

// kind is the type of a shape's values.
type kind string

// The kinds, with the names that they have in tables; the first three are
// written with brackets there.
const (
	structure kind = "structure"
	list      kind = "list"
	mapping   kind = "map"

	blob      kind = "blob"
	boolean   kind = "boolean"
	double    kind = "double"
	float     kind = "float"
	integer   kind = "integer"
	long      kind = "long"
	text      kind = "string"
	timestamp kind = "timestamp"
	anything  kind = "any"
)

// shape is what the values of one place are held to.
type shape struct {
	kind     kind
	members  []member // of a structure, the required ones first
	of       *shape   // of a list's elements, or a map's values
	min, max *float64 // a number; the length of a text; how many elements or members
	enum     []string // of a text: one of these, when there are any
	pattern  string   // of a whole text; "" for none
}

type member struct {
	name     string // the model's
	required bool
	shape    *shape
}

// table is a service's.
type table struct {
	operations map[string]*shape // what they answer
}

// tables has the tables that were read, by service; nil for unknown ones.
var tables sync.Map

// tableOf reads the table of a service when it is asked for the first time.
func tableOf(service string) *table {
	if t, ok := tables.Load(service); ok {
		return t.(*table)
	}
	t, _ := tables.LoadOrStore(service, readTable(service))
	return t.(*table)
}

// readTable gives nil for a service that has no table. A table that cannot be
// read is a mistake in the program: its tests read all of them.
func readTable(service string) *table {
	z, err := zip.NewReader(bytes.NewReader(tablesZip), int64(len(tablesZip)))
	if err != nil {
		panic("shapes: tables.zip: " + err.Error())
	}
	f, err := z.Open(service + ".txt")
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(f)
	if err != nil {
		panic("shapes: tables.zip: " + service + ": " + err.Error())
	}
	t, err := parseTable(string(content))
	if err != nil {
		panic("shapes: tables.zip: " + service + ": " + err.Error())
	}
	return t
}

// parser reads a table. Shapes refer to each other, in circles too, so a name
// stands for its shape before that is read.
type parser struct{ shapes map[string]*shape }

func parseTable(content string) (*table, error) {
	t := &table{operations: map[string]*shape{}}
	p := &parser{shapes: map[string]*shape{}}
	for line := range strings.Lines(content) {
		name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if name == "#" {
			continue
		}
		if output, ok := strings.CutPrefix(rest, "> "); ok {
			t.operations[name] = p.shape(output)
			continue
		}
		if err := p.read(p.shape(name), rest); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for name, s := range p.shapes {
		if s.kind == "" {
			return nil, fmt.Errorf("%s: is not described", name)
		}
	}
	return t, nil
}

// shape gives the shape of a name, which may be described later.
func (p *parser) shape(name string) *shape {
	s := p.shapes[name]
	if s == nil {
		s = &shape{}
		switch k := kind(name); k {
		case blob, boolean, double, float, integer, long, text, timestamp, anything:
			s.kind = k
		}
		p.shapes[name] = s
	}
	return s
}

// read reads what a line says of a shape.
func (p *parser) read(s *shape, line string) error {
	line, s.pattern, _ = strings.Cut(line, " ~")
	line, values, isEnum := strings.Cut(line, " =")
	if isEnum {
		s.enum = strings.Split(values, "|")
	}
	if strings.HasPrefix(line, "{") {
		s.kind = structure
		return p.readMembers(s, strings.Trim(line, "{}"))
	}
	what, span, hasSpan := strings.Cut(line, " ")
	switch name := strings.Trim(what, "[]<>"); {
	case strings.HasPrefix(what, "["):
		s.kind, s.of = list, p.shape(name)
	case strings.HasPrefix(what, "<"):
		s.kind, s.of = mapping, p.shape(name)
	default:
		s.kind = p.shape(name).kind
	}
	if !hasSpan {
		return nil
	}
	return s.readSpan(span)
}

func (p *parser) readMembers(s *shape, line string) error {
	for _, field := range strings.Fields(line) {
		at := strings.IndexAny(field, ":!")
		if at < 0 {
			return fmt.Errorf("%q is no member", field)
		}
		s.members = append(s.members, member{field[:at], field[at] == '!', p.shape(field[at+1:])})
	}
	return nil
}

func (s *shape) readSpan(span string) error {
	least, most, _ := strings.Cut(span, "..")
	for _, bound := range []struct {
		text string
		to   **float64
	}{{least, &s.min}, {most, &s.max}} {
		if bound.text == "" {
			continue
		}
		n, err := strconv.ParseFloat(bound.text, 64)
		if err != nil {
			return err
		}
		*bound.to = &n
	}
	return nil
}
