package registry

import (
	"errors"
	"fmt"
	"time"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// The errors of a Registry; they are wrapped with the ARN in question.
var (
	ErrMachineDoesNotExist  = errors.New("state machine does not exist")
	ErrMachineAlreadyExists = errors.New("state machine already exists")
	ErrVersionDoesNotExist  = errors.New("state machine version does not exist")
	ErrAliasDoesNotExist    = errors.New("state machine alias does not exist")
	// ErrConflict: an alias uses the version that is to be deleted, an alias
	// of that name exists with other content, or the revision is not the current one.
	ErrConflict = errors.New("conflict")
	// ErrInvalidRouting: an alias routes to no version of its machine, or its
	// weights do not sum up to 100.
	ErrInvalidRouting = errors.New("invalid routing configuration")
)

// Type is the type of a state machine, with AWS's names.
type Type string

// The types of state machines.
const (
	Standard Type = "STANDARD"
	Express  Type = "EXPRESS"
)

// Machine is one revision of a state machine. It is immutable.
type Machine struct {
	ARN  string // of the machine, without version or alias
	Name string
	Type Type
	Properties
	// Revision is empty until the first update.
	Revision string
	Created  time.Time // of the machine
	Updated  time.Time // of this revision
	// VersionARN and AliasARN say how Resolve came to this machine; else empty.
	VersionARN string
	AliasARN   string
	// Label is set in the processor of a Distributed Map, whose executions run
	// as those of stateMachine:MACHINE/LABEL.
	Label string
}

// Properties are what an update can change. Configurations are kept as the
// caller sent them, absent when it sent none.
type Properties struct {
	Definition *interp.Program
	RoleARN    string
	Logging    jsonvalue.Value
	Tracing    jsonvalue.Value
	Encryption jsonvalue.Value
}

// Version is a published revision of a machine.
type Version struct {
	ARN         string
	Number      int
	Description string
	Created     time.Time
	Machine     *Machine
}

// Route is a share of an alias's executions.
type Route struct {
	VersionARN string
	Weight     int // percent
}

// Alias names one or two versions of a machine.
type Alias struct {
	ARN         string
	Name        string
	MachineARN  string
	Description string
	Routes      []Route
	Created     time.Time
	Updated     time.Time
}

func wrap(err error, arn string) error { return fmt.Errorf("%w: %s", err, arn) }

// Path is the part of an execution's ARN that names its machine: NAME, or
// NAME/LABEL for the children of a Distributed Map.
func (m *Machine) Path() string {
	if m.Label == "" {
		return m.Name
	}
	return m.Name + "/" + m.Label
}
