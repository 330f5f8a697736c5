package registry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/waslrun/wasl/asl/arn"
)

// CreateAlias adds an alias to the machine whose versions it routes to.
// Creating it again with the same content gives the one that is there.
func (r *Registry) CreateAlias(name, description string, routes []Route) (*Alias, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	machine, err := r.checkRoutes(routes)
	if err != nil {
		return nil, err
	}
	e := r.entries[machine]
	text := machine + ":" + name
	if a := r.alias(text); a != nil {
		if a.Description == description && slices.Equal(a.Routes, routes) {
			return a, nil
		}
		return nil, fmt.Errorf("%w: alias %s exists", ErrConflict, text)
	}
	now := r.options.Now()
	a := &Alias{
		ARN: text, Name: name, MachineARN: machine, Description: description,
		Routes: slices.Clone(routes), Created: now, Updated: now,
	}
	e.aliases = append(e.aliases, a)
	return a, nil
}

// checkRoutes tells what is wrong with an alias's routes, or whose they are.
func (r *Registry) checkRoutes(routes []Route) (machine string, err error) {
	if len(routes) == 0 || len(routes) > 2 {
		return "", fmt.Errorf("%w: one or two versions are wanted, not %d", ErrInvalidRouting, len(routes))
	}
	sum := 0
	for i, route := range routes {
		m, _ := arn.CutQualifier(route.VersionARN)
		switch {
		case i > 0 && m != machine:
			return "", fmt.Errorf("%w: versions of different state machines", ErrInvalidRouting)
		case i > 0 && route.VersionARN == routes[0].VersionARN:
			return "", fmt.Errorf("%w: the same version twice", ErrInvalidRouting)
		case r.version(route.VersionARN) == nil:
			return "", wrap(ErrVersionDoesNotExist, route.VersionARN)
		}
		machine = m
		sum += route.Weight
	}
	if sum != 100 {
		return "", fmt.Errorf("%w: the weights sum up to %d, not 100", ErrInvalidRouting, sum)
	}
	return machine, nil
}

// UpdateAlias changes an alias. A nil description and nil routes stay as they are.
func (r *Registry) UpdateAlias(arn string, description *string, routes []Route) (*Alias, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.alias(arn)
	if old == nil {
		return nil, wrap(ErrAliasDoesNotExist, arn)
	}
	changed := *old
	if routes != nil {
		machine, err := r.checkRoutes(routes)
		if err != nil {
			return nil, err
		}
		if machine != old.MachineARN {
			return nil, fmt.Errorf("%w: versions of another state machine", ErrInvalidRouting)
		}
		changed.Routes = slices.Clone(routes)
	}
	if description != nil {
		changed.Description = *description
	}
	changed.Updated = r.options.Now()
	e := r.entries[old.MachineARN]
	e.aliases[slices.Index(e.aliases, old)] = &changed
	return &changed, nil
}

// Alias gives an alias.
func (r *Registry) Alias(arn string) (*Alias, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if a := r.alias(arn); a != nil {
		return a, nil
	}
	return nil, wrap(ErrAliasDoesNotExist, arn)
}

// Aliases gives the aliases of a machine, or of one version when the ARN is a
// version's, in the order of their names.
func (r *Registry) Aliases(arn string) ([]*Alias, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e, version := r.entries[arn], ""
	if e == nil {
		v := r.version(arn)
		if v == nil {
			return nil, wrap(ErrMachineDoesNotExist, arn)
		}
		e, version = r.entries[v.Machine.ARN], arn
	}
	var list []*Alias
	for _, a := range e.aliases {
		if version == "" || slices.ContainsFunc(a.Routes, func(x Route) bool { return x.VersionARN == version }) {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b *Alias) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// DeleteAlias removes an alias.
func (r *Registry) DeleteAlias(arn string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.alias(arn)
	if a == nil {
		return wrap(ErrAliasDoesNotExist, arn)
	}
	e := r.entries[a.MachineARN]
	e.aliases = slices.DeleteFunc(e.aliases, func(x *Alias) bool { return x == a })
	delete(r.tags, arn)
	return nil
}
