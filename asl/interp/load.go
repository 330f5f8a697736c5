package interp

import (
	"github.com/waslrun/wasl/asl"
)

// Load takes the text of a definition all the way to a Program: it parses,
// validates and compiles. The name decides between JSON and YAML (see
// [asl.Parse]). With an error among the diagnostics there is no Program.
func Load(name string, text []byte, options ...asl.Option) (*Program, []asl.Diagnostic) {
	machine, found := asl.Check(name, text, options...)
	if asl.HasErrors(found) {
		return nil, found
	}
	program, err := Compile(machine)
	if err != nil {
		return nil, append(found, asl.Diagnostic{
			Severity: asl.Error, Code: asl.SchemaFailed, Message: err.Error(), Location: "/",
		})
	}
	return program, found
}
