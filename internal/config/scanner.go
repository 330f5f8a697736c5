package config

import (
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// scanner finds the keys of a text that the library has read as TOML. In any
// other text it finds something, and comes to an end.
type scanner struct {
	text   string
	at     int
	tables map[string]int // how many [[tables]] there were of a name
	places
}

// note says where a key stands. A dotted key makes the tables that it leads
// through.
func (s *scanner) note(key toml.Key, offset int) {
	for ; len(key) > 0 && !s.has(key); key = key[:len(key)-1] {
		s.offsets[join(key)] = offset
	}
}

func (s *scanner) document() {
	var table toml.Key
	for s.blank(); s.at < len(s.text); s.blank() {
		begin := s.at
		if s.take("[") {
			many := s.take("[")
			header := s.at
			if table = s.key(); many {
				s.tables[join(table)]++
				s.note(table, header)
				table = element(table, s.tables[join(table)]-1)
			}
			s.note(table, header)
			s.skip(func(c byte) bool { return c == ']' })
		} else {
			s.pair(table)
		}
		s.at = max(s.at, begin+1)
	}
}

// pair reads a key and its value.
func (s *scanner) pair(table toml.Key) {
	s.blank()
	begin := s.at
	key := append(table[:len(table):len(table)], s.key()...)
	s.note(key, begin)
	if s.blank(); s.take("=") {
		s.value(key)
	}
}

// value reads the value of a key, and the keys within it.
func (s *scanner) value(key toml.Key) {
	switch s.blank(); {
	case s.at == len(s.text):
	case s.text[s.at] == '"' || s.text[s.at] == '\'':
		s.quoted()
	case s.take("["):
		s.list("]", func(i int) {
			s.note(element(key, i), s.at)
			s.value(element(key, i))
		})
	case s.take("{"):
		s.list("}", func(int) { s.pair(key) })
	default:
		s.skip(func(c byte) bool { return strings.IndexByte(",]}#\n", c) < 0 })
	}
}

// list reads what stands between commas up to an end.
func (s *scanner) list(end string, item func(i int)) {
	for i := 0; ; i++ {
		if s.blank(); s.at == len(s.text) || s.take(end) {
			return
		}
		begin := s.at
		item(i)
		s.blank()
		s.take(",")
		s.at = max(s.at, begin+1)
	}
}

// key reads a dotted key, with its parts bare or quoted.
func (s *scanner) key() (key toml.Key) {
	for {
		s.blank()
		if s.at < len(s.text) && (s.text[s.at] == '"' || s.text[s.at] == '\'') {
			key = append(key, s.quoted())
		} else {
			key = append(key, s.skip(isBare))
		}
		if s.blank(); !s.take(".") {
			return key
		}
	}
}

func isBare(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// quoted reads a text in quotes of any kind.
func (s *scanner) quoted() string {
	quote := s.text[s.at : s.at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.text[s.at:], triple) {
		quote = triple
	}
	s.at += len(quote)
	begin := s.at
	for s.at < len(s.text) && !strings.HasPrefix(s.text[s.at:], quote) {
		if quote[0] == '"' && s.text[s.at] == '\\' {
			s.at++
		}
		s.at++
	}
	s.at = min(s.at, len(s.text))
	inner := s.text[begin:s.at]
	s.take(quote)
	if len(quote) == 3 {
		s.skip(func(c byte) bool { return c == quote[0] }) // the text's own last ones
	}
	if quote == `"` {
		if text, err := strconv.Unquote(`"` + inner + `"`); err == nil {
			return text
		}
	}
	return inner
}

// blank skips white space and comments.
func (s *scanner) blank() {
	for s.skip(func(c byte) bool { return strings.IndexByte(" \t\r\n", c) >= 0 }); s.at < len(s.text) && s.text[s.at] == '#'; {
		s.skip(func(c byte) bool { return c != '\n' })
		s.skip(func(c byte) bool { return strings.IndexByte(" \t\r\n", c) >= 0 })
	}
}

// skip moves on while it may, and gives what it left behind.
func (s *scanner) skip(may func(byte) bool) string {
	begin := s.at
	for s.at < len(s.text) && may(s.text[s.at]) {
		s.at++
	}
	return s.text[begin:s.at]
}

// take moves on beyond a token if that stands here.
func (s *scanner) take(token string) bool {
	if !strings.HasPrefix(s.text[s.at:], token) {
		return false
	}
	s.at += len(token)
	return true
}
