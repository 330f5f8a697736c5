package bench

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

// bare is a module in wazero as it comes: its own WASI, no metering, no limits,
// no deadlines, and the least that the guests need of module wasl.
type bare struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	input    []byte
	output   []byte
}

func newBare(tb testing.TB, binary, input []byte) *bare {
	tb.Helper()
	ctx := tb.Context()
	w := &bare{runtime: wazero.NewRuntime(ctx), input: input}
	tb.Cleanup(func() { w.runtime.Close(context.Background()) })
	wasi_snapshot_preview1.MustInstantiate(ctx, w.runtime)
	var err error
	if w.compiled, err = w.runtime.CompileModule(ctx, binary); err != nil {
		tb.Fatal(err)
	}
	if err := w.define(ctx); err != nil {
		tb.Fatal(err)
	}
	return w
}

// define defines what the module imports from wasl.
func (w *bare) define(ctx context.Context) error {
	functions := map[string]api.GoModuleFunc{
		"input_len": func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = uint64(len(w.input)) },
		"input_read": func(_ context.Context, m api.Module, stack []uint64) {
			buf, _ := m.Memory().Read(uint32(stack[0]), uint32(stack[1]))
			stack[0] = uint64(copy(buf, w.input[min(int(uint32(stack[2])), len(w.input)):]))
		},
		"output_write": func(_ context.Context, m api.Module, stack []uint64) {
			data, _ := m.Memory().Read(uint32(stack[0]), uint32(stack[1]))
			w.output = append(w.output, data...)
			stack[0] = 0
		},
	}
	builder, any := w.runtime.NewHostModuleBuilder("wasl"), false
	for _, f := range w.compiled.ImportedFunctions() {
		module, name, _ := f.Import()
		if module != "wasl" {
			continue
		}
		any = true
		call := functions[name]
		if call == nil {
			call = func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = api.EncodeI32(-8) }
		}
		builder.NewFunctionBuilder().WithGoModuleFunction(call, f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	if !any {
		return nil
	}
	_, err := builder.Instantiate(ctx)
	return err
}

var unnamed = wazero.NewModuleConfig().WithName("").WithSysWalltime().WithSysNanotime()

// call runs a reactor's handler.
func (w *bare) call(ctx context.Context, m api.Module) ([]byte, error) {
	w.output = nil
	result, err := m.ExportedFunction("wasl_handle").Call(ctx)
	if err == nil && result[0] != 0 {
		err = errors.New("the handler failed")
	}
	return w.output, err
}

// warm calls one instance over and over: no isolation at all.
func (w *bare) warm(tb testing.TB) contender {
	tb.Helper()
	ctx := tb.Context()
	m, err := w.runtime.InstantiateModule(ctx, w.compiled, unnamed.WithStartFunctions("_initialize", "wasl_warmup"))
	if err != nil {
		tb.Fatal(err)
	}
	handle := m.ExportedFunction("wasl_handle")
	var stack [1]uint64
	return contender{"warm", func() ([]byte, error) {
		w.output = nil
		err := handle.CallWithStack(ctx, stack[:])
		if err == nil && stack[0] != 0 {
			err = errors.New("the handler failed")
		}
		return w.output, err
	}}
}

// naive instantiates the compiled module for each task.
func (w *bare) naive(tb testing.TB) contender {
	ctx := tb.Context()
	config := unnamed.WithStartFunctions("_initialize")
	return contender{"naive", func() ([]byte, error) {
		m, err := w.runtime.InstantiateModule(ctx, w.compiled, config)
		if err != nil {
			return nil, err
		}
		out, err := w.call(ctx, m)
		return out, errors.Join(err, m.Close(ctx))
	}}
}

// command runs the compiled WASI command for each task.
func (w *bare) command(tb testing.TB) contender {
	ctx := tb.Context()
	return contender{"command", func() ([]byte, error) {
		var out bytes.Buffer
		m, err := w.runtime.InstantiateModule(ctx, w.compiled, unnamed.WithStdin(bytes.NewReader(w.input)).WithStdout(&out))
		if exit := (*sys.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 0 {
			err = nil
		}
		if m != nil {
			err = errors.Join(err, m.Close(ctx))
		}
		return out.Bytes(), err
	}}
}
