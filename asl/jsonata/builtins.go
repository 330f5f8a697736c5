package jsonata

// builtins are the functions of the language, by name without $. Each has the
// signature and the number of arguments of the reference; those at the end
// are of AWS. $eval is left out, as AWS does.
var builtins = map[string]*function{}

func init() {
	for _, table := range []map[string]builtin{textFunctions, patternFunctions, encodingFunctions, numberFunctions, timeFunctions, awsFunctions} {
		register(table, false)
	}
	for _, table := range []map[string]builtin{listFunctions, objectFunctions, higherFunctions} {
		register(table, true)
	}
}

// register adds functions to the language; pays says that they pay for walking
// through their arguments themselves.
func register(table map[string]builtin, pays bool) {
	for name, b := range table {
		sig, err := parseSignature(b.signature)
		if err != nil {
			panic(err)
		}
		builtins[name] = &function{name: name, signature: sig, arity: b.arity, native: b.body, pays: pays, birth: builtinBirth}
	}
}

// builtin describes a function of the language.
type builtin struct {
	signature string
	arity     int
	body      native
}

// given tells whether there is an argument at i.
func given(args []value, i int) bool { return i < len(args) && args[i].kind != undefined }

// argument gives the argument at i, undefined when there is none.
func argument(args []value, i int) value {
	if i < len(args) {
		return args[i]
	}
	return value{}
}

// defined makes a function undefined when its first argument is.
func defined(f native) native {
	return func(ev *evaluation, args []value) (value, error) {
		if !given(args, 0) {
			return value{}, nil
		}
		return f(ev, args)
	}
}
