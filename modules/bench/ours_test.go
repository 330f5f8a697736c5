package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

// built is where the Go guests are, see guests/Makefile.
const built = "../../build/bench"

// guest reads a guest: one that was built from Go, or one that lies beside its
// source.
func guest(tb testing.TB, name string) []byte {
	tb.Helper()
	binary, err := os.ReadFile(guestPath(name))
	if err != nil {
		tb.Fatalf("%v (make -C guests go builds the Go guests)", err)
	}
	return binary
}

func guestPath(name string) string {
	if filepath.Dir(name) == "." {
		return filepath.Join(built, name)
	}
	return filepath.Join("guests", name)
}

// newStore makes a store as the product has it.
func newStore(tb testing.TB, opts modules.Options) *modules.Store {
	tb.Helper()
	if opts.Host == nil {
		opts.Host = hostfuncs.New(hostfuncs.Options{})
	}
	store, err := modules.NewStore(tb.Context(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := store.Close(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	return store
}

func open(tb testing.TB, store *modules.Store, name string) *modules.Module {
	tb.Helper()
	m, err := store.Open(tb.Context(), modules.Source{Name: name, Bytes: guest(tb, name)}, modules.Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// anyTier is for calls that may have to make an instance.
const anyTier modules.Tier = -1

// ours runs each task in an isolated, metered instance. The tier says which
// kind of instance it must be from the second call on.
func ours(tb testing.TB, m *modules.Module, function string, input []byte, tier modules.Tier) contender {
	grants := &hostfuncs.Grants{}
	calls := 0
	return contender{"ours", func() ([]byte, error) {
		result, err := m.Invoke(tb.Context(), modules.Call{
			Input: input, Function: function, Task: &hostfuncs.Task{Grants: grants, Seed: "execution/state"},
		})
		if calls++; err == nil && calls > 1 && tier != anyTier && result.Usage.Tier != tier {
			err = fmt.Errorf("tier %v, want %v", result.Usage.Tier, tier)
		}
		return result.Output, errors.Join(err, failed(result))
	}}
}

func failed(r modules.Result) error {
	switch {
	case r.Failure != nil:
		return fmt.Errorf("%s: %s", r.Failure.Error, r.Failure.Cause)
	case r.Killed:
		return errors.New("killed")
	}
	return nil
}
