package jsonata_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// suiteCase is a line of the reference suite: an expression and what jsonata
// 2.0.6 answered.
type suiteCase struct {
	ID        string                     `json:"id"`
	Expr      exprText                   `json:"expr"`
	Doc       *string                    `json:"doc"`
	Bindings  map[string]jsonvalue.Value `json:"bindings"`
	Depth     int                        `json:"depth"`
	Unordered bool                       `json:"unordered"`
	Reference struct {
		Kind    string `json:"kind"` // value, undef, error
		Value   string `json:"value"`
		Code    string `json:"code"`
		Message string `json:"msg"`
	} `json:"reference"`
}

// reference gives the path of a file of the reference folder, or skips the test.
func reference(t testing.TB, name ...string) string {
	dir := os.Getenv("WASL_REFERENCE")
	if dir == "" {
		t.Skip("WASL_REFERENCE is not set")
	}
	return filepath.Join(append([]string{dir}, name...)...)
}

func readLines[T any](t testing.TB, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var c T
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (c *suiteCase) run(t testing.TB) (jsonata.Result, error) {
	e, err := jsonata.Compile(string(c.Expr))
	if err != nil {
		return jsonata.Result{}, err
	}
	in := jsonata.Input{Bindings: c.Bindings, Now: time.Now()}
	if c.Depth > 0 {
		in.Limits.Depth = c.Depth
	}
	if c.Doc != nil {
		if in.Data, err = jsonvalue.Parse(*c.Doc); err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
	}
	return e.Eval(context.Background(), in)
}

// verdict compares an answer with the reference's: the result or the code, and
// the text of an error.
func (c *suiteCase) verdict(r jsonata.Result, err error) (result, message bool) {
	if c.Reference.Kind == "error" {
		var e *jsonata.Error
		if !errors.As(err, &e) {
			return false, false
		}
		return e.Code == c.Reference.Code, e.Message == c.Reference.Message
	}
	if err != nil {
		return false, false
	}
	if c.Reference.Kind == "undef" {
		return !r.Value.IsValid() && !r.Function, true
	}
	want, perr := jsonvalue.Parse(c.Reference.Value)
	return perr == nil && !r.Function && jsonvalue.Equal(want, r.Value) && sameOrder(want, r.Value), true
}

// sameOrder tells whether equal values have their members in the same order.
// JavaScript moves members whose names are integers to the front, which we do
// not: objects that have any are not compared.
func sameOrder(a, b jsonvalue.Value) bool {
	for i := range a.Len() {
		if a.Kind() == jsonvalue.Object && a.KeyAt(i) != b.KeyAt(i) {
			return hasIntegerName(a)
		}
		if !sameOrder(a.At(i), b.At(i)) {
			return false
		}
	}
	return true
}

func hasIntegerName(v jsonvalue.Value) bool {
	for name := range v.Members() {
		if _, err := strconv.ParseUint(name, 10, 32); err == nil {
			return true
		}
	}
	return false
}

// exprText is an expression as the suite's JSON has it. Surrogates without a
// partner, which encoding/json would replace, are kept in the three bytes that
// the package has for them.
type exprText string

func (e *exprText) UnmarshalJSON(text []byte) error {
	lone := regexp.MustCompile(`\\u(d[89a-f][0-9a-f]{2})`)
	marked := lone.ReplaceAllFunc(text, func(m []byte) []byte { return append([]byte(`\uE000`), m[2:]...) })
	if bytes.Count(marked, []byte("E000")) != 1 {
		marked = text // none, or pairs
	}
	var s string
	if err := json.Unmarshal(marked, &s); err != nil {
		return err
	}
	if at := strings.Index(s, "\uE000"); at >= 0 {
		unit, err := strconv.ParseUint(s[at+3:at+7], 16, 16)
		if err != nil {
			return err
		}
		s = s[:at] + string([]byte{0xE0 | byte(unit>>12), 0x80 | byte(unit>>6)&0x3F, 0x80 | byte(unit)&0x3F}) + s[at+7:]
	}
	*e = exprText(s)
	return nil
}

// TestSuite runs the reference suite. The cases of testdata/exceptions.txt are
// known to differ, each for the reason it gives; everything else must be the
// same, text of errors included.
func TestSuite(t *testing.T) {
	cases := readLines[suiteCase](t, reference(t, "jsonata", "suite-2.0.6.jsonl"))
	known := exceptions(t)
	results, messages, failures, without := 0, 0, 0, 0
	for _, c := range cases {
		if strings.HasPrefix(known[c.ID], "AWS") {
			without++ // what AWS has changed is no case of its language
			delete(known, c.ID)
			continue
		}
		r, err := c.run(t)
		result, message := c.verdict(r, err)
		if c.Reference.Kind == "error" {
			failures++
			if message {
				messages++
			}
		}
		if result {
			results++
		}
		switch reason, listed := known[c.ID]; {
		case !listed && (!result || !message):
			t.Errorf("%s: %s\n  gives %v %v\n  want  %s%s %s", c.ID, c.Expr, r.Value, err, c.Reference.Value, c.Reference.Code, c.Reference.Message)
		case listed && result && message:
			t.Errorf("%s is as the reference now, but is listed as an exception: %s", c.ID, reason)
		}
		delete(known, c.ID)
	}
	for id := range known {
		t.Errorf("the exception %s is not in the suite", id)
	}
	counted := len(cases) - without
	t.Logf("results and codes %d of %d (%.2f %%; %d more that AWS has changed), texts of errors %d of %d (%.2f %%)", results,
		counted, 100*float64(results)/float64(counted), without, messages, failures, 100*float64(messages)/float64(failures))
	if float64(results) < 0.995*float64(counted) || float64(messages) < 0.97*float64(failures) {
		t.Error("too many cases differ from the reference")
	}
}

// exceptions reads the cases that differ: an id, then the reason.
func exceptions(t *testing.T) map[string]string {
	text, err := os.ReadFile("testdata/exceptions.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		id, reason, _ := strings.Cut(line, "\t")
		known[id] = strings.TrimSpace(reason)
	}
	return known
}
