package bench

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"testing"

	extism "github.com/extism/go-sdk"
	"github.com/tetratelabs/wazero"
)

// process runs a native program for each task.
func process(tb testing.TB, path string, input []byte) contender {
	tb.Helper()
	return contender{"process", func() ([]byte, error) {
		cmd := exec.CommandContext(tb.Context(), path)
		cmd.Stdin = bytes.NewReader(input)
		out, err := cmd.Output()
		return bytes.TrimSuffix(out, []byte("\n")), err
	}}
}

func extismCompiled(tb testing.TB, binary []byte) *extism.CompiledPlugin {
	tb.Helper()
	compiled, err := extism.NewCompiledPlugin(tb.Context(),
		extism.Manifest{Wasm: []extism.Wasm{extism.WasmData{Data: binary}}}, extism.PluginConfig{}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { compiled.Close(context.Background()) })
	return compiled
}

// extismFresh makes an Extism plug-in of the compiled one for each task, which
// is how its SDK isolates tasks.
func extismFresh(tb testing.TB, binary []byte, function string, input []byte) contender {
	tb.Helper()
	ctx, compiled := tb.Context(), extismCompiled(tb, binary)
	config := extism.PluginInstanceConfig{ModuleConfig: wazero.NewModuleConfig()}
	return contender{"extism", func() ([]byte, error) {
		plugin, err := compiled.Instance(ctx, config)
		if err != nil {
			return nil, err
		}
		defer plugin.Close(ctx)
		return extismCall(ctx, plugin, function, input)
	}}
}

// extismWarm calls one plug-in over and over: no isolation.
func extismWarm(tb testing.TB, binary []byte, function string, input []byte) contender {
	tb.Helper()
	ctx, compiled := tb.Context(), extismCompiled(tb, binary)
	plugin, err := compiled.Instance(ctx, extism.PluginInstanceConfig{ModuleConfig: wazero.NewModuleConfig()})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { plugin.Close(context.Background()) })
	return contender{"extism-warm", func() ([]byte, error) { return extismCall(ctx, plugin, function, input) }}
}

func extismCall(ctx context.Context, plugin *extism.Plugin, function string, input []byte) ([]byte, error) {
	code, out, err := plugin.CallWithContext(ctx, function, input)
	if err == nil && code != 0 {
		err = fmt.Errorf("the plug-in's code is %d", code)
	}
	return out, err
}
