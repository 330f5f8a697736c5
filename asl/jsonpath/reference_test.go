package jsonpath_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// referenceCase is a path, a document and what Jayway JsonPath answered.
type referenceCase struct {
	Path     string
	Doc      string
	Definite *bool // null: the path does not compile
	OK       bool
	Result   string
	Err      string
	Msg      string
}

// exception is a reference case whose answer is not ours, and why.
type exception struct {
	Path, Doc, Reason string
	// What differs: "value" (or whether there is one) or "message".
	What string
}

func readLines[T any](t *testing.T, file string) []T {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var x T
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		list = append(list, x)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// differences says in what our answer is not the reference's: "", "value" or
// "message", and what we gave.
func differences(t *testing.T, c referenceCase) (what, got string) {
	t.Helper()
	doc := jsonvalue.MustParse(c.Doc)
	p, err := jsonpath.Compile(c.Path)
	var v jsonvalue.Value
	if err == nil {
		if c.Definite != nil && *c.Definite != p.Definite() {
			return "value", "another Definite"
		}
		v, err = p.Eval(doc)
	} else {
		var syntax *jsonpath.SyntaxError
		if !errors.As(err, &syntax) || syntax.Pos < 0 || syntax.Pos > len(c.Path) {
			t.Errorf("%s: the error %#v is no SyntaxError with a position", c.Path, err)
		}
	}
	switch {
	case c.OK && err == nil:
		if want := jsonvalue.MustParse(c.Result); v.String() != want.String() {
			return "value", v.String()
		}
		return "", ""
	case c.OK:
		return "value", err.Error()
	case err == nil:
		return "value", v.String()
	case err.Error() != c.Msg:
		return "message", err.Error()
	}
	return "", ""
}

// TestReference compares with what Jayway JsonPath 3.0.0 answered. Every
// difference is listed with its reason in testdata/exceptions.jsonl.
func TestReference(t *testing.T) {
	dir := os.Getenv("WASL_REFERENCE")
	if dir == "" {
		t.Skip("WASL_REFERENCE is not set")
	}
	var cases []referenceCase
	for _, file := range []string{"aws.jsonl", "jayway.jsonl"} {
		cases = append(cases, readLines[referenceCase](t, filepath.Join(dir, "jsonpath", file))...)
	}
	known := map[[2]string]exception{}
	for _, e := range readLines[exception](t, "testdata/exceptions.jsonl") {
		if e.Reason == "" {
			t.Errorf("%s: an exception without a reason", e.Path)
		}
		known[[2]string{e.Path, e.Doc}] = e
	}
	values, valuesRight, messages, messagesRight := 0, 0, 0, 0
	for _, c := range cases {
		what, got := differences(t, c)
		values++
		if what != "value" {
			valuesRight++
		}
		if !c.OK {
			messages++
			if what == "" {
				messagesRight++
			}
		}
		key := [2]string{c.Path, c.Doc}
		if e := known[key]; e.What != what {
			t.Errorf("path %q on %s\n gives  %s\n Jayway %s%s\n differs in %q, listed %q", c.Path, c.Doc, got, c.Result, c.Msg, what, e.What)
		}
		delete(known, key)
	}
	for _, e := range known {
		t.Errorf("exception %q on %s matches no case", e.Path, e.Doc)
	}
	t.Logf("values %d of %d, messages %d of %d", valuesRight, values, messagesRight, messages)
	if valuesRight*100 < values*97 || messagesRight*100 < messages*85 {
		t.Errorf("fewer than 97 %% of values or 85 %% of messages are right")
	}
}
