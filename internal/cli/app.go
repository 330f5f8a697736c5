package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/printable"
)

// The exit codes.
const (
	exitOK        = 0
	exitFailed    = 1   // the execution ended as FAILED, or wasl itself failed
	exitUsage     = 2   // wrong arguments, configuration or input
	exitInvalid   = 3   // the definition is invalid
	exitTimedOut  = 4   // the execution ended as TIMED_OUT
	exitAborted   = 5   // the execution ended as ABORTED
	exitModule    = 6   // a module is missing or unusable
	exitInterrupt = 130 // interrupted
)

// exitError is an error that decides the exit code. Without err it is silent:
// everything has been said already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage is an error of the user's arguments, configuration or input.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// streams are the program's standard streams.
type streams struct {
	in       io.Reader
	out, err io.Writer
	query    *query // filters what printJSON prints
}

// printJSON writes a value as a line to standard output: as it is for programs,
// and for a terminal, which obeys some characters that JSON lets through, with
// those escaped.
func (s streams) printJSON(v jsonvalue.Value) error {
	v, err := s.query.apply(v)
	if err != nil {
		return err
	}
	text := v.String()
	if isTerminal(s.out) {
		text = printable.JSON(text)
	}
	_, err = fmt.Fprintln(s.out, text)
	return err
}

// Main runs wasl with the given arguments (the first is the program's name) and
// gives its exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	return run(ctx, args, streams{in: stdin, out: stdout, err: stderr})
}

// run is Main with a context, which stands for the interrupt.
func run(ctx context.Context, args []string, std streams) int {
	app := newApp(std)
	args, err := interspersed(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	if err == nil {
		return exitOK
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{exitFailed, err}
	}
	if exit.err != nil {
		fmt.Fprintf(std.err, "wasl: %s\n", printable.Lines(err.Error()))
	}
	return exit.code
}

func newApp(std streams) *cli.App {
	app := &cli.App{
		Name:            "wasl",
		Usage:           "run AWS Step Functions workflows with WebAssembly tasks",
		HideVersion:     true, // the library's flag takes -v
		Flags:           []cli.Flag{&cli.BoolFlag{Name: "version", Usage: "print the version"}, cli.HelpFlag},
		Reader:          std.in,
		Writer:          std.out,
		ErrWriter:       std.err,
		HideHelpCommand: true,
		// A --set may have commas in its value.
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides the exit code
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return noCommand(c.Args().First(), c.App.Commands)
			}
			if c.Bool("version") {
				return printVersion(std)
			}
			return cli.ShowAppHelp(c)
		},
		OnUsageError: func(c *cli.Context, err error, _ bool) error { return unknownFlag(err, c.App.Flags) },
		Commands: []*cli.Command{
			runCommand(std),
			validateCommand(std),
			serveCommand(std),
			testCommand(std),
			moduleCommand(std),
			conformanceCommand(std),
			envCommand(std),
			completionCommand(std),
			completeCommand(std),
			helpCommand(std),
			versionCommand(std),
		},
	}
	for _, c := range app.Commands {
		prepare(c)
	}
	return app
}

func prepare(c *cli.Command) {
	c.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return unknownFlag(err, c.Flags) }
	c.HideHelpCommand = true
	for _, sub := range c.Subcommands {
		prepare(sub)
	}
}

// configFlag is the flag that every command with an engine has.
func configFlag() *cli.StringFlag {
	return &cli.StringFlag{Name: "config", Aliases: []string{"c"}, Usage: "read the configuration from `FILE`"}
}

// oneFile gives a command's only argument.
func oneFile(c *cli.Context) (string, error) {
	switch c.NArg() {
	case 0:
		return "", usage("%s: a FILE is missing", c.Command.FullName())
	case 1:
		return c.Args().First(), nil
	}
	return "", usage("%s: one FILE is wanted, not %q", c.Command.FullName(), c.Args().Slice())
}
