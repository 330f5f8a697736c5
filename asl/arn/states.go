package arn

import (
	"errors"
	"slices"
	"strings"
)

// Kind is a type of resource of Step Functions, as ARNs name it.
type Kind string

// The kinds of resources. Their ARNs go on, after arn:…:states:REGION:ACCOUNT:KIND:, with
const (
	StateMachine Kind = "stateMachine" // MACHINE[/LABEL][:QUALIFIER]
	Execution    Kind = "execution"    // MACHINE[/LABEL]:NAME
	Express      Kind = "express"      // MACHINE[/LABEL]:NAME:ID
	Activity     Kind = "activity"     // NAME
	MapRun       Kind = "mapRun"       // MACHINE/LABEL:ID
)

// States is the ARN of a resource of Step Functions. What a kind does not have
// is empty.
type States struct {
	Text    string // as given
	Kind    Kind
	Region  string
	Account string
	// Machine is the state machine's name, and Label that of the Distributed
	// Map whose children are meant.
	Machine string
	Label   string
	// Qualifier is a state machine's version, a number, or alias.
	Qualifier string
	// Name is an execution's or activity's.
	Name string
	// ID is what tells an EXPRESS execution or a Map Run from others of its name.
	ID string
}

// What is wrong with a text that should be an ARN of Step Functions.
var (
	// ErrPrefix: it does not begin with arn:.
	ErrPrefix = errors.New("an ARN begins with arn and a colon")
	// ErrForm: it has too few parts, too many, or another service's name.
	ErrForm = errors.New("not the ARN of a resource of Step Functions")
)

// KindError says that an ARN is of a kind that was not asked for.
type KindError struct{ Kind Kind }

func (e *KindError) Error() string { return "an ARN of a resource of type " + string(e.Kind) }

// ParseStates takes the ARN of a resource of Step Functions apart, which must be
// of one of the kinds. The error is ErrPrefix, ErrForm or a *KindError.
func ParseStates(text string, kinds ...Kind) (States, error) {
	if text != "arn" && !strings.HasPrefix(text, "arn:") {
		return States{}, ErrPrefix
	}
	a, ok := Parse(text)
	part := strings.Split(a.Resource, ":")
	if !ok || a.Service != "states" || len(part) < 2 {
		return States{}, ErrForm
	}
	s := States{Text: text, Kind: Kind(part[0]), Region: a.Region, Account: a.Account}
	if !slices.Contains(kinds, s.Kind) {
		return States{}, &KindError{s.Kind}
	}
	if !s.fill(part[1:]) {
		return States{}, ErrForm
	}
	return s, nil
}

// fill reads what follows the kind, if it has as many parts as it should.
func (s *States) fill(part []string) (ok bool) {
	switch n := len(part); s.Kind {
	case Activity:
		s.Name, ok = part[0], n == 1
		return ok
	case StateMachine:
		if ok = n <= 2; n == 2 {
			s.Qualifier = part[1]
		}
	case Execution:
		if ok = n == 2; ok {
			s.Name = part[1]
		}
	case Express:
		if ok = n == 3; ok {
			s.Name, s.ID = part[1], part[2]
		}
	case MapRun:
		if ok = n == 2; ok {
			s.ID = part[1]
		}
	}
	s.Machine, s.Label, _ = strings.Cut(part[0], "/")
	return ok
}

// CutQualifier takes the version or alias off a state machine's ARN. A text
// without one, or that is no such ARN, stays as it is.
func CutQualifier(text string) (machine, qualifier string) {
	s, err := ParseStates(text, StateMachine)
	if err != nil || s.Qualifier == "" {
		return text, ""
	}
	return strings.TrimSuffix(text, ":"+s.Qualifier), s.Qualifier
}

// isOwn tells whether what follows an account is a resource of Step Functions
// itself, rather than a service that it calls.
func isOwn(resource string) bool {
	kind, _, _ := strings.Cut(resource, ":")
	switch Kind(kind) {
	case StateMachine, Execution, Express, Activity, MapRun:
		return true
	}
	return false
}
