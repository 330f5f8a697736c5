package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/PaesslerAG/gval"
	"github.com/PaesslerAG/jsonpath"
	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// query filters what a command prints as JSON. It is JSONPath with expressions,
// for people at a terminal; the paths of the language have nothing to do with
// it. A nil query prints everything as it is.
type query struct {
	text string
	eval gval.Evaluable
}

// queryLanguage is JSONPath with the operators and functions of expressions.
var queryLanguage = gval.Full(jsonpath.Language(), gval.Function("length", length))

// length is how many bytes, elements or members something has.
func length(of any) (any, error) {
	switch of := of.(type) {
	case string:
		return float64(len(of)), nil
	case []any:
		return float64(len(of)), nil
	case map[string]any:
		return float64(len(of)), nil
	}
	return nil, fmt.Errorf("length of what is no text, array or object")
}

func queryFlag() cli.Flag {
	return &cli.StringFlag{Name: "query", Usage: "print only what `EXPR` selects: JSONPath such as $.items[?(@.n > 1)].name, with expressions"}
}

// queryOf reads the flag --query.
func queryOf(c *cli.Context) (*query, error) {
	if !c.IsSet("query") {
		return nil, nil
	}
	text := c.String("query")
	eval, err := queryLanguage.NewEvaluable(text)
	if err != nil {
		return nil, usage("--query %s: %s", text, strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", " "))
	}
	return &query{text, eval}, nil
}

// apply gives what the query selects. The members of objects are sorted by name,
// and numbers lose zeros at their end; a number that is too long for a float64
// stays as it is, and compares as a text.
func (q *query) apply(v jsonvalue.Value) (jsonvalue.Value, error) {
	if q == nil {
		return v, nil
	}
	decoder := json.NewDecoder(strings.NewReader(v.String()))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		return v, err
	}
	selected, err := q.eval(context.Background(), withFloats(document))
	if err != nil {
		return v, usage("--query %s: %w", q.text, err)
	}
	text, err := json.Marshal(selected)
	if err != nil {
		return v, usage("--query %s: %w", q.text, err)
	}
	return jsonvalue.Parse(string(text))
}

// mantissa is a number without its exponent.
func mantissa(number string) string {
	if at := strings.IndexAny(number, "eE"); at >= 0 {
		return number[:at]
	}
	return number
}

// withFloats makes float64s, which expressions compare and add up, of the numbers
// that are none the worse for it.
func withFloats(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			v[key] = withFloats(member)
		}
	case []any:
		for i, element := range v {
			v[i] = withFloats(element)
		}
	case json.Number:
		f, err := v.Float64()
		if err != nil || f == 0 && strings.ContainsAny(mantissa(v.String()), "123456789") {
			return v // beyond what a float64 can be
		}
		exact, ok := new(big.Rat).SetString(v.String())
		shortest, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
		if ok && exact.Cmp(shortest) == 0 {
			return f
		}
	}
	return v
}
