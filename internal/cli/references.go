package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/waslrun/wasl/asl"
)

// checkModules checks, before anything runs, that the modules are there which
// the Tasks of a machine name in so many words. What a Task works out while it
// runs cannot be checked here.
func checkModules(m *asl.StateMachine, env *environment) error {
	var missing []string
	resources := env.config.Bindings()
	eachTask(&m.Block, func(t *asl.Task) {
		name := staticModule(t, resources)
		if name == "" || env.modules.Exists(name) {
			return
		}
		where := t.Name
		if line, column, ok := m.Source.Locate(t.Pointer + "/Resource"); ok {
			where = fmt.Sprintf("%s:%d:%d: state %s", m.Source.Name, line, column, t.Name)
		}
		missing = append(missing, fmt.Sprintf("%s: there is no module %q (neither [modules.%s] in the configuration nor %s)",
			where, name, name, filepath.Join(string(env.config.Wasm.ModuleDir), name+".wasm")))
	})
	if len(missing) == 0 {
		return nil
	}
	return &exitError{exitModule, fmt.Errorf("%s", strings.Join(missing, "\n"))}
}

// eachTask visits all Task states of a block, nested ones too.
func eachTask(b *asl.Block, visit func(*asl.Task)) {
	for _, s := range b.States {
		switch s := s.(type) {
		case *asl.Task:
			visit(s)
		case *asl.Parallel:
			for i := range s.Branches {
				eachTask(&s.Branches[i], visit)
			}
		case *asl.Map:
			eachTask(&s.Processor, visit)
		}
	}
}

// staticModule gives the name of the module that a Task is known to need, or "".
func staticModule(t *asl.Task, resources map[string]string) string {
	r := t.Resource
	if name := resources[r.ARN]; name != "" {
		return name
	}
	switch r.Kind {
	case asl.ResourceLambda, asl.ResourceActivity, asl.ResourceWasm:
		return r.Name
	case asl.ResourceIntegration:
		if r.Service == "lambda" && r.API == "invoke" {
			return functionName(t)
		}
	}
	return ""
}

// functionName is the FunctionName that a lambda:invoke Task has as a literal:
// a name or an ARN, with or without a qualifier.
func functionName(t *asl.Task) string {
	given := t.Parameters.Field("FunctionName")
	if !given.IsValid() {
		given = t.Arguments.Field("FunctionName")
		if _, computed := asl.ExpressionText(given); computed {
			return ""
		}
	}
	part := strings.Split(given.Text(), ":")
	for i, p := range part {
		if p == "function" && i+1 < len(part) { // an ARN, whole or partial
			return part[i+1]
		}
	}
	return part[0]
}
