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

// array streams the elements of a JSON array, or the members of an object as
// {"Key", "Value"}.
type array struct {
	body     io.Closer
	decoder  *json.Decoder
	isObject bool
}

// newArray finds the array or object that a JSON Pointer leads to.
func newArray(body io.ReadCloser, pointer string) (*array, error) {
	a := &array{body: body, decoder: json.NewDecoder(bufio.NewReader(body))}
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

func (a *array) Next() (v jsonvalue.Value, err error) {
	if !a.decoder.More() {
		// What closes the array must be there; what comes after it is not read.
		if _, err := a.decoder.Token(); err != nil {
			return v, notJSON(err)
		}
		return v, io.EOF
	}
	var key json.Token
	if a.isObject {
		if key, err = a.decoder.Token(); err != nil {
			return v, notJSON(err)
		}
	}
	var raw json.RawMessage
	if err := a.decoder.Decode(&raw); err != nil {
		return v, notJSON(err)
	}
	if v, err = jsonvalue.Parse(string(raw)); err != nil || !a.isObject {
		return v, err
	}
	name, _ := key.(string)
	return jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "Key", Value: jsonvalue.StringOf(name)},
		jsonvalue.Member{Key: "Value", Value: v},
	), nil
}

func (a *array) Close() error { return a.body.Close() }

func notJSON(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("not JSON: the text ends too early")
	}
	return fmt.Errorf("not JSON: %w", err)
}

// lines streams JSON Lines.
type lines struct {
	body    io.Closer
	scanner *bufio.Scanner
	number  int
}

func newLines(body io.ReadCloser) *lines {
	s := bufio.NewScanner(body)
	s.Buffer(make([]byte, 64<<10), maxItem)
	return &lines{body: body, scanner: s}
}

func (l *lines) Next() (v jsonvalue.Value, err error) {
	for l.scanner.Scan() {
		l.number++
		line := bytes.TrimSpace(l.scanner.Bytes())
		if l.number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(line) == 0 {
			continue
		}
		if v, err = jsonvalue.Parse(string(line)); err != nil {
			err = fmt.Errorf("line %d is not JSON: %w", l.number, err)
		}
		return v, err
	}
	if err := l.scanner.Err(); err != nil {
		return v, fmt.Errorf("line %d: %w", l.number+1, err)
	}
	return v, io.EOF
}

func (l *lines) Close() error { return l.body.Close() }
