package config

import (
	"cmp"
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// shape tells whether a value of the document can stand where a type is wanted.
// The library would do so too, but in words about Go's types, without regard to
// case, and it takes some values of a wrong type for nothing and negative
// numbers for large ones.
func (p places) shape(key toml.Key, value any, want reflect.Type) error {
	for want.Kind() == reflect.Pointer {
		want = want.Elem()
	}
	if target, ok := reflect.New(want).Interface().(encoding.TextUnmarshaler); ok {
		text, ok := value.(string)
		if !ok {
			return p.must(key, describe(value), "%s", wording[want])
		}
		if err := target.UnmarshalText([]byte(text)); err != nil {
			return p.errorf(key, ": %s", err)
		}
		return nil
	}
	if target, ok := reflect.New(want).Interface().(toml.Unmarshaler); ok {
		if err := target.UnmarshalTOML(value); err != nil {
			return p.errorf(key, ": %s", err)
		}
		return nil
	}
	switch want.Kind() {
	case reflect.Struct, reflect.Map:
		return p.shapeOfTable(key, value, want)
	case reflect.Slice:
		return p.shapeOfArray(key, value, want)
	case reflect.String:
		if _, ok := value.(string); !ok {
			return p.must(key, describe(value), "a text")
		}
	default:
		return p.shapeOfNumber(key, value, want)
	}
	return nil
}

// wording says what the types are that are read from a text.
var wording = map[reflect.Type]string{
	reflect.TypeFor[Size]():     `a size: a text such as "64MiB"`,
	reflect.TypeFor[Duration](): `a duration: a text such as "1m30s"`,
	reflect.TypeFor[Binding]():  `the text "module NAME"`,
	reflect.TypeFor[Secret]():   `the text "env:NAME" or "file:PATH"`,
}

func (p places) shapeOfTable(key toml.Key, value any, want reflect.Type) error {
	table, ok := value.(map[string]any)
	if !ok {
		return p.must(key, describe(value), "a table")
	}
	for _, part := range p.inOrder(key, table) {
		inner := append(key[:len(key):len(key)], part)
		t := member(want, part)
		if t == nil {
			return p.errorf(inner, ": unknown key%s", suggestion(want, part))
		}
		if err := p.shape(inner, table[part], t); err != nil {
			return err
		}
	}
	return nil
}

// inOrder gives a table's keys in the order of the text.
func (p places) inOrder(key toml.Key, table map[string]any) []string {
	offsets := make(map[string]int, len(table))
	var parts []string
	for part := range table {
		offsets[part] = p.offset(append(key[:len(key):len(key)], part))
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b string) int {
		return cmp.Or(cmp.Compare(offsets[a], offsets[b]), cmp.Compare(a, b))
	})
	return parts
}

func (p places) shapeOfArray(key toml.Key, value any, want reflect.Type) error {
	array := reflect.ValueOf(value) // []any, or []map[string]any
	if array.Kind() != reflect.Slice {
		return p.must(key, describe(value), "an array")
	}
	for i := range array.Len() {
		if err := p.shape(element(key, i), array.Index(i).Interface(), want.Elem()); err != nil {
			return err
		}
	}
	return nil
}

func (p places) shapeOfNumber(key toml.Key, value any, want reflect.Type) error {
	n, ok := value.(int64)
	most := uint64(math.MaxInt64)
	if want.Bits() < 64 {
		most = 1<<want.Bits() - 1
	}
	switch {
	case !ok:
		return p.must(key, describe(value), "an integer")
	case n < 0:
		return p.must(key, n, "0 or more")
	case uint64(n) > most:
		return p.must(key, n, "at most %d", most)
	}
	return nil
}

// describe says what a value of the document is.
func describe(value any) kind {
	switch value.(type) {
	case string:
		return "a text"
	case int64:
		return "an integer"
	case float64:
		return "a fraction"
	case bool:
		return "a truth value"
	case time.Time:
		return "a time"
	case map[string]any:
		return "a table"
	}
	return "an array"
}

// kind is what a value is, where the value itself is not shown.
type kind string

// member gives the type behind a table's key, or nil.
func member(table reflect.Type, key string) reflect.Type {
	if table.Kind() == reflect.Map {
		return table.Elem()
	}
	for i := range table.NumField() {
		if f := table.Field(i); f.Tag.Get("toml") == key && key != "-" {
			return f.Type
		}
	}
	return nil
}

// suggestion names the key of a table that was probably meant.
func suggestion(table reflect.Type, word string) string {
	best, distance := "", 3
	for i := range table.NumField() {
		name := table.Field(i).Tag.Get("toml")
		if d := editDistance(word, name); name != "-" && d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (%s was meant?)", best)
}

// editDistance is Levenshtein's. Case does not count.
func editDistance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
