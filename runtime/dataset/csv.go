package dataset

import (
	"errors"
	"fmt"
	"io"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

var delimiters = map[string]byte{
	"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t',
}

// table streams the rows of CSV as objects of texts. Short rows are filled up
// with "", fields beyond the headers are dropped.
type table struct {
	body    io.Closer
	rows    *rows
	headers []string
}

// newTable reads what ReaderConfig says about headers.
func newTable(body io.ReadCloser, config jsonvalue.Value) (*table, error) {
	name := config.Field("CSVDelimiter").Text()
	comma, ok := delimiters[name]
	if !ok {
		return nil, fmt.Errorf("CSVDelimiter %q is not known: COMMA, PIPE, SEMICOLON, SPACE and TAB are", name)
	}
	in, err := textOf(body)
	if err != nil {
		return nil, err
	}
	t := &table{body: body, rows: newRows(in, comma)}
	switch location := config.Field("CSVHeaderLocation").Text(); location {
	case "GIVEN":
		for _, h := range config.Field("CSVHeaders").Elems() {
			t.headers = append(t.headers, h.Text())
		}
		if len(t.headers) == 0 {
			return nil, errors.New("CSVHeaderLocation is GIVEN, but CSVHeaders names none")
		}
	case "FIRST_ROW", "":
		if t.headers, err = t.rows.next(); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("CSVHeaderLocation %q is not known: FIRST_ROW and GIVEN are", location)
	}
	return t, checkHeaders(t.headers)
}

// checkHeaders refuses names that come twice, in the words of AWS (recorded).
func checkHeaders(headers []string) error {
	seen := make(map[string]bool, len(headers))
	for _, h := range headers {
		if seen[h] {
			return &Fault{"CSV headers cannot contain duplicates."}
		}
		seen[h] = true
	}
	return nil
}

func (t *table) Next() (i Item, err error) {
	row, err := t.rows.next()
	if err != nil {
		return i, err
	}
	b := jsonvalue.NewObject(len(t.headers))
	for i, h := range t.headers {
		field := ""
		if i < len(row) {
			field = row[i]
		}
		b.Set(h, jsonvalue.StringOf(field))
	}
	return Item{Value: b.Value()}, nil
}

func (t *table) Close() error { return t.body.Close() }
