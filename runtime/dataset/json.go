package dataset

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// array streams the elements of a JSON array, or the members of an object.
type array struct {
	body     io.Closer
	decoder  *json.Decoder
	isObject bool
}

// newArray finds the array or object that a JSON Pointer leads to.
func newArray(body io.ReadCloser, pointer string) (*array, error) {
	in, err := textOf(body)
	if err != nil {
		return nil, err
	}
	a := &array{body: body, decoder: json.NewDecoder(in)}
	a.decoder.UseNumber()
	if pointer != "" {
		if err := a.descend(pointer); err != nil {
			return nil, err
		}
	}
	t, err := a.decoder.Token()
	switch {
	case err != nil:
		return nil, notJSON(err)
	case t == json.Delim('['):
		return a, nil
	case t == json.Delim('{'):
		a.isObject = true
		return a, nil
	}
	return nil, errors.New("the items must be an array or an object")
}

// descend goes to the place of a JSON Pointer without reading more than what
// lies before it.
func (a *array) descend(pointer string) error {
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		t, err := a.decoder.Token()
		if err != nil {
			return notJSON(err)
		}
		found := false
		switch t {
		case json.Delim('{'):
			found, err = a.toMember(unescape.Replace(part))
		case json.Delim('['):
			found, err = a.toElement(part)
		}
		if err != nil {
			return notJSON(err)
		}
		if !found {
			return fmt.Errorf("the ItemsPointer %q leads nowhere", pointer)
		}
	}
	return nil
}

// toMember stops before the value of a member.
func (a *array) toMember(key string) (bool, error) {
	for a.decoder.More() {
		t, err := a.decoder.Token()
		if err != nil || t == key {
			return err == nil, err
		}
		if err := a.skip(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// toElement stops before an element.
func (a *array) toElement(index string) (bool, error) {
	n, err := json.Number(index).Int64()
	if err != nil {
		return false, nil //nolint:nilerr // no index: it leads nowhere
	}
	for ; n > 0 && a.decoder.More(); n-- {
		if err := a.skip(); err != nil {
			return false, err
		}
	}
	return a.decoder.More(), nil
}

// skip reads over one value.
func (a *array) skip() error {
	for depth := 0; ; {
		t, err := a.decoder.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func (a *array) Next() (i Item, err error) {
	if !a.decoder.More() {
		// What closes the array must be there; what comes after it is not read.
		if _, err := a.decoder.Token(); err != nil {
			return i, notJSON(err)
		}
		return i, io.EOF
	}
	if a.isObject {
		key, err := a.decoder.Token()
		if err != nil {
			return i, notJSON(err)
		}
		name, _ := key.(string) // a member's name always is one
		i.Key = jsonvalue.StringOf(name)
	}
	var raw json.RawMessage
	if err := a.decoder.Decode(&raw); err != nil {
		return i, notJSON(err)
	}
	i.Value, err = jsonvalue.Parse(string(raw))
	return i, err
}

func (a *array) Close() error { return a.body.Close() }

func notJSON(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("not JSON: the text ends too early")
	}
	return fmt.Errorf("not JSON: %w", err)
}

// lines streams JSON Lines. Empty lines are no items.
type lines struct {
	body    io.Closer
	scanner *bufio.Scanner
	number  int
}

func newLines(body io.ReadCloser) (*lines, error) {
	in, err := textOf(body)
	if err != nil {
		return nil, err
	}
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 64<<10), maxItem)
	s.Split(splitLines)
	return &lines{body: body, scanner: s}, nil
}

func (l *lines) Next() (i Item, err error) {
	for l.scanner.Scan() {
		l.number++
		line := bytes.TrimSpace(l.scanner.Bytes())
		if len(line) == 0 {
			continue
		}
		if i.Value, err = jsonvalue.Parse(string(line)); err != nil {
			err = fmt.Errorf("line %d is not JSON: %w", l.number, err)
		}
		return i, err
	}
	if err := l.scanner.Err(); err != nil {
		return i, fmt.Errorf("line %d: %w", l.number+1, err)
	}
	return i, io.EOF
}

func (l *lines) Close() error { return l.body.Close() }
