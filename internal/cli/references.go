package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/waslrun/wasl/asl"
)

// prepareModules makes the modules ready, before anything runs, that the Tasks
// of a machine name in so many words, and says which are missing or unusable.
// What a Task works out while it runs cannot be known here.
func prepareModules(ctx context.Context, m *asl.StateMachine, env *environment, c *console) error {
	needed := neededModules(m, env.config.Bindings())
	var problems []error
	for _, n := range needed {
		if !env.modules.Exists(n.name) {
			problems = append(problems, fmt.Errorf("%s: there is no module %q (neither [modules.%s] in the configuration nor %s)",
				n.where, n.name, n.name, filepath.Join(string(env.config.Wasm.ModuleDir), n.name+".wasm")))
		}
	}
	if len(problems) == 0 && len(needed) > 0 {
		problems = openModules(ctx, needed, env, c)
	}
	switch err := errors.Join(problems...); {
	case ctx.Err() != nil:
		return &exitError{exitInterrupt, errors.New("interrupted")}
	case err != nil:
		return &exitError{exitModule, err}
	}
	return nil
}

// openModules opens modules, all at once: a new one is compiled first.
func openModules(ctx context.Context, needed []neededModule, env *environment, c *console) []error {
	if c.terminal {
		c.Live(fmt.Sprintf("preparing %d modules", len(needed)))
		defer c.Live("")
	}
	problems := make([]error, len(needed))
	var opening sync.WaitGroup
	for i, n := range needed {
		opening.Go(func() {
			if err := env.modules.Open(ctx, n.name); err != nil {
				problems[i] = fmt.Errorf("%s: %w", n.where, err)
			}
		})
	}
	opening.Wait()
	return problems
}

// neededModule is a module and where a definition names it first.
type neededModule struct{ name, where string }

// neededModules gives the modules that a machine is known to need.
func neededModules(m *asl.StateMachine, resources map[string]string) []neededModule {
	var needed []neededModule
	seen := map[string]bool{"": true}
	eachTask(&m.Block, func(t *asl.Task) {
		name := staticModule(t, resources)
		if seen[name] {
			return
		}
		seen[name] = true
		where := t.Name
		if line, column, ok := m.Source.Locate(t.Place.Field("Resource")); ok {
			where = fmt.Sprintf("%s:%d:%d: state %s", m.Source.Name, line, column, t.Name)
		}
		needed = append(needed, neededModule{name, where})
	})
	return needed
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
	for _, arn := range []string{r.ARN, strings.TrimSuffix(r.ARN, strings.TrimPrefix(r.Action, r.API))} { // without its pattern
		if name := resources[arn]; name != "" {
			return name
		}
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
