package asl

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// yamlMistake is the diagnostic of a text that is no YAML, at the place of the
// mistake.
func yamlMistake(text string, err error) *Diagnostic {
	d := &Diagnostic{Code: InvalidJSON, Message: "Not YAML: " + strings.TrimPrefix(err.Error(), "yaml: "), Line: 1, Column: 1}
	var wrong *yaml.LoadError
	if !errors.As(err, &wrong) {
		return d
	}
	d.Message = "Not YAML: " + wrong.Message
	if wrong.ContextMsg != "" && wrong.ContextMark != wrong.Mark {
		d.Message += fmt.Sprintf(" %s that begins at %d:%d", wrong.ContextMsg, wrong.ContextMark.Line, wrong.ContextMark.Column)
	}
	lines := newLineIndex(text)
	switch {
	case strings.Contains(wrong.ContextMsg, "quoted scalar") && strings.Contains(wrong.Message, "end of stream"):
		// It is seen at the end of the text, but made where the quotes open.
		d.Message = "Not YAML: a quoted text has no closing quote"
		d.Line, d.Column = lines.ofCharacter(text, wrong.ContextMark.Line, wrong.ContextMark.Column)
	case wrong.Mark.Line > 0:
		d.Line, d.Column = lines.ofCharacter(text, wrong.Mark.Line, wrong.Mark.Column)
	default:
		d.Line, d.Column = lines.position(firstUnreadable(text))
	}
	d.yamlHint(lines.line(text, d.Line), wrong.Message)
	return d
}

// yamlHint says what people meant with a line that YAML does not take.
func (d *Diagnostic) yamlHint(line, message string) {
	rest := line[min(len(line), max(0, d.Column-1)):]
	switch {
	case strings.Contains(line, "{%"):
		d.hint("put a JSONata expression in quotes: '{%% … %%}'")
	case strings.HasPrefix(rest, "\t"), strings.HasPrefix(line, "\t"):
		d.hint("YAML indents with spaces, not with tabs")
	case strings.HasPrefix(rest, "*"), strings.HasPrefix(rest, "&"), strings.HasPrefix(rest, "%"),
		strings.HasPrefix(rest, "@"), strings.HasPrefix(rest, "`"):
		d.hint("put a text that begins with %s in quotes", rest[:1])
	case strings.HasPrefix(message, "mapping values"):
		d.hint("put a text with a colon and a space in it in quotes, and let members of one mapping begin in one column")
	}
}

// ofCharacter turns a column that counts characters into one that counts bytes.
func (x lineIndex) ofCharacter(text string, line, column int) (int, int) {
	i := 0
	for range column - 1 {
		rest := x.line(text, line)[i:]
		if rest == "" {
			break
		}
		_, size := utf8.DecodeRuneInString(rest)
		i += size
	}
	return line, i + 1
}

// line gives the text of a line, from 1, without its end.
func (x lineIndex) line(text string, line int) string {
	if line < 1 || line > len(x.starts) {
		return ""
	}
	rest, _, _ := strings.Cut(text[x.starts[line-1]:], "\n")
	return rest
}

// firstUnreadable gives the offset of the first byte that no YAML text has: one
// that is not UTF-8, or a control character.
func firstUnreadable(text string) int {
	for i, r := range text {
		broken := false
		if r == utf8.RuneError {
			_, size := utf8.DecodeRuneInString(text[i:])
			broken = size == 1
		}
		control := r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r <= 0x9f && r != 0x85
		if broken || control {
			return i
		}
	}
	return 0
}
