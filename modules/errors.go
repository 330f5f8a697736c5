package modules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ErrStoreClosed is what a store that was closed answers.
var ErrStoreClosed = errors.New("modules: the store is closed")

// BadModuleError says why a binary cannot be run. In the States Language it is
// the error Wasm.BadModule.
type BadModuleError struct {
	Name   string // the source's name or path
	Reason string
	Err    error // the underlying error, if there is one
}

func (e *BadModuleError) Error() string {
	return fmt.Sprintf("module %s: %s", e.Name, e.Reason)
}

func (e *BadModuleError) Unwrap() error { return e.Err }

// Failure gives the error in the States Language's terms.
func (e *BadModuleError) Failure() *Failure {
	return &Failure{Error: ErrBadModule, Cause: e.Error(), Unusable: true}
}

func badModule(src Source, err error) *BadModuleError {
	return &BadModuleError{Name: src.label(), Reason: err.Error(), Err: err}
}

func (src Source) label() string {
	switch {
	case src.Name != "":
		return src.Name
	case src.Path != "":
		return src.Path
	default:
		return "(unnamed)"
	}
}

func checkDigest(src Source, got [sha256.Size]byte) error {
	if src.Digest == "" {
		return nil
	}
	want, err := hex.DecodeString(strings.TrimPrefix(strings.ToLower(src.Digest), "sha256:"))
	if err != nil || len(want) != sha256.Size {
		return badModule(src, fmt.Errorf("digest %q is not a SHA-256 in hexadecimal", src.Digest))
	}
	if string(want) != string(got[:]) {
		return badModule(src, fmt.Errorf("digest mismatch: want sha256:%x, have sha256:%x", want, got))
	}
	return nil
}
