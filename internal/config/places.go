package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// Error is a mistake in a configuration file.
type Error struct {
	File         string
	Line, Column int // from 1, columns in bytes; 0: unknown
	Text         string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// positioned gives an error of the library's, about what is not TOML, its place.
func positioned(file, text string, err error) error {
	var p toml.ParseError
	if !errors.As(err, &p) {
		return &Error{File: file, Text: strings.TrimPrefix(err.Error(), "toml: ")}
	}
	e := &Error{File: file, Text: p.Message}
	if p.LastKey != "" {
		e.Text = p.LastKey + ": " + p.Message
	}
	e.Line, e.Column = lineColumn(text, p.Position.Start) // its own column is another line's at times
	return e
}

func lineColumn(text string, offset int) (line, column int) {
	before := text[:min(max(offset, 0), len(text))]
	return 1 + strings.Count(before, "\n"), len(before) - strings.LastIndexByte(before, '\n')
}

// places knows where in a text its keys stand, which the library does not tell.
type places struct {
	file, text string
	offsets    map[string]int // by join
}

func newPlaces(file, text string) places {
	s := scanner{text: text, places: places{file, text, map[string]int{}}, tables: map[string]int{}}
	s.document()
	return s.places
}

// element is the key of an array's element.
func element(key toml.Key, i int) toml.Key {
	return append(key[:len(key):len(key)], "["+strconv.Itoa(i)+"]")
}

var isElement = regexp.MustCompile(`^\[[0-9]+\]$`)

// name is a key as it is shown: without the numbers of elements.
func name(key toml.Key) string {
	var shown toml.Key
	for _, part := range key {
		if !isElement.MatchString(part) {
			shown = append(shown, part)
		}
	}
	return shown.String()
}

// join makes a text that no other key has.
func join(key toml.Key) string { return strings.Join(key, "\x00") }

// has tells whether a key stands in the text.
func (p places) has(key toml.Key) bool {
	_, ok := p.offsets[join(key)]
	return ok
}

// offset is where a key, or what holds it, stands; -1 when neither does.
func (p places) offset(key toml.Key) int {
	for n := len(key); n > 0; n-- {
		if offset, ok := p.offsets[join(key[:n])]; ok {
			return offset
		}
	}
	return -1
}

// errorf makes an error about a key: what it shows begins with the key's name.
func (p places) errorf(key toml.Key, format string, args ...any) error {
	e := &Error{File: p.file, Text: name(key) + fmt.Sprintf(format, args...)}
	if offset := p.offset(key); offset >= 0 {
		e.Line, e.Column = lineColumn(p.text, offset)
	}
	return e
}

// must makes an error about a key's value.
func (p places) must(key toml.Key, value any, be string, args ...any) error {
	if text, ok := value.(string); ok {
		value = strconv.Quote(text)
	}
	return p.errorf(key, " is %v, but must be %s", value, fmt.Sprintf(be, args...))
}
