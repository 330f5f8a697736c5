package dataset

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

var delimiters = map[string]rune{
	"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t',
}

// table streams the rows of CSV as objects of texts. Short rows are filled up
// with "", fields beyond the headers are dropped.
type table struct {
	body    io.Closer
	rows    *csv.Reader
	headers []string
}

// newTable reads what ReaderConfig says about headers.
func newTable(body io.ReadCloser, config jsonvalue.Value) (*table, error) {
	name := config.Field("CSVDelimiter").Text()
	comma, ok := delimiters[name]
	if !ok {
		return nil, fmt.Errorf("CSVDelimiter %q is not known: COMMA, PIPE, SEMICOLON, SPACE and TAB are", name)
	}
	t := &table{body: body, rows: newRows(body, comma)}
	switch location := config.Field("CSVHeaderLocation").Text(); location {
	case "GIVEN":
		for _, h := range config.Field("CSVHeaders").Elems() {
			t.headers = append(t.headers, h.Text())
		}
		if len(t.headers) == 0 {
			return nil, errors.New("CSVHeaderLocation is GIVEN, but CSVHeaders names none")
		}
	case "FIRST_ROW", "":
		first, err := t.rows.Read()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("not CSV: %w", err)
		}
		t.headers = append(t.headers, first...)
	default:
		return nil, fmt.Errorf("CSVHeaderLocation %q is not known: FIRST_ROW and GIVEN are", location)
	}
	return t, nil
}

func newRows(r io.Reader, comma rune) *csv.Reader {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // cannot fail: they were peeked at
	}
	rows := csv.NewReader(in)
	rows.Comma = comma
	rows.FieldsPerRecord = -1
	rows.LazyQuotes = true
	rows.ReuseRecord = true
	return rows
}

func (t *table) Next() (v jsonvalue.Value, err error) {
	row, err := t.rows.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return v, io.EOF
		}
		return v, fmt.Errorf("not CSV: %w", err)
	}
	b := jsonvalue.NewObject(len(t.headers))
	for i, h := range t.headers {
		field := ""
		if i < len(row) {
			field = strings.Clone(row[i])
		}
		b.Set(h, jsonvalue.StringOf(field))
	}
	return b.Value(), nil
}

func (t *table) Close() error { return t.body.Close() }
