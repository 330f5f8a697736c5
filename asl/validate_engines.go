package asl

import (
	"github.com/waslrun/wasl/asl/intrinsic"
	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonpath"
)

// checkPath says what is wrong with a path.
func checkPath(path string) error {
	_, err := jsonpath.Compile(path)
	return err
}

// checkReferencePath says what is wrong with a Reference Path.
func checkReferencePath(path string) error {
	_, err := jsonpath.CompileReference(path)
	return err
}

// checkIntrinsic says what is wrong with a call of an intrinsic function.
func checkIntrinsic(call string) error {
	_, err := intrinsic.Compile(call)
	return err
}

// jsonataReferences adds the variables that an expression takes from outside,
// but not $, $$ and $states.
func jsonataReferences(expr string, found map[string]bool) {
	e, err := jsonata.Compile(expr)
	if err != nil {
		return
	}
	for _, name := range e.Variables() {
		if isIdentifier(name) && name != "states" {
			found[name] = true
		}
	}
}
