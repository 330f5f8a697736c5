package jsonpath_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	paessler "github.com/PaesslerAG/jsonpath"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// pathsOf lists definite paths to everything in v, in the notation that
// PaesslerAG/jsonpath has too: $.a[0]["b c"].
func pathsOf(path string, v jsonvalue.Value, list []string) []string {
	list = append(list, path)
	for i, e := range v.Elems() {
		step := fmt.Sprintf("[%d]", i)
		if v.Kind() == jsonvalue.Object {
			key := v.KeyAt(i)
			if step = "." + key; !identifier.MatchString(key) {
				quoted, err := json.Marshal(key)
				if err != nil || strings.Contains(string(quoted), `\u`) {
					continue
				}
				step = "[" + string(quoted) + "]"
			}
		}
		list = pathsOf(path+step, e, list)
	}
	return list
}

// compareWithPaessler checks that another implementation, written
// independently, finds the same for every definite path into a document.
func compareWithPaessler(t *testing.T, text string) {
	doc, err := jsonvalue.Parse(text)
	if err != nil {
		return
	}
	var theirDoc any
	if err := json.Unmarshal([]byte(text), &theirDoc); err != nil {
		return // numbers beyond float64
	}
	for _, path := range pathsOf("$", doc, nil) {
		p, err := jsonpath.Compile(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		ours, err := p.Eval(doc)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		theirs, err := paessler.Get(path, theirDoc)
		if err != nil {
			t.Fatalf("%s: PaesslerAG/jsonpath: %v", path, err)
		}
		want, err := jsonvalue.FromGo(theirs)
		if err != nil {
			t.Fatal(err)
		}
		var normal any // numbers as float64, as theirs are
		if err := json.Unmarshal([]byte(ours.String()), &normal); err != nil {
			t.Fatal(err)
		}
		if got, err := jsonvalue.FromGo(normal); err != nil || !jsonvalue.Equal(got, want) {
			t.Errorf("%s gives %s, PaesslerAG/jsonpath %s", path, ours, want)
		}
	}
}

var differentialDocuments = []string{
	store,
	`[[1,[2,{"a":[3,4]}]],{"a b":{"c.d":[null,true]}}]`,
	`{"x":{"x":{"x":[{"x":1.5e3},"x"]}},"":[0]}`,
	`"text"`,
}

func TestDifferential(t *testing.T) {
	for _, text := range differentialDocuments {
		compareWithPaessler(t, text)
	}
}

func FuzzDifferential(f *testing.F) {
	for _, text := range differentialDocuments {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 1000 {
			compareWithPaessler(t, text)
		}
	})
}
