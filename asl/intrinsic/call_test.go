package intrinsic_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/intrinsic"
	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// input is an Env whose paths read one document, whatever their root, and whose
// randomness is not random.
type input struct{ document jsonvalue.Value }

func (e input) Account() *bounds.Account { return nil }

func (e input) Path(p *jsonpath.Path) (jsonvalue.Value, error) { return p.Eval(e.document) }
func (e input) Random() intrinsic.Random                       { return largest{} }

// largest draws the largest number there is.
type largest struct{}

func (largest) Int64N(n int64) int64 { return n - 1 }
func (largest) UUID() string         { return "ca4c1140-dcc1-40cd-ad05-7b4aa23df4a8" }

const document = `{
	"name": "Foo", "year": 2020, "price": 1.50, "big": 9007199254740993, "none": null, "yes": true,
	"object": {"b": 1, "a": [true, "x"]}, "list": [1,2,3,4,5,6,7,8,9], "empty": [],
	"twice": [1, "1", 1.0, {"a":1,"b":2}, {"b":2,"a":1}, [1], [1], null, null],
	"json": "{\"number\": 20}", "template": "{} is \\{{}\\}", "a,b)": [[7]], "it's": 1,
	"left": {"a": {"a1": 1, "a2": 2}, "b": 2}, "right": {"a": {"a3": 1}, "c": 3}
}`

// TestCalls gives for each call its value, or after "!" what its error says.
func TestCalls(t *testing.T) {
	for _, c := range []struct{ call, want string }{
		// States.Format
		{`States.Format('Your name is {}, we are in the year {}', $.name, 2020)`, `"Your name is Foo, we are in the year 2020"`},
		{`States.Format('{}{}{}', $.none, $.yes, $.price)`, `"nulltrue1.5"`},
		{`States.Format('{}', $.big)`, `"9007199254740993"`},
		{`States.Format('{}', 12345678.5)`, `"1.23456785E7"`},
		{`States.Format('{} {}', $.object, $.list[0:2])`, `"{b=1, a=[true, x]} [1, 2]"`},
		{`States.Format('no place')`, `"no place"`},
		{`States.Format('\'{}\' \{\} {x} \\ {', 1)`, `"'1' {} {x} \\ {"`},
		{`States.Format($.template, 1, 2)`, `"1 is {2}"`},
		{`States.Format('{}', 'a \{\} \'b\' \\')`, `"a {} 'b' \\"`},
		{`States.Format('{} {}', 1)`, `!The template has 2 occurrences of {}, but there are 1 arguments for them`},
		{`States.Format('{}', 1, 2)`, `!The template has 1 occurrences of {}, but there are 2 arguments for them`},
		{`States.Format($.year, 1)`, `!Argument 1 must be a string, but is of type number`},
		{`States.StringToJson('')`, `null`}, // as Jackson reads nothing
		{"States.StringToJson(' \t\r\n ')", `null`},
		// States.StringToJson and States.JsonToString
		{`States.StringToJson($.json)`, `{"number":20}`},
		{`States.StringToJson('[1, "a", {"b": null}]')`, `[1,"a",{"b":null}]`},
		{`States.StringToJson('1.0')`, `1.0`},
		{`States.StringToJson('{')`, `!The string is not JSON: line 1, column 2`},
		{`States.StringToJson($.year)`, `!Argument 1 must be a string, but is of type number`},
		{`States.JsonToString($.object)`, `"{\"b\":1,\"a\":[true,\"x\"]}"`},
		{`States.JsonToString($.name)`, `"\"Foo\""`},
		{`States.JsonToString($.price)`, `"1.50"`},
		// States.Array and what works on arrays
		{`States.Array()`, `[]`},
		{`States.Array( 'Foo' , 2020 , $.object , null , true, -1.5e3)`, `["Foo",2020,{"b":1,"a":[true,"x"]},null,true,-1.5e3]`},
		{`States.ArrayPartition($.list, 4)`, `[[1,2,3,4],[5,6,7,8],[9]]`},
		{`States.ArrayPartition($.list, 8.5)`, `[[1,2,3,4,5,6,7,8,9]]`},
		{`States.ArrayPartition($.empty, 4)`, `[]`},
		{`States.ArrayPartition($.list, 0)`, `!The chunk size must be positive, but is 0`},
		{`States.ArrayPartition($.name, 1)`, `!Argument 1 must be an array, but is of type string`},
		{`States.ArrayContains($.list, 5)`, `true`},
		{`States.ArrayContains($.list, '5')`, `false`},
		{`States.ArrayContains($.twice, States.StringToJson('{"b":2,"a":1}'))`, `true`},
		{`States.ArrayContains($.none, 5)`, `!Argument 1 must be an array, but is of type null`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(1, 8, 2)`, `[1,3,5,7]`},
		{`States.ArrayRange(3, -3, -3)`, `[3,0,-3]`},
		{`States.ArrayRange(1, 0, 1)`, `[]`},
		{`States.ArrayRange(0.5, 2.4, 1)`, `[1,2]`},
		{`States.ArrayRange(9223372036854775806, 9223372036854775807, 5)`, `[9223372036854775806]`},
		{`States.ArrayLength(States.ArrayRange(1, 1000, 1))`, `1000`},
		{`States.ArrayRange(0, 1000, 1)`, `!The array would have more than 1000 items`},
		{`States.ArrayRange(0, 1, 0)`, `!The increment must not be zero`},
		{`States.ArrayRange(0, 'x', 1)`, `!Argument 2 must be an integer, but is of type string`},
		{`States.ArrayGetItem($.list, 5)`, `6`},
		{`States.ArrayGetItem($.list, 9)`, `!Index 9 is outside of the array, which has 9 items`},
		{`States.ArrayGetItem($.list, -1)`, `!Index -1 is outside`},
		{`States.ArrayLength($.list)`, `9`},
		{`States.ArrayLength($.name)`, `!Argument 1 must be an array`},
		{`States.ArrayUnique($.twice)`, `[1,"1",{"a":1,"b":2},[1],null]`},
		{`States.ArrayUnique($.empty)`, `[]`},
		// Encoding and hashing
		{`States.Base64Encode('Data to encode')`, `"RGF0YSB0byBlbmNvZGU="`},
		{`States.Base64Encode('')`, `""`},
		{`States.Base64Encode('é')`, `"w6k="`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU=')`, `"Data to encode"`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU')`, `"Data to encode"`},
		{"States.Base64Decode('RGF0YSB0\r\nbyBlbmNvZGU=')", `"Data to encode"`},
		{`States.Base64Decode('/w==')`, `"�"`},
		{`States.Base64Decode('====')`, `!The string is not Base64`},
		{`States.Base64Encode($.list)`, `!Argument 1 must be a string, but is of type array`},
		{`States.Hash('input data', 'SHA-1')`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`States.Hash('', 'MD5')`, `"d41d8cd98f00b204e9800998ecf8427e"`},
		{`States.Hash('abc', 'SHA-256')`, `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`},
		{`States.Hash('abc', 'SHA-384')`, `"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"`},
		{`States.Hash(States.StringToJson('"abc"'), 'SHA-512')`, `"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"`},
		{`States.Hash($.none, 'MD5')`, `"37a6259cc0c1dae299a7866489dff0bd"`}, // of the text null
		{`States.Hash('abc', 'SHA-3')`, `!The algorithm must be one of MD5`},
		{`States.Hash('abc', 5)`, `!Argument 2 must be a string`},
		// States.JsonMerge
		{`States.JsonMerge($.left, $.right, false)`, `{"a":{"a3":1},"b":2,"c":3}`},
		{`States.JsonMerge($.left, $.right, true)`, `!Deep merging is not supported`},
		{`States.JsonMerge($.left, $.right, 'false')`, `!Argument 3 must be a boolean`},
		{`States.JsonMerge($.left, $.list, false)`, `!Argument 2 must be an object`},
		// Numbers
		{`States.MathAdd(111, -1)`, `110`},
		{`States.MathAdd(1.49, 1.5)`, `3`},
		{`States.MathAdd(-1.5, 0)`, `-1`},
		{`States.MathAdd(-0.5, 0.5)`, `1`},
		{`States.MathAdd($.big, 1)`, `9007199254740994`},
		{`States.MathAdd(9223372036854775807, 1)`, `!The sum is too large for an integer`},
		{`States.MathAdd(1e30, 1)`, `!Argument 1 must be an integer`},
		{`States.MathAdd('1', 1)`, `!Argument 1 must be an integer, but is of type string`},
		{`States.MathRandom(1, 999)`, `998`},
		{`States.MathRandom(-99, -9)`, `-10`},
		{`States.MathRandom(5, 5)`, `!The end number must be greater than the start number`},
		{`States.MathRandom(-9223372036854775808, 9223372036854775807)`, `!The range is too large`},
		{`States.UUID()`, `"ca4c1140-dcc1-40cd-ad05-7b4aa23df4a8"`},
		// States.StringSplit
		{`States.StringSplit('1,2,,3,', ',')`, `["1","2","3"]`},
		{`States.StringSplit('This.is+a,test=string', '.+,=')`, `["This","is","a","test","string"]`},
		{`States.StringSplit(' , ', ',')`, `[" "," "]`},
		{`States.StringSplit('abc', '')`, `["abc"]`},
		{`States.StringSplit('', ',')`, `[]`},
		{`States.StringSplit($.list, ',')`, `!Argument 1 must be a string`},
		// Paths
		{`States.Array($['a,b)'][0][0], $["it's"], $.list[?(@ > 8 && @ != ',)')], $$.name, $.list.length())`, `[7,1,[9],"Foo",9]`},
		{`States.Array($.list[0,1], $.year)`, `[[1,2],2020]`},
		{`States.ArrayGetItem(States.StringSplit('a-b-c', '-'), States.MathAdd(States.ArrayLength(States.StringSplit('a-b-c', '-')), -1))`, `"c"`},
	} {
		t.Run(c.call, func(t *testing.T) {
			call, err := intrinsic.Compile(c.call)
			if err != nil {
				t.Fatal(err)
			}
			v, err := call.Eval(input{jsonvalue.MustParse(document)})
			want, fails := strings.CutPrefix(c.want, "!")
			switch {
			case !fails && err != nil:
				t.Fatal(err)
			case !fails && v.String() != want:
				t.Fatalf("gives %s, want %s", v, want)
			case fails && err == nil:
				t.Fatalf("gives %s, want an error", v)
			case !fails:
				return
			}
			var failure *intrinsic.Error
			if !errors.As(err, &failure) || !strings.HasPrefix(failure.Msg, want) {
				t.Fatalf("error %q, want %q", err, want)
			}
			if text := fmt.Sprintf("The function '%s' had the following error: %s", c.call, failure.Msg); err.Error() != text {
				t.Errorf("cause %q, want %q", err, text)
			}
		})
	}
}

func TestLimitOfCharacters(t *testing.T) {
	for _, call := range []string{`States.Base64Encode($)`, `States.Base64Decode($)`, `States.Hash($, 'MD5')`} {
		c, err := intrinsic.Compile(call)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{strings.Repeat("A", 10_000), strings.Repeat("AAA\n", 2_500)} {
			if _, err := c.Eval(input{jsonvalue.StringOf(text)}); err != nil {
				t.Errorf("%s of 10,000 characters: %v", call, err)
			}
		}
		_, err = c.Eval(input{jsonvalue.StringOf(strings.Repeat("A", 10_001))})
		var failure *intrinsic.Error
		if !errors.As(err, &failure) || !strings.Contains(failure.Msg, "longer than 10000") {
			t.Errorf("%s of 10,001 characters: %v", call, err)
		}
	}
	encode, err := intrinsic.Compile(`States.Base64Encode($)`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := encode.Eval(input{jsonvalue.StringOf(strings.Repeat("é", 10_000))}); err != nil {
		t.Errorf("10,000 characters of two bytes: %v", err)
	}
	if _, err := encode.Eval(input{jsonvalue.StringOf(strings.Repeat("😀", 5_001))}); err == nil {
		t.Error("5,001 characters outside of the basic plane are 10,002 to Java, yet no error")
	}
}

// TestLimitOfResults: few arguments that share a big value make no bigger text
// than memory should hold.
func TestLimitOfResults(t *testing.T) {
	big := jsonvalue.StringOf(strings.Repeat("x", 1<<20))
	hundred := strings.TrimSuffix(strings.Repeat("$,", 100), ",")
	for _, call := range []string{
		`States.Format('` + strings.Repeat("{}", 100) + `',` + hundred + `)`,
		`States.JsonToString(States.Array(` + hundred + `))`,
		`States.Hash(States.Array(` + hundred + `), 'MD5')`,
	} {
		c, err := intrinsic.Compile(call)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Eval(input{big})
		var failure *intrinsic.Error
		if !errors.As(err, &failure) || !strings.Contains(failure.Msg, "longer than") {
			t.Errorf("%.30s: %.100v", call, err)
		}
	}
}

func TestSeededRandomRepeats(t *testing.T) {
	c, err := intrinsic.Compile(`States.MathRandom(0, 1000000, $)`)
	if err != nil {
		t.Fatal(err)
	}
	draw := func(seed int64) int64 {
		v, err := c.Eval(input{jsonvalue.IntOf(seed)})
		if err != nil {
			t.Fatal(err)
		}
		n, ok := v.Int64()
		if !ok || n < 0 || n >= 1_000_000 {
			t.Fatalf("seed %d gives %s", seed, v)
		}
		return n
	}
	seen := map[int64]bool{}
	for seed := range int64(50) {
		first, again := draw(seed), draw(seed)
		if first != again {
			t.Errorf("seed %d gives %d, then %d", seed, first, again)
		}
		seen[first] = true
	}
	if len(seen) < 45 {
		t.Errorf("50 seeds give only %d numbers", len(seen))
	}
}

// TestPathErrorsPass: what a path lacks is not the function's failure.
func TestPathErrorsPass(t *testing.T) {
	c, err := intrinsic.Compile(`States.Array(States.ArrayLength($.missing))`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Eval(input{jsonvalue.EmptyObject})
	var failure *jsonpath.Error
	if !errors.As(err, &failure) || failure.Msg != "No results for path: $['missing']" {
		t.Errorf("error %v", err)
	}
}

// TestNestedFailure: the cause names the call that failed.
func TestNestedFailure(t *testing.T) {
	c, err := intrinsic.Compile(`States.Array(1, States.ArrayLength( 'x' ))`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Eval(input{})
	if want := "The function 'States.ArrayLength( 'x' )' had the following error: Argument 1 must be an array, but is of type string"; err == nil || err.Error() != want {
		t.Errorf("cause %v, want %s", err, want)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		pos  int
		msg  string
	}{
		{``, 0, `Expected an Intrinsic Function`},
		{`Format('x')`, 0, `Expected an Intrinsic Function`},
		{`States.Upper('x')`, 0, `There is no Intrinsic Function States.Upper`},
		{`States.format('x')`, 0, `There is no Intrinsic Function States.format`},
		{`States.UUID`, 11, `Expected '(' after States.UUID`},
		{`States.UUID ()`, 11, `Expected '(' after States.UUID`},
		{`States.UUID(`, 12, `Expected a string in apostrophes`},
		{`States.UUID()x`, 13, `Unexpected "x" after the call`},
		{`States.UUID(1)`, 0, `States.UUID takes 0 arguments, but is given 1`},
		{`States.Format()`, 0, `States.Format takes at least 1 argument, but is given 0`},
		{`States.MathRandom(1)`, 0, `States.MathRandom takes 2 to 3 arguments, but is given 1`},
		{`States.Array(1 2)`, 15, `Expected ',' or ')' in the arguments of States.Array`},
		{`States.Array(1,)`, 15, `Expected a string in apostrophes`},
		{`States.Array("x")`, 13, `Expected a string in apostrophes`},
		{`States.Array([1])`, 13, `Expected a string in apostrophes`},
		{`States.Array(01)`, 13, `Expected a string in apostrophes`},
		{`States.Array('x)`, 13, `A string without its closing apostrophe`},
		{`States.Array('x\`, 13, `A string without its closing apostrophe`},
		{`States.Array($.a[)`, 16, `Could not parse token`},
		{`States.Format('line\n{}', 1)`, 19, `Found an open escape backslash`},
		{`States.Array('\"')`, 14, `Found an open escape backslash`},
		{`States.Array(1, $.a[?(@.x ~ 1)])`, 26, `Expected character: )`},
		{strings.Repeat(`States.Array(`, 12) + strings.Repeat(`)`, 12), 143, `More than 10 Intrinsic Functions are nested in one`},
	} {
		_, err := intrinsic.Compile(c.text)
		var syntax *intrinsic.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: error %v is no SyntaxError", c.text, err)
			continue
		}
		if syntax.Pos != c.pos || !strings.HasPrefix(syntax.Msg, c.msg) {
			t.Errorf("%s: error at %d: %s\nwant at %d: %s", c.text, syntax.Pos, syntax.Msg, c.pos, c.msg)
		}
	}
}

func TestPaths(t *testing.T) {
	c, err := intrinsic.Compile(`States.Array($.a, States.Format('{}{}', $$.Execution.Id, $.b[0]), 1, $var)`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range c.Paths() {
		got = append(got, p.String())
	}
	if want := []string{"$.a", "$$.Execution.Id", "$.b[0]", "$var"}; !slices.Equal(got, want) {
		t.Errorf("paths %q, want %q", got, want)
	}
	if c.Name() != "States.Array" {
		t.Errorf("name %s", c.Name())
	}
}

func TestIsCall(t *testing.T) {
	for text, want := range map[string]bool{
		"States.UUID()": true, "States.Nonsense": true, "$.a": false, "States": false, "": false, "MyFunction()": false,
	} {
		if intrinsic.IsCall(text) != want {
			t.Errorf("IsCall(%q) is not %v", text, want)
		}
	}
}

func TestEveryFunctionOfTheSpecification(t *testing.T) {
	names := intrinsic.Names()
	slices.Sort(names)
	want := strings.Fields(`Array ArrayContains ArrayGetItem ArrayLength ArrayPartition ArrayRange ArrayUnique
		Base64Decode Base64Encode Format Hash JsonMerge JsonToString MathAdd MathRandom StringSplit StringToJson UUID`)
	for i := range want {
		want[i] = "States." + want[i]
	}
	if !slices.Equal(names, want) {
		t.Errorf("functions %q, want %q", names, want)
	}
}
