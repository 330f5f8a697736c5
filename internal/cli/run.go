package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/api"
	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/config"
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
			setFlag(),
			configFlag(),
			&cli.BoolFlag{Name: "allow-missing", Usage: "run although something that a Task names is not there"},
			&cli.StringFlag{Name: "name", Usage: "the execution's `NAME`"},
			&cli.BoolFlag{Name: "json", Usage: "print the history's events instead of the output, and last what the tasks cost: one JSON object a line"},
			queryFlag(),
			quietFlag(),
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "show what the tasks log, and what each of them and all together cost"},
			&cli.StringFlag{Name: "history", Usage: "write the history to `FILE`, as GetExecutionHistory gives it"},
			&cli.StringFlag{Name: "usage", Usage: "write what each call of a module cost, and last all together, to `FILE`: one JSON object a line"},
		},
		Action: func(c *cli.Context) error {
			file, err := oneFile(c)
			if err != nil {
				return err
			}
			r := runner{
				std: std, console: consoleOf(c, std), verbose: c.Bool("verbose"),
				asJSON: c.Bool("json"), historyFile: c.String("history"), usageFile: c.String("usage"), name: c.String("name"),
				allowMissing: c.Bool("allow-missing"),
			}
			if c.IsSet("name") {
				if err := api.CheckName(r.name); err != nil {
					return usage("--name: %w", err)
				}
			}
			if r.std.query, err = queryOf(c); err != nil {
				return err
			}
			if r.inputText, r.input, err = readJSON("--input", c.String("input"), std.in); err != nil {
				return err
			}
			cfg, err := loadConfig(c.String("config"))
			if err != nil {
				return err
			}
			read, err := definitionsOf(c, cfg, std)
			if err != nil {
				return err
			}
			return r.run(c.Context, file, cfg, read)
		},
	}
}

func quietFlag() cli.Flag {
	return &cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress and no warnings, only how it ended if that is no success"}
}

// consoleOf is standard error, silent where --quiet was given.
func consoleOf(c *cli.Context, std streams) *console {
	if c.Bool("quiet") {
		return newConsole(io.Discard)
	}
	return newConsole(std.err)
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
		text, err = readTextFile("-", "standard input", stdin)
		return text, "standard input", err
	case !isFile:
		return given, flag, nil
	case name == "":
		return "", "", usage("%s: the name of a file is missing after @", flag)
	}
	text, err = readTextFile(name, name, stdin)
	return text, name, err
}

// readTextFile is readFile for what must be UTF-8. A byte order mark, as editors
// on Windows write it, is no part of the text.
func readTextFile(name, from string, stdin io.Reader) (string, error) {
	read, err := readFile(name, stdin)
	if err != nil {
		return "", err
	}
	text, err := jsonvalue.TextOf(read)
	if err != nil {
		return "", usage("%s: %w", from, err)
	}
	return text, nil
}

// readJSON is readText for JSON.
func readJSON(flag, given string, stdin io.Reader) (string, jsonvalue.Value, error) {
	text, from, err := readText(flag, given, stdin)
	if err != nil {
		return "", jsonvalue.Value{}, err
	}
	v, err := jsonvalue.Parse(text)
	if err != nil {
		return "", v, usage("%s: not JSON: %w%s", from, err, fileMeant(from == flag, text))
	}
	return text, v, nil
}

// fileMeant asks whether a text that is no JSON should have been a file's.
func fileMeant(inFlag bool, text string) string {
	if !inFlag || strings.ContainsAny(text, "{[\"\n") {
		return ""
	}
	_, err := os.Stat(text)
	if err != nil && !strings.HasSuffix(text, ".json") {
		return ""
	}
	return "; is @" + text + " meant, the file?"
}

// runner is one `wasl run`.
type runner struct {
	std         streams
	console     *console
	verbose     bool
	name        string
	inputText   string
	input       jsonvalue.Value
	asJSON      bool
	historyFile string
	usageFile   string
	// allowMissing runs what nothing is bound to until it is reached.
	allowMissing bool
	usage        usageRecorder
	children     childFailures
}

func (r *runner) run(ctx context.Context, file string, cfg *config.Config, read definitions) error {
	program, err := read.load(file)
	if err != nil {
		return err
	}
	logFrom := slog.LevelWarn
	if r.verbose {
		logFrom = slog.LevelDebug
	}
	env, err := newEnvironment(ctx, environmentOptions{
		config: cfg, log: r.console.Logger(logFrom), unlimitedEvents: true, usage: &r.usage,
	})
	if err != nil {
		return err
	}
	defer func() { _ = env.Close() }()
	if err := prepareModules(ctx, program.Machine(), env, r.console, r.allowMissing); err != nil {
		return err
	}
	if limit := env.config.EngineLimits().Payload; limit > 0 && len(r.inputText) > limit {
		return usage("the input has %d bytes; [limits] payload of the configuration allows %d", len(r.inputText), limit)
	}
	sinks, err := r.sinks()
	if err != nil {
		return err
	}
	info, err := r.execute(ctx, env, env.machine(file, program), sinks)
	_ = env.Close() // what was told to stop has ended too, and all usage is known
	r.showUsage()
	if closeErr := sinks.close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return r.report(info, program.Machine())
}

// machine makes a state machine of a file's definition.
func (e *environment) machine(file string, program *interp.Program) *registry.Machine {
	name := machineName(file)
	return &registry.Machine{
		ARN: e.registry.ARN(name), Name: name, Type: registry.Standard,
		Properties: registry.Properties{
			Definition: program,
			RoleARN:    e.roleARN(),
		},
	}
}

// roleARN is the role of machines and states that are run without naming one.
func (e *environment) roleARN() string {
	return arn.Home{Region: e.config.AWS.Region, Account: e.config.AWS.AccountID}.Role("wasl")
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
	p := startProgress(r.console, env.runCounts)
	defer p.End()
	sinks.add(p)
	x, err := env.engine.Start(ctx, runtime.StartRequest{
		Machine: m, Name: r.name, Input: r.input, InputText: r.inputText, Sink: sinks, ChildFailed: r.children.add, DiscardHistory: true,
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

// runCounts gives the items of a Map Run: how many are known, are done and run.
func (e *environment) runCounts(arn string) (total, done, running int64) {
	run, err := e.engine.MapRuns().Describe(arn)
	if err != nil {
		return 0, 0, 0
	}
	c := run.Items
	return c.Total, c.Succeeded + c.Failed + c.TimedOut + c.Aborted, c.Running
}

// showUsage tells people what the calls of modules cost together.
func (r *runner) showUsage() {
	if table := usageTable(r.usage.totals.Report()); table != "" && r.verbose {
		r.console.Line(table)
	}
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

// sinks makes the sinks that the flags ask for. They are closed when all usage
// is known.
func (r *runner) sinks() (*sinks, error) {
	s := &sinks{}
	if r.historyFile != "" {
		f, err := createFile(r.historyFile)
		if err != nil {
			return nil, err
		}
		w := &eventWriter{w: bufio.NewWriter(f), between: ",\n"}
		w.write(`{"events":[` + "\n")
		s.add(w)
		s.onExit = append(s.onExit, func() error { return errors.Join(w.close("\n]}\n"), f.Close()) })
	}
	if r.usageFile != "" {
		f, err := createFile(r.usageFile)
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		r.usage.lines = newLineWriter(f)
		s.onExit = append(s.onExit, func() error { return errors.Join(r.usage.finish(r.usage.lines), f.Close()) })
	}
	if r.asJSON {
		w := &eventWriter{w: bufio.NewWriter(r.std.out), after: "\n", follow: true, query: r.std.query}
		s.add(w)
		s.onExit = append(s.onExit, func() error {
			if err := w.close(""); err != nil {
				return err
			}
			if r.std.query != nil { // it is for the events
				return nil
			}
			return r.usage.finish(newLineWriter(r.std.out))
		})
	}
	return s, nil
}

func createFile(name string) (*os.File, error) {
	f, err := os.Create(name)
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return nil, usage("%s: %w", name, path.Err)
	}
	return f, err
}

// eventWriter writes events as JSON. It remembers its first error.
type eventWriter struct {
	w *bufio.Writer
	// between and after stand between two events and after each.
	between, after string
	// follow hands each step's events on at once.
	follow bool
	// query selects a part of each event; one in which it finds nothing is left out.
	query *query
	any   bool
	err   error
}

func (e *eventWriter) write(text string) {
	if e.err == nil {
		_, e.err = e.w.WriteString(text)
	}
}

// Record implements runtime.HistorySink.
func (e *eventWriter) Record(events []history.Event) {
	for _, event := range events {
		v, err := e.query.apply(event.Value(history.RFC3339))
		if err != nil {
			continue
		}
		if e.any {
			e.write(e.between)
		}
		e.any = true
		e.write(v.String() + e.after)
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
