package interp

import (
	"fmt"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// compileMatch compiles a StringMatches pattern: "*" stands for any number of
// characters, "\*" and "\\" for the characters themselves.
func compileMatch(pattern string) (test, error) {
	parts, err := splitPattern(pattern)
	if err != nil {
		return nil, err
	}
	return func(v, _ jsonvalue.Value) bool {
		return v.Kind() == jsonvalue.String && matchParts(parts, v.Text())
	}, nil
}

// splitPattern gives the texts between the asterisks of a pattern.
func splitPattern(pattern string) ([]string, error) {
	var parts []string
	var part strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			parts = append(parts, part.String())
			part.Reset()
		case '\\':
			i++
			if i == len(pattern) || pattern[i] != '*' && pattern[i] != '\\' {
				return nil, fmt.Errorf("StringMatches: an open escape backslash in %q", pattern)
			}
			part.WriteByte(pattern[i])
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String()), nil
}

// matchParts tells whether s starts with the first part, ends with the last,
// and has the others between them in order.
func matchParts(parts []string, s string) bool {
	if len(parts) == 1 {
		return s == parts[0]
	}
	rest, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, p := range parts[1:last] {
		i := strings.Index(rest, p)
		if i < 0 {
			return false
		}
		rest = rest[i+len(p):]
	}
	return strings.HasSuffix(rest, parts[last])
}
