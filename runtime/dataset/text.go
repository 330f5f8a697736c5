package dataset

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// textOf reads an object's body as text: without its byte order mark, and only
// UTF-8.
func textOf(body io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(body, 64<<10)
	first, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	mark, err := jsonvalue.Mark(first)
	if err != nil {
		return nil, err
	}
	_, err = in.Discard(mark)
	return in, err
}

// splitLines is a bufio.SplitFunc for lines that end with LF, CRLF or CR.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0:
		return 0, nil, nil
	case data[i] == '\n':
		return i + 1, data[:i], nil
	case i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	case i+1 == len(data) && !atEOF:
		return 0, nil, nil // a LF may follow
	}
	return i + 1, data[:i], nil
}
