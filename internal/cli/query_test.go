package cli

import (
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

func TestQuery(t *testing.T) {
	document := jsonvalue.MustParse(`{"items":[{"n":1.50,"name":"a"},{"n":2,"name":"b<"},{"n":3,"name":"c"}],"z":null,"big":12345678901234567890,"tiny":1e-999999999}`)
	for _, c := range []struct{ query, want string }{
		{"$", `{"big":12345678901234567890,"items":[{"n":1.5,"name":"a"},{"n":2,"name":"b<"},{"n":3,"name":"c"}],"tiny":1e-999999999,"z":null}`},
		{"$.big", "12345678901234567890"},
		{"$.tiny", "1e-999999999"},
		{"$.items[0].n", "1.5"},
		{"$.items[?(@.n > 1.5)].name", `["b<","c"]`},
		{"$.items[*].n", "[1.5,2,3]"},
		{"$..name", `["a","b<","c"]`},
		{"$.items[1:].name", `["b<","c"]`},
		{"length($.items) + 1", "4"},
		{`$.items[2].name == "c" ? "yes" : "no"`, `"yes"`},
		{"$.z", "null"},
		{"$.none", "error: --query $.none: unknown key none"},
	} {
		eval, err := queryLanguage.NewEvaluable(c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		got := ""
		v, err := (&query{c.query, eval}).apply(document)
		if got = v.String(); err != nil {
			got = "error: " + err.Error()
		}
		if want := c.want; got != want {
			t.Errorf("%s: got %s, want %s", c.query, got, want)
		}
	}
}
