package registry

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/uuid"
)

// Registry holds state machines, in memory. It is safe for concurrent use.
type Registry struct {
	options Options
	mu      sync.RWMutex
	entries map[string]*entry // by the machine's ARN
	tags    map[string][]Tag  // by the ARN of any resource
}

// Options of a Registry.
type Options struct {
	Region  string
	Account string
	Now     func() time.Time // nil: time.Now
	// Defined is told of each definition that a machine gets, once it has it.
	Defined func(*interp.Program) // may be nil
	// Random gives a number below n, for aliases with two routes. Nil: math/rand.
	Random func(n int) int
}

// entry is one machine with all that belongs to it.
type entry struct {
	current  *Machine
	versions []*Version // by number, deleted ones taken out
	last     int        // the highest number ever given
	aliases  []*Alias   // in the order of their creation
}

// New makes an empty Registry.
func New(o Options) *Registry {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Defined == nil {
		o.Defined = func(*interp.Program) {}
	}
	if o.Random == nil {
		o.Random = rand.IntN
	}
	return &Registry{options: o, entries: map[string]*entry{}, tags: map[string][]Tag{}}
}

// ARN gives the ARN of the machine of this name.
func (r *Registry) ARN(name string) string {
	return arn.Home{Region: r.options.Region, Account: r.options.Account}.StateMachine(name)
}

// Create adds a machine. Creating a machine again with the same text, type and
// configuration gives the one that is there (the role and tags may differ, as on AWS).
func (r *Registry) Create(name string, t Type, p Properties) (*Machine, error) {
	m, err := r.create(name, t, p)
	if err == nil {
		r.options.Defined(m.Definition)
	}
	return m, err
}

func (r *Registry) create(name string, t Type, p Properties) (*Machine, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := r.ARN(name)
	if e, ok := r.entries[text]; ok {
		if e.current.Type == t && sameProperties(e.current.Properties, p) {
			return e.current, nil
		}
		return nil, wrap(ErrMachineAlreadyExists, text)
	}
	now := r.options.Now()
	m := &Machine{ARN: text, Name: name, Type: t, Properties: p, Created: now, Updated: now}
	r.entries[text] = &entry{current: m}
	return m, nil
}

// sameProperties compares what CreateStateMachine's idempotency looks at.
func sameProperties(a, b Properties) bool {
	return a.Definition.Text() == b.Definition.Text() && same(a.Logging, b.Logging) &&
		same(a.Tracing, b.Tracing) && same(a.Encryption, b.Encryption)
}

func same(a, b jsonvalue.Value) bool {
	return a.IsValid() == b.IsValid() && (!a.IsValid() || jsonvalue.Equal(a, b))
}

// Change is an update; what is nil, empty or absent stays as it is.
type Change struct {
	Definition *interp.Program
	RoleARN    string
	Logging    jsonvalue.Value
	Tracing    jsonvalue.Value
	Encryption jsonvalue.Value
}

// Update makes a new revision of a machine, unless nothing changes by it.
func (r *Registry) Update(arn string, c Change) (*Machine, error) {
	m, err := r.update(arn, c)
	if err == nil && c.Definition != nil {
		r.options.Defined(m.Definition)
	}
	return m, err
}

func (r *Registry) update(arn string, c Change) (*Machine, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.entries[arn]
	if !ok {
		return nil, wrap(ErrMachineDoesNotExist, arn)
	}
	m := *e.current
	if c.Definition != nil {
		m.Definition = c.Definition
	}
	if c.RoleARN != "" {
		m.RoleARN = c.RoleARN
	}
	set := func(old *jsonvalue.Value, v jsonvalue.Value) {
		if v.IsValid() {
			*old = v
		}
	}
	set(&m.Logging, c.Logging)
	set(&m.Tracing, c.Tracing)
	set(&m.Encryption, c.Encryption)
	if m.RoleARN == e.current.RoleARN && sameProperties(m.Properties, e.current.Properties) {
		return e.current, nil
	}
	m.Revision = uuid.New()
	m.Updated = r.options.Now()
	e.current = &m
	return &m, nil
}

// Delete removes a machine with its versions, aliases and tags. Executions
// that run go on.
func (r *Registry) Delete(arn string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.entries[arn]
	if !ok {
		return
	}
	delete(r.entries, arn)
	delete(r.tags, arn)
	for _, a := range e.aliases {
		delete(r.tags, a.ARN)
	}
}

// Machine gives a machine's current revision, or with the ARN of a version
// that version's revision. An alias's ARN is no machine.
func (r *Registry) Machine(arn string) (*Machine, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if e, ok := r.entries[arn]; ok {
		return e.current, nil
	}
	if v := r.version(arn); v != nil {
		return v.Machine, nil
	}
	return nil, wrap(ErrMachineDoesNotExist, arn)
}

// Resolve gives the machine that an execution started under this ARN runs: of
// a machine the current revision, of a version its revision, of an alias one of
// its versions by weight.
func (r *Registry) Resolve(arn string) (*Machine, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if e, ok := r.entries[arn]; ok {
		return e.current, nil
	}
	if v := r.version(arn); v != nil {
		return v.Machine, nil
	}
	alias := r.alias(arn)
	if alias == nil {
		return nil, wrap(ErrMachineDoesNotExist, arn)
	}
	v := r.version(r.pick(alias))
	if v == nil {
		return nil, wrap(ErrVersionDoesNotExist, arn)
	}
	m := *v.Machine
	m.AliasARN = alias.ARN
	return &m, nil
}

// pick chooses one of an alias's versions.
func (r *Registry) pick(a *Alias) string {
	if len(a.Routes) > 1 && r.options.Random(100) >= a.Routes[0].Weight {
		return a.Routes[1].VersionARN
	}
	return a.Routes[0].VersionARN
}

// Machines gives every machine's current revision, in the order of creation.
func (r *Registry) Machines() []*Machine {
	r.mu.RLock()
	defer r.mu.RUnlock()
	list := make([]*Machine, 0, len(r.entries))
	for _, e := range r.entries {
		list = append(list, e.current)
	}
	slices.SortFunc(list, func(a, b *Machine) int {
		if c := a.Created.Compare(b.Created); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

func (r *Registry) version(text string) *Version {
	machine, qualifier := arn.CutQualifier(text)
	e := r.entries[machine]
	number, err := strconv.Atoi(qualifier)
	if e == nil || err != nil {
		return nil
	}
	for _, v := range e.versions {
		if v.Number == number {
			return v
		}
	}
	return nil
}

func (r *Registry) alias(text string) *Alias {
	machine, qualifier := arn.CutQualifier(text)
	if e := r.entries[machine]; e != nil {
		for _, a := range e.aliases {
			if a.Name == qualifier {
				return a
			}
		}
	}
	return nil
}
