package dataset

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// rows reads the records of CSV in AWS's dialect ("How Step Functions parses
// input CSV files", and what was measured of it):
//
//   - a field is enclosed when it begins with a quote; then delimiters and line
//     ends are a part of it;
//   - a doubled quote is a quote, in fields that are not enclosed too;
//   - a backslash takes its meaning from a backslash, a quote or the delimiter,
//     and is dropped before any other character.
//
// Lines end with LF, CRLF or CR; an empty line is no record. What the rules leave
// open is read as it stands: a lone quote inside a field is a quote, what follows
// the closing one belongs to the field, and the end of the text closes it.
type rows struct {
	in    *bufio.Reader
	comma byte
	// line is the number of the line that the next record begins in.
	line int
	// text has the fields of a record one after the other, ends where each ends.
	text []byte
	ends []int
}

// newRows makes rows of a text that is known to be UTF-8.
func newRows(in *bufio.Reader, comma byte) *rows { return &rows{in: in, comma: comma, line: 1} }

// next reads a record. Its fields are the caller's to keep. io.EOF says that
// there is none.
func (r *rows) next() ([]string, error) {
	r.text, r.ends = r.text[:0], r.ends[:0]
	for {
		c, err := r.peek()
		if err != nil {
			return nil, err
		}
		if !isLineEnd(c) {
			break
		}
		if err := r.endLine(); err != nil {
			return nil, err
		}
	}
	begun := r.line
	for {
		more, err := r.field()
		if err != nil {
			if errors.Is(err, errLongRow) {
				err = fmt.Errorf("line %d: %w", begun, err)
			}
			return nil, err
		}
		r.ends = append(r.ends, len(r.text))
		if !more {
			return r.fields(), nil
		}
	}
}

// fields cuts the record's text, which becomes one string, into its fields.
func (r *rows) fields() []string {
	whole, list, start := string(r.text), make([]string, len(r.ends)), 0
	for i, end := range r.ends {
		list[i], start = whole[start:end], end
	}
	return list
}

// errLongRow: a record is longer than the input of an execution can be.
var errLongRow = fmt.Errorf("a row of more than %d bytes", maxItem)

// field reads a field with what ends it, and tells whether that was a delimiter.
func (r *rows) field() (more bool, err error) {
	enclosed, err := r.opens()
	if err != nil {
		return false, err
	}
	for {
		c, err := r.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil:
			return false, err
		case len(r.text) > maxItem:
			return false, errLongRow
		case c == '\\':
			if err := r.escape(); err != nil {
				return false, err
			}
		case c == '"':
			if doubled, err := r.skip('"'); err != nil {
				return false, err
			} else if doubled || !enclosed {
				r.text = append(r.text, c)
			} else {
				enclosed = false
			}
		case enclosed:
			if c == '\n' {
				r.line++
			}
			r.text = append(r.text, c)
		case c == r.comma:
			return true, nil
		case isLineEnd(c):
			return false, errors.Join(r.in.UnreadByte(), r.endLine())
		default:
			r.text = append(r.text, c)
		}
	}
}

// opens tells whether a field is enclosed, and reads the quote that says so. Two
// quotes with something after them that a record could not go on with are one
// quote of a field that is not enclosed: ""a"" is "a".
func (r *rows) opens() (bool, error) {
	next, err := r.in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if len(next) == 0 || next[0] != '"' {
		return false, nil
	}
	if len(next) == 3 && next[1] == '"' && next[2] != '"' && next[2] != r.comma && !isLineEnd(next[2]) {
		return false, nil
	}
	_, err = r.in.Discard(1)
	return true, err
}

// escape reads what follows a backslash, if the backslash is for it.
func (r *rows) escape() error {
	for _, c := range []byte{'\\', '"', r.comma} {
		if escaped, err := r.skip(c); err != nil {
			return err
		} else if escaped {
			r.text = append(r.text, c)
			return nil
		}
	}
	return nil
}

// skip reads a byte if it comes next.
func (r *rows) skip(c byte) (bool, error) {
	next, err := r.peek()
	if errors.Is(err, io.EOF) || err == nil && next != c {
		return false, nil
	}
	if err == nil {
		_, err = r.in.Discard(1)
	}
	return err == nil, err
}

func (r *rows) peek() (byte, error) {
	next, err := r.in.Peek(1)
	if len(next) == 0 {
		return 0, err
	}
	return next[0], nil
}

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

// endLine reads the end of a line, which comes next: CR, LF or both.
func (r *rows) endLine() error {
	r.line++
	if _, err := r.skip('\r'); err != nil {
		return err
	}
	_, err := r.skip('\n')
	return err
}
