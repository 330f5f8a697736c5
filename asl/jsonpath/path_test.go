package jsonpath_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

const store = `{
	"a": {"b": [10, 20, 30], "z": null, "s": "text", "x y": 1, "it's": 2, "q\"": 3, "é": 4},
	"w": {"x\\\"\"": 1},
	"list": [
		{"n": 1, "s": "one", "tags": ["x", "y"], "ok": true},
		{"n": 2.0, "s": "Two", "tags": [], "ok": false, "deep": {"n": 7}},
		{"n": "3", "s": "", "tags": ["y"], "none": null}
	],
	"words": ["b", "a"], "limit": 1, "@id": 5, "$": 6, "big": 9007199254740993
}`

// TestEval gives for each path its value, or after "!" the error's message.
func TestEval(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		// Steps
		{`$.a.b`, `[10,20,30]`},
		{`$['a']["b"][1]`, `20`},
		{`$.a.b[-1]`, `30`},
		{`$.a.b[-4]`, `!No results for path: $['a']['b'][-4]`},
		{`$.a.b[3]`, `!No results for path: $['a']['b'][3]`},
		{`$.a.z`, `null`},
		{`$.a.z.y`, `!Expected to find an object with property ['y'] in path $['a']['z'] but found 'null'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`},
		{`$.a.z[0]`, `!The path $['a']['z'] is null`},
		{`$.a.b.c`, `!Expected to find an object with property ['c'] in path $['a']['b'] but found 'java.util.ArrayList'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`},
		{`$.a.s.c`, `!Expected to find an object with property ['c'] in path $['a']['s'] but found 'java.lang.String'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`},
		{`$.list[0].ok.c`, `!Expected to find an object with property ['c'] in path $['list'][0]['ok'] but found 'java.lang.Boolean'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`},
		{`$.list[1].n['c', 'd']`, `!Expected to find an object with property ['c','d'] in path $['list'][1]['n'] but found 'java.lang.Double'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`},
		{`$.a.s[1:].*..x[?(@)].length($)`, `!Filter: [1:][*]..['x'][?].length(...) can only be applied to arrays. Current context is: text`},
		{`$.big.c`, `!Expected to find an object with property ['c'] in path $['big'] but found 'java.lang.Long'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`},
		{`$.a.s[0]`, `!Filter: [0] can only be applied to arrays. Current context is: text`},
		{`$.no.b`, `!Missing property in path $['no']`},
		{`$.a.no`, `!No results for path: $['a']['no']`},
		{`$["a"].no.b`, `!Missing property in path $["a"]['no']`},
		{`$.a.b[0].c.d`, `!Expected to find an object with property ['c'] in path $['a']['b'][0] but found 'java.lang.Integer'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`},
		{`$['a']['x y']`, `1`},
		{`$['a']['it\'s']`, `2`},
		{`$['a']["q\""]`, `3`},
		{`$['w']['x\""']`, `1`},
		{`$.a.é`, `4`},
		{`$.a['\u00e9']`, `4`},
		{`$["a"]['\u00e\9']`, `!No results for path: $["a"]['u00e9']`},
		{`$['no\r\f\t\n\b\ud83d\ude00\q'].x`, "!Missing property in path $['no\r\f\t\n\b😀q']"},
		{`$.@id`, `5`},
		{`$.$`, `6`},
		{`$.['a'].['s']`, `"text"`},
		{`$.big`, `9007199254740993`},
		{`$.list[1].n`, `2.0`},
		{`$ `, store},
		// Several values
		{`$.a.b[*]`, `[10,20,30]`},
		{`$.a.b.*`, `[10,20,30]`},
		{`$.a.b[0,2,-1,9]`, `[10,30,30]`},
		{`$.a.b[1:]`, `[20,30]`},
		{`$.a.b[-2:]`, `[20,30]`},
		{`$.a.b[:-1]`, `[10,20]`},
		{`$.a.b[0:2]`, `[10,20]`},
		{`$.a.b[-1:2]`, `[30,10,20]`},
		{`$.a.b[2:1]`, `[]`},
		{`$.a.b[-2147483648:5]`, `[10,20,30,10,20,30]`},
		{`$.a.b[0:1:2]`, `[10]`},
		{`$.list[*].n`, `[1,2.0,"3"]`},
		{`$.list[*].deep.n`, `[7]`},
		{`$.list[*]['n','s','no']`, `[{"n":1,"s":"one"},{"n":2.0,"s":"Two"},{"n":"3","s":""}]`},
		{`$.list[0]['n', 's']`, `{"n":1,"s":"one"}`},
		{`$['a','list'].b`, `[[10,20,30]]`},
		{`$..n`, `[1,2.0,7,"3"]`},
		{`$..tags[0]`, `["x","y"]`},
		{`$..[1]`, `[20,{"n":2.0,"s":"Two","tags":[],"ok":false,"deep":{"n":7}},"y","a"]`},
		{`$..[1].n`, `[2.0]`},
		{`$..deep..n`, `[7]`},
		{`$.words..x`, `[]`},
		{`$.no[*]`, `!Missing property in path $['no']`},
		{`$.no..x`, `!Missing property in path $['no']`},
		// Filters
		{`$.list[?(@.ok)].n`, `[1,2.0]`},
		{`$.list[?(@.none)].n`, `["3"]`},
		{`$.list[?(!@.ok)].n`, `["3"]`},
		{`$.list[?(@.ok == true)].n`, `[1]`},
		{`$.list[?(@.none == null)].n`, `["3"]`},
		{`$.list[?(@.n == 2)].s`, `["Two"]`},
		{`$.list[?(@.n == 3)].s`, `[""]`},
		{`$.list[?(@.n === 3)].s`, `[]`},
		{`$.list[?(@.n !== 2)].n`, `[1,"3"]`},
		{`$.list[?(@.n != 2)].n`, `[1,"3"]`},
		{`$.list[?(@.n > 1)].n`, `[2.0]`},
		{`$.list[?(@.n >= $.limit && @.n < 2)].n`, `[1]`},
		{`$.list[?(@.n < 2 || @.s == '')].n`, `[1,"3"]`},
		{`$.list[?(!(@.n < 2 || @.s == ''))].n`, `[2.0]`},
		{`$.list[?((@.ok || @.none) && @.s)].n`, `[1,2.0,"3"]`},
		{`$.list[?(@.s < 'a')].s`, `["Two",""]`},
		{`$.list[?(@.s =~ /t.*/i)].n`, `[2.0]`},
		{`$.list[?(@.s =~ /w/)].n`, `[]`},
		{`$.list[?(@.tags =~ /x/)].n`, `[1]`},
		{`$.list[?('y' in @.tags)].n`, `[1,"3"]`},
		{`$.list[?(@.s in ['one', "Two"])].n`, `[1,2.0]`},
		{`$.list[?(@.s nin ['one'])].n`, `[2.0,"3"]`},
		{`$.list[?(@.tags contains 'x')].n`, `[1]`},
		{`$.list[?(@.s contains 'wo')].n`, `[2.0]`},
		{`$.list[?(@.tags subsetof ['y', 'z'])].n`, `[2.0,"3"]`},
		{`$.list[?(@.tags anyof ['y', 'z'])].n`, `[1,"3"]`},
		{`$.list[?(@.tags noneof ['x', 'z'])].n`, `[2.0,"3"]`},
		{`$.list[?(@.tags all ['x', 'y'])].n`, `[1]`},
		{`$.list[?(@.tags size 2)].n`, `[1]`},
		{`$.list[?(@.s size 3)].n`, `[1,2.0]`},
		{`$.list[?(@.tags empty true)].n`, `[2.0]`},
		{`$.list[?(@.s empty false)].n`, `[1,2.0]`},
		{`$.list[?(@.tags.length() > 1)].n`, `[1]`},
		{`$.list[?(@.tags[?(@ == 'y')])].n`, `[1,2.0,"3"]`}, // an indefinite path always leads somewhere
		{`$.list[?(@['s'] == 'one' && @.ok == true)].n`, `[1]`},
		{`$.list[?(@.tags == ['y'])].n`, `["3"]`},
		{`$.list[?(@.deep == {'n': 7})].n`, `[2.0]`},
		{`$.list[?(@.n == -1e0)]`, `[]`},
		{`$.list[?(@.tags type 'x')]`, `[]`},
		{`$.words[?(@ > 'a')]`, `["b"]`},
		{`$.words[?(@ < 'é')]`, `["b","a"]`},
		{`$.words[?('\uff5e' > '\ud83d\ude00')]`, `["b","a"]`}, // UTF-16 order
		{`$.words[?('é' <= 'é')]`, `["b","a"]`},
		{`$.words[?(/b/ == /b/)]`, `["b","a"]`},
		{`$.words[?(/b/ =~ @ && !(/b/ =~ /b/))]`, `["b"]`},
		{`$.words[?(@ matches 1)]`, `[]`},
		{`$.list[?(@.n <= 1.)].n`, `[1]`},
		{`$.list[?(@.n > .5)].n`, `[1,2.0]`},
		{`$.list[?(@.ok exists true)].n`, `[1]`},
		{`$.list[?(@.tags === {} || @.deep === {n:7})].n`, `[2.0]`},
		{`$.list[?(@.deep size -1)].n`, `[2.0]`},
		{`$.list[?(@.tags size 'x' || @.n size 1)].n`, `["3"]`},
		{`$.list[?(@.n in {} || @.n in 5)]`, `[]`},
		{`$.list[?(@.n in [])]`, `[]`},
		{`$.list[?(@.n contains 3)].n`, `[]`},
		{`$.list[?(@.deep contains 7 || @.n contains '3')].n`, `["3"]`},
		{`$.list[?(@.n subsetof [1] || @.n)]`, `[]`}, // what is no list cannot be compared at all
		{`$.list[?(@.tags noneof 1)]`, `[]`},
		{`$.list[?(@.tags noneof {})]`, `[]`},
		{`$.list[?(@.tags empty 1)]`, `[]`},
		{`$.list[?(@.n empty true)]`, `[]`},
		{`$.list[?(@['n','no'])].n`, `[]`}, // all of them must be there
		{`$.list[?(@['n','s'])].n`, `[1,2.0,"3"]`},
		{`$.list[?(@.tags[*].x)].n`, `[1,2.0,"3"]`}, // no object lacks it
		{`$[?(@.list[*].deep)]`, `[]`},              // but here one does
		{`$.list[?(@.deep[*])].n`, `[2.0]`},
		{`$.a[?(@.s == 'text')].z`, `[null]`},
		{`$.a.s[?(@.x)]`, `!Filter: [?] can not be applied to primitives. Current context is: text`},
		{`$..[?(@.n)].n`, `[1,2.0,7,"3"]`},
		// Functions
		{`$.a.b.sum()`, `60.0`},
		{`$.a.b.avg()`, `20.0`},
		{`$.a.b.min()`, `10.0`},
		{`$.a.b.max()`, `30.0`},
		{`$.a.b.stddev()`, `8.16496580927726`},
		{`$.a.b.length()`, `3`},
		{`$.a.length()`, `7`},
		{`$.a.s.length()`, `null`},
		{`$.a.b.first()`, `10`},
		{`$.a.b.last()`, `30`},
		{`$.a.b.index(-2)`, `20`},
		{`$.a.b.index(-3)`, `!Target index:-3 larger than object count:3`},
		{`$.a.b.index(3)`, `!Index 3 out of bounds for length 3`},
		{`$.a.b.append(40, {"x": [1, 2]})`, `[10,20,30,40,{"x":[1,2]}]`},
		{`$.a.b.append(40).sum()`, `100.0`},
		{`$.sum($.a.b, 5, $.a.b.max())`, `95.0`},
		{`$.a.keys()`, `["b","z","s","x y","it's","q\"","é"]`},
		{`$.words.keys()`, `null`},
		{`$.words.concat("-", $.words)`, `"ba-ba"`},
		{`$.concat("a, (b", $.a.s, ")")`, `"a, (btext)"`},
		{`$.length($.a.b)`, `3`},
		{`$.list.first().n`, `1`},
		{`$.list.last()['s']`, `""`},
		{`$.a.s.append(1)`, `"text"`},
		{`$.a.s.first()`, `!Aggregation function attempted to calculate value using empty array`},
		{`$.a.b.index("x")`, `!Aggregation function attempted to calculate value using empty array`},
		{`$.a.b.sum(-)`, `!Argument - is not JSON: line 1, column 2: a number needs a digit here`},
		{`$.a.b.sum(, nonsense)`, `60.0`},
		{`$.a.b.sum(1e999)`, `"Infinity"`},
		{`$.a.b.sum(-1e999)`, `"-Infinity"`},
		{`$..tags.length()`, `3`},
		{`$..n.max()`, `7.0`},
		{`$.list[*].tags.length()`, `[2,0,1]`},
		{`$.words.sum()`, `!Aggregation function attempted to calculate value using empty array`},
		{`$.words.nonsense()`, `!Function with name: nonsense does not exist.`},
		{`$.words.sum($.no.x)`, `!Missing property in path $['no']`},
	} {
		t.Run(c.path, func(t *testing.T) {
			p, err := jsonpath.Compile(c.path)
			if err != nil {
				t.Fatal(err)
			}
			v, err := p.Eval(jsonvalue.MustParse(store))
			if want, fails := strings.CutPrefix(c.want, "!"); fails {
				var e *jsonpath.Error
				if !errors.As(err, &e) || e.Msg != want {
					t.Errorf("gives %s, error %v\nwant error %s", v, err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := jsonvalue.MustParse(c.want); v.String() != want.String() {
				t.Errorf("gives %s\nwant  %s", v, want)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		path string
		pos  int
		msg  string
	}{
		{``, 0, `Path must start with '$'`},
		{`a.b`, 0, `Path must start with '$'`},
		{`$.`, 1, `Path must not end with a '.' or '..'`},
		{`$.a...b`, 5, `Character '.' on position 5 is not valid.`},
		{`$.a b`, 2, `Use bracket notion ['my prop'] if your property contains blank characters. position: 2`},
		{`$$x`, 2, `Illegal character at position 1 expected '.' or '['`},
		{`$$.a[x]`, 4, `Could not parse token starting at position 3. Expected ?, ', 0-9, * `},
		{`$var.a[x]`, 6, `Could not parse token starting at position 3. Expected ?, ', 0-9, * `},
		{`$.é[x]`, 4, `Could not parse token starting at position 3. Expected ?, ', 0-9, * `},
		{`$['a'`, 4, `Property must be separated by comma or Property must be terminated close square bracket at index 4`},
		{`$['a`, 1, `Property has not been closed - missing closing '`},
		{`$['a',,'b']`, 6, `Found empty property at index 6`},
		{`$[*x]`, 2, `Expected wildcard token to end with ']' on position 3`},
		{`$[1`, 1, `Could not parse token starting at position 1. Expected ?, ', 0-9, * `},
		{`$[1-]`, 1, `Failed to parse token in ArrayIndexOperation: 1-`},
		{`$[99999999999]`, 1, `Failed to parse token in ArrayIndexOperation: 99999999999`},
		{`$[:]`, 1, `Failed to parse SliceOperation: :`},
		{`$[1 :2]`, 1, `Failed to parse SliceOperation: 1 :2`},
		{`$.a. b`, 4, `Could not parse token starting at position 4`},
		{`$['a' , 'b'`, 10, `Property must be separated by comma or Property must be terminated close square bracket at index 10`},
		{`$[1,a]`, 1, `Could not parse token starting at position 1. Expected ?, ', 0-9, * `},
		{`$[-:1]`, 1, `java.lang.NumberFormatException: For input string: "-"`},
		{`$[?x]`, 1, `Could not parse token starting at position 1. Expected ?, ', 0-9, * `},
		{`$[?(@.a =~ /x)]`, 3, `Could not find matching close for / when parsing regex in : $[?(@.a =~ /x)]`},
		{`$[?(@.a == 'x'`, 0, `java.lang.StringIndexOutOfBoundsException: String index out of range: 14`},
		{`$[?(@.a == 1) x]`, 1, `Could not parse token starting at position 1. Expected ?, ', 0-9, * `},
		{`$['a', "b"]`, 10, `Found empty property at index 10`},
		{`$[?(@.a == !1)]`, 8, `Expected character: )`},
		{`$[?(nil == @.a)]`, 4, `Expected <null> value`},
		{`$[?(@.a == [1,])]`, 8, `Expected character: )`},
		{`$[?(@.a == {x})]`, 8, `Expected character: )`},
		{`$[?(@.a == {x:1 y:[})]`, 8, `Expected character: )`},
		{`$[?(@.a == 1 || @.b == %)]`, 23, `Failed to parse filter: [?(@.a == 1 || @.b == %)], error on position: 22, char: %`},
		{`$[?(@.a == 1 || 5)]`, 13, `Expected character: )`},
		{`$.f(})`, 4, `Unexpected close brace '}' at character position: 5`},
		{`$.f(])`, 4, `Unexpected close bracket ']' at character position: 5`},
		{`$.f({)`, 2, `Arguments to function: 'f' are not closed properly.`},
		{`$.f("\")`, 2, `Arguments to function: 'f' are not closed properly.`},
		{`$.f($.a[x])`, 7, `Could not parse token starting at position 3. Expected ?, ', 0-9, * `},
		{`$.f(`, 2, `Arguments to function: 'f' are not closed properly.`},
		{`$.a[?(@.b == 'x)]`, 5, `Could not find matching close quote for ' when parsing : $.a[?(@.b == 'x)]`},
		{`$.a[?(@.b == )]`, 13, `Failed to parse filter: [?(@.b == )], error on position: 10, char: )`},
		{`$.a[?(@.b == x y)]`, 15, `Expected character: )`},
		{`$.a[?(@.b like 1)]`, 10, `Expected character: )`},
		{`$.a[?('x')]`, 9, `Expected path node`},
		{`$.a[?(@.b =~ /(?=x)/)]`, 10, `Expected character: )`},
		{`$.a[?(@[)]`, 7, `Square brackets does not match in filter [?(@[)]`},
	} {
		_, err := jsonpath.Compile(c.path)
		var e *jsonpath.SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v is no SyntaxError", c.path, err)
			continue
		}
		if e.Pos != c.pos || e.Msg != c.msg {
			t.Errorf("%s: error at %d: %s\nwant at %d: %s", c.path, e.Pos, e.Msg, c.pos, c.msg)
		}
	}
}

func TestRoot(t *testing.T) {
	for _, c := range []struct {
		path     string
		kind     jsonpath.RootKind
		variable string
		value    string
	}{
		{`$`, jsonpath.RootInput, "", `{"x":[1]}`},
		{`$.x[0]`, jsonpath.RootInput, "", `1`},
		{`$['x']`, jsonpath.RootInput, "", `[1]`},
		{`$$`, jsonpath.RootContext, "", `{"x":[1]}`},
		{`$$.x[0]`, jsonpath.RootContext, "", `1`},
		{`$$['x']`, jsonpath.RootContext, "", `[1]`},
		{`$v1`, jsonpath.RootVariable, "v1", `{"x":[1]}`},
		{`$größe_2.x`, jsonpath.RootVariable, "größe_2", `[1]`},
		{`$_v['x'][0]`, jsonpath.RootVariable, "_v", `1`},
	} {
		p := jsonpath.MustCompile(c.path)
		kind, variable := p.Root()
		v, err := p.Eval(jsonvalue.MustParse(`{"x":[1]}`))
		if kind != c.kind || variable != c.variable || err != nil || v.String() != c.value || p.String() != c.path {
			t.Errorf("%s: root %d %q, value %s, error %v, text %s", c.path, kind, variable, v, err, p)
		}
	}
}

func TestDefinite(t *testing.T) {
	for path, want := range map[string]bool{
		`$`: true, `$.a[0]['b']`: true, `$.a[-1]`: true, `$['a','b']`: true, `$.a.min()`: true, `$..a.min()`: true,
		`$['a','b'].c`: false, `$[0,1]`: false, `$[0:1]`: false, `$.*`: false, `$[*]`: false, `$..a`: false,
		`$[?(@.x)]`: false, `$[*].min()`: false,
	} {
		if got := jsonpath.MustCompile(path).Definite(); got != want {
			t.Errorf("%s: definite is %v", path, got)
		}
	}
}

// TestLimits: what a hostile path asks for ends with an error soon.
func TestLimits(t *testing.T) {
	elems := make([]jsonvalue.Value, 3000)
	for i := range elems {
		elems[i] = jsonvalue.ObjectOf(jsonvalue.Member{Key: "a", Value: jsonvalue.IntOf(int64(i))})
	}
	text := jsonvalue.StringOf(strings.Repeat("ab", 1<<17))
	nest := text
	for range 400 {
		nest = jsonvalue.ArrayOf(nest)
	}
	doc := jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "list", Value: jsonvalue.ArrayOf(elems...)},
		jsonvalue.Member{Key: "nest", Value: nest},
		jsonvalue.Member{Key: "text", Value: text})
	for _, path := range []string{
		`$.nest..*..*..*`,
		`$.list[?($..a subsetof $..a)]`,
		`$.list[?($.list[?(@.a > 2999)] == $.list[?(@.a > 2998)])]`,
		`$.list[?($.text =~ /(a|b)*c/)]`,
		`$.list[?($.text contains $.text && @.x)]`,
		`$.concat(` + strings.Repeat(`$.text,`, 5000) + `$.text)`,
	} {
		_, err := jsonpath.MustCompile(path).Eval(doc)
		var e *jsonpath.Error
		if !errors.As(err, &e) || e.Kind != jsonpath.LimitExceeded {
			t.Errorf("%.60s: error %v, want LimitExceeded", path, err)
		}
	}
	for _, path := range []string{
		`$.a` + strings.Repeat(`[0]`, jsonpath.MaxSteps+1),
		`$` + strings.Repeat(`[?(@`, 100) + strings.Repeat(`)]`, 100),
		`$[?(` + strings.Repeat(`(`, 100) + `@.a` + strings.Repeat(`)`, 100) + `)]`,
		`$.f(` + strings.Repeat(`$.f(`, 100) + strings.Repeat(`)`, 101),
	} {
		if _, err := jsonpath.Compile(path); err == nil {
			t.Errorf("%.60s: no error", path)
		}
	}
	deep := jsonvalue.IntOf(1)
	for range 100_000 {
		deep = jsonvalue.ArrayOf(deep)
	}
	if v, err := jsonpath.MustCompile(`$..x`).Eval(deep); err != nil || v.Len() != 0 {
		t.Errorf("a document 100,000 levels deep: %v", err)
	}
}

func TestJavaText(t *testing.T) {
	for text, want := range map[string]string{
		`"a"`: `a`, `null`: `null`, `true`: `true`, `1`: `1`, `1.0`: `1.0`, `1.50`: `1.5`, `-0.0`: `-0.0`, `100.0`: `100.0`,
		`1e3`: `1000.0`, `1e7`: `1.0E7`, `9999999.0`: `9999999.0`, `0.001`: `0.001`, `0.00012`: `1.2E-4`, `1e400`: `Infinity`, `-1e400`: `-Infinity`,
		`12345678901234567890`: `12345678901234567890`, `[]`: `[]`, `{}`: `{}`,
		`{"a": [1, "x", null], "b": {"c": "d"}}`: `{a=[1, x, null], b={c=d}}`,
	} {
		if got := jsonpath.JavaText(jsonvalue.MustParse(text)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// A member that is null is absent for a negated check, and there for the other
// (reported as measured on AWS).
func TestNullInFilters(t *testing.T) {
	doc := jsonvalue.MustParse(`{"s":[{"n":1,"g":null},{"n":2,"g":{"x":null}},{"n":3},{"n":4,"g":false}],"t":[null,1,[null]]}`)
	for path, want := range map[string]string{
		`$.s[?(!@.g)].n`:             `[1,3]`,
		`$.s[?( ! @.g )].n`:          `[1,3]`,
		`$.s[?(@.g)].n`:              `[1,2,4]`,
		`$.s[?(!@.g.x)].n`:           `[1,2,3,4]`,
		`$.s[?(!@['g'])].n`:          `[1,3]`,
		`$.s[?(!@.g && @.n > 1)].n`:  `[3]`,
		`$.s[?(!@.g || @.n == 4)].n`: `[1,3,4]`,
		`$.s[?(@.g == null)].n`:      `[1]`,
		`$.s[?(!(@.g == null))].n`:   `[2,3,4]`,
		`$.s[?(!@.g[0])].n`:          `[1,2,3,4]`,
		`$.t[?(!@)]`:                 `[null]`,
		`$.t[?(!@[0])]`:              `[null,1,[null]]`,
	} {
		v, err := jsonpath.MustCompile(path).Eval(doc)
		if err != nil || v.String() != want {
			t.Errorf("%s: %s, %v; want %s", path, v, err, want)
		}
	}
}

// Published workflows have texts without quotes on the right side of filters.
func TestWordsInFilters(t *testing.T) {
	doc := jsonvalue.MustParse(`[{"n":"Receipt"},{"n":"/eggs/like"},{"n":"true"},{"n":true},{"n":"truck"},{"n":"null"},{"n":null},
		{"n":"nuts"},{"n":7},{"n":"7up"},{"n":"a-b_c.d:e"},{"n":"/x/"},{"n":"Größe"},{"n":"false-alarm"}]`)
	for path, want := range map[string]string{
		`$[?(@.n==Receipt)].n`:                 `["Receipt"]`,
		`$[?(@.n == Receipt )].n`:              `["Receipt"]`,
		`$[?(@.n==/eggs/like)].n`:              `["/eggs/like"]`,
		`$[?(@.n==truck)].n`:                   `["truck"]`,
		`$[?(@.n==nuts)].n`:                    `["nuts"]`,
		`$[?(@.n==false-alarm)].n`:             `["false-alarm"]`,
		`$[?(@.n==7up)].n`:                     `["7up"]`,
		`$[?(@.n==Größe)].n`:                   `["Größe"]`,
		`$[?(@.n==a-b_c.d:e)].n`:               `["a-b_c.d:e"]`,
		`$[?(@.n==Receipt || @.n==truck)].n`:   `["Receipt","truck"]`,
		`$[?(@.n==Receipt||@.n==truck)].n`:     `["Receipt","truck"]`,
		`$[?((@.n==Receipt)&&(@.n!=truck))].n`: `["Receipt"]`,
		`$[?(@.n!=Receipt && @.n==truck)].n`:   `["truck"]`,
		`$[?(@.n=~/tr.*/)].n`:                  `["true",true,"truck"]`,
		`$[?(@.n==true)].n`:                    `[true]`, // a literal stays one
		`$[?(@.n==null)].n`:                    `[null]`,
		`$[?(@.n==7)].n`:                       `[7]`,
	} {
		v, err := jsonpath.MustCompile(path).Eval(doc)
		if err != nil || v.String() != want {
			t.Errorf("%s: %s, %v; want %s", path, v, err, want)
		}
	}
}
