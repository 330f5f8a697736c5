package teststate

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// shape is the type of a value in a service's answer. Objects may have fields
// that their shape does not name.
type shape struct {
	Type     string            `json:"type"` // string, number, boolean, array, object
	Min      *float64          `json:"min"`  // of a number, or a string's length
	Max      *float64          `json:"max"`
	Required []string          `json:"required"`
	Fields   map[string]*shape `json:"fields"`
	Items    *shape            `json:"items"`
}

//go:embed shapes.json
var shapesJSON []byte

// shapes are the answers of services, by SERVICE:ACTION as Resources name them.
var shapes = sync.OnceValue(func() map[string]*shape {
	var all map[string]*shape
	if err := json.Unmarshal(shapesJSON, &all); err != nil {
		panic("teststate: shapes.json: " + err.Error())
	}
	return all
})

// checkShape holds a mocked result against the shape of the service's answer.
// What is answered through a task token, or by a service whose shapes are not
// known, can be anything.
func (m *Mock) checkShape(r asl.Resource, v jsonvalue.Value) error {
	if m.Validation == None || r.Kind != asl.ResourceIntegration || r.Pattern == asl.WaitForTaskToken {
		return nil
	}
	s := shapes()[r.Service+":"+r.Action]
	if s == nil {
		return nil
	}
	if v.Kind() != jsonvalue.Object {
		return invalid("Mocked result must be a JSON object.")
	}
	if problem := s.check("", v, m.Validation != Present); problem != "" {
		return invalid("Mock result schema validation error: " + problem)
	}
	return nil
}

// check says what is wrong with the value of a field, "" when nothing is.
func (s *shape) check(field string, v jsonvalue.Value, strict bool) string {
	if v.Kind().String() != s.Type {
		article := "a"
		if s.Type == "array" || s.Type == "object" {
			article = "an"
		}
		return fmt.Sprintf("Field '%s' must be %s %s", field, article, s.Type)
	}
	switch v.Kind() {
	case jsonvalue.String:
		return s.checkRange(field, float64(utf8.RuneCountInString(v.Text())), "is smaller than the minimum length", "exceeds the maximum length")
	case jsonvalue.Number:
		return s.checkRange(field, v.Float64(), "is less than the minimum value", "exceeds the maximum value")
	case jsonvalue.Array:
		for _, e := range v.Elems() {
			if s.Items == nil {
				break
			}
			if problem := s.Items.check(field, e, strict); problem != "" {
				return problem
			}
		}
	case jsonvalue.Object:
		return s.checkFields(v, strict)
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool:
	}
	return ""
}

func (s *shape) checkFields(v jsonvalue.Value, strict bool) string {
	if strict {
		for _, name := range s.Required {
			if _, ok := v.Get(name); !ok {
				return fmt.Sprintf("Required field '%s' is missing", name)
			}
		}
	}
	for name, member := range v.Members() {
		if known := s.Fields[name]; known != nil {
			if problem := known.check(name, member, strict); problem != "" {
				return problem
			}
		}
	}
	return ""
}

// checkRange compares a number, or the length of a text, with the limits.
func (s *shape) checkRange(field string, n float64, below, above string) string {
	least, most := math.Inf(-1), math.Inf(1)
	if s.Min != nil {
		least = *s.Min
	}
	if s.Max != nil {
		most = *s.Max
	}
	switch {
	case n < least:
		return fmt.Sprintf("Field '%s' %s", field, below)
	case n > most:
		return fmt.Sprintf("Field '%s' %s", field, above)
	}
	return ""
}
