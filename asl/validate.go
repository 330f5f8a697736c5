package asl

import (
	"fmt"
	"sort"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Limits of a definition.
const (
	// MaxDefinitionBytes is how long a definition may be.
	MaxDefinitionBytes = 1 << 20
	// MaxStateName is how long a state's name may be, in characters (spec: States).
	MaxStateName = 80
	// MaxDiagnostics is how many diagnostics Validate gives at most.
	MaxDiagnostics = 1000
	// MaxNesting is how deep Map and Parallel states may stand in each other.
	MaxNesting = 50
)

// Check parses a definition and validates it.
func Check(name string, text []byte, opts ...Option) (*StateMachine, []Diagnostic) {
	m, ds := Parse(name, text, opts...)
	if m == nil {
		return nil, ds
	}
	return m, append(ds, Validate(m, opts...)...)
}

// Validate finds all mistakes of a definition at once, in the order of its text.
// A machine without errors (see [HasErrors]) can be compiled and run.
func Validate(m *StateMachine, opts ...Option) []Diagnostic {
	c := newChecker(m.Source, m.QueryLanguage, opts)
	if n := len(m.Source.Text); n > MaxDefinitionBytes {
		c.error(root, SchemaFailed, "The definition has %d bytes, more than %d", n, MaxDefinitionBytes)
	}
	c.duplicates()
	s := scope{language: m.QueryLanguage, express: c.express}
	c.object(root, m.Source.Document, s, machineFields)
	c.block(root, m.Source.Document, s)
	if c.fillable {
		c.warnUnfilled(root, m.Source.Document)
	}
	return c.sorted()
}

// checker walks through a document and collects what is wrong with it.
type checker struct {
	options
	source   *Source
	language QueryLanguage // the machine's
	found    []Diagnostic
	names    map[string]*Place // of the states seen so far, in the whole machine
	labels   map[string]*Place // of the Distributed Maps seen so far
}

func newChecker(src *Source, language QueryLanguage, opts []Option) *checker {
	c := &checker{
		options: optionsOf(opts), source: src, language: language,
		names: map[string]*Place{}, labels: map[string]*Place{},
	}
	// Looking for what nobody filled in costs something for each mistake.
	_, any := unfilled(src.Text)
	c.fillable = c.fillable && any
	return c
}

// sorted gives what was found in the order of the text, and last what is about
// no place in it.
func (c *checker) sorted() []Diagnostic {
	sort.SliceStable(c.found, func(i, j int) bool {
		a, b := c.found[i], c.found[j]
		if a.Location == "" || b.Location == "" {
			return a.Location != "" && b.Location == ""
		}
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	return c.found
}

// scope is what the rules for an object depend on.
type scope struct {
	language QueryLanguage // the state's
	express  bool          // runs in an EXPRESS execution
	nesting  int           // Map and Parallel states around it
	// own are the variables that the state's block assigns. outer are those of
	// the blocks around it, which it must not assign (spec: Variable Scope).
	own   variables
	outer *outerVariables
	// result and errorOutput: $states has these fields here (spec: Reserved
	// "states" Variable).
	result, errorOutput bool
}

// outerVariables are what the blocks around a state assign, from the inside out.
type outerVariables struct {
	assigned variables
	around   string // the state that the inner block belongs to
	outer    *outerVariables
}

// find gives a place that assigns a variable, or nil. The catchers of the state
// around the inner block do not count: AWS lets a branch assign what they assign.
func (o *outerVariables) find(name string) *Place {
	for ; o != nil; o = o.outer {
		for _, a := range o.assigned[name] {
			if a.state != o.around || !a.catcher {
				return a.at
			}
		}
	}
	return nil
}

// inner is the scope of a block inside the state at a place.
func (s scope) inner(state *Place) scope {
	s.nesting++
	s.outer = &outerVariables{assigned: s.own, around: state.key, outer: s.outer}
	s.own = nil
	return s
}

// root is the place of the whole definition.
var root *Place

func (c *checker) error(at *Place, code Code, format string, args ...any) *Diagnostic {
	return c.add(Error, at, at, code, format, args)
}

func (c *checker) warn(at *Place, code Code, format string, args ...any) *Diagnostic {
	return c.add(Warning, at, at, code, format, args)
}

// schema reports an error of the commonest code.
func (c *checker) schema(at *Place, format string, args ...any) *Diagnostic {
	return c.add(Error, at, at, SchemaFailed, format, args)
}

// full tells that more diagnostics would help nobody.
func (c *checker) full() bool { return len(c.found) >= MaxDiagnostics }

// field reports an error in a sentence that names the field: AWS locates it at
// the object that has the field or lacks it, where the sentences about a value
// are located at the value. at is the field.
func (c *checker) field(at *Place, code Code, format string, args ...any) *Diagnostic {
	return c.add(Error, at, at.Around(), code, format, args)
}

// whole reports an error about the machine as a whole, which AWS gives no
// location. at is where to look.
func (c *checker) whole(at *Place, code Code, format string, args ...any) *Diagnostic {
	d := c.add(Error, at, at, code, format, args)
	d.Location = ""
	return d
}

// add reports something at a place. at is where it stands in the text, location
// what AWS calls the place of such a mistake.
func (c *checker) add(severity Severity, at, location *Place, code Code, format string, args []any) *Diagnostic {
	if c.full() || severity == Error && c.isUnfilled(at) {
		return &Diagnostic{}
	}
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = shortened(text)
		}
	}
	line, column, _ := c.source.Locate(at)
	c.found = append(c.found, Diagnostic{
		Severity: severity, Code: code, Message: fmt.Sprintf(format, args...), Location: location.String(), Line: line, Column: column,
	})
	return &c.found[len(c.found)-1]
}

// hint adds how to mend a mistake.
func (d *Diagnostic) hint(format string, args ...any) {
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = shortened(text)
		}
	}
	d.Hint = fmt.Sprintf(format, args...)
}

// duplicates reports keys that stand twice in one object.
func (c *checker) duplicates() {
	for _, d := range c.source.duplicates {
		code, text := InvalidJSON, "Duplicate field '%s'"
		if around := d.at.Around(); around != nil && around.key == "States" {
			code, text = DuplicateStateName, "Duplicate State name: %s"
		}
		if c.full() {
			return
		}
		found := c.error(d.at, code, text, d.at.key)
		found.Line, found.Column = d.line, d.column
	}
}

// block checks the states of one States field and how they are linked.
func (c *checker) block(at *Place, v jsonvalue.Value, s scope) {
	states, ok := v.Get("States")
	if !ok || states.Kind() != jsonvalue.Object {
		return // reported with the fields
	}
	here := at.Field("States")
	if states.Len() == 0 {
		c.empty(here)
		return
	}
	if s.nesting > MaxNesting {
		c.error(here, TooDeeplyNested, "Map and Parallel states stand in each other more than %d deep", MaxNesting)
		return
	}
	s.own = c.variables(here, states)
	for name, state := range states.Members() {
		if c.full() {
			return
		}
		c.stateName(here.Field(name), name)
		c.state(here.Field(name), state, s)
	}
	c.graph(at, v)
}

func (c *checker) stateName(at *Place, name string) {
	if n := len([]rune(name)); n > MaxStateName {
		c.error(at, InvalidStateName, "State name has %d characters, more than %d", n, MaxStateName)
	} else if n == 0 {
		c.error(at, InvalidStateName, "State name is empty")
	}
	if first, twice := c.names[name]; twice {
		c.error(at, DuplicateStateName, "Duplicate State name: %s", name).
			hint("the name is taken by %s; names are unique in the whole state machine", first.String())
		return
	}
	c.names[name] = at
}

// state checks one state's fields.
func (c *checker) state(at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() != jsonvalue.Object {
		c.wrongType(at, v, "Object")
		return
	}
	s.language = c.stateLanguage(at, v)
	typ, ok := v.Get("Type")
	if !ok {
		c.schema(at, "These fields are required: [Type]")
		return
	}
	shape, known := stateFields[typ.Text()]
	if typ.Kind() != jsonvalue.String || !known {
		d := c.field(at.Field("Type"), SchemaFailed, "The field 'Type' should have one of these values: [%s]", strings.Join(stateTypes, ", "))
		if near := nearest(typ.Text(), stateTypes); near != "" {
			d.hint("did you mean %q?", near)
		}
		return
	}
	c.object(at, v, s, shape)
	for _, check := range stateChecks[typ.Text()] {
		check(c, at, v, s)
	}
}

// stateLanguage gives a state's query language. AWS refuses JSONPath states in
// JSONata machines.
func (c *checker) stateLanguage(at *Place, v jsonvalue.Value) QueryLanguage {
	switch text(v, "QueryLanguage") {
	case "JSONata":
		return JSONata
	case "JSONPath":
		if c.language == JSONata {
			c.schema(at, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine").
				hint("leave QueryLanguage out of the machine and set it to JSONata in the other states")
		}
		return JSONPath
	}
	return c.language
}
