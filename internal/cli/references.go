package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime/integration"
)

// prepareModules makes the modules ready, before anything runs, that the Tasks
// of a machine name in so many words, and says which are unusable and what
// nothing is bound to. allowMissing lets the latter be: whoever sets it may know
// that the state in question is not reached.
func prepareModules(ctx context.Context, m *asl.StateMachine, env *environment, c *console, allowMissing bool) error {
	refs := referencesOf(m, env.config.Bindings())
	var problems []error
	if !allowMissing {
		for _, r := range refs {
			if why := env.missing(r); why != "" {
				problems = append(problems, fmt.Errorf("%s: %s", r.where(m), why))
			}
		}
		if len(problems) > 0 {
			problems = append(problems, errors.New("nothing was run (--allow-missing runs it up to there)"))
		}
	}
	if len(problems) == 0 {
		problems = openModules(ctx, m, refs, env, c)
	}
	switch err := errors.Join(problems...); {
	case ctx.Err() != nil:
		return &exitError{exitInterrupt, errors.New("interrupted")}
	case err != nil:
		return &exitError{exitModule, err}
	}
	return nil
}

// prepareInBackground begins to make the modules ready that a definition names,
// so that its first execution need not wait for it. What is amiss, that execution
// says.
func (e *environment) prepareInBackground(d *interp.Program) {
	for _, r := range referencesOf(d.Machine(), e.config.Bindings()) {
		if r.module != "" {
			e.modules.Prepare(r.module, func() {})
		}
	}
}

// openModules opens the modules that are there, all at once: a new one is
// compiled first.
func openModules(ctx context.Context, m *asl.StateMachine, refs []reference, env *environment, c *console) []error {
	var there []reference
	for _, r := range refs {
		if r.module != "" && env.modules.Exists(r.module) {
			there = append(there, r)
		}
	}
	if c.terminal && len(there) > 0 {
		c.Live(fmt.Sprintf("preparing %d modules", len(there)))
		defer c.Live("")
	}
	problems := make([]error, len(there))
	var opening sync.WaitGroup
	for i, r := range there {
		opening.Go(func() {
			if err := env.modules.Open(ctx, r.module); err != nil {
				if errors.As(err, new(*modules.BadModuleError)) {
					err = fmt.Errorf("%s: %w", modules.ErrBadModule, err) // as the execution would say
				}
				problems[i] = fmt.Errorf("%s: %w", r.where(m), err)
			}
		})
	}
	opening.Wait()
	return problems
}

// reference is what a Task is known to need: a module, or whatever does the work
// of a resource.
type reference struct {
	task   *asl.Task // the first that needs it
	module string    // "": not known, or none
}

// where says for messages where a reference stands.
func (r reference) where(m *asl.StateMachine) string {
	where := "state " + r.task.Name
	if at := placeText(m, r.place()); at != "" {
		where = at + ": " + where
	}
	return where
}

func (r reference) place() *asl.Place { return r.task.Place.Field("Resource") }

// missing says what is not there for a reference, and what to do; "" when there
// is nothing to say. What a Task works out while it runs cannot be known here.
func (e *environment) missing(r reference) string {
	resource := r.task.Resource
	switch {
	case r.module == "" && !e.engine.Serves(resource):
		return fmt.Sprintf("nothing here does the work of %s. %s", resource.ARN, integration.HowToBind(resource))
	case r.module == "" || e.modules.Exists(r.module):
		return ""
	}
	return fmt.Sprintf("there is no module %q (neither [modules.%s] in the configuration nor %s)",
		r.module, r.module, filepath.Join(string(e.config.Wasm.ModuleDir), r.module+".wasm"))
}

// missingResource is the code of a diagnostic about something that is not there.
// It is none of AWS's: a definition alone cannot have it.
const missingResource asl.Code = "MISSING_RESOURCE"

// missingOf says as diagnostics what a machine names and the environment does
// not have. Without an environment, or without a machine, that is nothing.
func (e *environment) missingOf(m *asl.StateMachine) []asl.Diagnostic {
	if e == nil || m == nil {
		return nil
	}
	var all []asl.Diagnostic
	for _, r := range referencesOf(m, e.config.Bindings()) {
		why := e.missing(r)
		if why == "" {
			continue
		}
		d := asl.Diagnostic{
			Severity: asl.Error, Code: missingResource, Location: r.place().String(),
			Message: strings.ToUpper(why[:1]) + why[1:],
		}
		d.Line, d.Column, _ = m.Source.Locate(r.place())
		all = append(all, d)
	}
	return all
}

// referencesOf gives what the Tasks of a machine are known to need, each module
// and each resource once.
func referencesOf(m *asl.StateMachine, bound integration.Bindings) []reference {
	var refs []reference
	seen := map[string]bool{}
	eachState(&m.Block, func(s asl.State) {
		t, ok := s.(*asl.Task)
		if !ok {
			return
		}
		r := reference{t, bound.Static(t)}
		key := "module " + r.module
		if r.module == "" {
			key = t.Resource.ARN
		}
		if !seen[key] {
			seen[key] = true
			refs = append(refs, r)
		}
	})
	return refs
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
