package modules

import (
	"context"
	"time"

	"github.com/tetratelabs/wazero"

	"github.com/waslrun/wasl/asl/errname"
)

// ABI is the contract between a guest and the host, found by inspection.
type ABI int

// The ABIs, in the order in which a module's exports and imports are matched.
const (
	// ABIUnknown is a module that exports no entry point we know.
	ABIUnknown ABI = iota
	// ABICommand is a WASI preview 1 command: export _start.
	ABICommand
	// ABIReactor exports wasl_handle() -> i32 and, usually, _initialize.
	ABIReactor
	// ABIExtism imports from extism:host/env.
	ABIExtism
	// ABIComponent is a component-model binary, which is always refused.
	ABIComponent
)

// Host is what guests may call. One Host serves every module of a Store;
// whatever belongs to a single call travels in the context that Begin returns.
// A host function that is going to wait calls [Waits] first, and one that does
// much work for its guest calls [Charge].
type Host interface {
	// Define instantiates the host's import modules in r. It is called once
	// for each wazero runtime that the Store creates.
	Define(ctx context.Context, r wazero.Runtime) error

	// Begin prepares one call. Host functions find the call's state in the
	// context that it returns, so nothing of it is shared between calls.
	Begin(ctx context.Context, call Call, abi ABI) (context.Context, Session)
}

// Session is the host's side of one call.
type Session interface {
	// End tells how the guest ended and gives what it handed over. It is
	// called exactly once, whatever happened, and after it no host function
	// runs for this call. The failure is nil when the guest succeeded. When
	// exit.Kind is not ExitReturned the output is ignored; a failure that the
	// Session returns for it replaces the Store's own.
	End(exit Exit) (output []byte, failure *Failure, usage HostUsage)
}

// HostUsage is what a call used of the host.
type HostUsage struct {
	OutputBytes int64
	LogBytes    int64
	HostCalls   int64
}

// ExitKind says how a guest's run ended.
type ExitKind int

// The ways to end. Every kind but ExitReturned costs the instance its life.
const (
	// ExitReturned: the entry point returned, or the guest called proc_exit.
	ExitReturned ExitKind = iota
	// ExitTrap: the guest trapped (unreachable, out of bounds, stack, …).
	ExitTrap
	// ExitFuel: the guest used up its fuel.
	ExitFuel
	// ExitMemory: the guest trapped after a refused memory.grow.
	ExitMemory
	// ExitKilled: the context ended (deadline or cancellation).
	ExitKilled
)

// Exit describes how a guest's run ended.
type Exit struct {
	Kind ExitKind
	// Code is the exit code of a command or the result of wasl_handle.
	Code uint32
	// Err is the engine's own error for a trap, or the context's cause.
	Err error
	// Frames are the functions that a trap happened in, the innermost first. They
	// are bounded in number and length.
	Frames []string
}

// ProcExit is what a host function panics with to end the guest's run at once
// with an exit code, as proc_exit does. It leaves the instance open.
type ProcExit struct{ Code uint32 }

func (ProcExit) Error() string { return "proc_exit" }

// Call is one use of a module.
type Call struct {
	// Input is handed to the guest as it is.
	Input []byte
	// Task is the embedder's own description of the call (capabilities, store,
	// logger …). modules passes it to the Host without looking at it.
	Task any
	// Function is the export to call, for the ABIs that leave it open (Extism).
	// Empty: the module's entry point (Report.Entry).
	Function string
	// Fuel caps this call below the module's own limit. Zero: no lower cap.
	Fuel uint64
}

// Failure is a task's error in the States Language's terms.
type Failure struct {
	Error string
	Cause string
	// Unusable says that it is the module that cannot be used, not the call that
	// went wrong. Only who runs modules says so.
	Unusable bool
}

// ErrorPrefix begins the names that are the sandbox's own: no guest may report one.
const ErrorPrefix = "Wasm."

// Names of the errors that the sandbox itself reports.
const (
	ErrTrap           = "Wasm.Trap"
	ErrOutOfFuel      = "Wasm.OutOfFuel"
	ErrMemoryLimit    = "Wasm.MemoryLimit"
	ErrOutputTooLarge = "Wasm.OutputTooLarge"
	ErrInvalidOutput  = "Wasm.InvalidOutput"
	ErrBadModule      = "Wasm.BadModule"
	ErrDenied         = "Wasm.Denied"
	ErrTimeout        = errname.Timeout // the module's own wall-time limit
)

// Usage is what one call cost.
type Usage struct {
	Fuel       uint64
	MemoryPeak uint64 // bytes of linear memory at the end of the call
	Wall       time.Duration
	Tier       Tier
	HostUsage
}

// Tier is how an instance came to be.
type Tier int

// The tiers, fastest first.
const (
	// TierPooled is a used instance, reset to the snapshot.
	TierPooled Tier = iota
	// TierCopyOnWrite is a new instance over a copy-on-write image.
	TierCopyOnWrite
	// TierPlain is a new instance that ran its own initialisation.
	TierPlain
)

// String gives the tier's name.
func (t Tier) String() string {
	switch t {
	case TierPooled:
		return "pooled"
	case TierCopyOnWrite:
		return "copy-on-write"
	case TierPlain:
		return "plain"
	}
	return "unknown"
}

// Result is what a call gave. Either Failure is nil and Output is the guest's
// output, or Failure says what went wrong. When the context ended the call,
// Killed is set and the caller knows why.
type Result struct {
	Output  []byte
	Failure *Failure
	Killed  bool
	Usage   Usage
}

// Limits bound what one module may use. The zero value of a field means its
// default (see DefaultLimits).
type Limits struct {
	Memory        uint64        // bytes of linear memory
	Fuel          uint64        // units for one call
	FuelPerSecond uint64        // turns a deadline into fuel; 0: no such cap
	Wall          time.Duration // wall time of one call
	Table         uint32        // elements of one table
	Output        int64         // bytes
	Log           int64         // bytes
	Stack         uint32        // call depth in bytes of native stack
	Concurrency   int           // calls at once, others wait; 0: no cap
}
