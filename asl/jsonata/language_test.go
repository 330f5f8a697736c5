package jsonata_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// caseDocument is what the expressions of testdata/cases see.
const caseDocument = `{"a":1,"b":{"c":[1,2,3],"d":[{"e":1,"f":"x"},{"e":2,"f":"y"},{"f":"x"}]},"n":null,"s":"héllo😀",` +
	`"m":[[1,2],[3,[4]]],"empty":[],"one":[7]}`

// answer writes what an expression gives: JSON, (undefined), (function), or an
// error behind an exclamation mark.
func answer(e *jsonata.Expr, err error, in jsonata.Input) string {
	var r jsonata.Result
	if err == nil {
		r, err = e.Eval(context.Background(), in)
	}
	var failure *jsonata.Error
	switch {
	case errors.As(err, &failure):
		return "! " + failure.Error()
	case err != nil:
		return "!! " + err.Error()
	case r.Function:
		return "(function)"
	case !r.Value.IsValid():
		return "(undefined)"
	}
	return r.Value.String()
}

// TestLanguage evaluates the expressions of testdata/cases: on each line one,
// and below it, indented, what the reference implementation answers.
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	in := jsonata.Input{Data: jsonvalue.MustParse(caseDocument)}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
			for i := 0; i+1 < len(lines); i += 2 {
				e, err := jsonata.Compile(lines[i])
				if got, want := answer(e, err, in), strings.TrimPrefix(lines[i+1], "    "); got != want {
					t.Errorf("%s\n  gives %s\n  want  %s", lines[i], got, want)
				}
			}
		})
	}
}
