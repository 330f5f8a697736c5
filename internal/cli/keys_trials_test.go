package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// trial is a value of a key that is tried.
type trial struct {
	workflow, config string   // files
	args             []string // of wasl run
	dir              string   // $DIR
}

// runs is wasl run.
func (x trial) runs(*testing.T) string {
	return wasl(append([]string{"run", x.workflow, "--config", x.config}, x.args...)...)
}

// wasl runs the program and reports its exit code and its outputs.
func wasl(args ...string) string {
	var out, errs bytes.Buffer
	code := Main(append([]string{"wasl"}, args...), strings.NewReader(""), &out, &errs)
	return fmt.Sprintf("exit %d\n%s%s", code, out.String(), errs.String())
}

// runsTwice compares two runs.
func (x trial) runsTwice(t *testing.T) string {
	first := x.runs(t)
	if x.runs(t) == first {
		return first + "the same again\n"
	}
	return first + "another one\n"
}

// runsAsUser is wasl run by a user whose folders are in $DIR/user.
func (x trial) runsAsUser(t *testing.T) string {
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
		t.Setenv(name, filepath.Join(x.dir, "user"))
	}
	return x.runs(t)
}

// runsWithSecrets is wasl run with a secret in its environment and another in
// the folder of its configuration.
func (x trial) runsWithSecrets(t *testing.T) string {
	t.Setenv("WASL_TEST_SECRET", "of the environment")
	if err := os.WriteFile(filepath.Join(filepath.Dir(x.config), "secret"), []byte("of a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return x.runs(t)
}

// serves is wasl serve until it says that it does so.
func (x trial) serves(t *testing.T) string {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	errs := &signalWriter{want: "serving", f: cancel}
	code := run(ctx, []string{"wasl", "serve", "--config", x.config}, streams{strings.NewReader(""), io.Discard, errs})
	return fmt.Sprintf("exit %d\n%s", code, errs.text.String())
}

// starts starts a STANDARD execution with the limits that wasl serve has, and
// reports how it ended.
func (x trial) starts(t *testing.T) string {
	machine, err := loadMachine(x.workflow, streams{})
	if err != nil {
		t.Fatal(err)
	}
	program, err := interp.Compile(machine)
	if err != nil {
		t.Fatal(err)
	}
	env, err := newEnvironment(t.Context(), environmentOptions{configFile: x.config, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = env.Close() }()
	execution, err := env.engine.Start(t.Context(), runtime.StartRequest{
		Machine: &registry.Machine{
			ARN: env.registry.ARN("m"), Name: "m", Type: registry.Standard,
			Properties: registry.Properties{Definition: &registry.Definition{Text: machine.Source.Text, Syntax: machine, Program: program}},
		},
		Input: jsonvalue.EmptyObject,
	})
	if err != nil {
		t.Fatal(err)
	}
	info, err := execution.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := string(info.Status)
	for _, more := range []*string{info.Error, info.Cause} {
		if more != nil {
			text += " " + *more
		}
	}
	return text + "\n"
}
