package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/api"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

func runCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run a state machine once and print its output",
		ArgsUsage: "FILE",
		Description: "FILE is a definition in JSON or YAML. The output goes to standard output, everything\n" +
			"else to standard error. Exit codes: 0 SUCCEEDED, 1 FAILED, 2 usage, 3 invalid definition,\n" +
			"4 TIMED_OUT, 5 ABORTED, 6 a module is missing or unusable, 130 interrupted.",
		Flags: []cli.Flag{
			inputFlag(),
			configFlag(),
			&cli.StringFlag{Name: "name", Usage: "the execution's `NAME`"},
			&cli.BoolFlag{Name: "json", Usage: "print the history's events, one JSON object a line, instead of the output"},
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "show what the tasks log, and what each of them cost"},
			&cli.StringFlag{Name: "history", Usage: "write the history to `FILE`, as GetExecutionHistory gives it"},
		},
		Action: func(c *cli.Context) error {
			file, err := oneFile(c)
			if err != nil {
				return err
			}
			r := runner{
				std: std, console: newConsole(std.err), logFrom: slog.LevelWarn,
				asJSON: c.Bool("json"), historyFile: c.String("history"), name: c.String("name"),
			}
			if c.IsSet("name") {
				if err := api.CheckName(r.name); err != nil {
					return usage("--name: %w", err)
				}
			}
			if c.Bool("verbose") {
				r.logFrom = slog.LevelDebug
			}
			if r.inputText, r.input, err = readJSON("--input", c.String("input"), std.in); err != nil {
				return err
			}
			return r.run(c.Context, file, c.String("config"))
		},
	}
}

func inputFlag() cli.Flag {
	return &cli.StringFlag{Name: "input", Aliases: []string{"i"}, Usage: "the input: `JSON`, @FILE, or - for standard input", Value: "{}"}
}

// readText reads what a flag gives: a text, @FILE, or - for standard input.
// from says in messages where the text was.
func readText(flag, given string, stdin io.Reader) (text, from string, err error) {
	name, isFile := strings.CutPrefix(given, "@")
	switch {
	case given == "-" || given == "@-":
		read, err := readFile("-", stdin)
		return string(read), "standard input", err
	case !isFile:
		return given, flag, nil
	case name == "":
		return "", "", usage("%s: the name of a file is missing after @", flag)
	}
	read, err := readFile(name, stdin)
	return string(read), name, err
}

// readJSON is readText for JSON.
func readJSON(flag, given string, stdin io.Reader) (string, jsonvalue.Value, error) {
	text, from, err := readText(flag, given, stdin)
	if err != nil {
		return "", jsonvalue.Value{}, err
	}
	v, err := jsonvalue.Parse(text)
	if err != nil {
		return "", v, usage("%s: not JSON: %w", from, err)
	}
	return text, v, nil
}

// runner is one `wasl run`.
type runner struct {
	std         streams
	console     *console
	logFrom     slog.Level
	name        string
	inputText   string
	input       jsonvalue.Value
	asJSON      bool
	historyFile string
}

func (r *runner) run(ctx context.Context, file, configFile string) error {
	machine, err := loadMachine(file, r.std)
	if err != nil {
		return err
	}
	env, err := newEnvironment(ctx, environmentOptions{configFile: configFile, log: r.console.Logger(r.logFrom), unlimitedEvents: true})
	if err != nil {
		return err
	}
	defer func() { _ = env.Close() }()
	if err := prepareModules(ctx, machine, env, r.console); err != nil {
		return err
	}
	if limit := env.config.EngineLimits().Payload; limit > 0 && len(r.inputText) > limit {
		return usage("the input has %d bytes; [limits] payload of the configuration allows %d", len(r.inputText), limit)
	}
	program, err := interp.Compile(machine)
	if err != nil {
		return &exitError{exitInvalid, fmt.Errorf("%s: %w", file, err)}
	}
	name := machineName(file)
	m := &registry.Machine{
		ARN: env.registry.ARN(name), Name: name, Type: registry.Standard,
		Properties: registry.Properties{
			Definition: &registry.Definition{Text: machine.Source.Text, Syntax: machine, Program: program},
			RoleARN:    "arn:aws:iam::" + env.config.AWS.AccountID + ":role/wasl",
		},
	}
	sinks, err := r.sinks()
	if err != nil {
		return err
	}
	info, err := r.execute(ctx, env, m, sinks)
	if closeErr := sinks.close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return r.report(info)
}

// machineName makes a state machine's name of a file's name: without its
// folder and extensions, and without what names may not have.
func machineName(file string) string {
	name := file[strings.LastIndexAny(file, `/\`)+1:]
	name, _, _ = strings.Cut(name, ".")
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, name)
	if name == "" {
		return "stateMachine"
	}
	return name[:min(len(name), 80)]
}

// execute runs the machine to its end. An interrupt stops the execution.
func (r *runner) execute(ctx context.Context, env *environment, m *registry.Machine, sinks *sinks) (runtime.ExecutionInfo, error) {
	p := startProgress(r.console)
	defer p.End()
	sinks.add(p)
	x, err := env.engine.Start(ctx, runtime.StartRequest{
		Machine: m, Name: r.name, Input: r.input, InputText: r.inputText, Sink: sinks, DiscardHistory: true,
	})
	if err != nil {
		return runtime.ExecutionInfo{}, err
	}
	info, err := x.Wait(ctx)
	if err != nil && ctx.Err() != nil {
		if _, err := env.engine.Stop(x.ARN(), "Interrupted", "wasl run was interrupted"); err != nil {
			return info, err
		}
		_, _ = x.Wait(context.WithoutCancel(ctx)) // the stop ends it
		return info, &exitError{exitInterrupt, errors.New("interrupted")}
	}
	return info, err
}

// report prints how the execution ended and gives the exit code.
func (r *runner) report(info runtime.ExecutionInfo) error {
	if info.Status == interp.Succeeded {
		if r.asJSON {
			return nil
		}
		_, err := fmt.Fprintln(r.std.out, info.Output.String())
		return err
	}
	code := map[interp.Status]int{interp.TimedOut: exitTimedOut, interp.Aborted: exitAborted}[info.Status]
	if code == 0 {
		code = exitFailed
		if info.Error != nil && *info.Error == modules.ErrBadModule {
			code = exitModule
		}
	}
	text := "execution " + string(info.Status)
	if info.Error != nil && *info.Error != "" {
		text += ": " + *info.Error
	}
	if info.Cause != nil && *info.Cause != "" {
		text += ": " + *info.Cause
	}
	return &exitError{code, errors.New(text)}
}

// sinks hands the history's events on to everyone who wants them.
type sinks struct {
	all    []runtime.HistorySink
	onExit []func() error
}

func (s *sinks) add(sink runtime.HistorySink) { s.all = append(s.all, sink) }

// Record implements runtime.HistorySink.
func (s *sinks) Record(events []history.Event) {
	for _, sink := range s.all {
		sink.Record(events)
	}
}

func (s *sinks) close() error {
	var all []error
	for _, f := range s.onExit {
		all = append(all, f())
	}
	return errors.Join(all...)
}

// sinks makes the sinks that the flags ask for.
func (r *runner) sinks() (*sinks, error) {
	s := &sinks{}
	if r.asJSON {
		w := &eventWriter{w: bufio.NewWriter(r.std.out), after: "\n", follow: true}
		s.add(w)
		s.onExit = append(s.onExit, func() error { return w.close("") })
	}
	if r.historyFile != "" {
		f, err := os.Create(r.historyFile)
		if path := (*os.PathError)(nil); errors.As(err, &path) {
			return nil, usage("%s: %w", r.historyFile, path.Err)
		}
		w := &eventWriter{w: bufio.NewWriter(f), between: ",\n"}
		w.write(`{"events":[` + "\n")
		s.add(w)
		s.onExit = append(s.onExit, func() error { return errors.Join(w.close("\n]}\n"), f.Close()) })
	}
	return s, nil
}

// eventWriter writes events as JSON. It remembers its first error.
type eventWriter struct {
	w *bufio.Writer
	// between and after stand between two events and after each.
	between, after string
	// follow hands each step's events on at once.
	follow bool
	any    bool
	err    error
}

func (e *eventWriter) write(text string) {
	if e.err == nil {
		_, e.err = e.w.WriteString(text)
	}
}

// Record implements runtime.HistorySink.
func (e *eventWriter) Record(events []history.Event) {
	for _, event := range events {
		if e.any {
			e.write(e.between)
		}
		e.any = true
		e.write(event.Value(history.RFC3339).String() + e.after)
	}
	if e.follow && e.err == nil {
		e.err = e.w.Flush()
	}
}

func (e *eventWriter) close(end string) error {
	e.write(end)
	if e.err != nil {
		return e.err
	}
	return e.w.Flush()
}
