package jsonvalue

import (
	"bytes"
	"fmt"
	"strings"
)

// EncodingError says that a text is not in UTF-8.
type EncodingError struct{ Encoding string }

func (e *EncodingError) Error() string {
	return fmt.Sprintf("the text is in %s: store it as UTF-8", e.Encoding)
}

// Mark tells from the first bytes of a file, four if there are as many, how long
// its byte order mark is, which is no part of the text (RFC 8259, 8.1 allows to
// ignore it). A file in UTF-16 or UTF-32 is an *EncodingError: it shows by its own
// mark, or by the zeros around an ASCII character, which every JSON begins with.
func Mark(first []byte) (length int, err error) {
	for _, e := range []struct{ mark, encoding string }{
		{"\xff\xfe\x00\x00", "UTF-32"}, {"\x00\x00\xfe\xff", "UTF-32"}, {"\xff\xfe", "UTF-16"}, {"\xfe\xff", "UTF-16"},
	} {
		if bytes.HasPrefix(first, []byte(e.mark)) {
			return 0, &EncodingError{e.encoding}
		}
	}
	var zeros []byte
	for _, b := range first[:min(len(first), 4)] {
		zeros = append(zeros, "0x"[min(b, 1)])
	}
	switch z := string(zeros); {
	case z == "000x" || z == "x000":
		return 0, &EncodingError{"UTF-32"}
	case strings.HasPrefix(z, "0x") || strings.HasPrefix(z, "x0"):
		return 0, &EncodingError{"UTF-16"}
	case bytes.HasPrefix(first, []byte("\ufeff")):
		return len("\ufeff"), nil
	}
	return 0, nil
}

// TextOf gives the text of a file, which must be UTF-8, without its byte order
// mark.
func TextOf(file []byte) (string, error) {
	mark, err := Mark(file)
	if err != nil {
		return "", err
	}
	return string(file[mark:]), nil
}
