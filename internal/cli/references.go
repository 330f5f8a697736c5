package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/runtime/integration"
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
func neededModules(m *asl.StateMachine, bound integration.Bindings) []neededModule {
	var needed []neededModule
	seen := map[string]bool{"": true}
	eachTask(&m.Block, func(t *asl.Task) {
		name := bound.Static(t)
		if seen[name] {
			return
		}
		seen[name] = true
		where := "state " + t.Name
		if at := placeText(m, t.Place.Field("Resource")); at != "" {
			where = at + ": " + where
		}
		needed = append(needed, neededModule{name, where})
	})
	return needed
}

// eachState visits all states of a block, nested ones too.
func eachState(b *asl.Block, visit func(asl.State)) {
	for _, s := range b.States {
		visit(s)
		switch s := s.(type) {
		case *asl.Parallel:
			for i := range s.Branches {
				eachState(&s.Branches[i], visit)
			}
		case *asl.Map:
			eachState(&s.Processor, visit)
		}
	}
}

// eachTask visits all Task states of a block, nested ones too.
func eachTask(b *asl.Block, visit func(*asl.Task)) {
	eachState(b, func(s asl.State) {
		if t, ok := s.(*asl.Task); ok {
			visit(t)
		}
	})
}
