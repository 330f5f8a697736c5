package api

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// constraintsText is what the API model demands of requests, one shape a line,
// a structure's members indented below it. TestConstraintsFollowTheModel keeps
// it equal to the model.
//
//go:embed constraints.txt
var constraintsText string

// shape is one shape of the API model, as far as requests are checked by it.
type shape struct {
	name      string
	kind      string // structure, list, string, integer, long, float, boolean, map
	of        string // a list's element shape, a map's value shape
	min, max  *int64 // of a length, or of a number
	enum      []string
	sensitive bool
	pattern   string
	matches   func(string) bool
	members   []member
}

// member is one member of a structure.
type member struct {
	name     string
	shape    string
	required bool
}

// shapes reads constraintsText, once.
var shapes = sync.OnceValue(func() map[string]*shape { return readShapes(constraintsText) })

func readShapes(text string) map[string]*shape {
	all := make(map[string]*shape)
	var last *shape
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if text, ok := strings.CutPrefix(line, "  "); ok {
			part := strings.Fields(text)
			last.members = append(last.members, member{part[0], part[1], len(part) > 2})
			continue
		}
		last = readShape(line)
		all[last.name] = last
	}
	return all
}

func readShape(line string) *shape {
	line, pattern, _ := strings.Cut(line, " pattern=")
	part := strings.Fields(line)
	s := &shape{name: part[0], kind: part[1], pattern: pattern, matches: matcher(pattern)}
	for _, option := range part[2:] {
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "of":
			s.of = value
		case "min":
			s.min = number(value)
		case "max":
			s.max = number(value)
		case "enum":
			s.enum = strings.Split(value, ",")
		case "sensitive":
			s.sensitive = true
		default:
			panic("api: constraints.txt: " + line)
		}
	}
	return s
}

func number(text string) *int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic("api: constraints.txt: " + err.Error())
	}
	return &n
}

// matcher compiles a pattern of the model, which must match the whole text.
// The model is written for Java; what Go's syntax lacks is spelled out here.
func matcher(pattern string) func(string) bool {
	switch pattern {
	case "":
		return nil
	case `\p{ASCII}*`:
		return regexp.MustCompile(`^[\x00-\x7f]*$`).MatchString
	case `^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`:
		whole := regexp.MustCompile(`^[a-zA-Z0-9_\-\.]+$`)
		notOnlyDigits := regexp.MustCompile(`[a-zA-Z_\-\.]`)
		return func(s string) bool { return whole.MatchString(s) && notOnlyDigits.MatchString(s) }
	}
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString
}

// check holds a request against the constraints of its shape and reports all
// violations in one ValidationException, as AWS does.
func (s *Server) check(shapeName string, request jsonvalue.Value) error {
	c := checker{shapes: shapes(), payload: int64(s.payload)}
	c.structure(c.shapes[shapeName], request, "")
	switch n := len(c.violations); n {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: %s", c.violations[0])
	default:
		return invalid("%d validation errors detected: %s", n, strings.Join(c.violations, "; "))
	}
}

type checker struct {
	shapes map[string]*shape
	// payload replaces the model's bound on inputs and outputs; 0: it does not.
	payload    int64
	violations []string
}

func (c *checker) structure(s *shape, x jsonvalue.Value, path string) {
	for _, m := range s.members {
		at := m.name
		if path != "" {
			at = path + "." + m.name
		}
		v := x.Field(m.name)
		if !v.IsValid() || v.IsNull() {
			if m.required {
				c.violations = append(c.violations,
					fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", at))
			}
			continue
		}
		c.value(c.shapes[m.shape], v, at)
	}
}

// value checks x, which is not null, against s. A value of the wrong JSON type
// passes: decoding refuses it.
func (c *checker) value(s *shape, x jsonvalue.Value, path string) {
	switch {
	case s.kind == "structure" && x.Kind() == jsonvalue.Object:
		c.structure(s, x, path)
	case s.kind == "list" && x.Kind() == jsonvalue.Array:
		c.list(s, x, path)
	case s.kind == "string" && x.Kind() == jsonvalue.String:
		c.text(s, x, path)
	case (s.kind == "integer" || s.kind == "long" || s.kind == "float") && x.Kind() == jsonvalue.Number:
		c.number(s, x, path)
	}
}

func (c *checker) list(s *shape, x jsonvalue.Value, path string) {
	c.length(s, x, path, int64(x.Len()))
	for i, e := range x.Elems() {
		if !e.IsNull() {
			c.value(c.shapes[s.of], e, fmt.Sprintf("%s.%d.member", path, i+1))
		}
	}
}

func (c *checker) text(s *shape, x jsonvalue.Value, path string) {
	c.length(s, x, path, s.measure(x.Text()))
	if s.enum != nil && !slices.Contains(s.enum, x.Text()) {
		c.violate(s, x, path, "Member must satisfy enum value set: ["+strings.Join(shownOrder(s), ", ")+"]")
	}
	if s.matches != nil && !s.matches(x.Text()) {
		c.violate(s, x, path, "Member must satisfy regular expression pattern: "+s.pattern)
	}
}

// measure is the length of a text: in characters, or in bytes of UTF-8 for what
// executions work on (the model says so of these shapes).
func (s *shape) measure(text string) int64 {
	if s.isPayload() {
		return int64(len(text))
	}
	return int64(utf8.RuneCountInString(text))
}

func (s *shape) isPayload() bool { return s.name == "SensitiveData" }

func (c *checker) length(s *shape, x jsonvalue.Value, path string, n int64) {
	limit := s.max
	if s.isPayload() && c.payload > 0 {
		limit = &c.payload
	}
	if limit != nil && n > *limit {
		c.violate(s, x, path, fmt.Sprintf("Member must have length less than or equal to %d", *limit))
	}
	if s.min != nil && n < *s.min {
		c.violate(s, x, path, fmt.Sprintf("Member must have length greater than or equal to %d", *s.min))
	}
}

func (c *checker) number(s *shape, x jsonvalue.Value, path string) {
	n := x.Float64()
	if s.max != nil && n > float64(*s.max) {
		c.violate(s, x, path, fmt.Sprintf("Member must have value less than or equal to %d", *s.max))
	}
	if s.min != nil && n < float64(*s.min) {
		c.violate(s, x, path, fmt.Sprintf("Member must have value greater than or equal to %d", *s.min))
	}
}

func (c *checker) violate(s *shape, x jsonvalue.Value, path, constraint string) {
	value := ""
	if !s.sensitive {
		value = " '" + cut(c.shown(s, x), maxShown) + "'"
	}
	c.violations = append(c.violations,
		fmt.Sprintf("Value%s at '%s' failed to satisfy constraint: %s", value, path, constraint))
}

// shown writes a value as AWS's Java does in messages.
func (c *checker) shown(s *shape, x jsonvalue.Value) string {
	switch x.Kind() {
	case jsonvalue.Array:
		parts := make([]string, x.Len())
		for i, e := range x.Elems() {
			parts[i] = c.shown(c.shapes[s.of], e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case jsonvalue.Object:
		var parts []string
		for _, m := range s.members {
			if v, ok := x.Get(m.name); ok {
				parts = append(parts, m.name+"="+c.shown(c.shapes[m.shape], v))
			}
		}
		return s.name + "(" + strings.Join(parts, ", ") + ")"
	case jsonvalue.String, jsonvalue.Number:
		return x.Text()
	}
	return x.String()
}

// shownOrder is the order in which messages list an enumeration: the model's,
// but for the one that is known to be shown otherwise.
func shownOrder(s *shape) []string {
	if s.name == "ExecutionStatus" {
		return []string{"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"}
	}
	return s.enum
}
