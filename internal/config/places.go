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
	File string
	Line int // from 1; 0: unknown
	Text string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
}

// decoderText is how the decoder words an error that is no ParseError.
var decoderText = regexp.MustCompile(`^(?:toml: )?(?:line (\d+) )?\(?(?:last key "(.*?)"\))?:? ?(?s:(.*))$`)

// positioned gives an error of the decoder its place.
func positioned(file string, err error) error {
	var p toml.ParseError
	if !errors.As(err, &p) {
		m := decoderText.FindStringSubmatch(err.Error())
		line, _ := strconv.Atoi(m[1]) // 0 when there is none
		return &Error{File: file, Line: line, Text: strings.TrimPrefix(m[2]+": "+m[3], ": ")}
	}
	text := p.Message
	if text == "" {
		// The library keeps an error of ours inside, and prints it behind its own.
		text = p.Error()
		if _, after, ok := strings.Cut(text, "): "); ok {
			text = after
		}
	}
	if p.LastKey != "" {
		text = p.LastKey + ": " + text
	}
	return &Error{File: file, Line: p.Position.Line, Text: text}
}

// places knows in which line of a file a key stands. The library does not tell.
type places struct {
	file  string
	lines map[string]int
}

// newPlaces looks through a text for tables and keys. What is inside of arrays,
// inline tables or texts of several lines may be missed or misplaced by that.
func newPlaces(file, text string) places {
	p := places{file: file, lines: map[string]int{}}
	var table toml.Key
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if inner, ok := strings.CutPrefix(line, "["); ok {
			inner = strings.TrimPrefix(inner, "[")
			if key, rest := cutKey(inner); strings.HasPrefix(rest, "]") {
				table = key
				p.note(table, number)
			}
			continue
		}
		if key, rest := cutKey(line); len(key) > 0 && strings.HasPrefix(rest, "=") {
			p.note(append(append(toml.Key{}, table...), key...), number)
		}
	}
	return p
}

func (p places) note(key toml.Key, line int) {
	if name := join(key); p.lines[name] == 0 {
		p.lines[name] = line
	}
}

// join makes a name that no other key has.
func join(key toml.Key) string { return strings.Join(key, "\x00") }

// cutKey reads a dotted key, with its parts bare or quoted.
func cutKey(s string) (key toml.Key, rest string) {
	for {
		s = strings.TrimLeft(s, " \t")
		var part string
		switch {
		case s == "":
			return nil, ""
		case s[0] == '"' || s[0] == '\'':
			inner, after, ok := strings.Cut(s[1:], s[:1])
			if !ok {
				return nil, s
			}
			part, s = inner, after
		default:
			n := strings.IndexFunc(s, func(r rune) bool { return !isBare(r) })
			if n <= 0 {
				return nil, s
			}
			part, s = s[:n], s[n:]
		}
		key = append(key, part)
		s = strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(s, ".") {
			return key, s
		}
		s = s[1:]
	}
}

func isBare(r rune) bool {
	return r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// errorf makes an error about a key, placed where the key or what holds it stands.
func (p places) errorf(key toml.Key, format string, args ...any) error {
	e := &Error{File: p.file, Text: fmt.Sprintf(format, args...)}
	for n := len(key); n > 0 && e.Line == 0; n-- {
		e.Line = p.lines[join(key[:n])]
	}
	return e
}
