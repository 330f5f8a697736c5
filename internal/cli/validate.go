package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/printable"
)

func validateCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "validate",
		Usage:     "find the mistakes of state machine definitions",
		ArgsUsage: "FILE…",
		Description: "Each mistake is one line, FILE:LINE:COLUMN: error CODE: TEXT, followed by a hint\n" +
			"where there is one. The exit code is 3 when a definition has an error, and 6 when only\n" +
			"something is missing that a Task names, which --config lets validate tell.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object for each mistake"},
			&cli.BoolFlag{Name: "express", Usage: "validate for EXPRESS state machines"},
			queryFlag(),
			setFlag(),
			configFlag(),
		},
		Action: func(c *cli.Context) error { return validate(c, std) },
	}
}

func validate(c *cli.Context, std streams) error {
	if !c.Args().Present() {
		return usage("validate: a FILE is missing")
	}
	cfg, err := loadConfig(c.String("config"))
	if err != nil {
		return err
	}
	if std.query, err = queryOf(c); err != nil {
		return err
	}
	read, err := definitionsOf(c, cfg, std)
	if err != nil {
		return err
	}
	var options []asl.Option
	if c.Bool("express") {
		options = append(options, asl.Express)
	}
	var env *environment // nil: what is there is not known
	if c.IsSet("config") {
		if env, err = newEnvironment(c.Context, environmentOptions{config: cfg, log: newConsole(std.err).Logger(slog.LevelWarn)}); err != nil {
			return err
		}
		defer func() { _ = env.Close() }()
	}
	code := exitOK
	for _, file := range c.Args().Slice() {
		machine, found, err := read.check(file, options...)
		if err != nil {
			return err
		}
		switch missing := env.missingOf(machine); {
		case asl.HasErrors(found):
			code = exitInvalid
		case len(missing) > 0:
			found = append(found, missing...)
			if code == exitOK {
				code = exitModule
			}
		}
		if err := printDiagnostics(std, file, found, c.Bool("json")); err != nil {
			return err
		}
	}
	if code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// readFile reads a file, or standard input for "-".
func readFile(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		text, err := io.ReadAll(stdin)
		if err != nil {
			return nil, usage("standard input: %w", err)
		}
		return text, nil
	}
	text, err := os.ReadFile(name)
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return nil, usage("%s: %w", name, path.Err)
	}
	return text, err
}

func printDiagnostics(std streams, file string, found []asl.Diagnostic, asJSON bool) error {
	for _, d := range found {
		var err error
		if asJSON {
			err = std.printJSON(diagnosticJSON(file, d))
		} else {
			_, err = fmt.Fprintln(std.out, diagnosticText(file, d))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// diagnosticText is file:line:column: severity CODE: text, as compilers write
// it, with the hint on a line of its own.
func diagnosticText(file string, d asl.Diagnostic) string {
	at := file
	if d.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", file, d.Line, d.Column)
	}
	severity := "error"
	if d.Severity == asl.Warning {
		severity = "warning"
	}
	text := printable.Text(fmt.Sprintf("%s: %s %s: %s", at, severity, d.Code, d.Message))
	if d.Location != "" && d.Line == 0 {
		text += " at " + printable.Text(d.Location)
	}
	if d.Hint != "" {
		text += "\n    hint: " + printable.Text(d.Hint)
	}
	return text
}

func diagnosticJSON(file string, d asl.Diagnostic) jsonvalue.Value {
	b := jsonvalue.NewObject(8)
	b.Set("file", jsonvalue.StringOf(file))
	if d.Line > 0 {
		b.Set("line", jsonvalue.IntOf(int64(d.Line)))
		b.Set("column", jsonvalue.IntOf(int64(d.Column)))
	}
	b.Set("severity", jsonvalue.StringOf(string(d.Severity)))
	b.Set("code", jsonvalue.StringOf(string(d.Code)))
	b.Set("message", jsonvalue.StringOf(d.Message))
	if d.Location != "" {
		b.Set("location", jsonvalue.StringOf(d.Location))
	}
	if d.Hint != "" {
		b.Set("hint", jsonvalue.StringOf(d.Hint))
	}
	return b.Value()
}
