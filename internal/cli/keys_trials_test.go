package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/config"
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
	t.Setenv("WASL_TEST_SECRET", "11111")
	if err := os.WriteFile(filepath.Join(filepath.Dir(x.config), "secret"), []byte("22222\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return x.runs(t)
}

// runsWithFolders is wasl run with two folders in $DIR, each with a file f.
func (x trial) runsWithFolders(t *testing.T) string {
	for name, text := range map[string]string{"one": "1", "two": "2"} {
		folder := filepath.Join(x.dir, name)
		if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(filepath.Join(folder, "f"), []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return x.runs(t)
}

// serves is wasl serve until it says that it does so.
func (x trial) serves(t *testing.T) string {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	errs := &signalWriter{want: "serving", f: cancel}
	code := run(ctx, []string{"wasl", "serve", "--config", x.config}, streams{in: strings.NewReader(""), out: io.Discard, err: errs})
	return fmt.Sprintf("exit %d\n%s", code, errs.text.String())
}

func mustConfig(t *testing.T, file string) *config.Config {
	t.Helper()
	c, err := loadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// starts starts three executions of a STANDARD machine, one after the other, as
// wasl serve does. It reports how the last one ended, and how many of them and
// of the children of its Map Runs are on record then.
func (x trial) starts(t *testing.T) string {
	env, err := newEnvironment(t.Context(), environmentOptions{config: mustConfig(t, x.config), log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = env.Close() }()
	m := x.machine(t, env)
	var last runtime.ExecutionInfo
	for range 3 {
		execution, err := env.engine.Start(t.Context(), runtime.StartRequest{Machine: m, Input: jsonvalue.EmptyObject})
		if err != nil {
			t.Fatal(err)
		}
		if last, err = execution.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	text := string(last.Status)
	for _, more := range []*string{last.Error, last.Cause} {
		if more != nil {
			text += " " + *more
		}
	}
	text += fmt.Sprintf("\n%d on record\n", listed(t, env, runtime.ListRequest{MachineARN: m.ARN}))
	runs, err := env.engine.MapRuns().List(last.ARN)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		text += fmt.Sprintf("%d children on record\n", listed(t, env, runtime.ListRequest{MapRunARN: r.ARN}))
	}
	return text
}

// machine is the workflow as a STANDARD machine.
func (x trial) machine(t *testing.T, env *environment) *registry.Machine {
	program, err := definitions{std: streams{err: io.Discard}}.load(x.workflow)
	if err != nil {
		t.Fatal(err)
	}
	return &registry.Machine{
		ARN: env.registry.ARN("m"), Name: "m", Type: registry.Standard,
		Properties: registry.Properties{Definition: program},
	}
}

// listed counts what a list has.
func listed(t *testing.T, env *environment, r runtime.ListRequest) int {
	page, err := env.engine.List(r)
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Executions)
}
