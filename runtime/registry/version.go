package registry

import (
	"fmt"
	"slices"
)

// Publish makes a version of a machine's current revision. A revision that is
// not empty must be the current one. Publishing a revision again gives the
// version that is there.
func (r *Registry) Publish(arn, revision, description string) (*Version, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.entries[arn]
	if !ok {
		return nil, wrap(ErrMachineDoesNotExist, arn)
	}
	if revision != "" && revision != e.current.Revision {
		return nil, fmt.Errorf("%w: revision %s of %s is not the current one", ErrConflict, revision, arn)
	}
	if n := len(e.versions); n > 0 {
		if last := e.versions[n-1]; last.Machine.Revision == e.current.Revision {
			return last, nil
		}
	}
	e.last++
	v := &Version{
		ARN: fmt.Sprintf("%s:%d", arn, e.last), Number: e.last,
		Description: description, Created: r.options.Now(),
	}
	m := *e.current
	m.VersionARN = v.ARN
	v.Machine = &m
	e.versions = append(e.versions, v)
	return v, nil
}

// Version gives a published version.
func (r *Registry) Version(arn string) (*Version, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if v := r.version(arn); v != nil {
		return v, nil
	}
	return nil, wrap(ErrVersionDoesNotExist, arn)
}

// Versions gives a machine's versions, the newest first.
func (r *Registry) Versions(machine string) ([]*Version, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e, ok := r.entries[machine]
	if !ok {
		return nil, wrap(ErrMachineDoesNotExist, machine)
	}
	list := slices.Clone(e.versions)
	slices.Reverse(list)
	return list, nil
}

// DeleteVersion removes a version that no alias uses. One that is not there is
// no error.
func (r *Registry) DeleteVersion(arn string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.version(arn)
	if v == nil {
		return nil
	}
	e := r.entries[v.Machine.ARN]
	for _, a := range e.aliases {
		if slices.ContainsFunc(a.Routes, func(route Route) bool { return route.VersionARN == arn }) {
			return fmt.Errorf("%w: alias %s uses version %s", ErrConflict, a.ARN, arn)
		}
	}
	e.versions = slices.DeleteFunc(e.versions, func(x *Version) bool { return x == v })
	return nil
}
