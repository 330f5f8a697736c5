package intrinsic

import (
	"fmt"
	"math"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

type value = jsonvalue.Value

// function is one Intrinsic Function.
type function struct {
	name        string
	least, most int // arguments
	// template is set when a literal first argument keeps its escapes.
	template bool
	// growth is how many bytes of memory the function needs at most for each
	// byte that its arguments have as JSON.
	growth int
	// compute gives the result, or says what is wrong with the arguments.
	compute func(args []value, env Env) (result value, problem string)
}

const many = math.MaxInt

// functions are all of Appendix B, by their names behind "States.".
var functions = map[string]*function{}

func init() {
	for _, f := range []function{
		{name: "Array", least: 0, most: many, compute: array},
		{name: "ArrayContains", least: 2, most: 2, compute: arrayContains},
		{name: "ArrayGetItem", least: 2, most: 2, compute: arrayGetItem},
		{name: "ArrayLength", least: 1, most: 1, compute: arrayLength},
		{name: "ArrayPartition", least: 2, most: 2, compute: arrayPartition, growth: 48},
		{name: "ArrayRange", least: 3, most: 3, compute: arrayRange},
		{name: "ArrayUnique", least: 1, most: 1, compute: arrayUnique, growth: 48},
		{name: "Base64Decode", least: 1, most: 1, compute: base64Decode, growth: 4},
		{name: "Base64Encode", least: 1, most: 1, compute: base64Encode, growth: 4},
		{name: "Format", least: 1, most: many, compute: format, template: true, growth: 2},
		{name: "Hash", least: 2, most: 2, compute: hashOf},
		{name: "JsonMerge", least: 3, most: 3, compute: jsonMerge, growth: 24},
		{name: "JsonToString", least: 1, most: 1, compute: jsonToString, growth: 2},
		{name: "MathAdd", least: 2, most: 2, compute: mathAdd},
		{name: "MathRandom", least: 2, most: 3, compute: mathRandom},
		{name: "StringSplit", least: 2, most: 2, compute: stringSplit, growth: 24},
		{name: "StringToJson", least: 1, most: 1, compute: stringToJSON, growth: 48},
		{name: "UUID", least: 0, most: 0, compute: uuid},
	} {
		functions[f.name] = &f
	}
}

// Names gives the names of all functions, in no order.
func Names() []string {
	list := make([]string, 0, len(functions))
	for name := range functions {
		list = append(list, prefix+name)
	}
	return list
}

// arity says in words how many arguments the function takes.
func (f *function) arity() string {
	switch {
	case f.most == many:
		return fmt.Sprintf("at least %d %s", f.least, plural(f.least))
	case f.least == f.most:
		return fmt.Sprintf("%d %s", f.least, plural(f.least))
	}
	return fmt.Sprintf("%d to %d arguments", f.least, f.most)
}

func plural(n int) string {
	if n == 1 {
		return "argument"
	}
	return "arguments"
}

// wrongType says that argument n, from 1, is of the wrong type.
func wrongType(n int, want string, got value) (value, string) {
	return value{}, fmt.Sprintf("Argument %d must be %s, but is of type %s", n, want, got.Kind())
}

// integer gives a number as an integer, fractions rounded half up as AWS does.
func integer(v value) (int64, bool) {
	if v.Kind() != jsonvalue.Number {
		return 0, false
	}
	if n, ok := v.Int64(); ok {
		return n, true
	}
	f := math.Floor(v.Float64() + 0.5)
	if math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// integers gives all arguments as integers, or what is wrong with them.
func integers(args []value) (list []int64, problem string) {
	for i, a := range args {
		n, ok := integer(a)
		if !ok {
			_, problem := wrongType(i+1, "an integer", a)
			return nil, problem
		}
		list = append(list, n)
	}
	return list, ""
}
