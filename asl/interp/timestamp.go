package interp

import (
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// parseTimestamp reads a timestamp as the language defines it: RFC 3339 with an
// uppercase T and an uppercase Z or a numeric offset, and at most nine digits
// of a fraction (spec: Timestamps). As AWS does, it also takes a time without
// seconds.
func parseTimestamp(s string) (time.Time, bool) {
	if !shapedAsTimestamp(s) {
		return time.Time{}, false
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// shapedAsTimestamp refuses what time.Parse is too lenient about.
func shapedAsTimestamp(s string) bool {
	if len(s) < len("2006-01-02T15:04Z") || s[10] != 'T' {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '-', c == ':', c == '.', c == '+':
		case c == 'T' && i == 10, c == 'Z' && i == len(s)-1:
		default:
			return false
		}
	}
	return true
}

// timestampOf reads a value that is a timestamp.
func timestampOf(v jsonvalue.Value) (time.Time, bool) {
	if v.Kind() != jsonvalue.String {
		return time.Time{}, false
	}
	return parseTimestamp(v.Text())
}
