package jsonata_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// FuzzEval compiles and evaluates whatever it is given: every expression ends,
// within small limits, with a JSON value or an *Error that has a code and a
// message.
func FuzzEval(f *testing.F) {
	files, _ := filepath.Glob("testdata/cases/*.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if i%2 == 0 {
				f.Add(line, caseDocument)
			}
		}
	}
	f.Fuzz(func(t *testing.T, expr, doc string) {
		data, err := jsonvalue.Parse(doc)
		if err != nil {
			data = jsonvalue.Value{}
		}
		e, err := jsonata.Compile(expr)
		if err != nil {
			checkError(t, err)
			return
		}
		r, err := e.Eval(context.Background(), jsonata.Input{
			Data:   data,
			Now:    time.Unix(1e9, 0),
			Limits: jsonata.Limits{Work: 20_000, Depth: 200, Memory: 1 << 20},
		})
		if err != nil {
			checkError(t, err)
			return
		}
		if text := r.Value.String(); r.Value.IsValid() {
			if _, err := jsonvalue.Parse(text); err != nil {
				t.Fatalf("%s gives %s, which is no JSON: %v", expr, text, err)
			}
		}
	})
}

func checkError(t *testing.T, err error) {
	t.Helper()
	var e *jsonata.Error
	if !errors.As(err, &e) || e.Code == "" || e.Message == "" && e.Code != "D3137" && e.Code != "D3141" {
		t.Fatalf("an error without code or message: %#v", err)
	}
}
