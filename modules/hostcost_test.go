package modules_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/modules/internal/wat"
	"github.com/waslrun/wasl/storage"
)

// hostImport is a function that the host defines.
type hostImport struct {
	module, name    string
	params, results []api.ValueType
}

// hostImports asks a runtime what the host has defined in it.
func hostImports(t *testing.T) (all []hostImport) {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	if err := hostfuncs.New(hostfuncs.Options{}).Define(ctx, r); err != nil {
		t.Fatal(err)
	}
	for _, module := range hostfuncs.Modules() {
		for name, f := range r.Module(module).ExportedFunctionDefinitions() {
			all = append(all, hostImport{module, name, f.ParamTypes(), f.ResultTypes()})
		}
	}
	return all
}

// floods is a module that calls a function of the host for ever, with length
// for one of its arguments.
func (f hostImport) floods(at, length int) []byte {
	var params, args strings.Builder
	for i, p := range f.params {
		fmt.Fprintf(&params, " %s", api.ValueTypeName(p))
		n := 0
		if i == at {
			n = length
		}
		fmt.Fprintf(&args, " (%s.const %d)", api.ValueTypeName(p), n)
	}
	results, drop := "", ""
	for _, r := range f.results {
		results, drop = fmt.Sprintf("(result %s)", api.ValueTypeName(r)), "drop"
	}
	return wat.MustAssemble(fmt.Sprintf(`(module
		(import %q %q (func $f (param%s) %s))
		(memory (export "memory") 17)
		(func (export "wasl_handle") (result i32) (loop $l (call $f%s) %s (br $l)) (i32.const 0)))`,
		f.module, f.name, params.String(), results, args.String(), drop))
}

// Row 43: no function of the host works for nothing. Whatever it is called with,
// again and again, the fuel comes to its end, at no more than a sixteenth of a
// unit for a byte and a hundredth for a call.
func TestHostWorkEndsWithTheFuel(t *testing.T) {
	const fuel, length = 300_000, 1 << 20
	ctx := context.Background()
	store, err := modules.NewStore(ctx, modules.Options{Host: hostfuncs.New(hostfuncs.Options{}), Engine: modules.EngineInterpreter})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(ctx)
	objects := storage.NewMemory()
	task := &hostfuncs.Task{
		Storage: objects,
		Grants: &hostfuncs.Grants{
			Storage: []hostfuncs.BucketGrant{{Bucket: "\x00", Read: true, Write: true}},
			Env:     map[string]string{"": "x"},
		},
		Context: func() []byte { return make([]byte, length) },
		Log:     func(hostfuncs.LogLine) {},
	}
	imports := hostImports(t)
	if len(imports) < 80 {
		t.Fatalf("the host defines %d functions only", len(imports))
	}
	for _, f := range imports {
		for at := range max(1, len(f.params)) {
			m, err := store.Open(ctx, modules.Source{Bytes: f.floods(at, length)}, modules.Limits{Fuel: fuel, Wall: time.Minute})
			if err != nil {
				t.Fatalf("%s.%s: %v", f.module, f.name, err)
			}
			r, err := m.Invoke(ctx, modules.Call{Input: make([]byte, length), Task: task})
			if err != nil {
				t.Fatal(err)
			}
			if most := int64(fuel / 100); r.Usage.HostCalls > most {
				t.Errorf("%s.%s: %d calls for %d units", f.module, f.name, r.Usage.HostCalls, fuel)
			}
			// Some functions end the guest at once, whatever its fuel.
			if r.Failure == nil && f.name == "proc_exit" || r.Failure != nil && r.Usage.HostCalls == 1 {
				continue
			}
			if r.Failure == nil || r.Failure.Error != modules.ErrOutOfFuel && r.Failure.Error != modules.ErrOutputTooLarge {
				t.Errorf("%s.%s with %d at %d: %v after %d calls", f.module, f.name, length, at, r.Failure, r.Usage.HostCalls)
			}
		}
	}
}

// One call of random_get that is larger than the fuel ends long before its end.
func TestALongHostCallEndsWithTheFuel(t *testing.T) {
	ctx := context.Background()
	store, err := modules.NewStore(ctx, modules.Options{Host: hostfuncs.New(hostfuncs.Options{}), Engine: modules.EngineInterpreter})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(ctx)
	binary := wat.MustAssemble(`(module
		(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
		(memory (export "memory") 1024)
		(func (export "wasl_handle") (result i32) (call $random (i32.const 0) (i32.const 67108864))))`)
	m, err := store.Open(ctx, modules.Source{Bytes: binary}, modules.Limits{Fuel: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Invoke(ctx, modules.Call{Input: []byte("{}"), Task: &hostfuncs.Task{}})
	if err != nil {
		t.Fatal(err)
	}
	// The copy of 64 MiB is paid for at once, of the numbers only what was made.
	if r.Failure == nil || r.Failure.Error != modules.ErrOutOfFuel || r.Usage.Fuel > 64<<20/16+1_000_000 {
		t.Errorf("%v with %d units used", r.Failure, r.Usage.Fuel)
	}
}
